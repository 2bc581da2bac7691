"""The custom element that draws the ask on another site: one small script."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from donate.web.api.door import api, open_to_all
from donate.web.reading import STATIC

# Sites link to it under this one address: a newer one is everywhere within minutes.
_KEEP = "public, max-age=300, stale-while-revalidate=3600"


@api.get("/embed.js")
def embed() -> AnyResponse:
    """Give the script, as it stands in ``static/js``."""
    body, mark = _script()
    response = Response(body, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": _KEEP})
    response.set_etag(mark, weak=True)
    return open_to_all(response.make_conditional(request))


@lru_cache(maxsize=1)
def _script() -> tuple[bytes, str]:
    body = (STATIC / "js" / "embed.js").read_bytes()
    return body, hashlib.sha256(body).hexdigest()[:32]
