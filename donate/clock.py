"""The only clock: what time it is for gifts (which the sandbox can move) and what time it really is."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from zoneinfo import ZoneInfo

_KEEP_SECONDS = 1.0

_ask_offset: Callable[[], float] | None = None
_offset = 0.0
_asked_at = float("-inf")


def follow(ask_offset: Callable[[], float] | None) -> None:
    """Follow another clock: ``now()`` is real time plus the seconds it answers.

    Args:
        ask_offset: Answers the offset in seconds; None follows real time again.
    """
    global _ask_offset, _offset
    _ask_offset = ask_offset
    _offset = 0.0
    forget()


def forget() -> None:
    """Ask for the offset again at the next look, instead of after a second."""
    global _asked_at
    _asked_at = float("-inf")


def now() -> datetime:
    """Tell the time gifts are stamped with: real time, or the sandbox's when it is followed."""
    return real_now() + timedelta(seconds=_current_offset())


def real_now() -> datetime:
    """Tell the real time: for signatures, sessions, leases and signed links."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """Tell the date in a zone, by ``now()``.

    Args:
        zone: The newsroom's IANA zone, such as ``Asia/Amman``.
    """
    return on(now(), zone)


def on(moment: datetime, zone: str) -> date:
    """Tell on which day of a zone a moment falls."""
    return moment.astimezone(ZoneInfo(zone)).date()


def start_of(day: date, zone: str) -> datetime:
    """Tell the moment a day begins in a zone, which is not always midnight.

    Args:
        day: In that zone.
        zone: IANA's name.
    """
    return datetime.combine(day, time_of_day.min, ZoneInfo(zone)).astimezone(UTC)


def from_epoch(seconds: int | float) -> datetime:
    """Turn Stripe's epoch seconds into an aware UTC datetime."""
    return datetime.fromtimestamp(seconds, UTC)


def pause(seconds: float) -> None:
    """Wait, in real time."""
    time.sleep(seconds)


def _current_offset() -> float:
    global _offset, _asked_at
    if _ask_offset is None:
        return 0.0
    asked = time.monotonic()
    if asked - _asked_at >= _KEEP_SECONDS:
        try:
            _offset = _ask_offset()
        except OSError:
            pass  # the sandbox is away; pages stay up on the offset known last
        _asked_at = asked
    return _offset
