"""The read API's blueprint, and how a list and an object are answered."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response as AnyResponse

from donate.connections.shown.pages import Find, ReadPage
from donate.connections.shown.queries import is_known
from donate.web.api.v1.asked import Misread, read_asked, refuse_anything
from donate.web.bearer import may_see_people
from donate.web.problem import problem

api_v1 = Blueprint("api_v1", __name__, url_prefix="/api/v1")


def answer_list(collection: str, read_page: ReadPage) -> AnyResponse:
    """Answer a page of a list, oldest first, with the cursor of the page after it.

    Args:
        collection: ``donors``, ``gifts``, ``recurring`` or ``appeals``.
        read_page: Gives its rows, and one more where others follow.
    """
    try:
        asked = read_asked(collection, request.args)
    except Misread as misread:
        return problem(400, "Some parameters can’t be read; each is named.", errors=misread.errors)
    if asked.after and not is_known(collection, asked.after):
        return problem(404, "The page this cursor leads to is not here any more. Begin again without cursor.")
    rows = read_page(asked, personal=may_see_people())
    shown, more = rows[: asked.limit], len(rows) > asked.limit
    return answer({"data": shown, "next_cursor": write_cursor(collection, shown[-1]["id"]) if more else None})


def answer_one(find: Find, name: str) -> AnyResponse:
    """Answer one object.

    Args:
        find: Gives it.
        name: Its reference or slug.
    """
    try:
        refuse_anything(request.args)
    except Misread as misread:
        return problem(400, "Some parameters can’t be read; each is named.", errors=misread.errors)
    found = find(name, personal=may_see_people()) if "\x00" not in name else None
    return answer(found) if found is not None else problem(404, "There is nothing with this id.")


def answer(body: Any, *, keep: str = "private, no-cache") -> AnyResponse:
    """Answer JSON with its ETag, or that what the asker has is still so."""
    text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    response = AnyResponse(text, content_type="application/json")
    response.headers["Cache-Control"] = keep
    response.headers["Vary"] = "Authorization"
    response.set_etag(hashlib.sha256(text).hexdigest()[:32])
    return response.make_conditional(request)


def write_cursor(collection: str, name: str) -> str:
    """Write where a page ends, as one word that means nothing to anybody else."""
    return base64.urlsafe_b64encode(f"{collection}\n{name}".encode()).decode().rstrip("=")
