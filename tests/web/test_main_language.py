"""Pages without a prefix are in the newsroom's own language, each page has one address, and nobody is led elsewhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from donate.db import committed
from donate.donors.queries import find_donor_by_email
from donate.newsroom.queries import get_newsroom
from tests.make.gifts import Gifts
from tests.make.outbox import Outbox, text_of
from tests.make.signing_in import Comings, press
from tests.people import AMAL

pytestmark = pytest.mark.usefixtures("newsroom")


@pytest.fixture
def arabic(newsroom: None) -> None:
    """Make it a newsroom that writes in Arabic first."""
    with committed():
        get_newsroom().language = "ar"


@pytest.mark.usefixtures("arabic")
def test_an_arabic_newsroom_has_its_arabic_pages_without_a_prefix(client: FlaskClient) -> None:
    page = client.get("/").text
    assert '<html lang="ar" dir="rtl">' in page
    assert 'hreflang="en" href="/en/"' in page
    assert 'href="/ar/' not in page
    english = client.get("/en/").text
    assert '<html lang="en" dir="ltr">' in english
    assert 'href="/en/donate' in english
    assert 'hreflang="ar" href="/"' in english


@pytest.mark.usefixtures("arabic")
def test_there_a_form_sent_in_english_stays_in_english(client: FlaskClient) -> None:
    page = press(client, "/en/signin", email=AMAL.email)
    assert page.headers["Location"] == "/en/signin/code"


@pytest.mark.usefixtures("arabic")
def test_its_letters_lead_to_pages_of_their_own_language(comings: Comings, client: FlaskClient, outbox: Outbox) -> None:
    for path in ("/signin", "/en/signin"):
        press(client, path, email=AMAL.email)
        comings.work()
        letter = outbox.to(AMAL.email)[-1]
        assert f"http://127.0.0.1:5000{path}" in text_of(letter)


@pytest.mark.parametrize(
    ("asked", "to"),
    [
        ("/en/", "/"),
        ("/en/articles/flood-picture?utm_source=a&page=2", "/articles/flood-picture?utm_source=a&page=2"),
        ("/en/%D8%BA", "/%D8%BA"),
        ("/en//evil.example/x", "/evil.example/x"),
    ],
)
def test_a_page_has_one_address_and_the_prefix_of_the_own_language_leads_to_it(
    client: FlaskClient, asked: str, to: str
) -> None:
    answer = client.get(asked)
    assert (answer.status_code, answer.headers["Location"]) == (301, to)


def test_what_is_sent_to_the_prefix_of_the_own_language_is_taken(client: FlaskClient) -> None:
    assert client.post("/en/donate", data={}).status_code == 422


def test_a_browsers_language_is_offered_by_the_switcher_and_leads_nowhere_by_itself(client: FlaskClient) -> None:
    answer = client.get("/", headers={"Accept-Language": "ar"})
    assert answer.status_code == 200
    assert '<html lang="en"' in answer.text
    assert 'href="/ar/" data-offer="اقرأنا بالعربية"' in answer.text


def test_a_members_own_language_is_offered_on_their_pages(
    gifts: Gifts, comings: Comings, settle: Callable[..., None]
) -> None:
    gifts.paid(AMAL)
    settle()
    browser = comings.member(AMAL.email)
    assert "data-offer" in browser.get("/account").text
    offer = '<a class="link" lang="ar" hreflang="ar" href="/ar/account">'
    assert offer not in browser.get("/account").text
    with committed():
        donor = find_donor_by_email(AMAL.email)
        assert donor is not None
        donor.language = "ar"
    assert offer in browser.get("/account").text
    assert offer not in browser.get("/ar/account").text
