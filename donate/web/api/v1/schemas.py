"""What the read API answers, as JSON Schema: every member is named, and there are no others."""

from __future__ import annotations

from typing import Any

from donate.web.api.v1.asked import APPEAL_STATES, GIFT_STATES, PROMISE_STATES

Schema = dict[str, Any]

_REFERENCE: Schema = {"type": "string", "pattern": "^[A-Z2-7]{16}$", "examples": ["G7K4QX2MP5VD3LTA"]}
_MONEY: Schema = {"$ref": "#/components/schemas/Money"}


def _or_null(schema: Schema) -> Schema:
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def _text(says: str = "") -> Schema:
    return {"type": "string", **({"description": says} if says else {})}


def _moment(says: str = "") -> Schema:
    return {**_text(says), "format": "date-time"}


def _day(says: str = "") -> Schema:
    return {**_text(says), "format": "date"}


def _object(says: str, members: dict[str, Schema], *, optional: tuple[str, ...] = ()) -> Schema:
    return {
        "type": "object",
        "description": says,
        "properties": members,
        "required": [name for name in members if name not in optional],
        "additionalProperties": False,
    }


def _page(name: str) -> Schema:
    return _object(
        "A page, the oldest first.",
        {
            "data": {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}, "maxItems": 100},
            "next_cursor": _or_null(_text("Give it as cursor for the page after this one; null at the end.")),
        },
    )


_MONEY_MEMBERS: dict[str, Schema] = {
    "amount_minor": {"type": "integer", "description": "In the currency’s minor units: cents of USD, whole JPY."},
    "currency": {"type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217."},
    "amount": {"type": "string", "pattern": r"^-?\d+(\.\d+)?$", "description": "The same as a decimal."},
}
_CAME_FROM: dict[str, Schema] = {
    "fund": _text("The fund’s code."),
    "appeal": _or_null(_text("The appeal’s id.")),
    "article": _or_null(_text("The story’s address on the site.")),
    "placement": _or_null(_text("Where on the page it was asked for.")),
    "variant": _or_null(_text("Which copy of the appeal was read.")),
    "source": _or_null(_text("Where the link to the form stood.")),
}
_WHO: dict[str, Schema] = {
    "country": _or_null(_text("ISO 3166-1 alpha-2.")),
    "language": _text("In which the form was read."),
    "anonymous": {"type": "boolean", "description": "Whether the giver’s name must not be published."},
    "donor": {"$ref": "#/components/schemas/Giver"},
}
_TIMES: dict[str, Schema] = {"created_at": _moment(), "updated_at": _moment("When anything of it last changed.")}

SCHEMAS: dict[str, Schema] = {
    "Money": _object("An amount of one currency.", _MONEY_MEMBERS),
    "Giver": _object(
        "Who gave. Name and e-mail, as given with this gift, only with the scope donors:read; null once forgotten.",
        {"id": _or_null(_REFERENCE), "name": _or_null(_text()), "email": _or_null(_text())},
        optional=("name", "email"),
    ),
    "Gift": _object(
        "One gift, one day, one amount; each instalment of a recurring gift is one.",
        {
            "id": _REFERENCE,
            "status": {"type": "string", "enum": [*GIFT_STATES]},
            "kind": {"type": "string", "enum": ["one_time", "recurring", "offline"]},
            "frequency": {"type": "string", "enum": ["once", "month", "year"]},
            "amount": {**_MONEY, "description": "What was charged, with the part that covers the card fee."},
            "fee_covered": {**_MONEY, "description": "That part."},
            "refunded": {**_MONEY, "description": "Of the amount, what was given back."},
            "disputed": {**_MONEY, "description": "Of the amount, what the giver’s bank took or holds."},
            "received_at": _or_null(_moment("When the money was taken.")),
            "received_on": _or_null(_day("That day in the newsroom’s zone, as in the books.")),
            **_CAME_FROM,
            "recurring": _or_null({**_REFERENCE, "description": "The recurring gift that it is an instalment of."}),
            "payment_method": _or_null(_text()),
            **_WHO,
            **_TIMES,
        },
    ),
    "Recurring": _object(
        "A standing promise to give each month or year.",
        {
            "id": _REFERENCE,
            "status": {"type": "string", "enum": [*PROMISE_STATES]},
            "interval": {"type": "string", "enum": ["month", "year"]},
            "amount": {**_MONEY, "description": "Charged each time, with the part that covers the card fee."},
            "fee_covered": {**_MONEY, "description": "That part."},
            "next_charge_at": _or_null(_moment()),
            "ends_with_period": {"type": "boolean", "description": "Whether it ends instead of charging again."},
            "is_paused": {"type": "boolean"},
            "resumes_at": _or_null(_moment()),
            "started_at": _or_null(_moment()),
            "ended_at": _or_null(_moment()),
            "ended_because": _or_null(_text()),
            **_CAME_FROM,
            **_WHO,
            **_TIMES,
        },
    ),
    "Donor": _object(
        "A person or organisation that gives. Of one who was forgotten only the id and the sums are left.",
        {
            "id": _REFERENCE,
            "first_name": _or_null(_text()),
            "last_name": _or_null(_text()),
            "email": _or_null(_text("Where they are written to.")),
            "email_proven_at": _or_null(_moment("When they showed that it is theirs.")),
            "language": _text(),
            "gifts": {"type": "integer", "minimum": 0, "description": "How many arrived."},
            "given": {"type": "array", "items": _MONEY, "description": "A currency each, before what went back."},
            "first_gift_on": _or_null(_day()),
            "last_gift_on": _or_null(_day()),
            "erased_at": _or_null(_moment("Since when they are forgotten: forget them too.")),
            **_TIMES,
        },
    ),
    "Appeal": _object(
        "A campaign: the ask, its days and its goal.",
        {
            "id": _text("Its address on the site."),
            "status": {"type": "string", "enum": [*APPEAL_STATES]},
            "name": _or_null(_text("What the desk calls it.")),
            "titles": {"type": "object", "additionalProperties": {"type": "string"}, "description": "By language."},
            "is_evergreen": {"type": "boolean", "description": "Whether it is the one that takes what names none."},
            "fund": _text("The fund’s code."),
            "starts_on": _or_null(_day()),
            "ends_on": _or_null(_day()),
            "goal": _or_null(_MONEY),
            "raised": {
                "type": "array",
                "description": "A currency each, after what went back and without covered fees.",
                "items": _object(
                    "What came in one currency.", {"gifts": {"type": "integer", "minimum": 0}, **_MONEY_MEMBERS}
                ),
            },
        },
    ),
    "GiftPage": _page("Gift"),
    "RecurringPage": _page("Recurring"),
    "DonorPage": _page("Donor"),
    "AppealPage": _page("Appeal"),
    "Problem": _object(
        "What went wrong and what to do (RFC 9457).",
        {
            "type": _text(),
            "title": _text(),
            "status": {"type": "integer"},
            "detail": _text("A sentence."),
            "errors": {
                "type": "array",
                "items": _object("One parameter.", {"parameter": _text(), "detail": _text("What it must be.")}),
            },
        },
        optional=("errors",),
    ),
}
