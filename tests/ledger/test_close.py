"""A closed month never changes: what is learned later counts in an open one and says which month it adjusts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from donate.db import committed, db
from donate.errors import PeriodRefused
from donate.fulfillment.apply_transaction import apply_transactions
from donate.ledger import post
from donate.ledger.close import close_period, month_totals
from donate.ledger.models import LedgerBook, LedgerPeriod
from donate.payments.balance import retrieve_transaction
from donate.reports.check import check_everything
from donate.sandbox.app import Sandbox
from donate.team.history import SYSTEM
from tests.make.books import DAY, entries
from tests.make.gifts import Gifts
from tests.make.rows import count, every

Pass = Callable[[float], None]
ZONE = "Asia/Jerusalem"


def close(month: str) -> LedgerPeriod:
    with committed():
        return close_period(month, SYSTEM, zone=ZONE)


def why(month: str) -> str:
    with pytest.raises(PeriodRefused) as refused:
        close(month)
    return refused.value.message


def test_a_month_is_closed_once_it_is_over_with_its_totals(gifts: Gifts, pass_days: Pass) -> None:
    gifts.paid(amount="25.00")
    pass_days(1)
    assert why("2026-03") == "month_not_over"
    pass_days(31)
    period = close("2026-03")
    kinds = {(each["entry_type"], each["entries"], each["settlement_net_minor"]) for each in period.totals}
    assert kinds == {("charge", 1, 2397), ("payout", 1, -2397)}
    assert close("2026-03").closed_at == period.closed_at
    assert check_everything() == []


@pytest.mark.parametrize("month", ["March", "2026-13", "2026-3", ""])
def test_what_is_no_month_is_refused(app: Flask, month: str) -> None:
    assert why(month) == "month_unreadable"


def test_months_are_closed_in_their_order(gifts: Gifts, pass_days: Pass) -> None:
    gifts.paid()
    pass_days(70)
    assert why("2026-04") == "month_before_open"
    close("2026-03")
    close("2026-04")
    assert count(LedgerPeriod) == 2


def test_a_month_with_something_unclassified_stays_open(gifts: Gifts, box: Sandbox, settle: Any) -> None:
    apply_transactions([retrieve_transaction(box.book("issuing_transaction", -700, "usd"))])
    box.advance(seconds=40 * DAY)
    assert why("2026-03") == "month_unclassified"


def test_what_is_learned_late_counts_in_the_first_open_month_and_says_which_it_adjusts(
    gifts: Gifts, box: Sandbox, pass_days: Pass
) -> None:
    gifts.paid()
    pass_days(5)
    late = box.book("stripe_fee", -700, "usd", description="Radar")
    box.advance(seconds=40 * DAY)
    closed = close("2026-03").totals
    assert apply_transactions([retrieve_transaction(late)]) == 1
    (entry,) = entries("fee")
    assert (entry.occurred_on, entry.booked_on) == (date(2026, 3, 7), date(2026, 4, 1))
    assert entry.note == "adjustment to 2026-03. Radar"
    assert month_totals("2026-03") == closed
    assert check_everything() == []


def test_the_database_refuses_an_entry_in_a_closed_month(
    gifts: Gifts, box: Sandbox, pass_days: Pass, monkeypatch: pytest.MonkeyPatch
) -> None:
    gifts.paid()
    late = box.book("stripe_fee", -700, "usd")
    pass_days(40)
    close("2026-03")
    # Somebody forgets to look: the guard stands all the same.
    monkeypatch.setattr(post, "day_to_book", lambda day: day)
    missing = retrieve_transaction(box.book("stripe_fee", -1, "usd"))
    early = type(missing)(**{**missing.__dict__, "created_at": retrieve_transaction(late).created_at})
    with pytest.raises(DBAPIError, match="that month is closed"):
        apply_transactions([early])


def race(app: Flask, box: Sandbox, gifts: Gifts, seconds: float = 2) -> list[str]:
    """Close a month while something of it is booked, one in the middle of the other; tell what broke.

    Args:
        seconds: For how long the booking waits for the closing, which waits for the booking's lock where there is one.
    """
    late = retrieve_transaction(box.book("stripe_fee", -700, "usd"))
    box.advance(seconds=40 * DAY)
    with committed():
        post.open_books()
    booking, closing = threading.Event(), threading.Event()
    real = post.add_to_sums

    def slowly(*given: Any) -> None:
        real(*given)
        booking.set()
        # The other goes on as far as it can: it waits for our lock, or it is through.
        closing.wait(timeout=seconds)

    def book() -> None:
        with app.app_context():
            post.add_to_sums = slowly
            try:
                apply_transactions([late])
            finally:
                post.add_to_sums = real
                db.session.remove()

    thread = threading.Thread(target=book)
    thread.start()
    assert booking.wait(timeout=20)
    close("2026-03")
    closing.set()
    thread.join()
    db.session.expire_all()
    return [each.name for each in check_everything()]


def test_closing_waits_for_what_is_being_booked(app: Flask, box: Sandbox, gifts: Gifts) -> None:
    assert race(app, box, gifts) == []
    (period,) = every(LedgerPeriod)
    assert [each["entry_type"] for each in period.totals] == ["fee"]


def test_without_the_shared_lock_a_closed_month_changes(
    app: Flask, box: Sandbox, gifts: Gifts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: the race above goes wrong when posting shares no lock."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time: there is no lock to leave out")
    monkeypatch.setattr(
        post, "find_closed_until", lambda: db.session.scalar(sa.text("SELECT closed_until FROM ledger_book"))
    )
    assert race(app, box, gifts, seconds=60) == ["closed_months_never_change"]


def test_the_last_closed_day_is_the_months_last(gifts: Gifts, pass_days: Pass) -> None:
    gifts.paid()
    pass_days(40)
    close("2026-03")
    (book,) = every(LedgerBook)
    assert book.closed_until == date(2026, 3, 31)
