"""Entries of the books: once for their movement, balanced, on their own day, never changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from donate.db import committed, lock
from donate.fulfillment.apply_transaction import apply_transactions, our_books
from donate.giving.models import Donation
from donate.ledger.accounts import ACCOUNTS, BY_HAND, COUNTERPART, ENTRY_TYPES, entry_type_of, postings_of
from donate.ledger.models import LedgerEntry
from donate.ledger.post import post_offline
from donate.payments.balance import retrieve_transaction
from donate.reports.check import check_everything
from donate.sandbox.app import Sandbox
from tests.make.books import entries, lines_of
from tests.make.gifts import Gifts
from tests.make.rows import count, every, fresh

Pass = Callable[[float], None]
A_MOMENT = 10 / 86400


def test_a_gift_is_booked_with_what_it_brought_and_cost(gifts: Gifts, pass_days: Pass) -> None:
    donation = gifts.paid(amount="25.00", cover="1.00")
    pass_days(A_MOMENT)
    (entry,) = entries()
    assert (entry.entry_type, entry.currency, entry.gross_minor) == ("charge", "USD", 2600)
    assert (entry.settlement_gross_minor, entry.settlement_fee_minor, entry.settlement_net_minor) == (2600, 105, 2495)
    assert lines_of(entry) == [("clearing", "income", 2600), ("processing_fees", "clearing", 105)]
    assert (entry.donation_id, entry.fund_id) == (donation.id, donation.fund_id)
    assert entry.gl_code == gifts.fund.gl_code != ""
    assert entry.stripe_account.startswith("acct_")
    assert entry.occurred_on == entry.booked_on == date(2026, 3, 2)


def test_nothing_waits_for_the_fee(gifts: Gifts, settle: Callable[..., None]) -> None:
    donation = gifts.paid()
    settle()
    assert fresh(donation).status == "succeeded"
    assert count(LedgerEntry) == 0
    assert check_everything() == []


def test_a_movement_told_twice_is_booked_once(gifts: Gifts, pass_days: Pass) -> None:
    gifts.paid()
    pass_days(A_MOMENT)
    (entry,) = entries()
    again = retrieve_transaction(entry.source_key)
    assert apply_transactions([again, again]) == 0
    assert count(LedgerEntry) == 1


@pytest.mark.parametrize(("currency", "amount", "minor"), [("JPY", "1500", 1500), ("JOD", "2.500", 2500)])
def test_every_currency_is_booked_in_its_own_minor_units(
    gifts: Gifts, pass_days: Pass, currency: str, amount: str, minor: int
) -> None:
    gifts.paid(amount=amount, currency=currency)
    pass_days(A_MOMENT)
    (entry,) = entries()
    assert (entry.currency, entry.gross_minor, entry.settlement_currency) == (currency, minor, currency)


def test_another_settlement_currency_is_kept_beside_the_givers_with_the_rate(
    gifts: Gifts, box: Sandbox, pass_days: Pass
) -> None:
    box.store.set("settlement_currency", "usd")
    box.store.set("rates", {"eur": 1.08})
    gifts.paid(amount="50.00", currency="EUR")
    pass_days(A_MOMENT)
    (entry,) = entries()
    assert (entry.currency, entry.gross_minor) == ("EUR", 5000)
    assert (entry.settlement_currency, entry.settlement_gross_minor, entry.exchange_rate) == ("USD", 5400, "1.08")
    assert lines_of(entry)[0] == ("clearing", "income", 5400)


def test_what_others_took_is_booked_as_money_from_outside(gifts: Gifts, box: Sandbox, pass_days: Pass) -> None:
    box.outside_charge(900, "usd")
    pass_days(A_MOMENT)
    (entry,) = entries()
    assert (entry.entry_type, entry.stripe_type, entry.donation_id) == ("outside", "charge", None)
    assert lines_of(entry) == [("clearing", "outside", 900), ("outside", "clearing", 56)]


@pytest.mark.parametrize(
    ("stripes", "ours"),
    [
        ("stripe_fee", "fee"), ("stripe_fx_fee", "fee"), ("tax_fee", "fee"), ("adjustment", "adjustment"),
        ("payout_minimum_balance_hold", "reserve"), ("reserve_hold", "reserve"), ("reserved_funds", "reserve"),
        ("topup", "topup"), ("contribution", "fee"), ("transfer", "outside"), ("payment", "outside"),
        ("payment_failure_refund", "outside"),
    ],
)  # fmt: skip
def test_every_type_of_stripes_has_its_kind(
    gifts: Gifts, box: Sandbox, pass_days: Pass, stripes: str, ours: str
) -> None:
    named = box.book(stripes, -700, "usd")
    assert apply_transactions([retrieve_transaction(named)]) == 1
    (entry,) = entries()
    assert (entry.entry_type, entry.stripe_type, entry.settlement_net_minor) == (ours, stripes, -700)
    assert check_everything() == []


def test_a_type_nobody_knows_here_is_kept_and_raised(gifts: Gifts, box: Sandbox) -> None:
    named = box.book("issuing_transaction", -700, "usd")
    with capture_logs() as logs:
        apply_transactions([retrieve_transaction(named)])
    (entry,) = entries()
    assert (entry.entry_type, entry.stripe_type) == ("unclassified", "issuing_transaction")
    assert lines_of(entry) == [("unclassified", "clearing", 700)]
    assert [(each["event"], each["log_level"]) for each in logs] == [("transaction_unclassified", "error")]
    assert [each.name for each in check_everything()] == ["nothing_is_unclassified"]


def test_a_gift_by_hand_is_booked_under_its_own_key_once(gifts: Gifts, settle: Callable[..., None]) -> None:
    gifts.paid(amount="25.00")
    settle()
    books = our_books()
    for expected in (True, False):
        with committed():
            donation = lock(Donation, every(Donation)[0].id)
            assert (post_offline(books, donation) is not None) is expected
    (entry,) = entries()
    assert (entry.entry_type, entry.source_key) == ("offline", f"gift:{donation.reference}")
    assert lines_of(entry) == [("undeposited", "income", 2500)]


@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = 1", "DELETE FROM {}"])
@pytest.mark.parametrize(("table", "column"), [("ledger_entry", "gross_minor"), ("ledger_posting", "amount_minor")])
def test_the_database_refuses_to_change_what_is_booked(
    gifts: Gifts, pass_days: Pass, statement: str, table: str, column: str
) -> None:
    gifts.paid()
    pass_days(A_MOMENT)
    with pytest.raises(DBAPIError, match="the books never change"), committed() as session:
        session.execute(sa.text(statement.format(table, column)))
    assert check_everything() == []


def test_every_kind_of_entry_has_its_accounts() -> None:
    assert set(COUNTERPART) | set(BY_HAND) == set(ENTRY_TYPES)
    for kind in COUNTERPART:
        for gross, fee in ((500, 30), (-500, 0), (-500, 1500), (500, -30), (0, 30)):
            lines = postings_of(kind, gross, fee)
            assert all(amount > 0 and debit != credit for debit, credit, amount in lines)
            assert {account for line in lines for account in line[:2]} <= set(ACCOUNTS)
            moved = sum(amount if debit == "clearing" else -amount for debit, _, amount in lines)
            assert moved == gross - fee


def test_a_refused_booking_leaves_no_half_of_it(gifts: Gifts, pass_days: Pass) -> None:
    gifts.paid()
    pass_days(A_MOMENT)
    books = our_books()
    with pytest.raises(RuntimeError), committed():
        post_offline(books, lock(Donation, 1))
        raise RuntimeError("on purpose")
    assert count(LedgerEntry) == 1
    assert check_everything() == []


def test_types_are_told_apart_by_what_they_are_about(gifts: Gifts, box: Sandbox) -> None:
    plus, minus = (retrieve_transaction(box.book("adjustment", amount, "usd")) for amount in (500, -500))
    assert (entry_type_of(plus), entry_type_of(minus)) == ("adjustment", "adjustment")
