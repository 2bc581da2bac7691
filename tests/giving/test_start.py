"""The row before the payment page: once for its reference, also under two presses; never below what can be charged."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from flask import Flask

from donate.db import committed, db
from donate.errors import BadAmount
from donate.giving.complete import PaidAfterEnd, move_donation
from donate.giving.fee_cover import fee_cover
from donate.giving.models import Donation
from donate.giving.start import start_donation
from donate.money import Money
from donate.sandbox.app import Sandbox
from tests.make.gifts import Gifts
from tests.make.rows import count, every, fresh


def test_the_row_stands_before_anything_is_asked_of_stripe(gifts: Gifts, box: Sandbox) -> None:
    box.clear_requests()
    donation = gifts.write(gifts.ask(amount="25.00", cover="1.06"))
    assert (donation.status, donation.kind, donation.amount_minor) == ("pending", "one_time", 2606)
    assert donation.checkout_expires_at is not None
    assert (donation.checkout_expires_at - donation.created_at).total_seconds() == pytest.approx(3600, abs=1)
    assert box.requests() == []


def test_a_second_press_finds_the_first_ones_row(gifts: Gifts) -> None:
    asked = gifts.ask()
    assert gifts.write(asked).id == gifts.write(asked).id
    assert count(Donation) == 1


def test_two_presses_at_once_make_one_row(app: Flask, gifts: Gifts) -> None:
    asked = gifts.ask()
    at_once = threading.Barrier(2)
    found: list[int] = []

    def press() -> None:
        with app.app_context():
            at_once.wait(timeout=30)
            with committed():
                found.append(start_donation(asked).id)

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert len(set(found)) == count(Donation) == 1


def test_other_content_under_a_reference_is_told_apart(gifts: Gifts) -> None:
    asked = gifts.ask()
    assert asked.content_hash() == replace(asked, reference="ANOTHER").content_hash()
    assert asked.content_hash() != replace(asked, gift=Money(9900, "USD")).content_hash()
    assert asked.content_hash() != replace(asked, note="for the photographer").content_hash()


@pytest.mark.parametrize(
    ("gift", "message"),
    [
        (Money(1, "USD"), "amount_too_small"),
        (Money(10**10, "USD"), "amount_too_large"),
        (Money(5005, "JOD"), "amount_last_digit"),
    ],
)
def test_what_stripe_would_refuse_never_becomes_a_row(gifts: Gifts, gift: Money, message: str) -> None:
    asked = replace(gifts.ask(), gift=gift, fee_cover=Money(0, gift.currency))
    with pytest.raises(BadAmount, match=message), committed():
        start_donation(asked)
    assert count(Donation) == 0


def test_money_that_moves_for_an_ended_gift_is_never_swallowed(gifts: Gifts) -> None:
    donation = gifts.write(gifts.ask())
    with committed():
        move_donation(db.session.get_one(Donation, donation.id), "expired", None, zone="UTC")
    with pytest.raises(PaidAfterEnd), committed():
        move_donation(db.session.get_one(Donation, donation.id), "succeeded", None, zone="UTC")
    assert fresh(donation).status == "expired"


def test_each_currency_covers_the_fee_in_its_own_units() -> None:
    assert fee_cover(Money(2500, "USD")) == Money(109, "USD")
    for currency in ("JPY", "JOD", "ILS", "EUR"):
        gift = Money(10_000, currency)
        assert 0 < fee_cover(gift).minor < gift.minor
        assert currency != "JOD" or (gift + fee_cover(gift)).minor % 10 == 0


def test_two_gifts_are_two_rows(gifts: Gifts) -> None:
    gifts.write(gifts.ask())
    gifts.write(gifts.ask())
    assert len({donation.reference for donation in every(Donation)}) == 2
