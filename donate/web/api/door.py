"""The API door's blueprint: every answer of it is JSON, errors too."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from werkzeug.exceptions import HTTPException

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


@api.errorhandler(HTTPException)
def _http(error: HTTPException) -> Response:
    return refuse(error.code or 500, error.description or "This can’t be done.")
