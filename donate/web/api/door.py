"""The API door's blueprint: what it answers other machines is JSON, errors too."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

api = Blueprint("api", __name__)


def refuse(status: int, sentence: str) -> Response:
    """Answer that it can't be done, and why.

    Args:
        status: HTTP's.
        sentence: For whoever reads the other machine's log.
    """
    response = jsonify(error=sentence)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def open_to_all(response: AnyResponse) -> AnyResponse:
    """Let pages of every other site read an answer, without their readers' cookies.

    Args:
        response: One that holds nothing of anybody's.
    """
    response.headers.update({
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "GET, HEAD",
        "Access-Control-Max-Age": "86400",
        "Cross-Origin-Resource-Policy": "cross-origin",
    })  # fmt: skip
    return response


@api.errorhandler(HTTPException)
def _http(error: HTTPException) -> Response:
    return refuse(error.code or 500, error.description or "This can’t be done.")
