"""The program that asks with a token: found, held to what its token may read, counted and limited."""

from __future__ import annotations

from flask import Response, g, request

from donate.connections.models import ApiToken
from donate.connections.tokens import DONORS, find_working_token, note_use
from donate.web.problem import problem

_HOW = "Send the header Authorization: Bearer and a token made at the desk under Connections."


def refuse_token(scope: str, *, names_people: bool) -> Response | None:
    """Refuse a request whose token does not open what it asks for; else note the use and who asks.

    Args:
        scope: Of ``tokens.SCOPES``.
        names_people: Whether names stand in the answer, for a token that may see them.
    """
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not given.strip():
        return problem(401, f"This needs a token. {_HOW}", headers={"WWW-Authenticate": "Bearer"})
    token = find_working_token(given.strip())
    if token is None:
        said = "This token does not work: it is mistyped, has expired or was revoked. Make a new one at the desk."
        return problem(401, said, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
    if scope not in token.scopes:
        named = f'Bearer error="insufficient_scope", scope="{scope}"'
        said = f"This token may not read this: it needs the scope {scope}. Make one that has it at the desk."
        return problem(403, said, headers={"WWW-Authenticate": named})
    wait = note_use(token, personal=names_people and DONORS in token.scopes)
    if wait:
        said = f"This token asked too often. Wait {wait} seconds, then ask again."
        return problem(429, said, headers={"Retry-After": str(wait)})
    g.api_token = token
    return None


def may_see_people() -> bool:
    """Tell whether the token that asks may see names and addresses."""
    token: ApiToken = g.api_token
    return DONORS in token.scopes
