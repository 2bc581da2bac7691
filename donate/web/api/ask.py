"""The ask for an article on another site, as JSON that anyone may read and keep for less than a minute."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

import structlog
from flask import Response, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as AnyResponse

from donate.errors import NotFound
from donate.web.api.door import api, open_to_all
from donate.web.api.elsewhere import Question, choose_elsewhere, find_story, language_for, read_question
from donate.web.api.write_ask import NO_ASK, SOURCE, write_ask
from donate.web.kept import KEEP
from donate.web.shelf import Finished, finish, shelf

_JSON = "application/json"
_ON_THE_SHELF = "api.ask"

_log = structlog.get_logger("api")


@api.route("/api/ask", methods=["GET", "OPTIONS"], provide_automatic_options=False)
def ask() -> AnyResponse:
    """Tell what a guest is asked beside the article at ``url``; nothing where it can't be told.

    Cookies are neither read nor set, so that everyone is answered the same.
    """
    if request.method == "OPTIONS":
        return open_to_all(Response(status=204, headers={"Allow": "GET, HEAD, OPTIONS"}))
    asked = read_question(request.args)
    try:
        text = _find(asked).body.decode().replace(SOURCE, quote(asked.address.host, safe="")) if asked else NO_ASK
    except (NotFound, SQLAlchemyError):
        # Somebody's article must not suffer from what is wrong here.
        _log.exception("ask_failed")
        return open_to_all(Response(NO_ASK, mimetype=_JSON, headers={"Cache-Control": "no-store"}))
    response = Response(text, mimetype=_JSON, headers={"Cache-Control": KEEP})
    response.set_etag(hashlib.sha256(text.encode()).hexdigest()[:32], weak=True)
    return open_to_all(response.make_conditional(request))


def _find(asked: Question) -> Finished:
    """Give an answer from the shelf, or write it and put it there.

    Kept is one for each story we know and one for each language of those we don't, whatever addresses are made up.
    """
    key = (_ON_THE_SHELF, asked.address.mark, asked.placement)
    ready = shelf().find(key)
    if ready is not None:
        return ready
    out, story = shelf().out_now(), find_story(asked.address)
    language = language_for(asked.language, out)
    if story is None:
        key = (_ON_THE_SHELF, language, asked.placement)
        ready = shelf().find(key)
        if ready is not None:
            return ready
    page = finish(out, write_ask(choose_elsewhere(story, language, asked.placement, out)), _JSON)
    shelf().keep(key, page)
    return page
