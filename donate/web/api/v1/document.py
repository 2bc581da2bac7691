"""The read API's description in OpenAPI 3.1: what programs are generated from, and what tests hold every answer to."""

from __future__ import annotations

from typing import Any

from donate.web.api.v1.asked import CURSOR, DEFAULT_LIMIT, FILTERS, MOST, STATES, WORD
from donate.web.api.v1.schemas import SCHEMAS

Part = dict[str, Any]

_ABOUT = """Read what was given, by whom where your token may know it, and for what. Nothing can be changed here.

Tokens are made at the desk under Connections, and shown once. Lists are pages, the oldest first; ask for the next with
`next_cursor`. To keep up with what changes, ask with `updated_since` and the newest `updated_at` you have seen, less a
few minutes, and expect to see some rows again."""

#: Each list: what one of it is called, its schema, its scope, and the slot of one object's address.
_LISTS = {
    "donors": ("a donor", "Donor", "donors:read", "reference"),
    "gifts": ("a gift", "Gift", "gifts:read", "reference"),
    "recurring": ("a recurring gift", "Recurring", "recurring:read", "reference"),
    "appeals": ("an appeal", "Appeal", "appeals:read", "slug"),
}
_PARAMETERS: dict[str, tuple[str, Part]] = {
    "limit": (
        "How many at most.",
        {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT},
    ),
    "cursor": ("`next_cursor` of the page before.", {"type": "string", "pattern": CURSOR}),
    "received_since": ("The first day received on, of the newsroom’s.", {"type": "string", "format": "date"}),
    "received_until": ("The first day that is left out.", {"type": "string", "format": "date"}),
    "fund": ("A fund’s code.", {"type": "string", "pattern": WORD}),
    "appeal": ("An appeal’s id.", {"type": "string", "pattern": WORD}),
    "updated_since": (
        "Only what was made or changed at or after this moment.",
        {"type": "string", "format": "date-time"},
    ),
}
_USUAL_STATE = {
    "gifts": "The state; without it, gifts that arrived.",
    "recurring": "The state; without it, all that ever began.",
    "appeals": "The state; without it, all but drafts.",
}


def document(site: str) -> Part:
    """Write the description.

    Args:
        site: The site's own address.
    """
    return {
        "openapi": "3.1.0",
        "info": {"title": "donate: read API", "version": "1", "description": _ABOUT},
        "servers": [{"url": f"{site}/api/v1"}],
        "paths": {path: {"get": operation} for name in _LISTS for path, operation in _operations(name).items()},
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "A token made at the desk."}
            },
        },
    }


def _operations(name: str) -> dict[str, Part]:
    one, schema, scope, slot = _LISTS[name]
    named = f"/{name}/{{{slot}}}"
    return {
        f"/{name}": {
            "operationId": f"list_{name}",
            "summary": f"List {name}" if name != "recurring" else "List recurring gifts",
            "security": [{"token": [scope]}],
            "parameters": [_parameter(each, name) for each in ("limit", "cursor", *FILTERS[name])],
            "responses": _responses(f"{schema}Page", missing="The page a cursor leads to is not here any more."),
        },
        named: {
            "operationId": f"get_{schema.lower()}",
            "summary": f"Give {one}",
            "security": [{"token": [scope]}],
            "parameters": [
                {
                    "name": slot,
                    "in": "path",
                    "required": True,
                    "description": "Its id.",
                    # A slash would be another address.
                    "schema": {"type": "string", "minLength": 1, "pattern": "^[^/]+$"},
                }
            ],
            "responses": _responses(schema, missing="There is none with this id."),
        },
    }


def _parameter(name: str, collection: str) -> Part:
    if name == "status":
        says: str = _USUAL_STATE[collection]
        schema: Part = {"type": "string", "enum": [*STATES[collection]]}
    else:
        says, schema = _PARAMETERS[name]
    return {"name": name, "in": "query", "required": False, "description": says, "schema": schema}


def _responses(schema: str, *, missing: str) -> Part:
    etag = {
        "ETag": {"description": "Ask with If-None-Match to learn that nothing changed.", "schema": {"type": "string"}}
    }
    return {
        "200": {
            "description": "Here it is.",
            "headers": etag,
            "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
        },
        "304": {"description": "Nothing changed since the ETag that was given.", "headers": etag},
        "400": _problem("A parameter can’t be read; each is named."),
        "401": _problem("There is no token, or it does not work.", "WWW-Authenticate"),
        "403": _problem("The token has not the scope.", "WWW-Authenticate"),
        "404": _problem(missing),
        "429": _problem("The token asked too often.", "Retry-After"),
    }


def _problem(says: str, *headers: str) -> Part:
    found: Part = {
        "description": says,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if headers:
        found["headers"] = {name: {"schema": {"type": "string"}} for name in headers}
    return found
