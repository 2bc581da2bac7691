"""The practice Payment Element: a session without a page of Stripe's, paid from the page that holds its secret."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe
from werkzeug.test import Client, TestResponse

from donate.sandbox.app import Sandbox
from donate.sandbox.cards import ON_THE_PAGE

Asked = Callable[..., dict[str, Any]]
BACK = "http://127.0.0.1:5000/ar/gifts/x?key=k"
PAGE = {"Origin": "http://127.0.0.1:5000"}


@pytest.fixture
def browser(box: Sandbox) -> Client:
    return box.wsgi.test_client()


def here(asked: Asked, interval: str | None = None, **more: Any) -> dict[str, Any]:
    params = asked(interval, ui_mode="elements", return_url=BACK, customer_email="ada@example.org", **more)
    return {name: value for name, value in params.items() if name not in ("success_url", "cancel_url")}


def call(browser: Client, what: str, session: stripe.checkout.Session, **more: str) -> TestResponse:
    values = {"key": "pk_test_practice", "client_secret": session.client_secret or "", "locale": "ar"}
    return browser.post(f"/js/{what}", data=values | more, headers=PAGE)


def test_a_session_with_elements_has_a_secret_and_no_page(
    client: stripe.StripeClient, browser: Client, asked: Asked
) -> None:
    session = client.v1.checkout.sessions.create(here(asked))
    assert (session.ui_mode, session.url, session.return_url) == ("elements", None, BACK)
    assert str(session.client_secret).startswith(f"{session.id}_secret_")
    assert client.v1.checkout.sessions.retrieve(session.id).client_secret == session.client_secret
    assert browser.get(f"/c/pay/{session.id}").status_code == 404
    assert browser.post(f"/c/pay/{session.id}", data={"card": "pm_card_visa"}).status_code == 404


def test_a_hosted_session_has_no_secret(client: stripe.StripeClient, asked: Asked) -> None:
    assert client.v1.checkout.sessions.create(asked()).client_secret is None


@pytest.mark.parametrize("interval", [None, "month"])
def test_a_card_that_works_pays_and_leads_back(
    client: stripe.StripeClient, browser: Client, asked: Asked, interval: str | None
) -> None:
    session = client.v1.checkout.sessions.create(here(asked, interval))
    shown = call(browser, "session", session).get_json()["session"]
    assert (shown["canConfirm"], shown["total"]["total"]) == (True, {"amount": "$25.00", "minorUnitsAmount": 2500})
    told = call(browser, "confirm", session, card="pm_card_visa")
    assert told.headers["Access-Control-Allow-Origin"] == PAGE["Origin"]
    assert told.get_json()["back"] == BACK
    paid = client.v1.checkout.sessions.retrieve(session.id)
    assert (paid.status, paid.payment_status, bool(paid.subscription)) == ("complete", "paid", bool(interval))
    assert call(browser, "confirm", session, card="pm_card_visa").get_json()["error"]["code"] == (
        "checkout_session_not_open"
    )
    assert len(client.v1.charges.list().data) == 1


def test_a_refused_card_is_told_in_the_pages_language_and_another_may_be_tried(
    client: stripe.StripeClient, browser: Client, asked: Asked
) -> None:
    session = client.v1.checkout.sessions.create(here(asked))
    error = call(browser, "confirm", session, card="pm_card_chargeDeclined").get_json()["error"]
    assert (error["code"], error["declineCode"], error["message"]) == (
        "card_declined",
        "generic_decline",
        "رُفضت بطاقتك.",
    )
    other = call(browser, "confirm", session, card="pm_card_chargeDeclined", locale="de").get_json()["error"]
    assert other["message"] == "Your card was declined."
    assert call(browser, "confirm", session, card="").get_json()["error"]["message"] == "اختر بطاقة للتجربة."
    assert call(browser, "confirm", session, card="pm_card_visa").get_json()["back"] == BACK


@pytest.mark.parametrize(("decision", "status"), [("approve", "complete"), ("refuse", "open")])
def test_a_bank_that_asks_leads_back_whatever_it_is_told(
    client: stripe.StripeClient, browser: Client, asked: Asked, decision: str, status: str
) -> None:
    session = client.v1.checkout.sessions.create(here(asked))
    told = call(browser, "confirm", session, card="pm_card_authenticationRequiredOnSetup").get_json()
    page = browser.get(told["redirect"])
    assert page.status_code == 200
    assert f'href="{BACK}"' in page.text
    answer = browser.post(told["redirect"], data={"decision": decision})
    assert (answer.status_code, answer.location) == (303, BACK)
    assert client.v1.checkout.sessions.retrieve(session.id).status == status


def test_nobody_pays_with_another_secret_or_a_key_that_is_none(
    client: stripe.StripeClient, browser: Client, asked: Asked
) -> None:
    session = client.v1.checkout.sessions.create(here(asked))
    for wrong in ({"client_secret": f"{session.id}_secret_guessed"}, {"client_secret": "cs_nothing"},
                  {"key": "sk_test_practice"}, {"key": ""}):  # fmt: skip
        assert "error" in call(browser, "confirm", session, card="pm_card_visa", **wrong).get_json()
        assert "error" in call(browser, "session", session, **wrong).get_json()
    assert browser.get("/js/frame", query_string={"secret": f"{session.id}_secret_guessed"}).get_json()["error"]
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"


def test_another_site_may_not_post_here(client: stripe.StripeClient, browser: Client, asked: Asked) -> None:
    session = client.v1.checkout.sessions.create(here(asked))
    values = {"key": "pk_test_practice", "client_secret": str(session.client_secret), "card": "pm_card_visa"}
    answer = browser.post("/js/confirm", data=values, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"


@pytest.mark.parametrize(
    ("locale", "page"),
    [("ar", 'lang="ar" dir="rtl"'), ("he", 'lang="he" dir="rtl"'), ("en", 'lang="en"'), ("de", 'lang="en" dir="ltr"')],
)
def test_the_frame_shows_the_practice_cards_in_the_pages_language(
    client: stripe.StripeClient, browser: Client, asked: Asked, locale: str, page: str
) -> None:
    session = client.v1.checkout.sessions.create(here(asked))
    frame = browser.get("/js/frame", query_string={"secret": str(session.client_secret), "locale": locale})
    assert page in frame.text
    assert all(card.last4 in frame.text for card in ON_THE_PAGE)
    assert ("Works" in frame.text) == (locale in ("en", "de"))
    assert "frame-ancestors http://127.0.0.1:*" in frame.headers["Content-Security-Policy"]


def test_the_script_stands_at_an_address_that_stays(browser: Client) -> None:
    with browser.get("/js/stripe.js") as script:
        assert script.mimetype in ("text/javascript", "application/javascript")
        assert "window.Stripe" in script.text
