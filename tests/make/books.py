"""Look at the books, hold them against Stripe, and bring them up to date."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from donate.db import db
from donate.giving.models import Donation
from donate.ledger.models import LedgerEntry
from donate.ledger.queries import list_entries_of_donation, list_postings, total_account
from donate.payments.balance import total_balance
from donate.reports.check import check_everything
from donate.sandbox.app import Sandbox
from tests.make.rows import every

DAY = 86400
_GUARDED = ("ledger_entry", "ledger_posting", "receipt", "recurring_movement")


def entries(*types: str) -> list[LedgerEntry]:
    """Give the entries of some types, or all, in the order of what happened."""
    found = [entry for entry in every(LedgerEntry) if not types or entry.entry_type in types]
    return sorted(found, key=lambda entry: (entry.occurred_at, entry.id))


def assert_books_equal_stripe() -> None:
    """Fail where the clearing account is not the balance that Stripe tells."""
    db.session.expire_all()
    held = {currency: money.minor for currency, money in total_balance().items() if money.minor}
    posted = {currency: minor for currency, minor in total_account("clearing").items() if minor}
    assert posted == held


def entries_of(donation: Donation) -> list[LedgerEntry]:
    """Give a gift's entries as they are now, oldest first."""
    db.session.expire_all()
    return list_entries_of_donation(donation.id)


def booked(donation: Donation) -> list[tuple[str, int, int]]:
    """Give a gift's entries as (kind, gross, fee) in minor units."""
    return [(one.entry_type, one.gross_minor, one.settlement_fee_minor) for one in entries_of(donation)]


def lines_of(entry: Any) -> list[tuple[str, str, int]]:
    """Give an entry's postings as (debit, credit, amount in minor units)."""
    return [(line.debit, line.credit, line.amount_minor) for line in list_postings(entry.id)]


def let_the_books_change() -> None:
    """Take the guards of the books away, as only somebody with the database in hand can."""
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            for table in _GUARDED:
                connection.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            return
        for (name,) in connection.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(sa.text(f"DROP TRIGGER {name}"))


@pytest.fixture
def guards_back(app: Any) -> Any:
    """Put the guards back afterwards: the next test has the same PostgreSQL database."""
    yield
    if db.engine.dialect.name == "postgresql":
        with db.engine.begin() as connection:
            for table in _GUARDED:
                connection.execute(sa.text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


@pytest.fixture
def pass_days(box: Sandbox, settle: Callable[..., None]) -> Callable[[float], None]:
    """Return a way to let days pass and everything that was told take effect; every invariant holds after it."""

    def run(days: float) -> None:
        settle()
        box.advance(seconds=int(days * DAY))
        settle()
        assert check_everything() == []

    return run
