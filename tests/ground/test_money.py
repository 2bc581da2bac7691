"""Money: what people type is read exactly or asked about; currencies never mix; nothing is rounded in passing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donate.errors import BadAmount
from donate.money import Money, decimals, from_major, gross_up, parse_amount, show, show_in_text

CURRENCIES = {"JPY": 0, "KRW": 0, "USD": 2, "EUR": 2, "ILS": 2, "GBP": 2, "JOD": 3, "KWD": 3}
currencies = st.sampled_from(sorted(CURRENCIES))
minors = st.integers(min_value=1, max_value=10**11)


def read(text: str, currency: str) -> Money | str:
    """Read an amount, or give the name of its refusal."""
    try:
        return parse_amount(text, currency)
    except BadAmount as refusal:
        return refusal.message


@given(minors, currencies)
def test_what_we_write_we_read(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert from_major(money.plain(), currency) == money
    assert parse_amount(money.plain(), currency) == money


@given(minors, currencies)
def test_what_links_carry_reads_as_the_same_amount(minor: int, currency: str) -> None:
    assert from_major(Money(minor, currency).short(), currency) == Money(minor, currency)


@given(minors, currencies, st.sampled_from(["en", "ar", "he"]))
def test_what_readers_are_shown_reads_as_the_same_amount(minor: int, currency: str, language: str) -> None:
    money = Money(minor, currency)
    assert read(show(money, language), currency) == money


@given(minors, st.sampled_from(["USD", "JOD"]))
def test_eastern_arabic_digits_and_signs_read_as_western_ones(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    eastern = money.plain().translate(str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫"))
    assert parse_amount(eastern, currency) == money


@given(st.text(max_size=30), currencies)
def test_any_text_is_an_amount_above_zero_or_a_clear_refusal(text: str, currency: str) -> None:
    found = read(text, currency)
    assert found.startswith("amount_") if isinstance(found, str) else found.minor > 0


@given(st.decimals(min_value="0.01", max_value="1000000", places=2))
def test_cents_survive_arithmetic(amount: Decimal) -> None:
    money = from_major(str(amount), "USD")
    assert (money + money - money).major == amount
    assert (-money + money).minor == 0


@pytest.mark.parametrize(
    ("text", "currency", "plain"),
    [
        ("25", "USD", "25.00"),
        ("25.5", "USD", "25.50"),
        ("25,50", "USD", "25.50"),
        (" 25 ", "USD", "25.00"),
        ("$25", "USD", "25.00"),
        ("25 USD", "USD", "25.00"),
        ("US$ 25", "USD", "25.00"),
        ("٢٥", "USD", "25.00"),
        ("۲۵", "USD", "25.00"),
        ("٢٥٫٥", "USD", "25.50"),
        ("1,250.50", "USD", "1250.50"),
        ("1.250,50", "EUR", "1250.50"),
        ("1 250,50", "EUR", "1250.50"),
        ("1'250.50", "CHF", "1250.50"),
        ("1,000,000", "USD", "1000000.00"),
        ("1 000", "USD", "1000.00"),
        ("1,000", "JPY", "1000"),
        ("1500", "JPY", "1500"),
        ("2.500", "JOD", "2.500"),
        ("2.5", "JOD", "2.500"),
        ("₪50", "ILS", "50.00"),
        ("50 ש״ח", "ILS", "50.00"),
        ("0.50", "USD", "0.50"),
        (".5", "USD", "0.50"),
        ("\u200f25\u200e", "USD", "25.00"),
    ],
)
def test_an_amount_is_read_as_it_was_meant(text: str, currency: str, plain: str) -> None:
    assert parse_amount(text, currency).plain() == plain


@pytest.mark.parametrize(
    ("text", "currency", "message"),
    [
        ("", "USD", "amount_missing"),
        ("   ", "USD", "amount_missing"),
        ("$", "USD", "amount_missing"),
        ("0", "USD", "amount_not_positive"),
        ("0.00", "USD", "amount_not_positive"),
        ("-5", "USD", "amount_not_positive"),
        ("−5", "USD", "amount_not_positive"),
        ("1e9", "USD", "amount_unreadable"),
        ("25,5,0", "USD", "amount_unreadable"),
        ("12 50", "USD", "amount_unreadable"),
        ("twenty", "USD", "amount_unreadable"),
        ("nan", "USD", "amount_unreadable"),
        ("Infinity", "USD", "amount_unreadable"),
        ("0x10", "USD", "amount_unreadable"),
        ("1.2.3", "USD", "amount_unreadable"),
        ("²5", "USD", "amount_unreadable"),
        ("25.555", "USD", "amount_decimals"),
        ("25.5", "JPY", "amount_decimals"),
        ("2.5555", "JOD", "amount_decimals"),
        ("1,000", "USD", "amount_ambiguous"),
        ("1.000", "EUR", "amount_ambiguous"),
        ("9" * 16, "USD", "amount_too_large"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(text: str, currency: str, message: str) -> None:
    with pytest.raises(BadAmount) as refusal:
        parse_amount(text, currency)
    assert refusal.value.message == message


def test_an_ambiguous_amount_offers_both_readings() -> None:
    with pytest.raises(BadAmount) as refusal:
        parse_amount("1,000", "USD")
    assert (refusal.value.values["first"], refusal.value.values["second"]) == (Money(100, "USD"), Money(100_000, "USD"))


def test_currencies_do_not_mix() -> None:
    with pytest.raises(ValueError, match="do not mix"):
        Money(1, "USD") + Money(1, "EUR")
    with pytest.raises(ValueError, match="do not mix"):
        assert Money(1, "USD") < Money(2, "EUR")
    assert Money(100, "USD") != Money(100, "EUR")


@pytest.mark.parametrize("minor", [1.0, True, "1", Decimal(1)])
def test_money_is_whole_minor_units_only(minor: object) -> None:
    with pytest.raises(TypeError):
        Money(minor, "USD")  # type: ignore[arg-type]


@pytest.mark.parametrize("currency", ["usd", "US", "", "DOLLAR"])
def test_a_currency_is_three_capital_letters(currency: str) -> None:
    with pytest.raises(ValueError, match="ISO 4217"):
        Money(1, currency)


@pytest.mark.parametrize(("currency", "places"), sorted({**CURRENCIES, "ISK": 0, "UGX": 0, "IQD": 3}.items()))
def test_each_currency_has_its_own_decimals(currency: str, places: int) -> None:
    assert decimals(currency) == places


@pytest.mark.parametrize("text", ["1.005", "abc"])
def test_our_own_data_is_not_guessed_at(text: str) -> None:
    with pytest.raises((ValueError, ArithmeticError)):
        from_major(text, "USD")


@given(st.integers(min_value=50, max_value=10**7), st.integers(min_value=0, max_value=1000))
def test_a_covered_gift_arrives_whole_and_not_a_cent_more_than_needed(minor: int, fixed: int) -> None:
    gift, percent = Money(minor, "USD"), Decimal("2.9")
    charged = gift + gross_up(gift, percent, fixed)

    def arrives(total: int) -> Decimal:
        return total - Decimal(total) * percent / 100 - fixed

    assert arrives(charged.minor) >= minor
    assert arrives(charged.minor - 1) < minor


@pytest.mark.parametrize(
    ("money", "language", "short", "shown"),
    [
        (Money(1500, "USD"), "en", False, "$15.00"),
        (Money(1500, "USD"), "en", True, "$15"),
        (Money(1550, "USD"), "en", True, "$15.50"),
        (Money(1500, "USD"), "ar", False, "$15.00"),
        (Money(123456, "USD"), "he", False, "$1,234.56"),
        (Money(2500, "JOD"), "ar", False, "JOD 2.500"),
        (Money(1500, "JPY"), "en", False, "¥1,500"),
    ],
)
def test_money_is_shown_in_western_digits_everywhere(money: Money, language: str, short: bool, shown: str) -> None:
    assert show(money, language, short=short) == shown


def test_a_sum_in_a_sentence_is_not_turned_round() -> None:
    fifteen = Money(1500, "USD")
    assert show_in_text(fifteen, "en") == "$15.00"
    for language in ("ar", "he"):
        assert show_in_text(fifteen, language) == "\N{LEFT-TO-RIGHT ISOLATE}$15.00\N{POP DIRECTIONAL ISOLATE}"
