"""The gift's page tells what went back and on which day, and thanks only for what is still here."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from donate import references
from donate.fulfillment.refund_gift import refund_gift
from donate.giving.models import Donation
from donate.giving.refund import left_to_refund
from donate.money import from_major
from donate.payments.errors import StripeRefused
from donate.sandbox.app import Sandbox
from tests.make.gifts import Gifts
from tests.make.rows import fresh

DAY = 86400
Settle = Callable[..., None]
Given = Callable[..., Donation]
Page = Callable[..., str]


@pytest.fixture
def given(gifts: Gifts, box: Sandbox, settle: Settle) -> Given:
    """Return a maker of gifts of $25.00 that arrived and are booked."""

    def make(card: str = "pm_card_visa") -> Donation:
        donation = gifts.begin()
        gifts.pay(donation, card)
        settle()
        box.advance(seconds=8)
        settle()
        return fresh(donation)

    return make


@pytest.fixture
def page(client: FlaskClient) -> Page:
    """Return a reader of a gift's page in a language."""

    def read(donation: Donation, language: str = "") -> str:
        key = references.sign("gift", donation.reference)
        answer = client.get(f"{language}/gifts/{donation.reference}?key={key}")
        assert answer.status_code == 200
        return html.unescape(answer.text)

    return read


def give_back(donation: Donation, amount: str) -> None:
    left = left_to_refund(donation)
    refund_gift(donation.id, from_major(amount, "USD"), left_seen=left, reason="", asked_by="command")


def test_a_whole_gift_speaks_of_nothing_that_went_back(given: Given, page: Page) -> None:
    text = page(given())
    assert "Thank you, Amal. Your $25 is here." in text
    assert "back" not in text.partition('<ol class="steps">')[2].partition("</ol>")[0].lower()


def test_a_part_that_went_back_is_named_with_its_day(given: Given, page: Page, box: Sandbox, settle: Settle) -> None:
    donation = given()
    box.advance(seconds=3 * DAY)
    give_back(donation, "10.00")
    settle()
    text = page(donation)
    assert "Thank you, Amal. $15 of your $25 is here." in text
    assert "Given back on 5 March 2026" in text
    assert "$10.00. It goes to the card ending 4242." in text


def test_a_gift_that_went_back_whole_is_not_thanked_for(given: Given, page: Page, settle: Settle) -> None:
    donation = given()
    give_back(donation, "25.00")
    settle()
    text = page(donation)
    assert "We have given this gift back." in text
    assert "Nothing of it is with us any more." in text
    assert "Thank you" not in text


def test_a_refund_that_is_on_its_way_is_not_called_done(given: Given, page: Page, box: Sandbox, settle: Settle) -> None:
    donation = given("pm_card_pendingRefund")
    give_back(donation, "25.00")
    settle()
    text = page(donation)
    assert "We are giving this gift back." in text
    assert "Being given back" in text
    assert "Given back on" not in text
    box.advance(seconds=3700)
    settle()
    assert "Given back on 2 March 2026" in page(donation)


def test_a_refund_that_the_bank_sent_back_is_told_and_the_gift_is_here_again(
    given: Given, page: Page, box: Sandbox, settle: Settle
) -> None:
    donation = given("pm_card_refundFail")
    give_back(donation, "25.00")
    box.advance(seconds=3700)
    settle()
    text = page(donation)
    assert "Could not be given back" in text
    assert "Your $25 is here." in text


def test_a_refund_that_stripe_refused_is_no_concern_of_the_giver(
    given: Given, page: Page, box: Sandbox, settle: Settle
) -> None:
    donation = given()
    charge = box.store.get("charge", str(donation.stripe_charge_id))
    assert charge is not None
    box.store.save({**charge, "amount_refunded": 2500})
    with pytest.raises(StripeRefused):
        give_back(donation, "5.00")
    box.store.save(charge)
    text = page(donation)
    assert "Your $25 is here." in text
    assert "given back" not in text


def test_a_dispute_says_that_the_bank_took_the_gift_and_how_it_ended(
    given: Given, page: Page, box: Sandbox, settle: Settle
) -> None:
    donation = given()
    box.advance(seconds=2 * DAY)
    dispute_id = box.dispute(str(donation.stripe_charge_id))
    settle()
    text = page(donation)
    assert "Your bank has taken this gift back." in text
    assert "While it decides, the money is not with us." in text
    assert "Taken back by your bank on 4 March 2026" in text
    assert "Thank you" not in text
    box.decide(dispute_id, "lose")
    settle()
    text = page(donation)
    assert "Nothing of it is with us any more." in text
    assert "It stays with your bank." in text
    box.decide(dispute_id, "appeal")
    box.decide(dispute_id, "win")
    settle()
    text = page(donation)
    assert "Thank you, Amal. Your $25 is here." in text
    assert "Your bank asked for it back on 4 March 2026" in text


def test_an_inquiry_is_not_told_and_the_day_is_the_one_on_which_the_money_went(
    given: Given, page: Page, box: Sandbox, settle: Settle
) -> None:
    donation = given()
    dispute_id = box.dispute(str(donation.stripe_charge_id), inquiry=True)
    settle()
    assert "bank" not in page(donation).partition('<ol class="steps">')[2].partition("</ol>")[0].lower()
    box.advance(seconds=4 * DAY)
    box.decide(dispute_id, "escalate")
    settle()
    assert "Taken back by your bank on 6 March 2026" in page(donation)


@pytest.mark.parametrize(("language", "words"), [
    ("/ar", ("لدينا من تبرّعكم", "أُعيد في")), ("/he", ("מתוך התרומה שלכם", "הוחזר ב־")),
])  # fmt: skip
def test_the_other_languages_say_it_too(
    given: Given, page: Page, settle: Settle, language: str, words: tuple[str, str]
) -> None:
    donation = given()
    give_back(donation, "10.00")
    settle()
    text = page(donation, language)
    assert all(word in text for word in words)
    assert "$15" in text


def test_without_its_key_the_page_tells_nothing_of_sums(given: Given, client: FlaskClient, settle: Settle) -> None:
    donation = given()
    give_back(donation, "10.00")
    settle()
    text = client.get(f"/gifts/{donation.reference}").text
    assert "$" not in text
