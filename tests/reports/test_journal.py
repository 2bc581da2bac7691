"""The journal: every entry balances, on the newsroom's own accounts, and clearing is what Stripe holds."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from donate.db import committed, db, lock
from donate.errors import JournalRefused
from donate.fulfillment.apply_transaction import our_books
from donate.giving.models import Donation
from donate.ledger.post import post_offline
from donate.newsroom.queries import get_newsroom
from donate.reports.export import SHAPES as SHAPES
from donate.reports.export import Kind, Most, Period, write_export, write_parts
from donate.sandbox.app import Sandbox
from tests.make.books import DAY
from tests.make.gifts import Gifts
from tests.make.journal import assert_journal_closes, read_journal
from tests.make.refunds import Given, give_back
from tests.make.rows import every, fresh
from tests.people import AMAL, NOAM

Settle = Callable[..., None]
Line = tuple[str, str, str, str, str]


@pytest.fixture
def offline(gifts: Gifts, settle: Settle) -> Callable[[], Donation]:
    """Return a maker of a gift that is booked as one that never passed Stripe."""

    def make() -> Donation:
        donation = gifts.paid(NOAM, amount="40.00")
        settle()
        with committed():
            post_offline(our_books(), lock(Donation, donation.id))
        return fresh(donation)

    return make


def lines(period: Period | None = None) -> list[Line]:
    """Give the journal's lines as (number, account, debit, credit, fund)."""
    return [
        (each["journal_no"], each["account_name"], each["debit"], each["credit"], each["fund"])
        for each in read_journal(period or Period())
    ]


def shaped(shape: str, period: Period | None = None) -> list[dict[str, str]]:
    out = io.BytesIO()
    write_export("journal", period or Period(), "csv", out, shape=shape)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode(), newline="")))


def chart(**changes: Any) -> None:
    with committed():
        row = get_newsroom()
        row.accounts = {**row.accounts, **changes}


def test_a_gift_and_its_fee_are_two_postings_with_the_gift_on_each_line(given: Given) -> None:
    gift = given()
    number = "20260302USD-UNPAID"
    assert lines() == [
        (number, "Stripe clearing", "25.00", "", ""),
        (number, "Donations", "", "25.00", "general"),
        (number, "Card processing fees", "1.03", "", "general"),
        (number, "Stripe clearing", "", "1.03", ""),
    ]
    assert {each["donation_id"] for each in read_journal(Period())} == {gift.reference}
    assert [each["line_no"] for each in read_journal(Period())] == ["1", "2", "3", "4"]


def test_a_refund_stands_against_income_on_an_account_of_its_own(given: Given, settle: Settle, box: Sandbox) -> None:
    gift = given()
    give_back(gift, "10.00")
    settle()
    box.advance(seconds=10)
    settle()
    assert ("Donations refunded", "10.00", "") in {line[1:4] for line in lines()}
    assert_journal_closes()


def test_a_payout_is_one_entry_that_leads_clearing_to_the_bank(given: Given, box: Sandbox, settle: Settle) -> None:
    given()
    for _ in range(5):
        box.advance(seconds=DAY)
        settle()
    paid_out = [line for line in lines() if line[1] == "Checking"]
    assert [line[2:4] for line in paid_out] == [("23.97", "")]
    assert_journal_closes()
    left_with = {each["stripe_payout_id"] for each in read_journal(Period())}
    assert len(left_with) == 1
    assert left_with.pop().startswith("po_")


def test_what_became_of_it_later_changes_no_earlier_journal(given: Given, box: Sandbox, settle: Settle) -> None:
    given()
    period = Period(date(2026, 3, 1), date(2026, 3, 3))
    before = read_journal(period)
    for _ in range(5):
        box.advance(seconds=DAY)
        settle()
    assert read_journal(period) == before
    assert {each["journal_no"] for each in before} == {"20260302USD-UNPAID"}


def test_benefits_are_owed_until_they_are_given_and_no_income_of_the_gift(
    gifts: Gifts, box: Sandbox, settle: Settle
) -> None:
    gift = gifts.paid(AMAL, amount="600.00")
    settle()
    box.advance(seconds=10)
    settle()
    owed = [line for line in lines() if line[0] == "20260302USD-BENEFIT"]
    assert [line[1:4] for line in owed] == [
        (owed[0][1], "30.00", ""), ("Deferred revenue:Member benefits", "", "30.00"),
    ]  # fmt: skip
    assert owed[0][1].startswith("Donations")
    give_back(fresh(gift), "600.00")
    settle()
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for _number, account, debit, credit, _fund in lines():
        sums[account] += Decimal(debit or 0) - Decimal(credit or 0)
    assert sums["Deferred revenue:Member benefits"] == 0
    assert_journal_closes()


def test_an_account_that_nobody_named_refuses_the_whole_and_is_named(given: Given) -> None:
    given()
    known = get_newsroom().accounts["map"]
    chart(map={name: each for name, each in known.items() if name not in ("clearing", "processing_fees")})
    out = io.BytesIO()
    with pytest.raises(JournalRefused) as refused:
        write_export("journal", Period(), "csv", out)
    assert refused.value.values == {"names": "clearing, processing_fees"}
    assert out.getvalue().count(b"\n") <= 1, "no line was written"


def test_quickbooks_gets_names_classes_and_its_own_date_summed_up(gifts: Gifts, box: Sandbox, settle: Settle) -> None:
    for amount in ("25.00", "75.00"):
        gifts.paid(AMAL, amount=amount)
    settle()
    box.advance(seconds=10)
    settle()
    rows = shaped("quickbooks-online")
    assert {row["Class"] for row in rows if row["Account Name"] == "Donations"} == {"General"}
    assert list(rows[0]) == ["Journal No.", "Journal Date", "Account Name", "Description", "Debits", "Credits", "Class"]
    assert {row["Journal Date"] for row in rows} == {"03/02/2026"}
    by_account = {(row["Account Name"], row["Debits"], row["Credits"]) for row in rows}
    assert ("Stripe clearing", "100.00", "") in by_account
    assert any(name.startswith("Donations") and credit == "100.00" for name, _, credit in by_account)
    assert all(len(row["Journal No."]) <= 21 for row in rows)
    assert {row["Class"] for row in rows if row["Account Name"] == "Stripe clearing"} == {""}
    assert sum(Decimal(row["Debits"] or 0) - Decimal(row["Credits"] or 0) for row in rows) == 0
    chart(date_format="DD/MM/YYYY")
    assert {row["Journal Date"] for row in shaped("quickbooks-online")} == {"02/03/2026"}


def test_xero_gets_codes_and_credits_below_zero(given: Given) -> None:
    given()
    rows = shaped("xero")
    assert {row["*TaxRate"] for row in rows} == {"Tax Exempt"}
    assert {row["*Date"] for row in rows} == {"02/03/2026"}
    assert sum(Decimal(row["*Amount"]) for row in rows) == 0
    assert {row["*AccountCode"] for row in rows} >= {"1210", "6110"}
    assert {row["TrackingName1"] for row in rows if row["*AccountCode"] == "1210"} == {""}
    known = get_newsroom().accounts["map"]
    chart(map={**known, "clearing": {"code": "", "name": "Stripe clearing"}})
    with pytest.raises(JournalRefused, match="codes_missing"):
        shaped("xero")


@pytest.mark.parametrize("shape", ["quickbooks-online", "xero"])
def test_another_currency_than_home_is_refused_by_name_and_written_in_full_elsewhere(given: Given, shape: str) -> None:
    given(currency="EUR")
    with pytest.raises(JournalRefused) as refused:
        shaped(shape)
    assert refused.value.values == {"currency": "EUR", "home": "USD"}
    assert {each["currency"] for each in read_journal(Period())} == {"EUR"}


def test_files_are_parted_between_entries_and_never_inside_one(app: Flask) -> None:
    entries = [("a", 3), ("b", 4), ("c", 1), ("d", 9), ("e", 1)]
    kind = Kind(
        ("no", "line"),
        lambda _period: iter({"no": no, "line": line} for no, many in entries for line in range(many)),
        most=Most(5, 1_000_000, "no"),
    )
    files: list[io.BytesIO] = []

    def open_part(number: int) -> io.BytesIO:
        assert number == len(files) + 1
        files.append(io.BytesIO())
        return files[-1]

    SHAPES["of the test"] = kind
    try:
        made = write_parts("journal", Period(), "csv", open_part, shape="of the test")
    finally:
        del SHAPES["of the test"]
    held = [[row["no"] for row in csv.DictReader(io.StringIO(file.getvalue().decode()))] for file in files]
    assert held == [["a"] * 3, ["b"] * 4 + ["c"], ["d"] * 9, ["e"]]
    assert [part["rows"] for part in made.parts] == [3, 5, 9, 1]
    assert made.rows == 18


def test_a_fund_alone_balances_too(given: Given) -> None:
    gift = given()
    fund = next(each["fund"] for each in read_journal(Period()) if each["fund"])
    assert read_journal(Period(fund=fund)) == read_journal(Period())
    assert read_journal(Period(fund="nothing")) == []
    assert gift.fund_id


def test_gifts_that_never_passed_stripe_stay_out_unless_asked_for(
    given: Given, offline: Callable[[], Donation]
) -> None:
    given()
    gift = offline()
    assert gift.reference not in {each["donation_id"] for each in read_journal(Period())}
    with_it = [each for each in read_journal(Period(offline=True)) if each["donation_id"] == gift.reference]
    assert next(each["account_name"] for each in with_it) == "Undeposited funds"
    assert {each["journal_no"] for each in with_it} == {"20260302USD-OFFLINE"}
    db.session.expire_all()
    assert len(every(Donation)) == 2
