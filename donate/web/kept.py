"""Pages that are drawn once an edition and kept: for everybody, and for each kind of reader with a cookie of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request
from werkzeug.http import parse_etags
from werkzeug.wrappers import Response as AnyResponse

from donate.web.asking import asked, asks_here
from donate.web.cookies import is_somebodys
from donate.web.headers import standing_headers
from donate.web.personal import drawing_for_many, fill, kind_of_reader
from donate.web.reader import reader
from donate.web.shelf import Finished, Shelf, finish, shelf

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

View = Callable[..., str | AnyResponse]
Answers = Callable[..., AnyResponse]

HTML = "text/html; charset=utf-8"
# Short enough that a paused appeal is gone within a minute, long enough for a story that is read a lot.
KEEP = "public, max-age=0, s-maxage=50, stale-while-revalidate=5"
# What was drawn for somebody: their browser asks each time, and nothing on the way keeps it.
_KEEP_PRIVATE = "private, no-cache"
MOST_PAGES = 1000


def kept(view: View) -> Answers:
    """Let a view's page be drawn once an edition; a warm page asks the database nothing.

    A page depends on its path, its language and its page of a list; the rest of a query string, such as what a
    link added for counting, changes nothing. For a request with a cookie of ours it is drawn once for each kind of
    reader, filled with what is theirs, and kept by no proxy.

    Args:
        view: Gives the page's HTML; any other answer, such as a redirect, goes out as it is.
    """
    return kept_as(HTML)(view)


def kept_but_for_readers(view: View) -> Answers:
    """Let a page be kept as ``kept`` does, but draw it anew for each reader who follows something.

    Args:
        view: One that chooses more by what its reader follows than slots can hold.
    """
    return kept_as(HTML, is_shared=lambda: not reader().follows)(view)


def kept_as(content_type: str, *, is_shared: Callable[[], bool] = lambda: True) -> Callable[[View], Answers]:
    """Let a view's text be drawn once an edition, as ``kept`` does for HTML.

    Args:
        content_type: Of what the view gives.
        is_shared: Tells whether the reader who asks, with a cookie of ours, shares a page with others of their kind.
    """

    def keep(view: View) -> Answers:
        @wraps(view)
        def answer(**values: Any) -> AnyResponse:
            if content_type == HTML and is_somebodys(request.environ):
                return _for_somebody(lambda: view(**values), is_shared=is_shared())
            page = _kept(_key(request.environ, page_number()), lambda: view(**values), content_type)
            return _answer(page) if isinstance(page, Finished) else page

        return answer

    return keep


def drawn_each_time(view: Callable[..., str]) -> Answers:
    """Let a proxy keep a view's page, and draw it at each request here.

    For pages that depend on what readers type: they would push finished ones off the shelf.
    """

    @wraps(view)
    def answer(**values: Any) -> AnyResponse:
        drawn = view(**values)
        if is_somebodys(request.environ):
            return _private(drawn)
        return _answer(finish(shelf().out_now(), drawn, HTML))

    return answer


def _kept(key: tuple[str, ...], draw: Callable[[], str | AnyResponse], content_type: str) -> Finished | AnyResponse:
    """Give a page from the shelf, or draw it and put it there; another answer than a page is kept by nobody."""
    page = shelf().find(key)
    if page is not None:
        return page
    out = shelf().out_now()
    drawn = draw()
    if not isinstance(drawn, str):
        return drawn
    page = finish(out, drawn, content_type)
    shelf().keep(key, page)
    return page


def _for_somebody(draw: Callable[[], str | AnyResponse], *, is_shared: bool) -> AnyResponse:
    if not is_shared:
        return _private(draw())
    base = (*_key(request.environ, page_number()), kind_of_reader())
    # Drawn before for somebody: what asks there is chosen again for this reader, and the page that has it is taken.
    before = shelf().find(base)
    known = before.facts if before is not None else None
    key = (*base, asks_here(known).mark) if known is not None else base
    page = shelf().find(key) or _drawn_for_many(base, draw)
    return _private(fill(page.body.decode()) if isinstance(page, Finished) else page)


def _drawn_for_many(base: tuple[str, ...], draw: Callable[[], str | AnyResponse]) -> Finished | AnyResponse:
    out = shelf().out_now()
    with drawing_for_many():
        drawn = draw()
    if not isinstance(drawn, str):
        return drawn
    chosen = asked()
    page = finish(out, drawn, HTML, chosen.page if chosen is not None else None)
    shelf().keep(base, page)
    if chosen is not None:
        shelf().keep((*base, chosen.asks.mark), page)
    return page


def _private(drawn: str | AnyResponse) -> AnyResponse:
    response = _answer(finish(shelf().out_now(), drawn, HTML)) if isinstance(drawn, str) else drawn
    response.headers["Cache-Control"] = _KEEP_PRIVATE
    return response


def _answer(page: Finished) -> AnyResponse:
    is_new = not _is_known(page, request.headers.get("If-None-Match", ""))
    response = Response(page.body if is_new else b"", 200 if is_new else 304)
    for name, value in _headers_of(page):
        response.headers[name] = value
    return response


def page_number() -> int:
    """Tell which page of a list is asked for; a wrong one is the first."""
    if not request.query_string:
        return 1
    asked = request.args.get("page", "")
    return max(1, min(int(asked), MOST_PAGES)) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


class KeptFirst:
    """Answer with a finished page before the application wakes; everything else is the application's.

    Args:
        application: What draws pages.
        app: Whose shelf and headers they are.
    """

    def __init__(self, application: WSGIApplication, app: Flask) -> None:
        self.application = application
        self.shelf: Shelf = app.extensions["shelf"]
        self.standing = [*standing_headers(app).items()]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request."""
        page = self._ready(environ)
        if page is None:
            return self.application(environ, start_response)
        headers = [*self.standing, *_headers_of(page)]
        if _is_known(page, environ.get("HTTP_IF_NONE_MATCH", "")):
            start_response("304 NOT MODIFIED", headers)
            return []
        start_response("200 OK", [*headers, ("Content-Length", str(len(page.body)))])
        return [page.body]

    def _ready(self, environ: WSGIEnvironment) -> Finished | None:
        if environ["REQUEST_METHOD"] != "GET" or "page=" in environ.get("QUERY_STRING", "") or is_somebodys(environ):
            return None
        return self.shelf.find_ready(_key(environ, 1))


def _key(environ: WSGIEnvironment, page: int) -> tuple[str, ...]:
    return (environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""), str(page))


def _headers_of(page: Finished) -> list[tuple[str, str]]:
    return [("Content-Type", page.content_type), ("ETag", f'W/"{page.mark}"'), ("Cache-Control", KEEP)]


def _is_known(page: Finished, asked: str) -> bool:
    return bool(asked) and parse_etags(asked).contains_weak(page.mark)
