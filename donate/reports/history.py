"""The history searched for the desk, a page at a time by its own key; and its export, one row a deed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from donate import clock
from donate.db import db
from donate.donors.models import Donor
from donate.newsroom.queries import get_newsroom
from donate.reports.queries import stream
from donate.team.models import History, Staff

#: Columns are only ever added at the end.
COLUMNS = (
    "entry_id", "done_at", "done_on", "who_kind", "who", "act", "object_kind", "object_reference", "before", "after",
)  # fmt: skip


@dataclass(frozen=True)
class Sought:
    """What of the history is asked for; what is empty asks nothing.

    Args:
        who_kind: ``staff``, ``member`` or ``system``.
        who_id: The staff member's row.
        act: Such as ``change_role``.
        is_deed: Whether what was only looked at is left out.
        object_kind: Such as ``appeal``.
        references: Of the object, in every way it may be written.
        since: The first moment.
        until: The first moment left out.
    """

    who_kind: str = ""
    who_id: int | None = None
    act: str = ""
    is_deed: bool = False
    object_kind: str = ""
    references: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Part:
    """A page of the history.

    Args:
        entries: Newest first.
        newer: The key after which the next newer page begins; None on the newest page.
        older: The key before which the next older page begins; None on the oldest.
    """

    entries: list[History]
    newer: int | None
    older: int | None


def find_part(sought: Sought, at_most: int, *, before: int | None = None, after: int | None = None) -> Part:
    """Find a page of the history, newest first; the same speed wherever it lies, because it is found by the row's key.

    Args:
        sought: What is asked for.
        at_most: Entries of a page.
        before: Only entries older than this key: the next older page.
        after: Only entries newer than this key: the next newer page.
    """
    wanted = select(History).where(*_of(sought))
    if after is not None:
        newer = list(db.session.scalars(wanted.where(History.id > after).order_by(History.id).limit(at_most + 1)))
        if len(newer) > at_most:
            entries = newer[:at_most][::-1]
            return Part(entries, entries[0].id, entries[-1].id)
        # No more than a page is newer: the newest page, whole.
    elif before is not None:
        wanted = wanted.where(History.id < before)
    found = list(db.session.scalars(wanted.order_by(History.id.desc()).limit(at_most + 1)))
    entries = found[:at_most]
    is_newest = after is not None or before is None
    return Part(
        entries, entries[0].id if entries and not is_newest else None, entries[-1].id if len(found) > at_most else None
    )


def export_history(period: Any) -> Iterator[dict[str, Any]]:
    """Give what was done in a period, oldest first.

    Args:
        period: A ``reports.export.Period``; its appeal asks for what was done to that appeal, its fund asks nothing.
    """
    zone = get_newsroom().time_zone
    sought = Sought(
        object_kind="appeal" if period.appeal else "",
        references=(period.appeal,) if period.appeal else (),
        since=_begins(period.since, zone),
        until=_begins(period.until, zone),
    )
    asked = (
        select(History.__table__, Staff.email, Donor.reference)
        .outerjoin(Staff, and_(History.who_kind == "staff", Staff.id == History.who_id))
        .outerjoin(Donor, and_(History.who_kind == "member", Donor.id == History.who_id))
        .where(*_of(sought))
        .order_by(History.id)
    )
    for row in stream(asked):
        yield {
            "entry_id": str(row["id"]),
            "done_at": row["at"].strftime("%Y-%m-%dT%H:%M:%SZ"),
            "done_on": clock.on(row["at"], zone).isoformat(),
            "who_kind": row["who_kind"],
            "who": row["email"] or row["reference"] or "",
            **{name: row[name] for name in ("act", "object_kind", "object_reference")},
            **{name: _json(row[name]) for name in ("before", "after")},
        }


def _json(values: dict[str, Any]) -> str:
    return json.dumps(values, sort_keys=True, ensure_ascii=False) if values else ""


def _begins(day: date | None, zone: str) -> datetime | None:
    return clock.start_of(day, zone) if day is not None else None


def _of(sought: Sought) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if sought.who_kind:
        wanted.append(History.who_kind == sought.who_kind)
    if sought.who_id is not None:
        wanted.append(History.who_id == sought.who_id)
    if sought.act:
        wanted.append(History.act == sought.act)
    if sought.is_deed:
        wanted.append(History.act != "view")
    if sought.object_kind:
        wanted.append(History.object_kind == sought.object_kind)
    if sought.references:
        wanted.append(History.object_reference.in_(sought.references))
    if sought.since is not None:
        wanted.append(History.at >= sought.since)
    if sought.until is not None:
        wanted.append(History.at < sought.until)
    return wanted
