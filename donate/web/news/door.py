"""The news door's blueprint, apart from its views so that they can share it."""

from __future__ import annotations

from flask import Blueprint

news = Blueprint("news", __name__)
#: The newsroom's own pages, by address.
OWN_PAGES = ("privacy", "terms", "accessibility", "contact")
