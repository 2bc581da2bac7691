"""The simulator: its answer is the page's own, its address can be kept, and wrong input is told at its field."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from donate.appeals.choose import Verdict, choose_for_page, explain
from donate.appeals.filters import FILTERS
from donate.appeals.models import Appeal, AppealTarget, AppealText
from donate.appeals.queries import find_appeal, list_desk_campaigns
from donate.appeals.rules import PLACEMENTS, STANDINGS
from donate.appeals.situation import GUEST
from donate.articles.queries import read_article
from donate.db import committed
from donate.web.asking import asked, asks_for_article, facts_of_article
from donate.web.shelf import shelf
from donate.web.staff.simulator_form import FIELDS
from donate.web.staff.simulator_words import say_refusal, say_standing, say_verdict
from tests.make.campaigns import FACTS, campaign
from tests.make.gifts import Gifts
from tests.make.signing_in import Comings
from tests.people import AMAL

SIMULATOR = "/staff/appeals/simulator"


Settle = Callable[..., None]


@pytest.fixture
def desk(comings: Comings) -> FlaskClient:
    """Return the browser of an editor."""
    return comings.colleague("editor")


@pytest.fixture
def stories(newsroom: None) -> list[str]:
    """Return the addresses of some stories of each language."""
    found = [
        recent[at].teaser.slug for recent in shelf().out_now().recent.values() for at in range(min(3, len(recent)))
    ]
    assert len(found) > 4
    return found


def winners(page: str) -> dict[str, str]:
    """Read from the simulator which appeal asks in each place."""
    found = {}
    for section in re.findall(r'<section[^>]*data-place="(\w+)">(.*?)</section>', page, re.DOTALL):
        place, inside = section
        won = re.search(r'class="won".*?<bdi>(.*?)</bdi>', inside, re.DOTALL)
        found[place] = unescape(won[1]) if won else ""
    return found


def asks_of(page: str) -> dict[str, str]:
    """Read from a page for readers which appeal asks in each place."""
    found = dict.fromkeys(PLACEMENTS, "")
    for link in re.findall(r'href="(/[^"]*donate\?[^"]*)"', page):
        told = dict(re.findall(r"[?&](\w+)=([^&]*)", unescape(link)))
        if told.get("placement") in found:
            found[told["placement"]] = told.get("appeal", "")
    end = re.search(r'<section class="ask ask--end.*?name="appeal" value="([^"]*)"', page, re.DOTALL)
    found["end"] = end[1] if end else ""
    return found


def names() -> dict[str, str]:
    return {each.slug: each.name for each in list_desk_campaigns()} | {"": ""}


def change(slug: str, **values: object) -> None:
    with committed():
        appeal = find_appeal(slug)
        assert appeal is not None
        for name, value in values.items():
            setattr(appeal, name, value)


def test_for_a_guest_the_simulator_says_what_each_page_shows(
    desk: FlaskClient, client: FlaskClient, stories: list[str]
) -> None:
    change("misinformation", placements=["end", "header"])
    for path in (*(f"/articles/{slug}" for slug in stories), "/", "/ar/", "/sections/fact-desk", "/topics/water"):
        shown = asks_of(client.get(path, follow_redirects=True).text)
        told = winners(desk.get(SIMULATOR, query_string={"page": path}).text)
        assert told == {place: names()[slug] for place, slug in shown.items()}, path


def test_for_a_member_and_with_places_off_it_says_what_their_page_shows(
    desk: FlaskClient, gifts: Gifts, settle: Settle, comings: Comings, stories: list[str]
) -> None:
    gifts.paid(AMAL, amount="240.00")
    settle()
    reader = comings.member(AMAL.email)
    for slug in stories[:3]:
        shown = asks_of(reader.get(f"/articles/{slug}", follow_redirects=True).text)
        told = winners(desk.get(SIMULATOR, query_string={"page": slug, "standing": "member"}).text)
        assert told == {place: names()[each] for place, each in shown.items()}


def test_the_facts_of_the_simulator_are_those_the_page_was_asked_by(app: Flask, stories: list[str]) -> None:
    for slug in stories:
        article = read_article(slug)
        assert article is not None
        with app.test_request_context(f"/articles/{slug}"):
            asks = asks_for_article(article)
            page = asked()
        assert page is not None
        out = shelf().out_now()
        assert page.page == facts_of_article(article, out, out.day)
        told = explain(list_desk_campaigns(), page.page, GUEST, out.off)
        assert [each.campaign.slug for each in told["end"] if not each.refusal] == ([asks.end.slug] if asks.end else [])


def test_choosing_for_a_page_asks_the_database_nothing(app: Flask, stories: list[str]) -> None:
    out = shelf().out_now()
    articles = [read_article(slug) for slug in stories]
    queries: list[str] = []

    def note(*given: object) -> None:
        queries.append(str(given[2]))

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    for article in articles:
        assert article is not None
        assert choose_for_page(out.index, facts_of_article(article, out, out.day), GUEST, out.off).header is not None
    sa.event.remove(sa.Engine, "before_cursor_execute", note)
    assert queries == []


def add_appeal(slug: str, **values: object) -> None:
    """Add an appeal for all pages with the words of the evergreen one."""
    with committed() as session:
        evergreen = find_appeal("evergreen")
        assert evergreen is not None
        texts = [{name: getattr(text, name) for name in _WORDS} for text in evergreen.texts]
        made = Appeal(slug=slug, name=slug, fund_id=evergreen.fund_id, amounts=evergreen.amounts, **values)
        made.texts = [AppealText(**text) for text in texts]
        made.targets = [AppealTarget(kind="all")]
        session.add(made)


_WORDS = ("language", "kicker", "headline", "inline", "body_html", "button", "form_title")


def test_drafts_resting_and_coming_appeals_are_asked_too_and_archived_ones_not(desk: FlaskClient) -> None:
    add_appeal("a-draft", status="draft")
    add_appeal("at-rest", status="paused")
    add_appeal("comes-later", starts_on=date(2026, 4, 2))
    add_appeal("put-away", status="ended", archived_at=datetime(2026, 3, 1, tzinfo=UTC))
    page = desk.get(SIMULATOR, query_string={"page": "/articles/flood-picture"}).text
    end = page[page.index('data-place="end"') : page.index('data-place="footer"')]
    for slug, rule, sentence in (
        ("a-draft", "is_live", "It is a draft."),
        ("at-rest", "is_live", "It is resting."),
        ("comes-later", "has_begun", "It begins on 2 April 2026."),
    ):
        assert f'<bdi>{slug}</bdi></b><br><span class="muted" data-rule="{rule}">{sentence}' in end
    assert "put-away" not in page
    later = desk.get(SIMULATOR, query_string={"page": "/articles/flood-picture", "on": "2026-04-02"}).text
    assert 'data-rule="has_begun"' not in later


def test_what_stops_every_appeal_is_said_once(desk: FlaskClient) -> None:
    page = desk.get(SIMULATOR, query_string={"page": "/", "standing": "failed_card"}).text
    assert page.count("they are asked to mend it, and for nothing else") == 3
    assert page.count("This page has no room for an ask here.") == 1
    assert 'class="verdicts"' not in page


def test_the_address_holds_the_whole_question(desk: FlaskClient) -> None:
    asked_for = {
        "page": "/articles/flood-picture", "on": "2026-03-20", "standing": "donor", "given": "once",
        "gave_on": "2025-03-20", "country": "jo", "read": "7", "times": "3", "seen": "misinformation",
        "closed": "evergreen", "closed_on": "2026-03-19", "quiet_until": "2026-03-01", "source": "newsletter",
        "referrer": "News.Example", "bucket": "42",
    }  # fmt: skip
    assert set(asked_for) == set(FIELDS)
    answer = desk.get(SIMULATOR, query_string=asked_for)
    assert answer.status_code == 200
    for name, value in asked_for.items():
        chosen = re.search(rf'name="{name}"[^>]*value="{re.escape(value)}"', answer.text)
        assert chosen or f'<option value="{value}" selected>' in answer.text, name
    assert 'data-rule="was_not_closed"' in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "/articles/flood-picture", "flood-picture", "http://127.0.0.1:5000/articles/flood-picture?page=2",
        "/ar/articles/flood-picture",
    ],
)  # fmt: skip
def test_a_story_is_found_by_any_of_its_addresses(desk: FlaskClient, address: str) -> None:
    answer = desk.get(SIMULATOR, query_string={"page": address})
    assert answer.status_code == 200
    assert winners(answer.text)["end"] == names()["misinformation"]


def test_a_story_of_another_site_is_found_by_its_own_address(desk: FlaskClient) -> None:
    found = desk.get(SIMULATOR, query_string={"page": "https://elsewhere.example/none"})
    assert found.status_code == 422


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("page", "/articles/none", "No page of this site"),
        ("page", "/sections/none", "No page of this site"),
        ("page", "/topics/none", "No page of this site"),
        ("page", "http://[", "No page of this site"),
        ("page", "/staff/appeals/places", "No page of this site"),
        ("on", "20 March", "Write the day as year, month and day"),
        ("gave_on", "x", "Write the day as year, month and day"),
        ("country", "Jordan", "two letters"),
        ("read", "many", "Write a whole number"),
        ("times", "-1", "Write a whole number"),
        ("bucket", "100", "from 0 to 99"),
        ("standing", "king", "Choose one of the list"),
        ("given", "never", "Choose one of the list"),
        ("closed", "none-such", "Choose one of the list"),
        ("seen", "none-such", "Choose one of the list"),
    ],
)
def test_wrong_input_is_told_at_its_field_and_stays_as_typed(
    desk: FlaskClient, name: str, typed: str, sentence: str
) -> None:
    answer = desk.get(SIMULATOR, query_string={"times": "1", name: typed})
    assert answer.status_code == 422
    told = re.search(rf'id="s-{name}-e">([^<]*)<', answer.text)
    assert told is not None
    assert sentence in told[1]
    assert re.search(rf'id="s-{name}"[^>]*aria-describedby="s-{name}-e"', answer.text)
    assert "data-place=" not in answer.text
    if name not in ("standing", "given", "closed", "seen"):
        assert f'value="{typed}"' in answer.text


def test_every_rule_and_every_reader_has_a_sentence_of_its_own(app: Flask, newsroom: None) -> None:
    one = campaign("one", ("all", ""), starts_on=FACTS.on, ends_on=FACTS.on, status="draft")
    rules = [*(rule.__name__ for rule in FILTERS), "outranked", "one_in_view", "held_back"]
    with app.test_request_context("/staff"):
        told = [say_refusal(rule, one, FACTS) for rule in rules]
        told += [say_verdict(Verdict(one, "", copy), FACTS) for copy in ("", "a", "b", "held")]
        told += [say_refusal("is_live", replace(one, status=status), FACTS) for status in ("paused", "ended")]
        readers = [say_standing(standing) for standing in STANDINGS]
    assert all(re.fullmatch(r"[A-Z][^.]*\.", sentence) for sentence in told), told
    assert len(set(told)) == len(told)
    assert len(set(readers)) == len(STANDINGS)


def test_who_may_not_see_appeals_sees_no_simulator(comings: Comings, newsroom: None) -> None:
    for role, status in (("support", 403), ("finance", 403), ("auditor", 200), ("fundraising", 200)):
        assert comings.colleague(role).get(SIMULATOR).status_code == status
