"""Answers that a proxy may keep: public HTML that depends on nothing about its reader."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from donate.web.language import current_language
from donate.web.shelf import Finished, shelf

# Short enough that a paused appeal is gone within a minute, long enough for a story that is read a lot.
_KEEP = "public, max-age=0, s-maxage=50, stale-while-revalidate=5"
MOST_PAGES = 1000


def kept(view: Callable[..., str | AnyResponse]) -> Callable[..., AnyResponse]:
    """Let a view's page be drawn once an edition; a warm page asks the database nothing.

    A page depends on its path, its language and its page of a list; the rest of a query string, such as what a
    link added for counting, changes nothing.

    Args:
        view: Gives the page's HTML; any other answer, such as a redirect, goes out as it is.
    """

    @wraps(view)
    def answer(**values: str) -> AnyResponse:
        key = (current_language(), request.path, str(page_number()))
        page = shelf().find(key)
        if page is None:
            out = shelf().out_now()
            drawn = view(**values)
            if not isinstance(drawn, str):
                return drawn
            page = shelf().keep(key, out, drawn)
        return _answer(page)

    return answer


def page_number() -> int:
    """Tell which page of a list is asked for; a wrong one is the first."""
    if not request.query_string:
        return 1
    asked = request.args.get("page", "")
    return max(1, min(int(asked), MOST_PAGES)) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


def _answer(page: Finished) -> Response:
    if "If-None-Match" in request.headers and request.if_none_match.contains_weak(page.mark):
        response = Response(status=304)
    else:
        response = Response(page.body, mimetype="text/html")
    response.headers["ETag"] = f'W/"{page.mark}"'
    response.headers["Cache-Control"] = _KEEP
    return response
