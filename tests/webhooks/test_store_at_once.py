"""Storing an event is one statement of its own: durable, once for its id, and no failure where others write too."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from donate.db import NotInCommitted, committed, db, write_alone
from donate.errors import Unreadable
from donate.receipts.models import ReceiptSeries
from donate.webhooks.models import StripeEvent
from donate.webhooks.receive import receive_event, store_event
from tests.make.rows import count
from tests.make.signed import deliver_event, write_event

THREADS, EACH = 4, 12


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """Return what the database is asked from now on."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield asked
    event.remove(db.engine, "before_cursor_execute", note)


def test_a_delivery_is_one_statement_and_a_repeated_one_too(client: FlaskClient, statements: list[str]) -> None:
    assert deliver_event(client, write_event()) == 200
    assert deliver_event(client, write_event()) == 200
    assert len(statements) == 2
    assert all(statement.startswith("INSERT INTO stripe_event") for statement in statements)


def test_it_tells_whether_an_event_is_new(app: Flask) -> None:
    assert receive_event(write_event())
    assert not receive_event(write_event())
    with committed():
        assert not store_event(write_event())
        assert store_event(write_event(2))


def test_a_stored_event_is_seen_by_every_other_connection_at_once(app: Flask) -> None:
    receive_event(write_event())
    with db.engine.connect() as other:
        assert other.scalar(sa.select(sa.func.count()).select_from(StripeEvent)) == 1


def test_what_stands_alone_is_refused_inside_committed(app: Flask) -> None:
    with committed(), pytest.raises(NotInCommitted, match="alone"):
        receive_event(write_event())
    with committed(), pytest.raises(NotInCommitted, match="alone"):
        write_alone(sa.insert(ReceiptSeries), {"year": 2026, "last_number": 1})
    assert count(StripeEvent) == count(ReceiptSeries) == 0


def test_what_is_no_event_leaves_nothing(app: Flask) -> None:
    with pytest.raises(Unreadable):
        receive_event(write_event(id=None))
    assert count(StripeEvent) == 0


def test_deliveries_at_the_same_moment_are_all_stored_while_others_write(app: Flask) -> None:
    """On SQLite each waits for its turn; the transactions beside them read first and write then."""
    begin = threading.Barrier(THREADS + 1)
    answers: list[int] = []

    def post(first: int) -> None:
        browser = app.test_client()
        begin.wait()
        # Every event comes twice, from two threads.
        answers.extend(deliver_event(browser, write_event(first // 2 * EACH + each)) for each in range(EACH))

    def write() -> None:
        begin.wait()
        with app.app_context():
            for year in range(EACH):
                with committed() as session:
                    session.scalar(sa.select(sa.func.count()).select_from(ReceiptSeries))
                    session.add(ReceiptSeries(year=year, last_number=1))

    threads = [threading.Thread(target=post, args=(number,)) for number in range(THREADS)]
    threads.append(threading.Thread(target=write))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * THREADS * EACH
    assert count(StripeEvent) == THREADS // 2 * EACH
    assert count(ReceiptSeries) == EACH


def test_a_transaction_that_looks_before_it_stores_would_fail_beside_another_writer(
    app: Flask, client: FlaskClient
) -> None:
    """Why it is one statement: the negative control of the test above, on SQLite."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL lets both write")
    looks_first = sqlite3.connect(db.engine.url.database or "", isolation_level=None, timeout=30)
    try:
        looks_first.execute("BEGIN")
        assert looks_first.execute("SELECT count(*) FROM stripe_event").fetchone() == (0,)
        assert deliver_event(client, write_event()) == 200
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            looks_first.execute("INSERT INTO receipt_series (year, last_number) VALUES (2026, 1)")
        looks_first.rollback()
    finally:
        looks_first.close()
