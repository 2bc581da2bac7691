"""The gift's own page: honest in every state, thankful only once the money is confirmed, silent without its key."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from donate import references
from donate.db import committed, db, lock
from donate.giving.models import Donation
from donate.giving.queries import find_donation
from donate.newsroom.models import Newsroom
from donate.receipts.queries import find_receipt_of
from donate.sandbox.app import Sandbox
from donate.web.give import gift_page
from donate.web.give.declines import reason
from donate.web.give.gift_page import masked, statement_words, view_of

Open = Callable[..., dict[str, str]]
Press = Callable[..., TestResponse]
Read = Callable[[str], dict[str, str]]
Pay = Callable[..., int]
Start = Callable[..., tuple[str, str]]

LEILA = {"email": "leila@example.org", "first_name": "Leila", "last_name": "Okonjo", "note": "A private word"}


@pytest.fixture
def start(open_form: Open, press: Press) -> Start:
    """Return a way to fill and send a form; gives the gift's address and the payment page's."""

    def begin(address: str = "/donate?appeal=misinformation&article=night-crew-amman", **typed: str) -> tuple[str, str]:
        fields = open_form(address, **{**LEILA, "frequency": "once", "amount": "50", **typed})
        answer = press(fields)
        assert answer.status_code == 303, answer.text
        reference = fields["reference"]
        return f"/gifts/{reference}?key={references.sign('gift', reference)}", answer.headers["Location"]

    return begin


def state(page: str) -> tuple[str, str]:
    """Read the state a page carries, and the view it is shown as."""
    found = re.search(r'data-status="(\w+)" data-view="(\w+)"', page)
    assert found is not None
    return found[1], found[2]


def change(page: str) -> str:
    """Read where a page leads to change what was typed."""
    found = re.search(r'href="(/donate\?gift=[^"]+)"', page)
    assert found is not None
    return found[1].replace("&amp;", "&")


def test_a_gift_nobody_paid_says_so_and_leads_on(start: Start, client: FlaskClient) -> None:
    address, checkout = start()
    answer = client.get(address)
    assert answer.headers["Cache-Control"] == "no-store"
    assert state(answer.text) == ("pending", "open")
    assert "You have not been charged" in answer.text
    assert checkout in answer.text
    assert "Thank" not in answer.text


def test_a_paid_gift_is_confirmed_by_the_page_itself(start: Start, client: FlaskClient, pay: Pay) -> None:
    address, checkout = start(cover_fee="1")
    pay(checkout)
    page = client.get(address).text
    assert state(page) == ("succeeded", "confirmed")
    assert "Thank you, Leila. Your $50 is here." in page
    assert "It goes to the Fact Desk" in page
    assert "$51.86" in page
    assert "sum--proved" in page
    assert "l•••@example.org" in page
    assert "THE PLUMB LINE" in page
    assert "/articles/night-crew-amman" in page
    gift = find_donation(address[7:23])
    assert gift is not None
    receipt = find_receipt_of(gift.id)
    assert receipt is not None
    assert receipt.number in page


def test_a_gift_moves_the_goal_beside_the_form_and_on_the_appeals_page_once_it_is_in_the_books(
    start: Start, client: FlaskClient, pay: Pay, box: Sandbox, settle: Callable[..., None]
) -> None:
    assert "goal__fill" not in client.get("/donate?appeal=misinformation").text
    address, checkout = start()
    pay(checkout)
    client.get(address)
    box.advance(seconds=10)  # until Stripe has reckoned what it brought
    settle()
    for page in ("/donate?appeal=misinformation", "/appeals/misinformation"):
        assert "<strong>$50</strong> of $48,000" in client.get(page).text


def test_a_promise_names_its_next_charge(start: Start, client: FlaskClient, pay: Pay) -> None:
    address, checkout = start("/donate", frequency="month", amount="15")
    pay(checkout)
    page = client.get(address).text
    assert state(page) == ("succeeded", "confirmed")
    assert "Next charge, 2 April 2026" in page


def test_a_declined_card_is_explained_and_nothing_was_charged(start: Start, client: FlaskClient, pay: Pay) -> None:
    address, checkout = start()
    assert pay(checkout, "pm_card_chargeDeclinedInsufficientFunds") == 402
    page = client.get(address).text
    assert state(page) == ("pending", "declined")
    assert "The bank said no. You have not been charged." in page
    assert "too little money" in page
    assert checkout in page


def test_a_page_that_closed_unpaid_is_not_called_a_failure_of_the_reader(
    start: Start, client: FlaskClient, box: Sandbox
) -> None:
    address, _ = start()
    box.advance(2 * 3600)
    page = client.get(address).text
    assert state(page) == ("expired", "expired")
    assert "You have not been charged" in page
    assert "Begin again" in page


@pytest.mark.parametrize("kind", ["timeout_before", "http_500", "http_429"])
def test_when_stripe_does_not_answer_the_gift_is_being_checked_and_never_failed(
    start: Start, client: FlaskClient, pay: Pay, box: Sandbox, kind: str
) -> None:
    address, checkout = start()
    pay(checkout)
    box.faults.replace([{"kind": kind, "match": {"path": "/v1/checkout/sessions/*"}, "times": 1}])
    page = client.get(address).text
    assert state(page) == ("pending", "checking")
    assert "We are checking your gift" in page
    assert "Thank" not in page
    assert "not been charged" not in page
    assert state(client.get(address).text) == ("succeeded", "confirmed")


def test_when_stripe_contradicts_our_books_nobody_is_told_a_guess(
    start: Start, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, _ = start()

    def contradict(_: int) -> Donation:
        raise ValueError("asked 50, paid 40")

    monkeypatch.setattr(gift_page, "apply_checkout", contradict)
    assert state(client.get(address).text) == ("pending", "checking")


@pytest.mark.parametrize(
    ("status", "view", "sentence"),
    [
        ("processing", "processing", "a bank debit takes a few working days"),
        ("failed", "failed", "The bank said no. You have not been charged."),
        ("canceled", "canceled", "taken back before it was paid"),
    ],
)
def test_every_other_state_has_its_own_words(
    start: Start, client: FlaskClient, box: Sandbox, status: str, view: str, sentence: str
) -> None:
    address, _ = start()
    with committed():
        gift = find_donation(address[7:23])
        assert gift is not None
        lock(Donation, gift.id).status = status
    box.faults.replace([{"kind": "timeout_before", "match": {"path": "/v1/checkout/sessions/*"}, "times": 1}])
    page = client.get(address).text
    assert state(page) == (status, view)
    assert sentence in page
    assert "Thank" not in page


def test_a_gift_whose_page_never_opened_leads_back_to_the_form(
    open_form: Open, press: Press, client: FlaskClient, box: Sandbox
) -> None:
    fields = open_form(frequency="once")
    box.faults.replace([{"kind": "timeout_before", "match": {"method": "POST"}, "times": 1}])
    assert press(fields).status_code == 503
    page = client.get(f"/gifts/{fields['reference']}?key={references.sign('gift', fields['reference'])}").text
    assert state(page) == ("pending", "started")
    assert "Back to the form" in page


@pytest.mark.parametrize("key", ["", "wrong", "ü"])
@pytest.mark.parametrize("is_paid", [True, False])
def test_the_reference_alone_shows_nothing_of_a_person_or_a_sum(
    start: Start, client: FlaskClient, pay: Pay, key: str, is_paid: bool
) -> None:
    address, checkout = start()
    if is_paid:
        pay(checkout)
        client.get(address)
    page = client.get(address.split("?")[0], query_string={"key": key} if key else None).text
    assert state(page)[0] == ("succeeded" if is_paid else "pending")
    for secret in ("Leila", "Okonjo", "example.org", "$", "private word", checkout, "night-crew", "gift="):
        assert secret not in page


def test_a_key_of_another_gift_opens_nothing(start: Start, client: FlaskClient) -> None:
    first, _ = start()
    second, _ = start()
    assert "$50" not in client.get(first.split("?")[0] + "?" + second.split("?")[1]).text


@pytest.mark.parametrize("reference", ["AAAAAAAAAAAAAAAA", "x", "a" * 300, "AAAAAAAAAAAAAAAA\n"])
def test_an_unknown_gift_is_not_found(newsroom: None, client: FlaskClient, reference: str) -> None:
    assert client.get(f"/gifts/{reference}").status_code == 404


def test_changing_the_amount_brings_back_everything_that_was_typed(
    start: Start, client: FlaskClient, press: Press, read_fields: Read
) -> None:
    address, checkout = start(cover_fee="1", newsletter="1")
    fields = read_fields(client.get(change(client.get(address).text)).text)
    assert {name: fields[name] for name in LEILA} == LEILA
    assert (fields["other_amount"], fields["cover_fee"], fields["newsletter"]) == ("50", "1", "1")
    assert (fields["appeal"], fields["article"]) == ("misinformation", "night-crew-amman")
    assert press(fields).headers["Location"] == checkout
    assert press(fields | {"other_amount": "20"}).headers["Location"] != checkout
    assert state(client.get(address).text) == ("expired", "expired")


def test_the_form_of_a_gift_opens_only_with_its_key(start: Start, client: FlaskClient) -> None:
    address, _ = start()
    page = client.get(f"/donate?gift={address[7:23]}&key=wrong").text
    assert "leila@example.org" not in page


def test_a_held_press_is_explained(start: Start, client: FlaskClient, pay: Pay) -> None:
    address, checkout = start()
    pay(checkout)
    page = client.get(address + "&held=1").text
    assert "did not charge you again" in page
    assert "Open a new form" in page


def test_the_languages_of_a_keyed_page_keep_its_key(start: Start, client: FlaskClient) -> None:
    address, _ = start()
    page = client.get(address).text
    assert f'href="/ar{address}"' in page
    assert 'dir="rtl"' in client.get("/ar" + address).text


def test_the_statement_says_what_stripe_will_print() -> None:
    row = Newsroom(statement_descriptor="THE PLUMB LINE", statement_suffix="THANK YOU ALL")
    assert statement_words(row, Donation(frequency="once")) == "THE PLUMB LINE* THANK"
    assert statement_words(row, Donation(frequency="month")) == "THE PLUMB LINE"


def test_an_address_is_masked() -> None:
    assert masked("tamar@example.org") == "t•••@example.org"


def test_unknown_is_never_shown_as_an_end() -> None:
    gift = Donation(status="pending", stripe_checkout_session_id="cs_1", failure_code="card_declined")
    assert view_of(gift, is_known=False) == "checking"


@pytest.mark.usefixtures("words")
def test_every_common_decline_has_a_reason_in_words() -> None:
    general = reason("nobody_knows_this_code")
    for code in (
        "insufficient_funds",
        "expired_card",
        "incorrect_cvc",
        "processing_error",
        "generic_decline",
        "do_not_honor",
    ):
        assert reason(code) not in (general, "")
    assert reason("stolen_card") == reason("generic_decline")


def test_looking_many_times_makes_one_receipt(start: Start, client: FlaskClient, pay: Pay) -> None:
    address, checkout = start()
    pay(checkout)
    for _ in range(3):
        client.get(address)
    assert db.session.scalar(db.text("SELECT count(*) FROM receipt")) == 1


def test_after_a_confirmed_single_gift_a_smaller_monthly_one_is_offered_and_a_no_loses_nothing(
    start: Start, pay: Pay, client: FlaskClient
) -> None:
    here, there = start()
    assert "each month" not in client.get(here).text
    pay(there)
    page = client.get(here).text
    assert state(page) == ("succeeded", "confirmed")
    assert "Would you give $10 each month?" in page
    assert "What you gave today stays as it is" in page
    found = re.search(r'href="(/donate\?frequency=month[^"]+)"', page)
    assert found is not None
    form = client.get(found[1].replace("&amp;", "&")).text
    assert 'value="month" id="f-month" checked' in form
    assert 'name="article" value="night-crew-amman"' in form


def test_after_a_monthly_gift_nothing_more_is_asked(start: Start, pay: Pay, client: FlaskClient) -> None:
    here, there = start(frequency="month", amount="15")
    pay(there)
    page = client.get(here).text
    assert state(page) == ("succeeded", "confirmed")
    assert "Would you give" not in page
