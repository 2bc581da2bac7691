"""An export reads one state, however many questions it asks and whatever arrives meanwhile."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from donate.db import committed, db
from donate.ledger.models import LedgerEntry, LedgerPosting
from donate.references import new_reference
from donate.reports import journal
from donate.reports.export import KINDS, Period, write_export
from tests.make.refunds import Given


@pytest.fixture
def another_meanwhile(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return a way to let the newest gift be booked once more between a journal's first question and its next."""

    def book() -> None:
        with app.app_context(), committed() as session:
            known = session.scalars(sa.select(LedgerEntry).order_by(LedgerEntry.id.desc())).first()
            assert known is not None
            twin = {column.key: getattr(known, column.key) for column in sa.inspect(LedgerEntry).columns}
            twin |= {"id": None, "reference": new_reference(), "source_key": "txn_of_another"}
            entry = LedgerEntry(**twin)
            session.add(entry)
            session.flush()
            for line in session.scalars(sa.select(LedgerPosting).where(LedgerPosting.entry_id == known.id)).all():
                posting = {column.key: getattr(line, column.key) for column in sa.inspect(LedgerPosting).columns}
                session.add(LedgerPosting(**(posting | {"entry_id": entry.id})))

    def arm() -> None:
        first = journal._refuse_unmapped

        def ask_and_be_late(*given: Any) -> None:
            first(*given)
            thread = threading.Thread(target=book)
            thread.start()
            thread.join(timeout=20)
            assert not thread.is_alive(), "booking waits for an export"

        monkeypatch.setattr(journal, "_refuse_unmapped", ask_and_be_late)

    return arm


def test_a_gift_booked_while_a_journal_is_written_is_not_in_it(
    given: Given, another_meanwhile: Callable[[], None]
) -> None:
    given()
    before = write_export("journal", Period(), "csv", io.BytesIO())
    another_meanwhile()
    assert write_export("journal", Period(), "csv", io.BytesIO()) == before


def test_without_a_snapshot_it_would_be(given: Given, another_meanwhile: Callable[[], None]) -> None:
    given()
    before = write_export("journal", Period(), "csv", io.BytesIO())
    another_meanwhile()
    assert len(list(KINDS["journal"].rows(Period()))) == 2 * before.rows
    db.session.expire_all()
