"""Tell the owners: one letter when something goes wrong, one when it is over, however often it is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from donate import clock, references
from donate.db import committed, db, insert_of
from donate.mail.queue import Letter, queue_mail
from donate.newsroom.letters import letter_from_newsroom
from donate.newsroom.models import Newsroom
from donate.newsroom.queries import find_newsroom
from donate.operations.causes import Found
from donate.operations.models import Problem
from donate.operations.queries import lock_problems
from donate.team.queries import list_working_with

#: One that comes back so soon after it was over is told only if it is still there by then.
QUIET = timedelta(hours=1)


def note_and_tell(found: Sequence[Found]) -> None:
    """Write down what is open and what is over, and queue the owners' letters; call outside ``committed()``.

    Two workers that look at once write and mail once: the second waits for the first one's rows.

    Args:
        found: All that is wrong now.
    """
    now = clock.real_now()
    with committed():
        _make_rows(found, now)
        rows = lock_problems()
        for each in found:
            _see(rows[each.cause], each, now)
        opened = [rows[each.cause] for each in found if _is_news(rows[each.cause], now)]
        over = [row for row in rows.values() if row.closed_at is None and row.cause not in {f.cause for f in found}]
        told_over = [row for row in over if row.mailed_at is not None]
        for row in over:
            row.closed_at, row.quiet_until = now, now + QUIET
        for row in opened:
            row.mailed_at = now
        for row in told_over:
            row.mailed_at = None
        if opened or told_over:
            _mail(opened, told_over, now)


def _make_rows(found: Iterable[Found], now: datetime) -> None:
    for each in sorted(found, key=lambda one: one.cause):
        # Not open yet: ``_see`` opens it, as it opens one that was over.
        row = insert_of(Problem).values(
            cause=each.cause, severity=each.severity, values=dict(each.values), path=each.path,
            opened_at=now, last_seen_at=now, closed_at=now, times=0,
        )  # fmt: skip
        db.session.execute(row.on_conflict_do_nothing(index_elements=["cause"]))


def _see(row: Problem, found: Found, now: datetime) -> None:
    row.severity, row.values, row.path, row.last_seen_at = found.severity, dict(found.values), found.path, now
    if row.closed_at is not None:
        row.opened_at, row.closed_at, row.mailed_at = min(found.since, now), None, None
        row.times += 1


def _is_news(row: Problem, now: datetime) -> bool:
    return row.mailed_at is None and (row.quiet_until is None or row.quiet_until <= now)


def _mail(opened: list[Problem], over: list[Problem], now: datetime) -> None:
    newsroom = find_newsroom()
    if newsroom is None:
        return
    which = references.fingerprint(f"{now.isoformat()} {sorted(row.cause for row in opened + over)}")[:24]
    owners = {owner.reference: owner.email for owner in list_working_with("see_operations")}
    # Where nobody works here yet, the newsroom itself.
    for reference, address in (owners or {"newsroom": newsroom.reply_address}).items():
        queue_mail(_letter(f"problems:{reference}:{which}", address, newsroom, opened, over))


def _letter(key: str, address: str, newsroom: Newsroom, opened: list[Problem], over: list[Problem]) -> Letter:
    return letter_from_newsroom(
        key, "problems", address, newsroom.language, opened=_plain(opened), over=_plain(over),
        zone=newsroom.time_zone,
    )  # fmt: skip


def _plain(rows: Iterable[Problem]) -> list[dict[str, Any]]:
    return [
        {"cause": row.cause, "severity": row.severity, "values": dict(row.values), "path": row.path,
         "since": row.opened_at.isoformat()}
        for row in rows
    ]  # fmt: skip
