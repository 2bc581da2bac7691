"""Our cookies: who is signed in as a member, as staff, which browser asked, what a reader follows, whom staff see."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import current_app, request
from werkzeug.wrappers import Response as AnyResponse

MEMBER, STAFF, VISITOR, READER, LOOK = "session", "staff", "signin", "reader", "look"

# Those that change what a page for reading shows; docs/proxy.md passes by the same names.
_CHANGES_PAGES = re.compile(rf"(?:^|;\s*)(?:__Host-)?donate_(?:{MEMBER}|{READER})=")


def cookie_name(kind: str) -> str:
    """Name a cookie; on https with the prefix that keeps other hosts and paths from setting it (RFC 6265bis).

    Args:
        kind: ``MEMBER``, ``STAFF``, ``VISITOR`` or ``READER``.
    """
    return f"__Host-donate_{kind}" if _is_https() else f"donate_{kind}"


def read_cookie(kind: str) -> str:
    """Give the secret of a cookie as the browser sent it; empty where it sent none."""
    return request.cookies.get(cookie_name(kind), "")


def put_cookie(response: AnyResponse, kind: str, secret: str, seconds: int | None) -> None:
    """Give a browser a secret to send back.

    Args:
        response: To put it on.
        kind: ``MEMBER``, ``STAFF``, ``VISITOR`` or ``READER``.
        secret: What it is.
        seconds: How long it is kept; None is until the browser closes.
    """
    response.set_cookie(
        cookie_name(kind), secret, max_age=seconds, path="/", secure=_is_https(), httponly=True, samesite="Lax"
    )


def drop_cookie(response: AnyResponse, kind: str) -> None:
    """Let a browser forget a secret."""
    response.delete_cookie(cookie_name(kind), path="/", secure=_is_https(), httponly=True, samesite="Lax")


def is_somebodys(environ: Mapping[str, Any]) -> bool:
    """Tell whether a request is somebody's, so that its pages are drawn for them and kept by nobody.

    Args:
        environ: The request's, as the server gives it.
    """
    sent: str = environ.get("HTTP_COOKIE", "")
    return "donate_" in sent and _CHANGES_PAGES.search(sent) is not None


def _is_https() -> bool:
    url: str = current_app.config["DONATE"].site_url
    return url.startswith("https:")
