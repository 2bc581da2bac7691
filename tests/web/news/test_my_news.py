"""My news: one press follows, front page and list go with it, nothing of it is anybody else's, and all of it goes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from donate import references
from donate.articles.load_sections import load_topics
from donate.articles.queries import list_articles
from donate.db import committed
from donate.donors.models import Follow
from donate.web.reader_cookie import MOST_BYTES
from tests.make.gifts import Gifts
from tests.make.rows import count, every
from tests.make.signing_in import Comings, press
from tests.people import AMAL

Settle = Callable[..., None]
pytestmark = pytest.mark.usefixtures("newsroom")
PUBLIC = "public, max-age=0, s-maxage=50, stale-while-revalidate=5"


def follow(browser: FlaskClient, what: str, *, field: str = "follow", back: str = "/", **headers: str) -> TestResponse:
    """Press the sign beside a section or topic."""
    return browser.post("/my-news", data={field: what, "back": back}, headers=headers)


def cookie_of(browser: FlaskClient) -> str:
    """Give what the reader cookie holds; empty where there is none."""
    found = browser.get_cookie("donate_reader")
    return found.value if found is not None else ""


def pressed(page: str) -> set[str]:
    """Read which signs of a page are on."""
    return set(re.findall(r'name="unfollow" value="([^"]+)" aria-pressed="true"', page))


def stories(page: str) -> list[str]:
    return re.findall(r'class="card__title"><a href="/articles/([^"]+)"', page)


def test_one_press_follows_and_leads_back_to_where_it_was_made(client: FlaskClient) -> None:
    answer = follow(client, "topic/water", back="/articles/flood-picture")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/articles/flood-picture#topic-water")
    assert answer.headers["Cache-Control"] == "no-store"
    front = client.get("/").text
    assert pressed(front) == {"topic/water"}
    assert 'id="topic-water" name="unfollow"' in front
    follow(client, "topic/water", field="unfollow")
    assert pressed(client.get("/").text) == set()
    assert cookie_of(client) == ""


def test_the_front_page_and_my_news_follow(client: FlaskClient) -> None:
    assert "You follow nothing yet" in client.get("/my-news").text
    assert "From what you follow" not in client.get("/").text
    follow(client, "section/culture")
    follow(client, "topic/water")
    mine = client.get("/my-news").text
    listed = stories(mine)
    assert listed
    assert pressed(mine) == {"section/culture", "topic/water"}
    of_these = set(stories(client.get("/sections/culture").text)) | set(stories(client.get("/topics/water").text))
    assert set(listed) == of_these
    front = client.get("/").text
    assert "From what you follow" in front
    shown = stories(front)
    assert len(shown) == len(set(shown)), "no story stands twice"
    assert set(shown) == {story.slug for story in list_articles("en").teasers}, "and none is lost"
    block = front[front.index("front__mine") : front.index("</section>", front.index("front__mine"))]
    assert set(stories(block)) <= of_these


def test_the_signs_stand_beside_topics_sections_and_stories(client: FlaskClient) -> None:
    for path, what in (("/topics/water", "topic/water"), ("/sections/culture", "section/culture")):
        assert f'name="follow" value="{what}" aria-pressed="false"' in client.get(path).text, path
    story = client.get("/articles/night-crew-amman").text
    assert re.search(r'name="follow" value="topic/[^"]+" aria-pressed="false" aria-label="Follow ', story)
    assert 'name="back" value="/articles/night-crew-amman"' in story


@pytest.mark.parametrize("path", ["/", "/my-news", "/sections/culture", "/articles/flood-picture", "/search?q=water"])
def test_a_page_for_somebody_is_private_and_everybody_elses_stays_as_it_was(
    app: Flask, client: FlaskClient, path: str
) -> None:
    stranger = app.test_client()
    before = stranger.get(path)
    assert (before.headers["Cache-Control"], "Set-Cookie" in before.headers) == (PUBLIC, False)
    follow(client, "topic/water")
    for _again in range(2):
        assert client.get(path).headers["Cache-Control"] == "private, no-cache"
    after = stranger.get(path)
    assert (after.headers["Cache-Control"], "Set-Cookie" in after.headers) == (PUBLIC, False)
    assert after.data == before.data
    assert pressed(after.text) == set()


def test_feeds_are_the_same_for_everybody(client: FlaskClient) -> None:
    follow(client, "topic/water")
    assert client.get("/feed.xml").headers["Cache-Control"] == PUBLIC


def test_the_cookie_is_small_signed_for_our_eyes_only_and_lasts_a_year(client: FlaskClient) -> None:
    (said,) = follow(client, "topic/water").headers.getlist("Set-Cookie")
    parts = {part.strip() for part in said.split(";")}
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=31536000"} <= parts
    assert len(cookie_of(client)) < 100
    assert cookie_of(client).startswith("1.")


@pytest.mark.parametrize("spoil", [
    lambda value: value[:-1] + ("A" if value[-1] != "A" else "B"),
    lambda value: value.replace("1.", "2.", 1),
    lambda value: "1.e30=." + references.sign("gift", "1", "e30="),
    lambda value: "1.e30",
    lambda value: "",
], ids=["altered", "other-version", "other-purpose", "cut", "empty"])  # fmt: skip
def test_a_cookie_that_is_not_ours_says_nothing_and_breaks_nothing(
    client: FlaskClient, spoil: Callable[[str], str]
) -> None:
    follow(client, "topic/water")
    client.set_cookie("donate_reader", spoil(cookie_of(client)))
    page = client.get("/my-news")
    assert page.status_code == 200
    assert "You follow nothing yet" in page.text


def test_a_full_cookie_refuses_with_a_word_and_keeps_what_it_has(app: Flask, client: FlaskClient) -> None:
    long = [f"{'t' * 60}-{number}" for number in range(20)]
    with committed():
        load_topics([{"slug": slug, "name": {"en": slug}} for slug in long], "en")
    answers = [follow(client, f"topic/{slug}").headers["Location"] for slug in long]
    assert answers[0].startswith("/#topic-")
    assert answers[-1] == "/my-news?full=1"
    assert len(cookie_of(client)) <= MOST_BYTES
    page = client.get("/my-news?full=1").text
    assert "Your list is full" in page
    assert len(pressed(page)) == sum(not answer.endswith("full=1") for answer in answers) > 5


def test_that_word_is_never_said_to_everybody(app: Flask, client: FlaskClient) -> None:
    assert "Your list is full" not in client.get("/my-news?full=1").text
    assert "Your list is full" not in app.test_client().get("/my-news").text


@pytest.mark.parametrize("headers", [
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://elsewhere.example"},
], ids=["cross-site", "same-site", "origin"])  # fmt: skip
@pytest.mark.parametrize("path", ["/my-news", "/my-news/forget"])
def test_another_sites_form_changes_nothing(client: FlaskClient, path: str, headers: dict[str, str]) -> None:
    follow(client, "topic/water")
    before = cookie_of(client)
    answer = client.post(path, data={"follow": "topic/jordan", "back": "/"}, headers=headers)
    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers
    assert cookie_of(client) == before


@pytest.mark.parametrize("what", ["", "topic/", "topic/none", "section/none", "story/flood-picture", "water"])
def test_what_is_not_there_can_t_be_followed(client: FlaskClient, what: str) -> None:
    answer = follow(client, what)
    assert answer.status_code == 404
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", ""])
def test_a_press_leads_nowhere_else(client: FlaskClient, back: str) -> None:
    assert follow(client, "topic/water", back=back).headers["Location"] == "/my-news#topic-water"


def test_a_reader_sees_all_that_is_kept_and_erases_it(client: FlaskClient) -> None:
    follow(client, "topic/water")
    follow(client, "section/culture")
    page = client.get("/my-news").text
    words = re.search(r"<code[^>]*>(.*?)</code>", page)
    assert words is not None
    assert json.loads(words[1].replace("&#34;", '"')) == {"sections": ["culture"], "topics": ["water"]}
    answer = client.post("/my-news/forget")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/my-news")
    assert cookie_of(client) == ""
    assert "You follow nothing yet" in client.get("/my-news").text


def test_it_is_said_in_the_pages_language(client: FlaskClient) -> None:
    answer = client.post("/ar/my-news", data={"follow": "topic/water", "back": "/ar/topics/water"})
    assert answer.headers["Location"] == "/ar/topics/water#topic-water"
    assert "متابعة المياه" in client.get("/ar/topics/water").text


# -- members --------------------------------------------------------------------------------------------------------


def test_a_members_choices_live_in_the_account_and_travel(gifts: Gifts, settle: Settle, comings: Comings) -> None:
    gifts.paid(AMAL)
    settle()
    at_home = comings.member(AMAL.email)
    assert "Set-Cookie" not in follow(at_home, "topic/water").headers
    assert [(row.kind, row.slug) for row in every(Follow)] == [("topic", "water")]
    away = comings.member(AMAL.email)
    page = away.get("/my-news").text
    assert pressed(page) == {"topic/water"}
    assert "In your account" in page
    follow(away, "topic/water")
    follow(away, "topic/water", field="unfollow")
    assert pressed(at_home.get("/").text) == set()


def test_signing_in_brings_the_cookies_choices_into_the_account(gifts: Gifts, settle: Settle, comings: Comings) -> None:
    gifts.paid(AMAL)
    settle()
    follow(comings.member(AMAL.email), "topic/jordan")
    browser = comings.browser()
    follow(browser, "topic/water")
    follow(browser, "topic/jordan")
    comings.member(AMAL.email, browser)
    assert cookie_of(browser) == ""
    assert pressed(browser.get("/my-news").text) == {"topic/jordan", "topic/water"}
    press(browser, "/account/sign-in", "/account/sign-out")
    assert pressed(browser.get("/my-news").text) == set(), "what is an account's stays with it"


def test_a_member_forgets_all_of_their_choices(gifts: Gifts, settle: Settle, comings: Comings) -> None:
    gifts.paid(AMAL)
    settle()
    browser = comings.member(AMAL.email)
    follow(browser, "topic/water")
    follow(browser, "section/culture")
    browser.post("/my-news/forget")
    assert count(Follow) == 0
    assert "You follow nothing yet" in browser.get("/my-news").text
