"""The addresses of the read API, each a line: which scope opens it, and what is read."""

from __future__ import annotations

from werkzeug.wrappers import Response as AnyResponse

from donate.connections.shown import pages
from donate.web.access import for_tokens
from donate.web.api.v1.document import document
from donate.web.api.v1.door import answer, answer_list, answer_one, api_v1
from donate.web.headers import site_url


@api_v1.get("/donors")
@for_tokens("donors:read", names_people=True)
def donors() -> AnyResponse:
    """List donors."""
    return answer_list("donors", pages.donors_page)


@api_v1.get("/donors/<reference>")
@for_tokens("donors:read", names_people=True)
def donor(reference: str) -> AnyResponse:
    """Give one donor."""
    return answer_one(pages.donor, reference)


@api_v1.get("/gifts")
@for_tokens("gifts:read", names_people=True)
def gifts() -> AnyResponse:
    """List gifts."""
    return answer_list("gifts", pages.gifts_page)


@api_v1.get("/gifts/<reference>")
@for_tokens("gifts:read", names_people=True)
def gift(reference: str) -> AnyResponse:
    """Give one gift."""
    return answer_one(pages.gift, reference)


@api_v1.get("/recurring")
@for_tokens("recurring:read", names_people=True)
def promises() -> AnyResponse:
    """List recurring gifts."""
    return answer_list("recurring", pages.promises_page)


@api_v1.get("/recurring/<reference>")
@for_tokens("recurring:read", names_people=True)
def promise(reference: str) -> AnyResponse:
    """Give one recurring gift."""
    return answer_one(pages.promise, reference)


@api_v1.get("/appeals")
@for_tokens("appeals:read")
def appeals() -> AnyResponse:
    """List appeals."""
    return answer_list("appeals", pages.appeals_page)


@api_v1.get("/appeals/<slug>")
@for_tokens("appeals:read")
def appeal(slug: str) -> AnyResponse:
    """Give one appeal."""
    return answer_one(pages.appeal, slug)


@api_v1.get("/openapi.json")
def openapi() -> AnyResponse:
    """Give the API's own description, to anyone: it says nothing of anybody."""
    return answer(document(site_url()), keep="public, max-age=3600")
