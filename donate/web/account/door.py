"""The members' door's blueprint, apart from its views so that they can share it."""

from __future__ import annotations

from flask import Blueprint

account = Blueprint("account", __name__, url_prefix="/account")
