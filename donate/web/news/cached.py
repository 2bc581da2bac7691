"""Answers that a proxy may keep: public HTML that depends on nothing about its reader."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import lru_cache

from flask import Response, make_response, request

from donate import clock
from donate.articles.queries import articles_version, list_sections
from donate.references import fingerprint
from donate.settings import ROOT
from donate.web.language import current_language
from donate.web.reading import STATIC, newsroom

# Short enough that a paused appeal is gone within a minute, long enough for a story that is read a lot.
_KEEP = "public, max-age=0, s-maxage=50, stale-while-revalidate=30"


def kept(render: Callable[[], str], *parts: object) -> Response:
    """Answer with a page, or with 304 before it is drawn.

    Args:
        render: Draws the page.
        parts: What the page depends on besides its path, language, day, articles and the newsroom's facts.
    """
    mark = _mark(*parts)
    if request.if_none_match.contains_weak(mark):
        response = Response(status=304)
    else:
        response = make_response(render())
    response.set_etag(mark, weak=True)
    response.headers["Cache-Control"] = _KEEP
    return response


def _mark(*parts: object) -> str:
    row = newsroom()
    facts = json.dumps(
        [row.name, row.words, row.greetings, row.texts, [[s.slug, s.name, s.names] for s in list_sections()]],
        sort_keys=True,
    )
    today = clock.today(row.time_zone).isoformat()
    return fingerprint(
        request.full_path, current_language(), today, articles_version(), facts, _release(), *map(repr, parts)
    )[:32]


@lru_cache(maxsize=1)
def _release() -> str:
    """Tell this release's templates and styles from another's; read once a process."""
    digest = hashlib.sha256()
    for folder in (ROOT / "templates", STATIC / "css", ROOT / "donate" / "translations"):
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            digest.update(path.read_bytes())
    return digest.hexdigest()
