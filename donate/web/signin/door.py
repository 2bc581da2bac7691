"""The sign-in door's blueprint, apart from its views so that they can share it, and its own limit."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint

from donate.limits.take import Limit

signin = Blueprint("signin", __name__, url_prefix="/signin")

#: Codes typed from one network.
NETWORK_CODES = Limit("code-network", 40, timedelta(minutes=15))
