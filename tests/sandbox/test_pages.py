"""The practice checkout pays, refuses and says so, in HTML alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe
from werkzeug.test import Client

from donate.sandbox.app import Sandbox

Asked = Callable[..., dict[str, Any]]
NOTHING_MOVES = "No money moves."


@pytest.fixture
def browser(box: Sandbox) -> Client:
    return box.wsgi.test_client()


def test_the_page_says_what_is_asked_and_that_no_money_moves(
    client: stripe.StripeClient, browser: Client, asked: Asked
) -> None:
    session = client.v1.checkout.sessions.create(
        asked("month", customer_email="ada@example.org", branding_settings={"display_name": "The Plumb Line"})
    )
    page = browser.get(f"/c/pay/{session.id}")
    for words in (NOTHING_MOVES, "The Plumb Line", "$25.00", "every month", "General fund", "ada@example.org",
                  '<html lang="en"', "4242", "3155", "9995", "0002", "0069", "0341",
                  "Go back without paying", "http://127.0.0.1:5000/donate"):  # fmt: skip
        assert words in page.text
    assert "<script" not in page.text


def test_the_policy_lets_the_redirect_of_a_form_through(
    client: stripe.StripeClient, browser: Client, asked: Asked
) -> None:
    session = client.v1.checkout.sessions.create(asked(success_url="https://news.example.org/ok"))
    headers = browser.get(f"/c/pay/{session.id}").headers
    policy = headers["Content-Security-Policy"]
    assert "form-action 'self' https://news.example.org http://127.0.0.1:5000" in policy
    assert "default-src 'none'" in policy
    assert "X-Form-Target" not in headers


def test_a_card_that_works_leads_back_to_the_newsroom(
    client: stripe.StripeClient, browser: Client, asked: Asked
) -> None:
    session = client.v1.checkout.sessions.create(asked())
    answer = browser.post(f"/c/pay/{session.id}", data={"card": "pm_card_visa", "email": "ada@example.org"})
    assert (answer.status_code, answer.location) == (303, f"http://127.0.0.1:5000/gifts/x?session={session.id}")
    details = client.v1.checkout.sessions.retrieve(session.id).customer_details
    assert details is not None
    assert details.email == "ada@example.org"
    closed = browser.get(f"/c/pay/{session.id}")
    assert "This has been paid" in closed.text
    assert NOTHING_MOVES in closed.text
    assert "paid" in browser.post(f"/c/pay/{session.id}", data={"card": "pm_card_visa", "email": "a@b.org"}).text
    assert len(client.v1.charges.list().data) == 1


def test_a_refused_card_says_why_and_another_may_be_tried(
    client: stripe.StripeClient, browser: Client, asked: Asked
) -> None:
    session = client.v1.checkout.sessions.create(asked())
    page = browser.post(
        f"/c/pay/{session.id}", data={"card": "pm_card_chargeDeclinedInsufficientFunds", "email": "a@example.org"}
    )
    assert page.status_code == 402
    assert "Your card has insufficient funds." in page.text
    assert "Nothing was charged." in page.text
    assert browser.post(f"/c/pay/{session.id}", data={"card": "pm_card_visa", "email": "a@b.org"}).status_code == 303


@pytest.mark.parametrize("form", [{"card": "pm_card_visa", "email": "nobody"}, {"card": "x", "email": "a@example.org"}])
def test_a_page_not_filled_in_is_shown_again(
    client: stripe.StripeClient, browser: Client, asked: Asked, form: dict[str, str]
) -> None:
    session = client.v1.checkout.sessions.create(asked())
    assert browser.post(f"/c/pay/{session.id}", data=form).status_code == 422
    assert client.v1.charges.list().data == []


@pytest.mark.parametrize("interval", [None, "month"])
def test_the_bank_is_asked_on_a_page_of_its_own(
    client: stripe.StripeClient, browser: Client, asked: Asked, event_types: Callable[[], list[str]],
    interval: str | None,
) -> None:  # fmt: skip
    session = client.v1.checkout.sessions.create(asked(interval))
    form = {"card": "pm_card_authenticationRequiredOnSetup", "email": "ada@example.org"}
    bank = f"/c/pay/{session.id}/bank"
    assert browser.get(bank).location == f"/c/pay/{session.id}"
    assert browser.post(f"/c/pay/{session.id}", data=form).location == bank
    assert event_types()[-1] == "payment_intent.requires_action"
    page = browser.get(bank)
    assert "The practice bank asks" in page.text
    assert NOTHING_MOVES in page.text
    refused = browser.post(bank, data={"decision": "refuse"})
    assert (refused.status_code, "Your bank did not confirm" in refused.text) == (402, True)
    assert event_types()[-1] == "payment_intent.payment_failed"
    browser.post(f"/c/pay/{session.id}", data=form)
    assert browser.post(bank, data={"decision": "approve"}).status_code == 303
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_an_expired_page_says_so(client: stripe.StripeClient, browser: Client, asked: Asked) -> None:
    session = client.v1.checkout.sessions.create(asked())
    client.v1.checkout.sessions.expire(session.id)
    page = browser.get(f"/c/pay/{session.id}")
    assert "This page has expired" in page.text
    assert NOTHING_MOVES in page.text


def test_an_unknown_page_is_a_404_in_words(browser: Client) -> None:
    page = browser.get("/c/pay/cs_test_nothing")
    assert page.status_code == 404
    assert NOTHING_MOVES in page.text


@pytest.mark.parametrize(
    ("currency", "amount", "words"),
    [("jpy", 500, "¥500"), ("kwd", 5120, "KWD 5.120"), ("ils", 123456, "₪1,234.56"), ("sek", 5000, "SEK 50.00")],
)
def test_amounts_are_written_with_their_currencys_decimals(
    client: stripe.StripeClient, browser: Client, asked: Asked, currency: str, amount: int, words: str
) -> None:
    params = asked()
    params["line_items"][0]["price_data"] |= {"currency": currency, "unit_amount": amount}
    session = client.v1.checkout.sessions.create(params)
    assert words in browser.get(f"/c/pay/{session.id}").text


def test_the_sandboxs_own_page_shows_what_happened_and_moves_the_clock(
    box: Sandbox, client: stripe.StripeClient, browser: Client, asked: Asked
) -> None:
    box.add_endpoint("http://127.0.0.1:5000/webhooks/stripe")
    session = client.v1.checkout.sessions.create(asked("year"))
    box.complete(session.id)
    for path in ("/", "/_sandbox"):
        page = browser.get(path)
        for words in (session.id[:18], "checkout.session.completed", "/webhooks/stripe", "pm_card_amex", NOTHING_MOVES):
            assert words in page.text
    moved = browser.post("/_sandbox/advance", data={"days": "2"}, headers={"Accept": "text/html"})
    assert (moved.status_code, moved.location) == (303, "/_sandbox")
    assert box.offset() == pytest.approx(2 * 86400, abs=10)


def test_text_from_outside_is_never_taken_for_markup(
    client: stripe.StripeClient, browser: Client, asked: Asked
) -> None:
    client.v1.products.update("donate_general", {"name": "<b>Fund</b>"})
    session = client.v1.checkout.sessions.create(asked())
    assert "<b>Fund</b>" not in browser.get(f"/c/pay/{session.id}").text


def test_receipts_and_invoices_have_a_practice_page(
    box: Sandbox, client: stripe.StripeClient, browser: Client, asked: Asked
) -> None:
    box.complete(client.v1.checkout.sessions.create(asked("month")).id)
    for address in (client.v1.charges.list().data[0].receipt_url, client.v1.invoices.list().data[0].hosted_invoice_url):
        page = browser.get(str(address).removeprefix(box.base_url))
        assert page.status_code == 200
        assert "$25.00" in page.text
        assert NOTHING_MOVES in page.text
