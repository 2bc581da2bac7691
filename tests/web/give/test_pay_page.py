"""A gift is paid on our own page where Stripe's page lacks the reader's language, and never on two pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from donate import references
from donate.db import committed, db, lock
from donate.giving.models import Donation
from donate.recurring.models import RecurringDonation
from donate.sandbox.app import Sandbox
from donate.web.give.attempt import following
from tests.make.fields import Fields
from tests.make.gifts import Gifts
from tests.make.rows import every

Open = Callable[..., Fields]
Press = Callable[..., TestResponse]
Count = Callable[..., int]
KEY = "pk_test_of_the_tests"


@pytest.fixture
def with_key(app: Flask) -> Callable[..., None]:
    """Return a way to set the publishable key, and whether all readers pay here."""

    def choose(*, pay_on_page: int = 0) -> None:
        chosen = replace(app.config["DONATE"], stripe_publishable_key=KEY, pay_on_page=pay_on_page)
        app.config["DONATE"] = chosen

    choose()
    return choose


def newest() -> Donation:
    db.session.expire_all()
    return db.session.scalars(select(Donation).order_by(Donation.id.desc()).limit(1)).one()


def sent_on(answer: TestResponse) -> str:
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


@pytest.fixture
def here(with_key: None, open_form: Open, press: Press) -> Callable[..., str]:
    """Return a way to begin a gift that is paid on our page; gives that page's path."""

    def begin(language: str = "ar", **typed: str) -> str:
        path = f"/{language}/donate"
        url = sent_on(press(open_form(path, **{"frequency": "once", **typed}), path))
        return url.removeprefix("http://127.0.0.1:5000")

    return begin


# -- where it leads -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ar", "he"])
def test_readers_in_whose_language_stripes_page_does_not_exist_pay_here(
    here: Callable[..., str], box: Sandbox, language: str
) -> None:
    path = here(language)
    gift = newest()
    key = references.sign("gift", gift.reference)
    assert path == f"/{language}/donate/pay/{gift.reference}?key={key}"
    assert (gift.ui_mode, gift.checkout_url) == ("elements", f"http://127.0.0.1:5000{path}")
    (session,) = box.store.select("checkout.session")
    assert (session["ui_mode"], session["locale"]) == ("elements", None)
    assert session["return_url"] == f"http://127.0.0.1:5000/{language}/gifts/{gift.reference}?key={key}"


def test_readers_of_english_go_to_stripes_page_unless_the_newsroom_chose_ours(
    with_key: Callable[..., None], open_form: Open, press: Press
) -> None:
    assert "/c/pay/" in sent_on(press(open_form()))
    with_key(pay_on_page=1)
    assert "/donate/pay/" in sent_on(press(open_form()))


def test_without_a_publishable_key_a_word_comes_before_stripes_page(
    open_form: Open, press: Press, client: FlaskClient, box: Sandbox
) -> None:
    url = sent_on(press(open_form("/ar/donate", frequency="once", amount="50"), "/ar/donate"))
    assert "/ar/donate/pay/" in url
    page = client.get(url)
    assert "وهي بالإنجليزية" in page.text
    assert "$50.00" in page.text
    assert "<script src" not in page.text.replace('<script src="/static', "")
    assert "js.stripe.com" not in page.headers["Content-Security-Policy"]
    (session,) = box.store.select("checkout.session")
    fields = {"key": parse_qs(urlsplit(url).query)["key"][0]}
    assert sent_on(client.post(urlsplit(url).path, data=fields)) == session["url"]
    assert len(box.store.select("checkout.session")) == 1


@pytest.mark.parametrize(("path", "words"), [("/ar/donate", "حقول Stripe نفسها"), ("/donate", "on Stripe’s page")])
@pytest.mark.usefixtures("with_key", "newsroom")
def test_the_form_says_where_the_card_is_typed(client: FlaskClient, path: str, words: str) -> None:
    assert words in client.get(path).text


# -- the page -----------------------------------------------------------------------------------------------


def test_the_page_holds_what_the_script_needs_and_nothing_of_anybody_else(
    here: Callable[..., str], client: FlaskClient, box: Sandbox
) -> None:
    page = client.get(here(amount="50"))
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    (session,) = box.store.select("checkout.session")
    for part in (f'data-secret="{session["client_secret"]}"', f'data-key="{KEY}"', 'data-locale="ar"',
                 'data-sum="5000"', 'data-currency="usd"', 'dir="rtl"'):  # fmt: skip
        assert part in page.text
    scripts = re.findall(r'<script[^>]* src="([^"]+)"', page.text)
    assert [each for each in scripts if not each.startswith("/static/js/")] == ["http://127.0.0.1:12111/js/stripe.js"]
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self' http://127.0.0.1:12111;" in policy
    assert "frame-src http://127.0.0.1:12111;" in policy
    assert "connect-src 'self' http://127.0.0.1:12111;" in policy
    assert "leila@example.org" not in page.text


@pytest.mark.parametrize(("currency", "amount", "told"), [("UGX", "5000", 500_000), ("JPY", "1500", 1500)])
@pytest.mark.usefixtures("with_key")
def test_the_sum_is_told_as_stripe_counts_the_currency(
    gifts: Gifts, client: FlaskClient, box: Sandbox, currency: str, amount: str, told: int
) -> None:
    gift = gifts.begin(amount=amount, currency=currency, ui_mode="elements")
    page = client.get(f"/donate/pay/{gift.reference}?key={references.sign('gift', gift.reference)}")
    (session,) = box.store.select("checkout.session")
    assert session["amount_total"] == told
    assert f'data-sum="{told}"' in page.text


def test_what_stripe_refuses_to_show_is_said_and_not_called_a_failure(
    here: Callable[..., str], client: FlaskClient
) -> None:
    path = here()
    with committed():
        lock(Donation, newest().id).stripe_checkout_session_id = "cs_test_of_another_account"
    assert client.get(path).status_code == 503


def test_no_other_page_allows_the_script(here: Callable[..., str], client: FlaskClient) -> None:
    here()
    for path in ("/ar/donate", "/", f"/ar/gifts/{newest().reference}"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "frame-src" not in policy
        assert "script-src 'self';" in policy


def test_the_promise_stands_where_it_is_paid(here: Callable[..., str], client: FlaskClient) -> None:
    page = client.get(here(frequency="month"))
    (promise,) = every(RecurringDonation)
    assert promise.authorisation_text in page.text


def test_without_its_key_a_gift_is_paid_by_nobody(here: Callable[..., str], client: FlaskClient) -> None:
    path = urlsplit(here()).path
    assert sent_on(client.get(path)) == f"/ar/gifts/{newest().reference}"
    assert sent_on(client.get(f"{path}?key=guessed")) == f"/ar/gifts/{newest().reference}"
    assert client.post(path, data={"key": "guessed"}).status_code == 400
    assert client.get("/ar/donate/pay/AAAABBBBCCCCDDDD").status_code == 404
    assert client.get("/ar/donate/pay/nothing").status_code == 404


def test_what_can_be_paid_no_more_shows_how_the_gift_stands(
    here: Callable[..., str], client: FlaskClient, box: Sandbox
) -> None:
    path = here()
    gift = newest()
    assert gift.stripe_checkout_session_id is not None
    box.complete(gift.stripe_checkout_session_id)
    assert "/ar/gifts/" in sent_on(client.get(path))
    assert "/ar/gifts/" in sent_on(client.get(path)), "known by now"
    assert newest().status in ("pending", "succeeded")
    later = here()
    with committed():
        late = lock(Donation, newest().id)
        assert late.checkout_expires_at is not None
        late.checkout_expires_at -= timedelta(hours=2)
    assert "/ar/gifts/" in sent_on(client.get(later))


def test_when_stripe_does_not_answer_nothing_is_said_of_failure(
    here: Callable[..., str], client: FlaskClient, box: Sandbox
) -> None:
    path = here()
    box.faults.replace([{"kind": "timeout_before", "match": {"method": "GET", "path": "/v1/checkout/*"}, "times": 5}])
    page = client.get(path)
    assert page.status_code == 503
    assert "لم يُقتطع منكم شيء" in page.text
    box.faults.replace([])
    assert client.get(path).status_code == 200


def test_paid_here_it_is_a_gift_like_any_other(here: Callable[..., str], client: FlaskClient, box: Sandbox) -> None:
    here()
    gift = newest()
    assert gift.stripe_checkout_session_id is not None
    back = box.complete(gift.stripe_checkout_session_id)
    assert 'data-status="succeeded"' in client.get(back).text
    assert newest().received_on is not None


def test_the_gifts_page_leads_back_to_where_it_is_paid(here: Callable[..., str], client: FlaskClient) -> None:
    path = here()
    gift = newest()
    page = client.get(f"/ar/gifts/{gift.reference}?key={references.sign('gift', gift.reference)}")
    assert path in page.text


# -- to Stripe's page instead -------------------------------------------------------------------------------


def elsewhere(client: FlaskClient, path: str, **headers: str) -> TestResponse:
    parts = urlsplit(path)
    return client.post(parts.path, data={"key": parse_qs(parts.query)["key"][0]}, headers=headers)


@pytest.mark.parametrize("frequency", ["once", "month"])
def test_without_javascript_the_same_gift_goes_to_stripes_page_and_the_first_page_closes(
    here: Callable[..., str], client: FlaskClient, sessions: Count, box: Sandbox, frequency: str
) -> None:
    path = here(frequency=frequency, amount="50", first_name="Leila", note="Go on")
    first = newest()
    url = sent_on(elsewhere(client, path))
    assert "/c/pay/" in url
    second = newest()
    assert (second.reference, second.ui_mode) == (following(first.reference), "hosted_page")
    for name in ("amount", "fee_cover_minor", "frequency", "email", "first_name", "note", "language", "fund_id"):
        assert getattr(second, name) == getattr(first, name), name
    assert (sessions("open"), sessions("expired")) == (1, 1)
    assert sent_on(elsewhere(client, path)) == url, "a second press"
    assert (sessions("open"), sessions("expired")) == (1, 1)
    if frequency == "month":
        before, after = every(RecurringDonation)
        assert after.authorisation_text == before.authorisation_text
        assert after.authorisation_language == "ar"


def test_paid_already_nothing_is_opened_elsewhere(
    here: Callable[..., str], client: FlaskClient, box: Sandbox, sessions: Count
) -> None:
    path = here()
    gift = newest()
    assert gift.stripe_checkout_session_id is not None
    box.complete(gift.stripe_checkout_session_id)
    assert sent_on(elsewhere(client, path)).startswith(f"/ar/gifts/{gift.reference}?")
    assert (sessions("open"), sessions("complete")) == (0, 1)


def test_another_site_moves_nothing(here: Callable[..., str], client: FlaskClient, sessions: Count) -> None:
    path = here()
    assert elsewhere(client, path, Origin="https://elsewhere.example").status_code == 400
    assert (sessions("open"), sessions("expired")) == (1, 0)


def test_a_lost_answer_is_no_second_page(
    here: Callable[..., str], client: FlaskClient, box: Sandbox, sessions: Count
) -> None:
    path = here()
    fault = {"kind": "timeout_after", "match": {"method": "POST", "path": "/v1/checkout/sessions"}, "times": 1}
    box.faults.replace([fault])
    assert elsewhere(client, path).status_code == 503
    assert "/c/pay/" in sent_on(elsewhere(client, path))
    assert sessions("open") == 1
