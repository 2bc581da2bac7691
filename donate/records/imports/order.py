"""A file of past gifts handed in at the desk: looked at by the worker, brought in after a press, gone after a day."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from donate import clock, references
from donate.db import change_alone, committed, db, lock
from donate.errors import DonateError
from donate.queue.enqueue import enqueue
from donate.queue.hold import hold_on
from donate.records.imports.bring_in import Asked, bring_in
from donate.records.imports.models import ImportOrder
from donate.records.imports.queries import get_import, list_expired_imports
from donate.records.imports.sentences import sentence_for
from donate.records.imports.table import FileRefused
from donate.records.imports.targets import Mapped
from donate.team.history import Who

#: How long a file and what was left out of it are there.
KEPT = timedelta(hours=24)
#: What a person's browser sends in a sitting; larger files come in by the command.
MOST_BYTES = 50 * 1024 * 1024
_TELL_SECONDS = 1.0
_FILE, _LEFT_OUT = "gifts.csv", "left-out.csv"


class ImportMoved(DonateError):
    """An order that is not at the step that a press was for: ``import_moved``."""


def folder_of(folder: Path, reference: str) -> Path:
    """Give the folder of an order's files, apart from those of exports."""
    return folder / f"import-{reference}"


def left_out_of(folder: Path, reference: str) -> Path:
    """Give the file of what was left out."""
    return folder_of(folder, reference) / _LEFT_OUT


def prepare_folder(folder: Path) -> tuple[str, Path]:
    """Make a place for a file before its order is written; give the order's reference and the file's path."""
    reference = references.new_reference()
    own = folder_of(folder, reference)
    own.mkdir(parents=True, mode=0o700)
    return reference, own / _FILE


def order_import(reference: str, staff_id: int, asked: Asked) -> ImportOrder:
    """Ask for a look at a file that lies in its folder; call inside ``committed()``.

    Args:
        reference: As ``prepare_folder`` gave it.
        staff_id: Whose it is, and nobody else's.
        asked: How it is read.
    """
    now = clock.now()
    order = ImportOrder(
        reference=reference, staff_id=staff_id, asked_at=now, system=asked.system, asked=asdict(asked),
        expires_at=now + KEPT,
    )  # fmt: skip
    db.session.add(order)
    db.session.flush()
    enqueue("read_import", f"import:{reference}:look", order_id=order.id)
    return order


def confirm_import(order_id: int) -> None:
    """Ask for what was looked at to be brought in; call inside ``committed()``.

    Raises:
        ImportMoved: It is not at that step, or not any more.
    """
    order = lock(ImportOrder, order_id)
    if order.state != "looked" or order.expires_at < clock.now():
        raise ImportMoved("import_moved")
    order.state, order.rows_done, order.bytes_done = "queued", 0, 0
    enqueue("read_import", f"import:{order.reference}:write", order_id=order.id)


def read_ordered(order_id: int, folder: Path) -> None:
    """Look at an ordered file, or bring it in; call outside ``committed()``. Begun anew, it ends the same.

    Args:
        order_id: Which.
        folder: Where the files of all orders lie.
    """
    order = get_import(order_id)
    steps = {"waiting": ("looking", "looked"), "looking": ("looking", "looked"),
             "queued": ("writing", "done"), "writing": ("writing", "done")}  # fmt: skip
    if order.state not in steps:
        return
    during, after = steps[order.state]
    own, who, asked = folder_of(folder, order.reference), Who("staff", order.staff_id), asked_of(order.asked)
    _set(order_id, state=during)
    try:
        report = bring_in(
            own / _FILE, asked, is_dry=during == "looking", who=who, errors=own / _LEFT_OUT, tell=_Teller(order_id)
        )
    except FileRefused as refused:
        shutil.rmtree(own, ignore_errors=True)
        _set(order_id, state="refused", refusal=sentence_for(refused))
        return
    _set(order_id, state=after, report=report.plain(), rows_done=report.rows)


def asked_of(plain: Mapping[str, Any]) -> Asked:
    """Read how a file is read from JSON."""
    return Asked(**{**plain, "mapped": Mapped(**plain["mapped"])})


def drop_expired_imports(folder: Path) -> int:
    """Remove the files whose day is over; call outside ``committed()``; give how many orders lost theirs."""
    expired = [(order.id, order.reference) for order in list_expired_imports(clock.now())]
    for order_id, reference in expired:
        shutil.rmtree(folder_of(folder, reference), ignore_errors=True)
        _set(order_id, state="gone")
    return len(expired)


def _set(order_id: int, **values: Any) -> None:
    with committed():
        order = lock(ImportOrder, order_id)
        for name, value in values.items():
            setattr(order, name, value)


class _Teller:
    """Tells an order's row now and then how far its file is, and holds on to the job that reads it."""

    def __init__(self, order_id: int) -> None:
        self._order_id, self._told_at = order_id, time.monotonic()

    def __call__(self, rows: int, done: int, size: int) -> None:
        """Hear how far it is."""
        if time.monotonic() - self._told_at < _TELL_SECONDS:
            return
        self._told_at = time.monotonic()
        hold_on()
        far = {"rows_done": rows, "bytes_done": done, "bytes_all": size}
        change_alone(sa.update(ImportOrder).where(ImportOrder.id == self._order_id).values(**far))
