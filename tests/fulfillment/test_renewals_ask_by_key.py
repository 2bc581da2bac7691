"""However many gifts are stored: what a renewal asks of the database is found by an index, never by reading through."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import Flask

from donate.db import db
from donate.giving.models import Donation
from donate.sandbox.app import Sandbox
from tests.make.books import DAY
from tests.make.gifts import Gifts
from tests.make.rows import count

Settle = Callable[..., None]
#: What grows with the gifts.
GROWING = (
    "appeal_supporter", "dispute", "donation", "donor", "donor_day", "donor_email", "donor_stripe_customer",
    "donor_sum", "donor_year", "job", "ledger_day", "ledger_day_by", "ledger_entry", "ledger_posting",
    "ledger_span_by", "mail_message", "payout", "payout_item", "receipt", "recurring_donation", "recurring_change",
    "recurring_movement", "recurring_movement_day", "refund", "stripe_event",
)  # fmt: skip


@contextmanager
def listening() -> Iterator[dict[str, Any]]:
    """Note each statement that is run meanwhile, once, with values it was run with."""
    heard: dict[str, Any] = {}

    def hear(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            heard.setdefault(statement, values[0] if many else values)

    sa.event.listen(db.engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", hear)


def read_through(heard: dict[str, Any]) -> list[str]:
    """Ask SQLite how it finds the rows of each statement; give those that read a growing table from end to end."""
    found = []
    with db.engine.connect() as connection:
        for statement, values in heard.items():
            plan = connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, values).all()
            scans = [str(row[3]) for row in plan if re.match(rf"SCAN ({'|'.join(GROWING)})\b", str(row[3]))]
            found += [f"{scan}: {statement}" for scan in scans]
    return found


def test_a_renewal_is_applied_and_booked_without_reading_any_table_through(
    app: Flask, gifts: Gifts, box: Sandbox, settle: Settle
) -> None:
    if db.engine.dialect.name != "sqlite":
        # PostgreSQL reads small tables through whatever indexes they have; the indexes are the same.
        return
    gifts.paid(frequency="month")
    settle()
    box.advance(seconds=32 * DAY)
    with listening() as heard:
        settle(failing=True)  # the look for failed jobs is the test's own
    assert count(Donation) == 2
    assert len(heard) > 20
    assert read_through(heard) == []


def test_the_look_above_sees_a_question_without_an_index(app: Flask) -> None:
    """The control."""
    if db.engine.dialect.name != "sqlite":
        return
    with listening() as heard:
        db.session.scalars(sa.select(Donation.id).where(Donation.card_brand == "visa")).all()
    assert len(read_through(heard)) == 1
