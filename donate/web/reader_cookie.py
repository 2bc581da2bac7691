"""What one small signed cookie keeps of a reader, as a plain value; only what is set is written, and it always fits."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from donate import references
from donate.appeals.situation import MOST_VIEWS, VIEW_DAYS
from donate.donors.follow import Followed

#: What a cookie may weigh, its signature included; who follows more than fits has an account for it.
MOST_BYTES = 1024
#: Of that, what stays free of follows, so that a reader's wish to be left alone always fits beside them.
RESERVED = 300
#: Stories remembered as opened, and asks as closed.
MOST_READ, MOST_CLOSES = 25, 6
#: Why a reader is left alone.
REASONS = ("not_now", "cant_give", "gave")
_VERSION = "1"
_KINDS = ("section", "topic")
_LONGEST_WORD = 40


@dataclass(frozen=True)
class Kept:
    """What the cookie keeps.

    Args:
        follows: (``section`` or ``topic``, address), as they were chosen.
        views: (appeal's slug, day) of asks that were shown.
        closes: (appeal's slug, day) of asks that were closed.
        read: (day, mark of a story) of stories that were opened.
        quiet_until: The last day of a rest the reader asked for.
        quiet_reason: One of ``REASONS``.
        gave_on: Day of a single gift made in this browser.
        standing: What a signed link said its reader is, and until when that is believed.
        bucket: 0 to 99: which copy of an appeal is shown.
        came_on: The day of the visit that source and referrer tell of.
        source: What the link of that visit called itself.
        referrer: The host of the page it stood on.
        counting: The reader's own choice: ``on``, ``off``; empty where they made none.
    """

    follows: tuple[Followed, ...] = ()
    views: tuple[tuple[str, date], ...] = ()
    closes: tuple[tuple[str, date], ...] = ()
    read: tuple[tuple[date, str], ...] = ()
    quiet_until: date | None = None
    quiet_reason: str = ""
    gave_on: date | None = None
    standing: str = ""
    standing_until: date | None = None
    bucket: int | None = None
    came_on: date | None = None
    source: str = ""
    referrer: str = ""
    counting: str = ""


#: A browser that keeps nothing of ours.
NOTHING = Kept()


# -- what happens to it ---------------------------------------------------------------------------------------------


def rest(kept: Kept, until: date, reason: str) -> Kept:
    """Keep a reader's wish to be left alone; a longer one they asked for before stays.

    Args:
        kept: As it is.
        until: The last day.
        reason: One of ``REASONS``.
    """
    if kept.quiet_until is not None and kept.quiet_until > until:
        return kept
    return replace(kept, quiet_until=until, quiet_reason=reason)


def ask_again(kept: Kept) -> Kept:
    """End a rest, and what was closed with it."""
    return replace(kept, quiet_until=None, quiet_reason="", closes=())


def close(kept: Kept, appeal: str, today: date) -> Kept:
    """Note that an ask was closed."""
    others = [each for each in kept.closes if each[0] != appeal]
    return replace(kept, closes=(*others, (appeal, today))[-MOST_CLOSES:])


def view(kept: Kept, appeal: str, today: date) -> Kept:
    """Note that an ask was shown."""
    return replace(kept, views=(*kept.views, (appeal, today))[-MOST_VIEWS:])


def open_story(kept: Kept, slug: str, today: date) -> Kept:
    """Note that a story was opened; one that is opened again counts once.

    Args:
        kept: As it is.
        slug: The story's.
        today: The newsroom's day.
    """
    mark = mark_of(slug)
    others = [each for each in kept.read if each[1] != mark]
    return replace(kept, read=(*others, (today, mark))[-MOST_READ:])


def mark_of(slug: str) -> str:
    """Give the three letters that tell a story from others."""
    return base64.urlsafe_b64encode(hashlib.sha256(slug.encode()).digest()[:3]).decode()[:3]


def give_once(kept: Kept, on: date) -> Kept:
    """Note the day of a single gift; a later one stays."""
    return replace(kept, gave_on=max(on, kept.gave_on or on))


def believe(kept: Kept, standing: str, until: date) -> Kept:
    """Note what a signed link, or a gift made here, says of its reader; a membership that lasts longer stays.

    Args:
        kept: As it is.
        standing: One of ``members.hint.SAID``.
        until: The last day it is believed on.
    """
    if kept.standing == "member" and standing != "member" and (kept.standing_until or until) >= until:
        return kept
    return replace(kept, standing=standing, standing_until=until)


def come_by(kept: Kept, source: str, referrer: str, today: date) -> Kept:
    """Note how a visit began; the first of a day stays, and what a link inside the site says changes nothing.

    Args:
        kept: As it is.
        source: What the link called itself; may be empty.
        referrer: The host it stood on, where that is another site's; may be empty.
        today: The newsroom's day.
    """
    if not (source or referrer) or kept.came_on == today:
        return kept
    return replace(kept, came_on=today, source=source[:_LONGEST_WORD], referrer=referrer[:_LONGEST_WORD])


def stop_counting(kept: Kept) -> Kept:
    """Forget what was counted, and count no more."""
    blank = replace(kept, read=(), views=(), bucket=None, came_on=None, source="", referrer="")
    return replace(blank, counting="off")


def without_old(kept: Kept, today: date) -> Kept:
    """Leave out what is over.

    Args:
        kept: As it is.
        today: The newsroom's day.
    """
    since = today - timedelta(days=VIEW_DAYS - 1)
    rests = kept.quiet_until is not None and kept.quiet_until >= today
    is_believed = kept.standing_until is not None and kept.standing_until >= today
    came_today = kept.came_on == today
    return replace(
        kept,
        views=tuple(each for each in kept.views if each[1] >= since),
        read=tuple(each for each in kept.read if each[0] >= since),
        quiet_until=kept.quiet_until if rests else None,
        quiet_reason=kept.quiet_reason if rests else "",
        standing=kept.standing if is_believed else "",
        standing_until=kept.standing_until if is_believed else None,
        came_on=kept.came_on if came_today else None,
        source=kept.source if came_today else "",
        referrer=kept.referrer if came_today else "",
    )


# -- how it is written ----------------------------------------------------------------------------------------------


def write_cookie(kept: Kept) -> str:
    """Write the cookie, never above ``MOST_BYTES``: what is least missed goes first, the oldest of it before the rest.

    Args:
        kept: What it keeps; nothing is an empty text.
    """
    written = _sealed(kept)
    for lighter in _lighter(kept):
        if len(written) <= MOST_BYTES:
            break
        written = _sealed(lighter)
    return written


def has_room(kept: Kept) -> bool:
    """Tell whether what is followed leaves room for all else a reader may want kept."""
    return len(_sealed(Kept(follows=kept.follows))) <= MOST_BYTES - RESERVED


def read_cookie(written: str) -> Kept:
    """Read a cookie; one that is altered, of another version or not ours says nothing.

    Args:
        written: As the browser sent it.
    """
    version, _, rest_ = written.partition(".")
    packed, _, key = rest_.partition(".")
    if version != _VERSION or not references.is_signed(key, "reader", version, packed):
        return NOTHING
    try:
        return _from_json(json.loads(base64.urlsafe_b64decode(packed)))
    except (binascii.Error, ValueError, TypeError, LookupError, AttributeError):
        return NOTHING


def plain_words(kept: Kept) -> str:
    """Write what the cookie holds, as it stands in it, for its reader to see; empty where there is nothing."""
    told = _to_json(kept)
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")) if told else ""


def _sealed(kept: Kept) -> str:
    words = plain_words(kept)
    if not words:
        return ""
    packed = base64.urlsafe_b64encode(words.encode()).decode()
    return ".".join((_VERSION, packed, references.sign("reader", _VERSION, packed)))


def _lighter(kept: Kept) -> Iterator[Kept]:
    """Give the same with less and less in it; what the reader asked for themselves goes last."""
    kept = replace(kept, source="", referrer="", came_on=None)
    yield kept
    shorten: tuple[Callable[[Kept], Kept], ...] = (
        lambda each: replace(each, read=each.read[1:]),
        lambda each: replace(each, closes=each.closes[1:]),
        lambda each: replace(each, views=each.views[1:]),
        lambda each: replace(each, follows=each.follows[1:]),
    )
    for one_less in shorten:
        while (less := one_less(kept)) != kept:
            kept = less
            yield kept


def _to_json(kept: Kept) -> dict[str, Any]:
    follows = {f"{kind}s": [slug for each, slug in kept.follows if each == kind] for kind in _KINDS}
    told: dict[str, Any] = follows if kept.follows else {}
    told |= {
        "views": [[slug, day.isoformat()] for slug, day in kept.views],
        "closes": [[slug, day.isoformat()] for slug, day in kept.closes],
        # Seven letters a story: its day, counted from the first of year 1, would take more than it is worth as a date.
        "read": "".join(f"{day.toordinal() - _FIRST:04d}{mark}" for day, mark in kept.read),
        "quiet": [kept.quiet_reason, kept.quiet_until.isoformat()] if kept.quiet_until else [],
        "gave": kept.gave_on.isoformat() if kept.gave_on else "",
        "hint": [kept.standing, kept.standing_until.isoformat()] if kept.standing_until else [],
        "came": [kept.came_on.isoformat(), kept.source, kept.referrer] if kept.came_on else [],
        "counting": kept.counting,
    }
    told = {name: value for name, value in told.items() if value or name in ("sections", "topics")}
    return told if kept.bucket is None else told | {"bucket": kept.bucket}


_FIRST = date(2020, 1, 1).toordinal()


def _from_json(told: Any) -> Kept:
    quiet, hint, came = told.get("quiet") or [], told.get("hint") or [], told.get("came") or []
    return Kept(
        follows=tuple(_follows(told)),
        views=_dated(told.get("views", ())),
        closes=_dated(told.get("closes", ())),
        read=tuple(_read(str(told.get("read", "")))),
        quiet_until=date.fromisoformat(quiet[1]) if quiet else None,
        quiet_reason=str(quiet[0]) if quiet else "",
        gave_on=date.fromisoformat(told["gave"]) if told.get("gave") else None,
        standing=str(hint[0]) if hint else "",
        standing_until=date.fromisoformat(hint[1]) if hint else None,
        bucket=int(told["bucket"]) if "bucket" in told else None,
        came_on=date.fromisoformat(came[0]) if came else None,
        source=str(came[1]) if came else "",
        referrer=str(came[2]) if came else "",
        counting=str(told.get("counting", "")),
    )


def _follows(told: Any) -> Iterable[Followed]:
    for kind in _KINDS:
        for slug in told.get(f"{kind}s", []):
            yield kind, str(slug)


def _dated(told: Iterable[Any]) -> tuple[tuple[str, date], ...]:
    return tuple((str(slug), date.fromisoformat(day)) for slug, day in told)


def _read(told: str) -> Iterable[tuple[date, str]]:
    for at in range(0, len(told) - 6, 7):
        yield date.fromordinal(_FIRST + int(told[at : at + 4])), told[at + 4 : at + 7]
