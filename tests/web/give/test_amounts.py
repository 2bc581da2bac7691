"""Amounts as typed: read exactly, refused with the repair, asked about where two readings are honest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donate.giving.fee_cover import fee_cover
from donate.money import Money
from donate.payments.units import refuse_unchargeable
from donate.web.amounts import is_likely_slip, read_amount, read_plain

pytestmark = pytest.mark.usefixtures("words")


@pytest.mark.parametrize(
    ("typed", "minor"),
    [("25", 2500), ("٢٥", 2500), ("۲۵", 2500), ("25,50", 2550), ("٢٥٫٥", 2550), ("$25", 2500), ("25 USD", 2500)],
)
def test_an_amount_is_read_as_it_is_typed_on_any_keyboard(typed: str, minor: int) -> None:
    assert read_amount("other", typed, "USD", cover_fee=False).gift == Money(minor, "USD")


@pytest.mark.parametrize(
    "typed", ["", "0", "0.00", "-5", "−5", "1e9", "25,5,0", "five", "12.505", "0.49", "9" * 12, "$"]
)
def test_an_amount_that_cant_be_taken_is_refused_with_its_repair(typed: str) -> None:
    read = read_amount("other", typed, "USD", cover_fee=False)
    assert read.gift is None
    assert read.headline
    assert read.problem


def test_a_thousand_or_one_is_asked_about_with_both_amounts() -> None:
    read = read_amount("other", "1,000", "USD", cover_fee=False)
    assert read.meant == (Money(100, "USD"), Money(100_000, "USD"))


def test_a_dinar_amount_that_cards_cant_carry_offers_its_neighbours() -> None:
    read = read_amount("other", "2.505", "JOD", cover_fee=False)
    assert read.meant == (Money(2500, "JOD"), Money(2510, "JOD"))


def test_yen_have_no_decimals() -> None:
    assert read_amount("1500", "", "JPY", cover_fee=False).gift == Money(1500, "JPY")
    assert read_amount("other", "1500.50", "JPY", cover_fee=False).gift is None


@pytest.mark.parametrize("text", ["25", "25.5", "25.50"])
def test_an_amount_of_a_link_is_in_major_units(text: str) -> None:
    assert read_plain(text, "USD").minor // 100 == 25


def test_a_covered_fee_is_the_one_the_pages_name() -> None:
    expected = {500: 47, 1000: 62, 1500: 78, 2500: 109, 5000: 186}
    assert {minor: fee_cover(Money(minor, "USD")).minor for minor in expected} == expected


@given(st.integers(100, 90_000_000), st.sampled_from(["USD", "JPY", "JOD", "ILS", "EUR", "ISK"]))
def test_a_gift_and_its_fee_can_always_be_charged_and_arrive_whole(minor: int, currency: str) -> None:
    gift = Money(minor - minor % 10 + 1000, currency)
    fee = fee_cover(gift)
    refuse_unchargeable(gift + fee)
    kept = (gift + fee).minor * 97 // 100
    assert kept >= gift.minor
    assert fee.minor < gift.minor


def test_only_far_more_than_was_suggested_is_asked_about() -> None:
    assert not is_likely_slip(Money(50_000, "USD"), Money(5000, "USD"))
    assert is_likely_slip(Money(50_001, "USD"), Money(5000, "USD"))
    assert not is_likely_slip(Money(50_001, "USD"), None)
