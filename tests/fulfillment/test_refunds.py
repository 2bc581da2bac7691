"""Money given back by the desk: whole, in parts, twice at once, in its own currency."""

from __future__ import annotations

import threading

import pytest
from flask import Flask

from donate.db import committed, db
from donate.errors import RefundRefused
from donate.fulfillment import refund_gift as desk
from donate.fulfillment.refund_gift import refund_gift
from donate.giving import refund as giving_refund
from donate.giving.models import Donation, Refund
from donate.giving.refund import left_to_refund
from donate.money import Money
from donate.payments.errors import StripeRefused
from donate.sandbox.app import Sandbox
from tests.make.books import assert_books_equal_stripe, booked, entries_of, lines_of
from tests.make.gifts import Gifts
from tests.make.outbox import Outbox, text_of
from tests.make.refunds import Given, Settle, give_back, refunds_at_stripe, tally, usd
from tests.make.rows import count, every, fresh, job_errors
from tests.people import AMAL, PETRA

# -- the desk's button ------------------------------------------------------------------------------------------


def test_a_whole_gift_goes_back_with_its_row_its_entry_and_its_mail(
    gifts: Gifts, given: Given, settle: Settle, outbox: Outbox
) -> None:
    donation = given()
    assert tally(gifts) == (2500, 1)
    refund = give_back(donation, "25.00")
    assert (refund.status, refund.amount_minor, refund.reason) == ("succeeded", 2500, "requested_by_customer")
    assert str(refund.refunded_on) == "2026-03-02"
    settle()
    assert booked(donation) == [("charge", 2500, 103), ("refund", -2500, 0)]
    entry = entries_of(donation)[1]
    assert lines_of(entry) == [("refunds", "clearing", 2500)]
    assert entry.stripe_refund_id == refund.stripe_refund_id
    assert left_to_refund(fresh(donation)) == usd("0")
    assert tally(gifts) == (0, 0)
    _, letter, corrected = outbox.to(AMAL.email)
    assert "$25.00 is on its way back to you" in letter["Subject"]
    assert "your gift of $25.00" in text_of(letter)
    assert "Corrected receipt 2026-000002 for $0.00" in corrected["Subject"]
    assert_books_equal_stripe()


def test_parts_go_back_until_nothing_is_left(
    gifts: Gifts, given: Given, box: Sandbox, settle: Settle, outbox: Outbox
) -> None:
    donation = given()
    for amount in ("10.00", "5.00"):
        give_back(donation, amount)
        settle()
    assert left_to_refund(fresh(donation)) == usd("10.00")
    assert tally(gifts) == (1000, 1)
    give_back(donation, "10.00")
    settle()
    assert [refund.status for refund in every(Refund)] == ["succeeded"] * 3
    assert [kind for kind, *_ in booked(donation)] == ["charge", "refund", "refund", "refund"]
    assert tally(gifts) == (0, 0)
    assert refunds_at_stripe(box) == [1000, 500, 1000]
    assert "a part of your gift of $25.00" in text_of(outbox.to(AMAL.email)[1])
    assert len(outbox) == 7
    assert_books_equal_stripe()


@pytest.mark.parametrize(("amount", "left", "why"), [
    ("25.01", None, "refund_too_large"), ("0", None, "refund_too_large"), ("5.00", "24.00", "refund_changed"),
])  # fmt: skip
def test_more_than_is_left_or_than_was_seen_is_refused_before_stripe_is_asked(
    given: Given, box: Sandbox, amount: str, left: str | None, why: str
) -> None:
    donation = given()
    box.clear_requests()
    with pytest.raises(RefundRefused) as caught:
        give_back(donation, amount, left)
    assert caught.value.message == why
    assert (count(Refund), box.requests()) == (0, [])


def test_a_gift_that_never_arrived_has_nothing_to_give_back(gifts: Gifts) -> None:
    with pytest.raises(RefundRefused) as caught:
        give_back(gifts.begin(), "5.00")
    assert caught.value.message == "refund_not_received"


def test_the_part_that_covered_the_fee_does_not_count_for_the_appeal(
    gifts: Gifts, given: Given, settle: Settle
) -> None:
    donation = given(amount="25.00", cover="1.06")
    assert tally(gifts) == (2500, 1)
    give_back(donation, "13.03")
    settle()
    assert tally(gifts) == (1250, 1)
    give_back(donation, "13.03")
    settle()
    assert tally(gifts) == (0, 0)


def test_two_givers_are_counted_one_by_one(gifts: Gifts, given: Given, settle: Settle) -> None:
    first, again, other = given(), given(), given(person=PETRA)
    assert tally(gifts) == (7500, 2)
    give_back(first, "25.00")
    settle()
    assert tally(gifts) == (5000, 2)
    give_back(again, "25.00")
    settle()
    assert tally(gifts) == (2500, 1)
    give_back(other, "1.00")
    settle()
    assert tally(gifts) == (2400, 1)


# -- two people at once -------------------------------------------------------------------------------------------


class Race:
    """Two people press the button at once, both having seen $25.00 left and both giving $20.00 back."""

    def __init__(self, app: Flask, donation: Donation) -> None:
        self.app = app
        self.donation_id = donation.id
        self.both_here = threading.Barrier(2)
        self.refused: list[Exception] = []

    def run(self) -> int:
        """Let both press; give the sum of what was asked of Stripe or will be."""
        threads = [threading.Thread(target=self._press) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sum(refund.amount_minor for refund in every(Refund))

    def _press(self) -> None:
        with self.app.app_context():
            self.both_here.wait(timeout=30)
            try:
                refund_gift(self.donation_id, usd("20.00"), left_seen=usd("25.00"), reason="", asked_by="command")
            except (RefundRefused, StripeRefused) as error:
                self.refused.append(error)


def test_two_people_at_once_never_give_back_more_than_is_left(app: Flask, given: Given, box: Sandbox) -> None:
    race = Race(app, given())
    assert race.run() == 2000
    assert [type(error) for error in race.refused] == [RefundRefused]
    assert refunds_at_stripe(box) == [2000]


def test_the_race_above_would_show_a_desk_that_does_not_look_at_what_is_left(
    app: Flask, given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A control: without the look inside the lock both rows are written, on either database."""
    race = Race(app, given())
    monkeypatch.setattr(giving_refund, "left_to_refund", lambda donation: donation.amount)
    assert race.run() == 4000


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_race_above_would_show_a_desk_that_does_not_lock(
    app: Flask, given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A control: both look before either has written; on SQLite the one writer at a time is the lock."""
    race = Race(app, given())
    both_looked = threading.Barrier(2)

    def looked(donation: Donation) -> Money:
        left = left_to_refund(donation)
        both_looked.wait(timeout=30)
        return left

    monkeypatch.setattr(desk, "lock", lambda model, row_id: db.session.get_one(model, row_id))
    monkeypatch.setattr(giving_refund, "left_to_refund", looked)
    assert race.run() == 4000


# -- other currencies, and the house rule --------------------------------------------------------------------------


def test_a_foreign_gift_goes_back_in_its_own_currency_and_is_booked_in_ours(
    gifts: Gifts, given: Given, box: Sandbox, settle: Settle
) -> None:
    box.store.set("settlement_currency", "usd")
    box.store.set("rates", {"eur": 1.1})
    donation = given(currency="EUR")
    refund_gift(donation.id, Money(1000, "EUR"), left_seen=Money(2500, "EUR"), reason="", asked_by="command")
    settle()
    entry = entries_of(donation)[1]
    assert (entry.gross_minor, entry.currency) == (-1000, "EUR")
    assert (entry.settlement_gross_minor, entry.settlement_currency) == (-1100, "USD")
    assert_books_equal_stripe()


def test_nothing_is_asked_of_stripe_inside_a_transaction(given: Given) -> None:
    donation = given()
    with pytest.raises(RuntimeError, match="nest"), committed():
        give_back(donation, "5.00")
    assert (count(Refund), job_errors()) == (0, [])
