"""The member's page: level, days, benefits and the next level; and the thanks in the masthead, for members alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from donate.commands.newsroom import load_facts
from donate.commands.read_toml import read_toml
from donate.commands.samples import SAMPLE
from donate.members.lapse import lapse_memberships
from donate.recurring.cancel import cancel
from donate.recurring.terms import terms_of
from tests.make.gifts import Gifts
from tests.make.promises import Promises
from tests.make.signing_in import Comings
from tests.people import AMAL, NOAM, Person

Settle = Callable[..., None]
PAGE = "/account/membership"


def shown(comings: Comings, person: Person = AMAL, path: str = PAGE) -> str:
    return comings.member(person.email).get(path).text


def test_a_member_sees_level_days_benefits_and_the_next_level(promises: Promises, comings: Comings) -> None:
    promises.begin(AMAL, amount="15.00")
    page = shown(comings)
    for words in (
        "Friend of the desk",
        "Member since 2 March 2026.",
        "Your next gift, on 2 April 2026, carries it on.",
        "A seat at two evening briefings a year, online",
        "from $50.00 every month, or $600.00 in one gift or each year",
        'data-standing="member"',
    ):
        assert words in page, words
    assert "Fair market value" not in page, "these can be bought nowhere"


def test_a_benefit_that_could_be_bought_says_its_value_in_the_gifts_currency(
    gifts: Gifts, settle: Settle, comings: Comings
) -> None:
    gifts.paid(AMAL, amount="2200.00", currency="ILS")
    settle()
    page = shown(comings)
    assert "Fair market value: ₪110.00" in page
    assert "It lasts until 2 March 2027. A gift until 31 March 2027 carries it on." in page
    assert "The next level" not in page, "there is none above"


def test_who_gave_less_than_any_level_reads_plainly_what_the_first_takes(
    gifts: Gifts, settle: Settle, comings: Comings
) -> None:
    gifts.paid(AMAL, amount="10.00")
    settle()
    page = shown(comings)
    assert "No membership yet" in page
    assert "from $5.00 every month, or $60.00 in one gift or each year" in page
    assert 'data-standing="donor"' in page


def test_a_newsroom_without_levels_says_so(gifts: Gifts, settle: Settle, comings: Comings) -> None:
    load_facts({**read_toml(SAMPLE / "newsroom.toml"), "levels": []})
    gifts.paid(AMAL, amount="10.00")
    settle()
    assert "This newsroom has no levels of membership" in shown(comings)


def test_one_that_waits_for_a_gift_says_until_when_and_one_that_lapsed_says_since_when(
    promises: Promises, comings: Comings
) -> None:
    promise = promises.begin(AMAL, amount="15.00")
    promises.change(promise, "cancel", cancel(terms_of(promise)))
    promises.pass_days(40)
    page = shown(comings)
    assert "Your last gift carried it until 2 April 2026. It lapses on 2 May 2026 unless another one comes." in page
    promises.pass_days(25)
    lapse_memberships()
    page = shown(comings)
    assert "You were a member from 2 March 2026 until 2 April 2026." in page
    assert 'data-standing="past_member"' in page
    assert "masthead__ask" in page
    assert "Support us" in page, "the door stands open again"


@pytest.mark.parametrize(
    "path", ["/", "/articles/flood-picture", "/account", PAGE, "/my-news", "/browse", "/search?q=a"]
)
def test_members_see_thanks_in_the_masthead_where_others_are_asked(
    app: Flask, gifts: Gifts, settle: Settle, comings: Comings, path: str
) -> None:
    gifts.paid(AMAL, amount="60.00")
    gifts.paid(NOAM, amount="5.00")
    settle()
    head = _masthead(shown(comings, AMAL, path))
    assert "<b>Member since 2026.</b> Thank you, <bdi>Amal</bdi>." in head
    assert "Support us" not in head
    # Who gave once is no member, and is left alone for a while; everybody else is asked.
    for other, is_asked in ((comings.member(NOAM.email), False), (app.test_client(), True)):
        answer = other.get(path)
        if answer.status_code == 200:
            assert "Member since" not in answer.text
            assert ("Support us" in _masthead(answer.text)) is is_asked


def _masthead(page: str) -> str:
    return page[page.index("<header") : page.index("</header>")]


def test_the_page_is_its_members_alone(client: FlaskClient, comings: Comings) -> None:
    answer = client.get(PAGE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/signin?next=%2Faccount%2Fmembership")


def test_it_is_said_in_arabic_and_hebrew(gifts: Gifts, settle: Settle, comings: Comings) -> None:
    gifts.paid(AMAL, amount="600.00")
    settle()
    browser = comings.member(AMAL.email)
    assert "عماد" in browser.get("/ar" + PAGE).text
    assert "שדרית" in browser.get("/he" + PAGE).text
