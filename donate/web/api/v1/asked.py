"""Read what a list is asked for: every parameter is known, given once and right, or all that is wrong is named."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from donate.connections.shown.asked import Asked

DEFAULT_LIMIT, MOST = 50, 100
GIFT_STATES = ("pending", "processing", "succeeded", "failed", "canceled", "expired")
PROMISE_STATES = (
    "pending", "incomplete", "incomplete_expired", "trialing", "active", "past_due", "canceled", "unpaid", "paused",
    "abandoned",
)  # fmt: skip
APPEAL_STATES = ("draft", "live", "paused", "ended")
CURSOR = r"^[A-Za-z0-9_-]{8,200}$"
WORD = r"^[^\u0000-\u001f\u007f]{1,80}$"

#: What each list may be narrowed by, beside ``limit`` and ``cursor``.
FILTERS: dict[str, tuple[str, ...]] = {
    "gifts": ("received_since", "received_until", "fund", "appeal", "status", "updated_since"),
    "recurring": ("fund", "appeal", "status", "updated_since"),
    "donors": ("updated_since",),
    "appeals": ("fund", "status"),
}
STATES = {"gifts": GIFT_STATES, "recurring": PROMISE_STATES, "appeals": APPEAL_STATES}

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


class Misread(Exception):
    """Parameters that can't be read, each with a sentence.

    Args:
        errors: ``parameter`` and ``detail``.
    """

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__(errors)
        self.errors = errors


def read_asked(collection: str, args: MultiDict[str, str]) -> Asked:
    """Read what a list is asked for.

    Args:
        collection: Which list.
        args: Of the address.

    Raises:
        Misread: With every parameter that is wrong.
    """
    known = ("limit", "cursor", *FILTERS[collection])
    errors = _strange(args, known)
    found: dict[str, Any] = {}
    for name in known:
        given = args.get(name)
        if given is None:
            continue
        try:
            field, read = _READERS[name]
            found[field] = read(given, collection)
        except ValueError as wrong:
            errors.append({"parameter": name, "detail": str(wrong)})
    if errors:
        raise Misread(errors)
    return Asked(**found)


def refuse_anything(args: MultiDict[str, str]) -> None:
    """Refuse parameters where there are none.

    Raises:
        Misread: With each.
    """
    errors = _strange(args, ())
    if errors:
        raise Misread(errors)


def _strange(args: MultiDict[str, str], known: tuple[str, ...]) -> list[dict[str, str]]:
    said = f"there are {', '.join(known)}" if known else "this takes none"
    errors = [{"parameter": name, "detail": f"No such parameter: {said}."} for name in args if name not in known]
    twice = [name for name in args if name in known and len(args.getlist(name)) > 1]
    return errors + [{"parameter": name, "detail": "Give this once."} for name in twice]


def _limit(given: str, _collection: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", given) or not 1 <= int(given) <= MOST:
        raise ValueError(f"A whole number from 1 to {MOST}.")
    return int(given)


def _cursor(given: str, collection: str) -> str:
    try:
        if not re.fullmatch(CURSOR, given):
            raise ValueError("no cursor")
        padded = given + "=" * (-len(given) % 4)
        written = base64.urlsafe_b64decode(padded).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError) as wrong:
        if re.fullmatch(CURSOR, given):
            return _NOWHERE
        raise ValueError("Use next_cursor of the page before, as it is.") from wrong
    whose, _, name = written.partition("\n")
    return name if whose == collection and name and "\x00" not in name else _NOWHERE


#: No object is called so: its page is not here.
_NOWHERE = " "


def _day(given: str, _collection: str) -> date:
    try:
        if not _DAY.fullmatch(given):
            raise ValueError("no day")
        return date.fromisoformat(given)
    except ValueError as wrong:
        raise ValueError("A day, such as 2026-03-31.") from wrong


def _moment(given: str, _collection: str) -> datetime:
    try:
        if not _MOMENT.fullmatch(given):
            raise ValueError("no moment")
        return datetime.fromisoformat(given.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as wrong:
        raise ValueError("A moment with its zone, such as 2026-03-31T09:00:00Z.") from wrong


def _word(given: str, _collection: str) -> str:
    if not re.fullmatch(WORD, given):
        raise ValueError("A name of 1 to 80 letters, without line ends.")
    return given


def _status(given: str, collection: str) -> str:
    if given not in STATES[collection]:
        raise ValueError(f"One of {', '.join(STATES[collection])}.")
    return given


#: By parameter: the field it fills, and how it is read.
_READERS: dict[str, tuple[str, Callable[[str, str], Any]]] = {
    "limit": ("limit", _limit),
    "cursor": ("after", _cursor),
    "received_since": ("since", _day),
    "received_until": ("until", _day),
    "fund": ("fund", _word),
    "appeal": ("appeal", _word),
    "status": ("status", _status),
    "updated_since": ("updated_since", _moment),
}
