"""snapshot(): every read inside sees one state, nothing is written inside, and nobody who writes waits for it."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from donate.db import NotInCommitted, committed, db, in_snapshot, read_alone, snapshot, write_alone
from donate.receipts.models import ReceiptSeries
from tests.make.rows import count


def write_elsewhere(app: Flask, year: int) -> None:
    """Write a row in a thread of its own, as another process would, and wait until it is committed."""

    def write() -> None:
        with app.app_context(), committed() as session:
            session.add(ReceiptSeries(year=year, last_number=1))

    thread = threading.Thread(target=write)
    thread.start()
    thread.join(timeout=20)
    assert not thread.is_alive(), "whoever writes waits for whoever reads"


def test_what_is_committed_meanwhile_is_not_seen_and_nobody_waits(app: Flask) -> None:
    with snapshot():
        assert in_snapshot()
        write_elsewhere(app, 2026)
        assert count(ReceiptSeries) == 0
        write_elsewhere(app, 2027)
        assert count(ReceiptSeries) == 0
    assert not in_snapshot()
    assert count(ReceiptSeries) == 2


def test_without_it_each_read_sees_what_is_new(app: Flask) -> None:
    assert count(ReceiptSeries) == 0
    write_elsewhere(app, 2026)
    assert count(ReceiptSeries) == 1


def test_a_row_is_read_again_inside_and_afterwards(app: Flask) -> None:
    write_elsewhere(app, 2026)
    (row,) = db.session.scalars(sa.select(ReceiptSeries))
    elsewhere = sa.update(ReceiptSeries).values(last_number=ReceiptSeries.last_number + 1)
    with db.engine.begin() as other:
        other.execute(elsewhere)
    with snapshot():
        assert row.last_number == 2
        with db.engine.begin() as other:
            other.execute(elsewhere)
        db.session.expire_all()
        assert row.last_number == 2
    assert row.last_number == 3


def test_nothing_is_written_inside(app: Flask) -> None:
    with snapshot() as session:
        session.add(ReceiptSeries(year=2026, last_number=1))
        with pytest.raises(NotInCommitted):
            session.flush()
        session.expunge_all()
    with pytest.raises(DBAPIError), snapshot() as session:
        session.execute(sa.insert(ReceiptSeries).values(year=2026, last_number=1, kind="gift"))
    assert count(ReceiptSeries) == 0


def test_one_can_write_again_afterwards_on_every_connection(app: Flask) -> None:
    for year in range(3):
        with pytest.raises(RuntimeError, match="on purpose"), snapshot():
            raise RuntimeError("on purpose")
        assert not in_snapshot()
        with committed() as session:
            session.add(ReceiptSeries(year=2026 + year, last_number=1))
    assert count(ReceiptSeries) == 3


def test_it_does_not_nest(app: Flask) -> None:
    with snapshot(), pytest.raises(NotInCommitted, match="does not nest"), snapshot():
        pass
    with committed(), pytest.raises(NotInCommitted, match="does not nest"), snapshot():
        pass
    with snapshot(), pytest.raises(NotInCommitted, match="inside snapshot"), committed():
        pass
    assert not in_snapshot()


def test_what_stands_alone_is_refused_inside(app: Flask) -> None:
    statement = sa.insert(ReceiptSeries).inline()
    with snapshot():
        with pytest.raises(NotInCommitted, match="inside snapshot"):
            write_alone(statement, {"year": 2026, "last_number": 1, "kind": "gift"})
        with pytest.raises(NotInCommitted, match="inside snapshot"):
            read_alone(sa.select(ReceiptSeries.year), {})


def test_what_was_changed_before_it_opened_is_refused(app: Flask) -> None:
    db.session.add(ReceiptSeries(year=2026, last_number=1))
    with pytest.raises(NotInCommitted, match="before"), snapshot():
        pass
    db.session.rollback()
