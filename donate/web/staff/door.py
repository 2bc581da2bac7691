"""The staff door's blueprint, apart from its views so that they can share it."""

from __future__ import annotations

from flask import Blueprint

staff = Blueprint("staff", __name__, url_prefix="/staff")
