"""The beacon: a page's script says that an ask was in view or a story was opened; nobody waits for the answer."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from urllib.parse import urlsplit

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from donate.web.counting import is_live, note_ask
from donate.web.headers import keep_nothing, site_url
from donate.web.news.asks import refuse_from_elsewhere
from donate.web.news.door import news
from donate.web.reader import is_counted, keep, kept_here
from donate.web.reader_cookie import Kept, come_by, open_story, view
from donate.web.shelf import shelf

#: A beacon is a few words.
MOST_BYTES = 1000
_WITHIN = ("inline", "end")
_SLUG = re.compile(r"[\w~.-]{1,200}")
_SOURCE = re.compile(r"[\w .+/-]{1,200}")
_HOST = re.compile(r"[a-z0-9.-]{1,253}")


@news.post("/seen")
def seen() -> ResponseReturnValue:
    """Count an ask that was in view; and note it in the browser of a reader who may be counted."""
    refuse_from_elsewhere()
    if not 0 < (request.content_length or 0) <= MOST_BYTES:
        abort(413)
    told = request.form
    appeal, placement, article = (told.get(name, "") for name in ("appeal", "placement", "article"))
    if appeal:
        note_ask("views", appeal, told.get("variant", ""), placement, article)
    response = keep_nothing(Response(status=204))
    held = kept_here()
    return keep(response, _noted(held)) if is_counted(held) else response


def _noted(held: Kept) -> Kept:
    """Note what the page tells in what the cookie keeps."""
    told, out = request.form, shelf().out_now()
    if held.bucket is None:
        held = replace(held, bucket=secrets.randbelow(100))
    held = come_by(held, _matching(_SOURCE, "source"), _referrer(), out.day)
    if told.get("opened") == "1" and _matching(_SLUG, "article"):
        held = open_story(held, told["article"], out.day)
    # Two asks of one appeal in one page are one view: the script says which is the first. A line at a page's head or
    # foot is none: everybody would have seen four after four pages.
    if told.get("first") == "1" and told.get("placement") in _WITHIN and is_live(out, told.get("appeal", "")):
        held = view(held, told["appeal"], out.day)
    return held


def _referrer() -> str:
    """Give the host of another site's page; empty where the link stood on ours."""
    host = _matching(_HOST, "referrer")
    return "" if host in (urlsplit(site_url()).hostname, request.host.partition(":")[0]) else host


def _matching(shape: re.Pattern[str], name: str) -> str:
    said = request.form.get(name, "")
    return said if shape.fullmatch(said) else ""
