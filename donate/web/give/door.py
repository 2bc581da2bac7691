"""The giving door's blueprint, apart from its views so that they can share it."""

from __future__ import annotations

from flask import Blueprint

give = Blueprint("give", __name__)
