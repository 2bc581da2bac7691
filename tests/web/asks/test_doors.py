"""The reader's doors: each works without a script from a page that anyone keeps, and is kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from donate.web.counting import counts
from donate.web.reader_cookie import NOTHING, Kept
from tests.web.asks.conftest import OTHER, STORY, TODAY, asks_on, kept_in

pytestmark = pytest.mark.usefixtures("newsroom")
PUBLIC = "public, max-age=0, s-maxage=50, stale-while-revalidate=5"


def send_away(browser: FlaskClient, reason: str = "not_now", **more: str) -> TestResponse:
    """Press one of the doors of the ask at a story's end."""
    named = {"appeal": "misinformation", "placement": "end", "article": "flood-picture", "back": STORY}
    return browser.post("/asks/rest", data={**named, "rest": reason, **more})


def test_every_ask_has_its_doors_and_its_reason_on_everybodys_page(client: FlaskClient) -> None:
    page = client.get(STORY).text
    letter = page[page.index('class="ask ask--end') :]
    for door in ("Not now", "Remind me later", "I already gave", "I can’t give", "Why am I seeing this?"):
        assert door in letter, door
    assert 'href="/remind?appeal=misinformation&amp;article=flood-picture&amp;placement=end"' in letter
    inline = page[page.index('class="ask ask--inline') : page.index("</aside>")]
    assert "Not now" in inline
    assert 'href="#why"' in inline
    assert page.count('id="why"') == 1
    assert page.count('href="/asks/why"') == 1, "the line at the head"
    assert "an appeal for stories" in letter or "an appeal made for this very story" in letter
    assert "on nothing about you" in letter
    assert asks_on(page) == 3


@pytest.mark.parametrize(("reason", "days"), [("not_now", 30), ("cant_give", 90)])
def test_a_press_is_quiet_everywhere_for_its_time_and_leads_back(client: FlaskClient, reason: str, days: int) -> None:
    answer = send_away(client, reason)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{STORY}?rested=1#rested")
    assert answer.headers["Cache-Control"] == "no-store"
    kept = kept_in(client)
    assert (kept.quiet_until, kept.quiet_reason) == (TODAY + timedelta(days=days), reason)
    assert kept.closes == (("misinformation", TODAY),)
    page = client.get(f"{STORY}?rested=1").text
    assert "You won’t be asked here until" in page
    assert ("Reading stays free for everyone" in page) == (reason == "cant_give")
    for path in (STORY, OTHER, "/", "/sections/culture", "/ar/"):
        again = client.get(path).text
        assert asks_on(again) == 0, path
        assert "You won’t be asked" not in again


def test_a_script_gets_the_sentence_and_nothing_else(client: FlaskClient) -> None:
    answer = send_away(client, by="script")
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div class="rested"')
    assert "You won’t be asked here until 1 April 2026." in answer.text
    assert f'name="back" value="{STORY}"' in answer.text
    assert kept_in(client).quiet_until == date(2026, 4, 1)


def test_asking_again_brings_the_asks_back_and_leaves_nothing(client: FlaskClient) -> None:
    send_away(client)
    answer = client.post("/asks/again", data={"back": STORY})
    assert (answer.status_code, answer.headers["Location"]) == (303, STORY)
    assert client.get_cookie("donate_reader") is None
    assert asks_on(client.get(STORY).text) == 3


def test_the_rest_is_over_after_its_last_day(client: FlaskClient, keep_in: Callable[..., Kept]) -> None:
    keep_in(quiet_until=TODAY, quiet_reason="not_now")
    assert asks_on(client.get(STORY).text) == 0
    keep_in(quiet_until=TODAY - timedelta(days=1))
    assert asks_on(client.get(STORY).text) == 3


def test_four_views_in_thirty_days_are_enough(client: FlaskClient, keep_in: Callable[..., Kept]) -> None:
    seen = tuple((slug, TODAY - timedelta(days=at)) for at, slug in enumerate(("a", "b", "misinformation", "general")))
    keep_in(views=seen[:3])
    assert asks_on(client.get(STORY).text) == 3
    keep_in(views=seen)
    assert asks_on(client.get(STORY).text) == 0
    keep_in(views=(*seen[:3], ("general", TODAY - timedelta(days=30))))
    assert asks_on(client.get(STORY).text) == 3


@pytest.mark.parametrize(
    ("kept", "asks"),
    [
        ({"gave_on": TODAY - timedelta(days=89)}, 0),
        ({"gave_on": TODAY - timedelta(days=90)}, 3),
        ({"standing": "member", "standing_until": TODAY}, 0),
        ({"standing": "recurring", "standing_until": TODAY}, 0),
        ({"standing": "one_off", "standing_until": TODAY}, 0),
        ({"standing": "donor", "standing_until": TODAY}, 3),
        ({"standing": "member", "standing_until": TODAY - timedelta(days=1)}, 3),
        ({"counting": "off"}, 3),
    ],
    ids=["gave", "gave-long-ago", "member", "recurring", "one-off", "donor", "hint-over", "nothing"],
)
def test_what_the_cookie_says_of_giving_is_heeded(
    client: FlaskClient, keep_in: Callable[..., Kept], kept: dict[str, object], asks: int
) -> None:
    keep_in(**kept)
    assert asks_on(client.get(STORY).text) == asks


def test_everybody_elses_page_stays_as_it_was(app: Flask, client: FlaskClient) -> None:
    stranger = app.test_client()
    before = stranger.get(STORY)
    send_away(client)
    client.get(STORY)
    after = stranger.get(STORY)
    assert (after.data, after.headers["Cache-Control"]) == (before.data, PUBLIC)
    assert "Set-Cookie" not in after.headers
    assert "\ue000" not in after.text


def test_the_reason_names_each_fact_that_was_used(client: FlaskClient, keep_in: Callable[..., Kept]) -> None:
    keep_in(
        counting="on",
        read=((TODAY, "abc"), (TODAY, "abd")),
        views=(("general", TODAY),),
        came_on=TODAY,
        source="newsletter",
        referrer="news.example",
        bucket=37,
    )
    for path in (STORY, OTHER, STORY, "/asks/why"):
        page = client.get(path).text
        assert "\ue000" not in page
        for words in (
            "2 stories opened in the last 30 days",
            "1 ask shown in the last 30 days; we stop at 4",
            "no gift that we know of",
            "a country we don’t know",
            "you came by a link that calls itself “newsletter”",
            "you came from news.example",
            "number 37 of 100",
            "Don’t count the stories I open",
        ):
            assert words in page, (path, words)


def test_a_word_from_a_link_is_text_on_the_page(client: FlaskClient, keep_in: Callable[..., Kept]) -> None:
    keep_in(came_on=TODAY, source="<b>x</b>")
    assert "<b>x</b>" not in client.get(STORY).text
    assert "&lt;b&gt;x&lt;/b&gt;" in client.get(STORY).text


def test_all_of_it_is_shown_and_erased(client: FlaskClient, keep_in: Callable[..., Kept]) -> None:
    empty = client.get("/asks").text
    assert "Nothing: this site has set no cookie" in empty
    assert "Erase all of it" not in empty
    keep_in(follows=(("topic", "water"),), gave_on=TODAY, bucket=5, counting="on")
    send_away(client)
    page = client.get("/asks")
    assert page.headers["Cache-Control"] == "no-store"
    for words in (
        "1 section or topic that you follow", "a gift made in this browser on 2 March 2026", "number 5 of 100",
        "You won’t be asked here until 1 April 2026.", "that we may count the stories you open",
        "the ask “misinformation”, sent away on 2 March 2026", "Ask me again", "Erase all of it",
    ):  # fmt: skip
        assert words in page.text, words
    raw = re.search(r'<code class="raw"[^>]*>(.*?)</code>', page.text)
    assert raw is not None
    assert '"topics":["water"]' in raw[1].replace("&#34;", '"')
    answer = client.post("/asks/erase")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/asks")
    assert client.get_cookie("donate_reader") is None


def test_forgetting_what_is_followed_leaves_a_rest_alone(client: FlaskClient, keep_in: Callable[..., Kept]) -> None:
    keep_in(follows=(("topic", "water"),))
    send_away(client)
    client.post("/my-news/forget")
    kept = kept_in(client)
    assert kept.follows == ()
    assert kept.quiet_reason == "not_now"


@pytest.mark.parametrize(
    "path", ["/asks/rest", "/asks/again", "/asks/counting", "/asks/erase", "/asks/already-gave", "/seen"]
)
@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}])
def test_a_press_that_another_site_made_does_nothing(
    client: FlaskClient, keep_in: Callable[..., Kept], path: str, headers: dict[str, str]
) -> None:
    kept = keep_in(gave_on=TODAY)
    data = {"rest": "not_now", "counting": "off", "email": "amal@example.org", "appeal": "general", "placement": "end"}
    answer = client.post(path, data=data, headers=headers)
    assert answer.status_code == 400
    assert kept_in(client) == kept
    assert counts().waiting() == {}


@pytest.mark.parametrize("data", [{}, {"rest": "never"}, {"rest": ""}])
def test_what_is_no_reason_is_refused(client: FlaskClient, data: dict[str, str]) -> None:
    assert client.post("/asks/rest", data=data).status_code == 400
    assert client.post("/asks/counting", data={"counting": "maybe"}).status_code == 400


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", ""])
def test_a_press_leads_nowhere_else(client: FlaskClient, back: str) -> None:
    assert send_away(client, back=back).headers["Location"] == "/asks?rested=1#rested"


def test_an_appeal_nobody_knows_is_neither_kept_nor_counted(client: FlaskClient) -> None:
    send_away(client, appeal="x" * 300)
    assert kept_in(client).closes == ()
    assert kept_in(client).quiet_until == TODAY + timedelta(days=30)
    assert counts().waiting() == {}


def test_the_page_of_a_list_comes_back_as_it_was(client: FlaskClient) -> None:
    assert send_away(client, back="/?page=2").headers["Location"] == "/?page=2&rested=1#rested"


def test_nothing_is_kept_of_who_only_reads(client: FlaskClient) -> None:
    client.get(STORY)
    client.get("/asks")
    assert kept_in(client) == NOTHING
