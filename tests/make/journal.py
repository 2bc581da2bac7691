"""Read the journal, and hold it to the books: each entry balances, and clearing is what the ledger says it is."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from decimal import Decimal

from donate.db import db
from donate.ledger.models import Payout
from donate.ledger.queries import total_account
from donate.money import Money
from donate.newsroom.queries import get_newsroom
from donate.reports.export import Period, write_export
from tests.make.rows import every


def read_journal(period: Period) -> list[dict[str, str]]:
    """Give the rows of the journal in full."""
    out = io.BytesIO()
    write_export("journal", period, "csv", out)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode(), newline="")))


def assert_journal_closes() -> None:
    """Fail where an entry does not balance, clearing is not what Stripe holds, or a payout is not its bank line."""
    db.session.expire_all()
    entries: dict[str, Decimal] = defaultdict(Decimal)
    clearing: dict[str, Decimal] = defaultdict(Decimal)
    bank: dict[str, Decimal] = defaultdict(Decimal)
    names = {our: each["name"] for our, each in get_newsroom().accounts["map"].items()}
    for row in read_journal(Period()):
        amount = Decimal(row["debit"] or 0) - Decimal(row["credit"] or 0)
        assert bool(row["debit"]) != bool(row["credit"]), row
        entries[row["journal_no"]] += amount
        if row["account_name"] == names["clearing"]:
            clearing[row["currency"]] += amount
        if row["account_name"] == names["bank"]:
            bank[row["stripe_payout_id"]] += amount
    assert set(entries.values()) <= {Decimal(0)}
    held = {currency: Decimal(Money(minor, currency).plain()) for currency, minor in total_account("clearing").items()}
    assert {currency: total for currency, total in clearing.items() if total} == {
        currency: total for currency, total in held.items() if total
    }
    proved = {each.stripe_payout_id: Decimal(each.amount.plain()) for each in every(Payout) if each.status == "paid"}
    assert {payout: total for payout, total in bank.items() if payout in proved} == proved
