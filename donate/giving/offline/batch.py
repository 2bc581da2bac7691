"""A batch of offline gifts: opened with its control totals, filled line by line, and frozen when both agree."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from donate import clock
from donate.db import db, lock
from donate.errors import NotFound, OfflineRefused
from donate.giving.offline.entry import OfflineEntry, lacks
from donate.giving.offline.models import OfflineBatch, OfflineLine
from donate.giving.offline.queries import (
    find_batch,
    find_line,
    find_line_by_reference,
    list_lines,
    next_line_no,
    total_lines,
)
from donate.money import Money
from donate.queue.enqueue import enqueue
from donate.team.history import Who, record_history

#: A batch of more is split: somebody has to find the slip in it.
MOST_LINES = 200
_TYPED = tuple(each.name for each in fields(OfflineEntry) if each.name not in ("reference", "amount"))


@dataclass(frozen=True)
class BatchHead:
    """What was counted by hand before any line was typed.

    Args:
        reference: Minted with the form.
        name: What the newsroom calls it.
        control: The sum, in the batch's currency.
        count: How many gifts.
        received_on: The newsroom's day.
        fund_id: For lines that name no other.
        appeal_id: Likewise.
    """

    reference: str
    name: str
    control: Money
    count: int
    received_on: date
    fund_id: int
    appeal_id: int | None = None


def open_batch(head: BatchHead, who: Who) -> OfflineBatch:
    """Open a batch, once for its reference; call inside ``committed()``.

    Args:
        head: As counted.
        who: Whose act it is.
    """
    found = find_batch(head.reference)
    if found is not None:
        return found
    assert who.row_id is not None
    batch = OfflineBatch(
        reference=head.reference, state="open", opened_by=who.row_id, opened_at=clock.real_now(), **_head(head)
    )
    db.session.add(batch)
    db.session.flush()
    record_history(who, "open_offline_batch", "offline_batch", batch.reference, after=_control(batch))
    return batch


def change_batch(batch_id: int, head: BatchHead, who: Who) -> None:
    """Change what was counted, or the day; call inside ``committed()``.

    Args:
        batch_id: An open one's.
        head: As it is now; its currency stays where lines are there already.
        who: Whose act it is.

    Raises:
        OfflineRefused: ``batch_closed``, or ``currency_stays``.
    """
    batch = _open(batch_id)
    before = _control(batch)
    if head.control.currency != batch.currency and total_lines(batch)[0]:
        raise OfflineRefused("currency_stays", currency=batch.currency)
    for name, value in _head(head).items():
        setattr(batch, name, value)
    db.session.flush()
    if _control(batch) != before:
        record_history(
            who, "change_offline_batch", "offline_batch", batch.reference, before=before, after=_control(batch)
        )


def add_line(batch_id: int, entry: OfflineEntry, who: Who) -> OfflineLine:
    """Keep one more line, once for its reference; call inside ``committed()``.

    Args:
        batch_id: An open one's.
        entry: As typed, in the batch's currency; what it lacks may be filled in later.
        who: Whose act it is.

    Raises:
        OfflineRefused: ``batch_closed`` or ``batch_full`` (most).
    """
    batch = _open(batch_id)
    found = find_line_by_reference(entry.reference)
    if found is not None:
        return found
    if total_lines(batch)[0] >= MOST_LINES:
        raise OfflineRefused("batch_full", most=MOST_LINES)
    line = OfflineLine(
        reference=entry.reference, batch_id=batch.id, line_no=next_line_no(batch.id), **_columns(entry, batch)
    )
    db.session.add(line)
    db.session.flush()
    _tell(who, "add_offline_line", batch, line, after=line.amount_minor)
    return line


def change_line(batch_id: int, entry: OfflineEntry, who: Who) -> None:
    """Change a line; call inside ``committed()``.

    Args:
        batch_id: An open one's.
        entry: As it is now, under the line's own reference.
        who: Whose act it is.

    Raises:
        OfflineRefused: ``batch_closed``.
        NotFound: ``line_missing``.
    """
    batch = _open(batch_id)
    line = _line(batch, entry.reference)
    before = line.amount_minor
    for name, value in _columns(entry, batch).items():
        setattr(line, name, value)
    db.session.flush()
    _tell(who, "change_offline_line", batch, line, before=before, after=line.amount_minor)


def remove_line(batch_id: int, reference: str, who: Who) -> None:
    """Take a line out; call inside ``committed()``.

    Raises:
        OfflineRefused: ``batch_closed``.
        NotFound: ``line_missing``.
    """
    batch = _open(batch_id)
    line = _line(batch, reference)
    _tell(who, "remove_offline_line", batch, line, before=line.amount_minor)
    db.session.delete(line)
    db.session.flush()


def choose_donor(batch_id: int, reference: str, donor_id: int | None, who: Who) -> None:
    """Say who gave a line's gift: somebody known here, or somebody new; call inside ``committed()``.

    Args:
        batch_id: An open one's.
        reference: The line's.
        donor_id: None where it is nobody known here.
        who: Whose act it is.

    Raises:
        OfflineRefused: ``batch_closed``.
        NotFound: ``line_missing``.
    """
    batch = _open(batch_id)
    line = _line(batch, reference)
    line.donor_id, line.is_new = donor_id, donor_id is None
    db.session.flush()
    _tell(who, "choose_offline_donor", batch, line, after=line.amount_minor)


def discard_batch(batch_id: int, who: Who) -> None:
    """Throw away a batch and its lines, of which nothing was posted; call inside ``committed()``.

    Raises:
        OfflineRefused: ``batch_closed``.
    """
    batch = _open(batch_id)
    for line in list_lines(batch.id):
        db.session.delete(line)
    db.session.flush()
    record_history(who, "discard_offline_batch", "offline_batch", batch.reference, before=_control(batch))
    db.session.delete(batch)
    db.session.flush()


def begin_posting(batch_id: int, who: Who) -> bool:
    """Freeze a batch whose lines agree with its control totals, and ask for its gifts; call inside ``committed()``.

    Args:
        batch_id: Which.
        who: Whose act it is.

    Returns:
        Whether this press did it; not where it was pressed before.

    Raises:
        OfflineRefused: ``batch_differs`` (count, control_count, sum, control), or ``batch_unfinished`` (lines: pairs of
            a line's number and the fields it lacks).
    """
    batch = lock(OfflineBatch, batch_id)
    if batch.state != "open":
        return False
    many, total = total_lines(batch)
    if (many, total) != (batch.control_count, batch.control):
        raise OfflineRefused(
            "batch_differs", count=many, control_count=batch.control_count, sum=total, control=batch.control
        )
    unfinished = [(line.line_no, lacks(entry_of(line, batch))) for line in list_lines(batch.id)]
    if any(missing for _number, missing in unfinished):
        raise OfflineRefused("batch_unfinished", lines=[each for each in unfinished if each[1]])
    batch.state, batch.pressed_by, batch.pressed_at = "posting", who.row_id, clock.real_now()
    db.session.flush()
    record_history(who, "post_offline_batch", "offline_batch", batch.reference, after=_control(batch))
    enqueue("post_offline_batch", f"offline-batch:{batch.reference}", batch_id=batch.id)
    return True


def end_posting(batch_id: int) -> bool:
    """Say that a batch is posted, once none of its lines is left; call inside ``committed()``.

    Returns:
        Whether it is.
    """
    batch = lock(OfflineBatch, batch_id)
    if batch.state == "posting" and not total_lines(batch)[0]:
        batch.state, batch.posted_at = "posted", clock.real_now()
        db.session.flush()
    return batch.state == "posted"


def entry_of(line: OfflineLine, batch: OfflineBatch) -> OfflineEntry:
    """Give a line as it was typed.

    Args:
        line: Which.
        batch: Its batch, for the currency.
    """
    typed = {name: getattr(line, name) for name in _TYPED}
    return OfflineEntry(reference=line.reference, amount=Money(line.amount_minor, batch.currency), **typed)


def _open(batch_id: int) -> OfflineBatch:
    batch = lock(OfflineBatch, batch_id)
    if batch.state != "open":
        raise OfflineRefused("batch_closed")
    return batch


def _line(batch: OfflineBatch, reference: str) -> OfflineLine:
    line = find_line(batch.id, reference)
    if line is None:
        raise NotFound("line_missing", reference=reference[:20])
    return line


def _head(head: BatchHead) -> dict[str, object]:
    return {
        "name": head.name, "currency": head.control.currency, "control_count": head.count,
        "control_minor": head.control.minor, "received_on": head.received_on, "fund_id": head.fund_id,
        "appeal_id": head.appeal_id,
    }  # fmt: skip


def _columns(entry: OfflineEntry, batch: OfflineBatch) -> dict[str, object]:
    if entry.amount.currency != batch.currency:
        raise ValueError(f"a batch in {batch.currency} takes no line in {entry.amount.currency}")
    return {"amount_minor": entry.amount.minor, **{name: getattr(entry, name) for name in _TYPED}}


def _control(batch: OfflineBatch) -> dict[str, int | str]:
    return {
        "count": batch.control_count, "sum_minor": batch.control_minor, "currency": batch.currency,
        "received_on": batch.received_on.isoformat(), "fund_id": batch.fund_id,
    }  # fmt: skip


def _tell(
    who: Who, act: str, batch: OfflineBatch, line: OfflineLine, *, before: int | None = None, after: int | None = None
) -> None:
    def said(minor: int | None) -> dict[str, int] | None:
        return {"line": line.line_no, "amount_minor": minor} if minor is not None else None

    record_history(who, act, "offline_batch", batch.reference, before=said(before), after=said(after))
