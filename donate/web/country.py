"""The reader's country: what a trusted proxy says of their network."""

from __future__ import annotations

import re

from flask import current_app, request

_CODE = re.compile(r"[A-Z]{2}")
# What proxies write where they don't know: XX, or T1 for the Tor network (which is no code of two letters anyway).
_NOWHERE = frozenset({"XX", "ZZ"})


def country_of_network() -> str:
    """Tell a request's country by the header that the settings name; empty where none is named, or it tells none."""
    header: str = current_app.config["DONATE"].country_header
    said = request.headers.get(header, "").strip().upper() if header else ""
    return said if _CODE.fullmatch(said) and said not in _NOWHERE else ""
