"""The page of supporters: not there until it is set, kept like any page of news, and true to what a giver wants."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from donate.db import committed
from donate.giving.models import Donation
from donate.members.models import Supporter
from donate.newsroom.models import Newsroom
from donate.newsroom.supporters import set_listing
from donate.team.models import History
from tests.make.fields import fields_of
from tests.make.gifts import Gifts
from tests.make.rows import every
from tests.make.signing_in import Comings, hidden, press
from tests.people import AMAL, NOAM, Person

Settle = Callable[..., None]
Work = Callable[[], int]
PAGE, SETTING, PREFERENCES = "/supporters", "/staff/settings/supporters", "/account/preferences"
RULE = "Whoever gives $5,000.00 or more in a year is named on our page of supporters"
TOLD = {"listing_words": "Told.", "listing_minor": 500000}


def set_line(**line: int) -> None:
    with committed() as session:
        set_listing(session.get_one(Newsroom, 1), line or {"USD": 500000}, "calendar")


def make_anew(owner: FlaskClient, work: Work) -> None:
    owner.post(SETTING, data={**hidden(owner.get(SETTING).text), "on": "1", "line_USD": "5000", "year": "calendar"})
    work()


def send(client: FlaskClient, **typed: str) -> TestResponse:
    fields = fields_of(client.get("/donate?frequency=once").text)
    fields |= {"email": "amal@example.org", "amount": "other", "other_amount": "5000", "first_name": "Amal",
               "confirm_amount": "5000.00"}  # fmt: skip
    return client.post("/donate", data={**fields, **typed})


# -- before anybody pays ----------------------------------------------------------------------------------------------


def test_a_form_says_nothing_of_it_until_it_is_set(newsroom: None, client: FlaskClient) -> None:
    page = client.get("/donate").text
    assert "supporters" not in page
    assert 'name="listing"' not in page
    assert send(client).status_code == 303
    assert (every(Donation)[0].listing_words, every(Donation)[0].listing_minor) == ("", None)


def test_the_form_says_it_in_one_plain_sentence_that_needs_no_script(newsroom: None, client: FlaskClient) -> None:
    set_line()
    page = client.get("/donate").text
    box = page[page.index('name="anonymous"') : page.index("</label>", page.index('name="anonymous"'))]
    assert RULE in box
    sentence = box[box.index('<span id="naming">') :].partition("</span>")[0]
    assert "class=" not in sentence, "no amount and no script hides it"


def test_what_was_said_is_kept_with_the_gift_word_for_word(newsroom: None, client: FlaskClient) -> None:
    set_line()
    assert send(client).status_code == 303
    (gift,) = every(Donation)
    assert gift.listing_minor == 500000
    assert gift.listing_words.startswith(RULE)


@pytest.mark.parametrize("typed", [{"anonymous": "1"}, {"listing": ""}, {"listing": "900000"}])
def test_who_stopped_it_or_read_another_sum_has_agreed_to_nothing(
    newsroom: None, client: FlaskClient, typed: dict[str, str]
) -> None:
    set_line()
    assert send(client, **typed).status_code == 303
    assert (every(Donation)[0].listing_words, every(Donation)[0].listing_minor) == ("", None)


def test_amounts_that_reach_it_say_so_each_frequency_by_itself(newsroom: None, client: FlaskClient) -> None:
    set_line(USD=30000)
    page = client.get("/donate?frequency=month&amount=25").text
    box = page[page.index('name="anonymous"') : page.index("</label>", page.index('name="anonymous"'))]
    parts = {each: box[box.index(f"says-{each}") :].partition("</span>")[0] for each in ("once", "month", "year")}
    assert "Twelve of these come to $300.00, which reaches it" in parts["month"]
    assert "reaches it" not in parts["year"]
    assert 'data-named="30000" hidden' in box


def test_a_currency_without_a_line_says_nothing(newsroom: None, client: FlaskClient) -> None:
    set_line()
    assert "page of supporters" not in client.get("/donate?currency=EUR").text


@pytest.mark.parametrize(("prefix", "language"), [("/ar", "ar"), ("/he", "he")])
def test_the_form_and_the_page_are_there_in_each_language(
    newsroom: None, client: FlaskClient, prefix: str, language: str
) -> None:
    set_line()
    assert 'id="naming"' in client.get(f"{prefix}/donate").text
    page = client.get(f"{prefix}{PAGE}").text
    assert f'<html lang="{language}" dir="rtl"' in page


def test_a_member_is_told_what_they_have_given_towards_it(
    gifts: Gifts, settle: Settle, comings: Comings, client: FlaskClient
) -> None:
    set_line()
    gifts.paid(AMAL, amount="4990", **TOLD)
    settle()
    browser = comings.member(AMAL.email)
    mine = browser.get("/donate?frequency=once&amount=15").text
    assert "This year you have given $4,990.00 that counts." in mine
    assert 'data-named="1000"' in mine
    assert "This gift reaches it: your name will stand there" in mine
    assert "4,990" not in client.get("/donate?frequency=once&amount=15").text, "and nobody else is"
    press(browser, PREFERENCES, f"{PREFERENCES}/supporters")
    assert "You asked us not to name you, and we don’t." in browser.get("/donate").text


# -- the page ---------------------------------------------------------------------------------------------------------


def test_there_is_no_page_and_no_link_to_it_until_it_is_set(newsroom: None, client: FlaskClient) -> None:
    assert client.get(PAGE).status_code == 404
    assert PAGE not in client.get("/").text
    set_line()
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert "Nobody is named so far." in answer.text
    assert f'href="{PAGE}"' in client.get("/").text


def test_the_page_is_kept_like_news_without_a_cookie_and_asks_no_gifts(
    gifts: Gifts, settle: Settle, client: FlaskClient, comings: Comings, work: Work
) -> None:
    gifts.paid(Person("Zayd & Sons", "", AMAL.email), amount="6000", **TOLD)
    gifts.paid(NOAM, amount="6000", **TOLD)
    settle()
    make_anew(comings.colleague("owner"), work)
    answer = client.get(PAGE)
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"].startswith("public")
    assert client.get(PAGE, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert re.findall(r"<li><bdi>(.*?)</bdi>", answer.text) == ["Zayd &amp; Sons", "נעם לוין"]
    assert "2026, so far" in answer.text
    assert "6,000" not in answer.text
    assert '<meta name="robots" content="noindex">' in answer.text


def test_a_member_takes_their_name_away_at_once_and_may_bring_it_back(
    gifts: Gifts, settle: Settle, client: FlaskClient, comings: Comings, work: Work
) -> None:
    gifts.paid(AMAL, amount="6000", **TOLD)
    settle()
    make_anew(comings.colleague("owner"), work)
    assert "Amal Haddad" in client.get(PAGE).text
    browser = comings.member(AMAL.email)
    assert "You are named now as <bdi>Amal Haddad</bdi>." in browser.get(PREFERENCES).text
    answer = press(browser, PREFERENCES, f"{PREFERENCES}/supporters")
    assert answer.status_code == 303
    assert "Amal Haddad" not in client.get(PAGE).text
    assert "You are not named now." in browser.get(PREFERENCES).text
    press(browser, PREFERENCES, f"{PREFERENCES}/supporters", naming="1")
    assert "Amal Haddad" in client.get(PAGE).text
    told = [(row.before, row.after) for row in every(History) if row.act == "choose_naming"]
    assert told == [({"named": True}, {"named": False}), ({"named": False}, {"named": True})]


def test_an_account_says_nothing_of_it_until_it_is_set(gifts: Gifts, settle: Settle, comings: Comings) -> None:
    gifts.paid(AMAL)
    settle()
    assert "supporters" not in comings.member(AMAL.email).get(PREFERENCES).text


# -- the setting ------------------------------------------------------------------------------------------------------


def test_an_owner_sets_the_line_and_the_history_says_what_it_was(comings: Comings, newsroom: None, work: Work) -> None:
    owner = comings.colleague("owner")
    make_anew(owner, work)
    page = owner.get(f"{SETTING}?done=saved").text
    assert "Saved. The form says it from now on" in page
    assert 'name="line_USD" inputmode="decimal" dir="ltr" value="5000.00"' in page
    token = hidden(owner.get(SETTING).text)
    owner.post(SETTING, data={**token, "line_USD": "5000", "year": "fiscal"})
    told = [(row.before, row.after) for row in every(History) if row.act == "set_supporters"]
    assert told == [
        ({"on": False, "year": "calendar"}, {"on": True, "year": "calendar", "line_USD": 500000}),
        ({"on": True, "year": "calendar", "line_USD": 500000}, {"on": False, "year": "fiscal"}),
    ]


@pytest.mark.parametrize("typed", ["", "many", "-5", "0"])
def test_a_sum_that_can_not_be_read_is_asked_for_again_and_what_was_typed_stays(
    comings: Comings, newsroom: None, typed: str
) -> None:
    owner = comings.colleague("owner")
    answer = owner.post(
        SETTING, data={**hidden(owner.get(SETTING).text), "on": "1", "line_USD": typed, "line_EUR": "4500"}
    )
    assert answer.status_code == 422
    assert "Write the sum of a year in digits, such as 5000.00" in answer.text
    assert 'value="4500"' in answer.text
    assert f'name="line_USD" inputmode="decimal" dir="ltr" value="{typed}"' in answer.text


def test_an_owner_takes_a_name_off_for_who_asked_by_phone(
    gifts: Gifts, settle: Settle, comings: Comings, work: Work
) -> None:
    gifts.paid(AMAL, amount="6000", **TOLD)
    settle()
    owner = comings.colleague("owner")
    make_anew(owner, work)
    page = owner.get(SETTING).text
    (path,) = re.findall(rf'action="({SETTING}/\w+/off)"', page)
    assert owner.post(path, data=hidden(page)).status_code == 303
    assert every(Supporter) == []
    make_anew(owner, work)
    assert every(Supporter) == []
    assert owner.post(f"{SETTING}/AAAABBBBCCCCDDDD/off", data=hidden(page)).status_code == 404


@pytest.mark.parametrize("role", ["finance", "auditor", "fundraising", "editor", "support"])
def test_nobody_but_an_owner_sets_it(comings: Comings, newsroom: None, role: str) -> None:
    browser = comings.colleague(role)
    assert browser.get(SETTING).status_code == 403
    assert SETTING not in browser.get("/staff").text
