"""A file somebody at the desk asked for: ordered with one press, written by the worker, gone after a day."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import sqlalchemy as sa
import structlog

from donate import clock, references
from donate.db import change_alone, committed, db, lock
from donate.errors import ExportRefused, JournalRefused
from donate.queue.enqueue import enqueue
from donate.queue.hold import hold_on
from donate.reports.expect import expected_rows
from donate.reports.export import Manifest, Period, write_parts
from donate.reports.models import ExportOrder, SavedReport
from donate.reports.orders import get_order, list_expired
from donate.reports.register import register_export
from donate.reports.report_letter import tell_owner
from donate.team.history import SYSTEM, Who, record_history

#: How long a file can be fetched.
KEPT = timedelta(hours=24)
#: How often a row tells how far its file is.
_TELL_SECONDS = 1.0
_log = structlog.get_logger("exports")


def order_export(
    staff_id: int, kind: str, period: Period, form: str, shape: str = "", *, saved: SavedReport | None = None
) -> ExportOrder:
    """Ask for a file; call inside ``committed()``.

    Args:
        staff_id: Whose it will be, and nobody else's.
        kind: One of ``KINDS``.
        period: Which rows.
        form: ``csv``, ``jsonl`` or ``xlsx``.
        shape: One of ``SHAPES``, for a journal.
        saved: The saved report that asks for it.
    """
    order = ExportOrder(
        reference=references.new_reference(),
        staff_id=staff_id,
        asked_at=clock.now(),
        kind=kind,
        shape=shape,
        form=form,
        period=_as_json(period),
        saved_report_id=saved.id if saved is not None else None,
    )
    db.session.add(order)
    db.session.flush()
    enqueue("write_export", f"export:{order.reference}", order_id=order.id)
    return order


def write_ordered(order_id: int, folder: Path) -> None:
    """Write an ordered file; call outside ``committed()``. Begun anew after a worker died, it is the same file.

    Args:
        order_id: Which.
        folder: Where the files of all orders lie.
    """
    order = get_order(order_id)
    if order.state not in ("waiting", "writing"):
        return
    own, period = folder / order.reference, period_of(order)
    kind, form, shape = order.kind, order.form, order.shape
    _set(order_id, state="writing", rows_done=0, rows_expected=expected_rows(kind, period))
    shutil.rmtree(own, ignore_errors=True)
    try:
        own.mkdir(parents=True, mode=0o700)
        made, names = _write(own, kind, period, form, shape, _Teller(order_id))
        (own / "manifest.json").write_text(made.as_json())
    except (JournalRefused, ExportRefused) as refused:
        _refuse(order_id, own, refused.message, refused.values)
        return
    except OSError as error:
        # A full disk is not mended by trying twelve times: whoever waits is told now.
        _log.error("exports_dir_unwritable", folder=str(folder), error=repr(error))
        _refuse(order_id, own, "folder_unwritable", {})
        return
    _finish(order_id, made, [*names, "manifest.json"], own)


def drop_expired(folder: Path) -> int:
    """Remove the files whose day is over; call outside ``committed()``.

    Args:
        folder: Where the files of all orders lie.

    Returns:
        How many orders lost theirs.
    """
    expired = [(order.id, order.reference) for order in list_expired(clock.now())]
    for order_id, reference in expired:
        shutil.rmtree(folder / reference, ignore_errors=True)
        _set(order_id, state="gone", files=[])
    return len(expired)


def period_of(order: ExportOrder) -> Period:
    """Give the rows an order asks for."""
    asked = dict(order.period)
    for name in ("since", "until"):
        asked[name] = date.fromisoformat(asked[name]) if asked.get(name) else None
    return Period(**asked)


def _as_json(period: Period) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(period).items()}


def _write(own: Path, kind: str, period: Period, form: str, shape: str, tell: _Teller) -> tuple[Manifest, list[str]]:
    """Write the parts, and name them once it is known whether there are several."""
    parts: list[Path] = []
    with ExitStack() as files:

        def open_part(number: int) -> BinaryIO:
            parts.append(own / f"{number}.part")
            return files.enter_context(parts[-1].open("wb"))

        made = write_parts(kind, period, form, open_part, shape=shape, tell=tell)
    stem = "-".join(filter(None, (kind, shape, *map(str, (period.since, _last(period)) if period.since else ()))))
    names = [f"{stem}.{form}"] if len(parts) == 1 else [f"{stem}-{at}.{form}" for at in range(1, len(parts) + 1)]
    for part, name in zip(parts, names, strict=True):
        part.replace(own / name)
    return made, names


def _last(period: Period) -> date | str:
    return period.until - timedelta(days=1) if period.until else ""


def _finish(order_id: int, made: Manifest, names: list[str], own: Path) -> None:
    """Say that an order is ready, and whose it is in register and history: one transaction."""
    now = clock.now()
    with committed():
        order = lock(ExportOrder, order_id)
        run = register_export(made, f"staff:{order.staff_id}")
        db.session.flush()
        order.run_id, order.state, order.rows_done, order.rows_expected = run.id, "ready", made.rows, made.rows
        order.files = [{"name": name, "bytes": (own / name).stat().st_size} for name in names]
        order.ready_at, order.expires_at = now, now + KEPT
        who = Who("staff", order.staff_id) if order.saved_report_id is None else SYSTEM
        record_history(who, f"export_{order.kind}", "export", run.reference, after={"rows": made.rows})
        if order.saved_report_id is not None:
            tell_owner(order)


def _refuse(order_id: int, own: Path, why: str, values: Mapping[str, Any]) -> None:
    shutil.rmtree(own, ignore_errors=True)
    _set(order_id, state="refused", refusal=why, refusal_values=dict(values))


def _set(order_id: int, **values: Any) -> None:
    with committed():
        order = lock(ExportOrder, order_id)
        for name, value in values.items():
            setattr(order, name, value)


class _Teller:
    """Tells an order's row now and then how far its file is, and holds on to the job that writes it."""

    def __init__(self, order_id: int) -> None:
        self._order_id, self._told_at = order_id, time.monotonic()

    def __call__(self, rows: int) -> None:
        """Hear that so many rows are written."""
        if time.monotonic() - self._told_at < _TELL_SECONDS:
            return
        self._told_at = time.monotonic()
        hold_on()
        change_alone(sa.update(ExportOrder).where(ExportOrder.id == self._order_id).values(rows_done=rows))
