"""ISO's minor units and Stripe's: there and back without loss, and refused before Stripe refuses."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from donate.errors import BadAmount
from donate.money import Money
from donate.payments.units import from_stripe, maximum, minimum, refuse_unchargeable, round_up, to_stripe

CURRENCIES = ["USD", "EUR", "ILS", "JPY", "KRW", "VND", "JOD", "KWD", "BHD", "ISK", "UGX", "HUF", "TND", "OMR", "TWD"]


@given(st.integers(min_value=1, max_value=99_999_990), st.sampled_from(CURRENCIES))
def test_what_can_be_charged_comes_back_as_the_same_money(minor: int, currency: str) -> None:
    money = round_up(Money(minor, currency))
    assume(minimum(currency) <= money <= maximum(currency))
    assert from_stripe(to_stripe(money), currency.lower()) == money


@given(st.integers(min_value=1, max_value=10**9), st.sampled_from(["JOD", "KWD", "USD"]))
def test_rounding_up_adds_less_than_one_step(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    up = round_up(money)
    assert 0 <= up.minor - minor < 10
    assert currency == "USD" or up.minor % 10 == 0


@pytest.mark.parametrize(
    ("money", "amount"),
    [
        (Money(2500, "USD"), 2500),
        (Money(1500, "JPY"), 1500),
        (Money(5000, "JOD"), 5000),
        (Money(1500, "ISK"), 150000),
        (Money(5000, "UGX"), 500000),
    ],
)
def test_stripe_counts_some_currencies_its_own_way(money: Money, amount: int) -> None:
    assert to_stripe(money) == amount


@pytest.mark.parametrize("currency", CURRENCIES)
def test_the_least_and_the_most_can_be_charged_and_one_step_beyond_cannot(currency: str) -> None:
    refuse_unchargeable(minimum(currency))
    refuse_unchargeable(maximum(currency))
    with pytest.raises(BadAmount, match="amount_too_small"):
        refuse_unchargeable(minimum(currency) - Money(1, currency))
    with pytest.raises(BadAmount, match="amount_too_large"):
        refuse_unchargeable(maximum(currency) + Money(10, currency))


def test_a_last_digit_that_cannot_be_charged_names_both_neighbours() -> None:
    with pytest.raises(BadAmount) as refusal:
        to_stripe(Money(5005, "JOD"))
    assert refusal.value.message == "amount_last_digit"
    assert (refusal.value.values["lower"], refusal.value.values["higher"]) == (Money(5000, "JOD"), Money(5010, "JOD"))
