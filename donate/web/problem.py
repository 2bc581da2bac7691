"""What went wrong, for programs: a sentence and a status in the form of RFC 9457."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from flask import Response

KIND = "application/problem+json"
#: Where errors are answered like this, also for addresses that lead nowhere.
PATH = "/api/v1/"

_SENTENCES = {
    400: "This request can’t be read.",
    404: "There is nothing at this address.",
    405: "This address can only be read: use GET.",
    406: "This is answered as JSON only.",
    413: "That is too much: send no body.",
    500: "Something broke on our side. It has been noted; ask again later.",
}


def problem(status: int, sentence: str = "", *, headers: dict[str, str] | None = None, **more: Any) -> Response:
    """Answer with a problem.

    Args:
        status: HTTP's.
        sentence: What is wrong and what to do; empty is the status's own.
        headers: Beside the usual.
        more: Further members, such as ``errors``.

    https://www.rfc-editor.org/rfc/rfc9457
    """
    said = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": sentence or _SENTENCES.get(status, "This can’t be done."),
        **more,
    }
    response = Response(json.dumps(said, ensure_ascii=False), status, content_type=KIND)
    response.headers["Cache-Control"] = "no-store"
    response.headers.update(headers or {})
    return response


def is_for_programs(path: str) -> bool:
    """Tell whether a program asks, and not a person."""
    return path.startswith(PATH)
