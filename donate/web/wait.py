"""The page that says to wait, with the same words for everybody."""

from __future__ import annotations

from flask import Response, make_response, render_template


def wait_page(seconds: int, back: str) -> Response:
    """Say how long to wait.

    Args:
        seconds: Until the next try.
        back: The page to come back to.
    """
    response = make_response(render_template("errors/wait.html", minutes=-(-seconds // 60), back=back), 429)
    response.headers["Retry-After"] = str(seconds)
    response.headers["Cache-Control"] = "no-store"
    return response
