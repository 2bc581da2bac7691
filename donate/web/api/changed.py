"""A newsroom's own system says that an article has changed: it is read again at once."""

from __future__ import annotations

import hmac

from flask import Response, current_app, jsonify, request

from donate.articles.reread import reread_article
from donate.articles.sentences import say_why
from donate.errors import Unreadable
from donate.newsroom.queries import find_newsroom
from donate.web.api.door import api, refuse

_MOST_BYTES = 16 * 1024


@api.post("/api/articles/changed")
def article_changed() -> Response:
    """Read the article at ``url`` again and say what came of it.

    The request itself reads, and waits 10 seconds for the site at most: whoever asks learns the outcome, which a
    queued job could not tell. 200 says that it was tried; ``skipped`` and ``reason`` say when nothing came of it.
    """
    token = current_app.config["DONATE"].articles_token
    if not token:
        return refuse(404, "ARTICLES_TOKEN is not set here.")
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), token.encode()):
        response = refuse(401, "This needs the header Authorization: Bearer ARTICLES_TOKEN.")
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    request.max_content_length = _MOST_BYTES
    url = _url()
    if not url:
        return refuse(422, "Send the article’s address as url, in JSON or as a form field.")
    newsroom = find_newsroom()
    try:
        result = reread_article(url, zone=newsroom.time_zone if newsroom else "UTC")
    except Unreadable as why:
        return refuse(422, say_why(why) + ".")
    reason = say_why(result.skipped[0].why) if result.skipped else ""
    response = jsonify(imported=result.imported, updated=result.updated, skipped=len(result.skipped), reason=reason)
    response.headers["Cache-Control"] = "no-store"
    return response


def _url() -> str:
    data = request.get_json() if request.is_json else request.form
    url = data.get("url") if hasattr(data, "get") else None
    return url.strip() if isinstance(url, str) else ""
