"""What a receipt says of tax: by the newsroom's own status, to the cent on both sides of each limit."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donate.money import Money
from donate.receipts.rules import rules_for
from donate.receipts.sentences import _TEXTS, _spoken, say
from donate.receipts.wording import Benefit, GiftFacts, Sentence, Source, TaxStatus, Wording, word_gift

CHARITY = TaxStatus("charity", "US", "The Plumb Line", "12-3456789")
SPONSORED = TaxStatus("sponsored", "US", "The Plumb Line", "", "The Level Fund", "98-7654321")
NOBODY = TaxStatus("none", "US", "The Plumb Line")
ABROAD = TaxStatus("charity", "DE", "Das Lot e.V.", "27/123/45678")
DAY = date(2026, 3, 2)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def gift(minor: int, *values: int | None, source: Source = "person", currency: str = "USD") -> GiftFacts:
    given = tuple(Benefit(f"Thing {at}", Money(each, currency) if each else None) for at, each in enumerate(values, 1))
    return GiftFacts(DAY, Money(minor, currency), given, source, "40 shares of Example Inc.")


def keys(wording: Wording) -> list[str]:
    return [each.key for each in wording.sentences]


def in_words(wording: Wording, language: str = "en") -> str:
    said = [*([wording.notice] if wording.notice else []), *wording.sentences]
    return " ".join(say(each, language) for each in said)


@pytest.mark.parametrize(
    ("minor", "asked"),
    [(1, "keep"), (249_99, "keep"), (250_00, "acknowledgment"), (250_01, "acknowledgment"), (10**9, "acknowledgment")],
)
def test_from_250_dollars_on_a_receipt_is_the_acknowledgment_the_law_asks_for(minor: int, asked: str) -> None:
    wording = word_gift(CHARITY, gift(minor))
    assert keys(wording) == ["charity_us", "no_goods", asked]
    assert wording.deductible == usd(minor)
    assert wording.notice is None


@pytest.mark.parametrize(
    ("minor", "is_noticed"), [(74_99, False), (75_00, False), (75_01, True), (100_00, True), (600_00, True)]
)
def test_above_75_dollars_what_was_worth_something_is_disclosed_where_it_is_noticed(
    minor: int, is_noticed: bool
) -> None:
    wording = word_gift(CHARITY, gift(minor, 40_00))
    assert (wording.notice is not None) == is_noticed
    assert ("deductible_part" in keys(wording)) != is_noticed
    assert wording.benefit_value == usd(40_00)
    assert wording.deductible == usd(minor - 40_00)
    text = in_words(wording)
    assert "worth $40.00" in text
    assert f"exceeds that: ${(minor - 4000) / 100:.2f}." in text
    assert "No goods" not in text


def test_the_disclosure_is_due_though_the_deductible_part_is_below_the_limit() -> None:
    # The example of IRS Publication 1771: $100 for a concert ticket worth $40.
    wording = word_gift(CHARITY, gift(100_00, 40_00))
    assert wording.notice == Sentence("deductible_part", {"value": usd(40_00), "deductible": usd(60_00)})


def test_twelve_gifts_of_25_dollars_are_never_taken_for_one_of_300() -> None:
    year = [word_gift(CHARITY, gift(25_00)) for _ in range(12)]
    assert all(keys(each)[-1] == "keep" for each in year)
    assert all(each.notice is None for each in (word_gift(CHARITY, gift(25_00, 10_00)) for _ in range(12)))


def test_what_is_worth_more_than_the_gift_leaves_nothing_to_deduct() -> None:
    assert word_gift(CHARITY, gift(80_00, 90_00)).deductible == usd(0)


def test_what_cannot_be_bought_is_named_and_takes_nothing_away() -> None:
    wording = word_gift(CHARITY, gift(100_00, None, None))
    assert wording.notice is None
    assert wording.deductible == usd(100_00)
    assert "In return you received: Thing 1; Thing 2. It cannot be bought" in in_words(wording)


def test_a_sponsored_newsroom_names_who_receives_the_gift_in_law() -> None:
    text = in_words(word_gift(SPONSORED, gift(300_00)))
    assert "The Plumb Line is a project of The Level Fund, a charity with the number 98-7654321" in text


@pytest.mark.parametrize("minor", [10_00, 75_01, 250_00])
def test_what_is_not_deductible_is_said_plainly_and_first(minor: int) -> None:
    wording = word_gift(NOBODY, gift(minor, 40_00))
    assert wording.notice is not None
    assert say(wording.notice, "en") == "Gifts to The Plumb Line are not tax-deductible."
    assert wording.deductible == usd(0)
    assert "acknowledgment" not in keys(wording)


def test_elsewhere_a_receipt_is_plain_and_claims_nothing() -> None:
    wording = word_gift(ABROAD, gift(300_00, 40_00, currency="EUR"))
    assert keys(wording) == ["charity", "goods", "ask_your_tax_office"]
    assert (wording.deductible, wording.notice) == (None, None)


@pytest.mark.parametrize("minor", [1_00, 249_99, 250_00])
def test_in_another_currency_than_the_limits_nothing_is_left_unsaid(minor: int) -> None:
    assert keys(word_gift(CHARITY, gift(minor, currency="ILS")))[-1] == "acknowledgment"
    assert word_gift(CHARITY, gift(minor, 50, currency="ILS")).notice is not None


@pytest.mark.parametrize("source", ["daf", "match", "foundation"])
@pytest.mark.parametrize("status", [CHARITY, SPONSORED, NOBODY, ABROAD])
def test_who_advised_matched_or_granted_is_thanked_without_a_word_of_tax(source: Source, status: TaxStatus) -> None:
    wording = word_gift(status, gift(1_000_00, source=source))
    assert keys(wording) == [source]
    assert (wording.deductible, wording.notice) == (None, None)
    assert "deduct" not in in_words(wording)


@pytest.mark.parametrize("status", [CHARITY, SPONSORED])
@pytest.mark.parametrize("minor", [1, 249_99, 250_00])
def test_stock_is_described_and_never_valued(status: TaxStatus, minor: int) -> None:
    wording = word_gift(status, gift(minor, source="stock"))
    text = in_words(wording)
    assert "40 shares of Example Inc." in text
    assert "$" not in text.replace("$250", "")
    assert (wording.deductible, keys(wording)[-1]) == (None, "acknowledgment")


@pytest.mark.parametrize("minor", [1, 75_00, 75_01])
def test_what_was_given_for_stock_is_disclosed_without_a_value_of_the_stock(minor: int) -> None:
    # IRC § 6115 goes by what the payment is worth, which nobody here says: so the disclosure is always given.
    wording = word_gift(CHARITY, gift(minor, 40_00, source="stock"))
    assert wording.notice == Sentence("stock_part", {"value": usd(40_00)})
    assert wording.deductible is None
    assert "no_goods" not in keys(wording)
    assert word_gift(CHARITY, gift(minor, None, source="stock")).notice is None


def test_a_country_without_rules_here_has_none_and_the_first_year_counts() -> None:
    assert rules_for("JO", 2026) is None
    assert rules_for("US", 1993) is None
    assert rules_for("US", 1994) is not None


statuses = st.sampled_from([CHARITY, SPONSORED, NOBODY, ABROAD])
values = st.lists(st.one_of(st.none(), st.integers(1, 10**6)), max_size=4)


@given(status=statuses, minor=st.integers(1, 10**7), given_back=values, currency=st.sampled_from(["USD", "EUR", "JOD"]))
def test_a_wording_adds_up_and_can_be_said_in_every_language(
    status: TaxStatus, minor: int, given_back: list[int | None], currency: str
) -> None:
    wording = word_gift(status, gift(minor, *given_back, currency=currency))
    assert wording.benefit_value == Money(sum(each or 0 for each in given_back), currency)
    if wording.deductible is not None and status.standing != "none":
        assert wording.deductible.minor == max(0, minor - wording.benefit_value.minor)
    for language in ("en", "ar", "he"):
        assert in_words(wording, language)


@pytest.mark.parametrize("language", ["ar", "he"])
def test_every_sentence_is_translated_with_all_that_stands_in_it(language: str) -> None:
    # The text itself, not what is said: a sum is set apart in it, so a sentence left in English would differ as well.
    for key, text in _TEXTS.items():
        translated = _spoken(language).ugettext(text)
        assert translated != text, key
        assert sorted(re.findall(r"%\(\w+\)s", translated)) == sorted(re.findall(r"%\(\w+\)s", text)), key
