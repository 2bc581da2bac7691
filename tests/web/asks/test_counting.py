"""Counting: only of readers who may be counted, only of what we know, and every count reaches the database once."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from donate.appeals.models import AskCount
from donate.appeals.queries import find_appeal
from donate.db import committed
from donate.newsroom.may_count import counting_for
from donate.web import counting as counting_module
from donate.web.counting import Counts, counts
from donate.web.reader_cookie import NOTHING, mark_of
from tests.make.rows import every
from tests.web.asks.conftest import STORY, TODAY, kept_in

pytestmark = pytest.mark.usefixtures("newsroom")
Choose = Callable[..., None]
SEEN = {"appeal": "misinformation", "placement": "end", "article": "flood-picture"}


def tell(browser: FlaskClient, country: str = "", headers: dict[str, str] | None = None, **words: str) -> TestResponse:
    """Send what a page's script sends."""
    sent = {**(headers or {}), **({"X-Country": country} if country else {})}
    return browser.post("/seen", data=words, headers=sent)


def counted() -> dict[tuple[str, str, str], tuple[int, int, int]]:
    """Read the sums: (appeal, placement, story) to (views, closes, presses)."""
    names = {row.id: row.slug for row in map(find_appeal, ("misinformation", "evergreen")) if row is not None}
    return {
        (names[row.appeal_id], row.placement, row.article_slug): (row.views, row.closes, row.presses)
        for row in every(AskCount)
    }


@pytest.mark.parametrize(
    ("setting", "country", "how"),
    [
        ("off", "US", "off"), ("off", "", "off"),
        ("opt_in", "US", "opt_in"), ("opt_in", "DE", "opt_in"),
        ("opt_out", "US", "opt_out"), ("opt_out", "JO", "opt_out"),
        *(("opt_out", country, "opt_in") for country in ("DE", "GR", "NO", "IS", "LI", "GB", "CH", "")),
    ],
)  # fmt: skip
def test_who_is_asked_first(setting: str, country: str, how: str) -> None:
    assert counting_for(setting, country) == how


# -- the reader's own browser ---------------------------------------------------------------------------------------


def test_a_reader_where_nobody_need_be_asked_is_counted_until_they_stop_it(
    client: FlaskClient, counting: Choose
) -> None:
    counting("opt_out")
    answer = tell(client, "US", opened="1", article="flood-picture", source="newsletter", referrer="news.example")
    assert (answer.status_code, answer.data, answer.headers["Cache-Control"]) == (204, b"", "no-store")
    tell(client, "US", **SEEN, first="1")
    tell(client, "US", **{**SEEN, "placement": "inline"})
    tell(client, "US", opened="1", article="flood-picture", source="elsewhere")
    kept = kept_in(client)
    assert kept.read == ((TODAY, mark_of("flood-picture")),)
    assert kept.views == (("misinformation", TODAY),), "two asks on one page are one view"
    assert (kept.source, kept.referrer) == ("newsletter", "news.example")
    assert kept.bucket is not None
    assert kept.bucket in range(100)
    client.post("/asks/counting", data={"counting": "off", "back": STORY})
    assert tell(client, "US", **SEEN, first="1").headers.get("Set-Cookie") is None
    assert (kept_in(client).read, kept_in(client).views, kept_in(client).bucket) == ((), (), None)


@pytest.mark.parametrize(("placement", "seen"), [("inline", 1), ("end", 1), ("header", 0), ("footer", 0)])
def test_only_an_ask_within_the_page_is_one_of_the_four(
    client: FlaskClient, counting: Choose, placement: str, seen: int
) -> None:
    counting("opt_out")
    tell(client, "US", **{**SEEN, "placement": placement}, first="1")
    assert len(kept_in(client).views) == seen


@pytest.mark.parametrize("country", ["DE", "GB", "CH", "", "xx", "D3"])
def test_elsewhere_nothing_is_kept_before_the_reader_said_yes(
    client: FlaskClient, counting: Choose, country: str
) -> None:
    counting("opt_out")
    assert "Set-Cookie" not in tell(client, country, opened="1", article="flood-picture").headers
    assert kept_in(client) == NOTHING
    client.post("/asks/counting", data={"counting": "on", "back": STORY})
    tell(client, country, opened="1", article="flood-picture")
    assert len(kept_in(client).read) == 1


def test_a_country_is_believed_only_by_the_header_that_is_named(client: FlaskClient, counting: Choose) -> None:
    counting("opt_out", header="")
    assert "Set-Cookie" not in tell(client, "US", opened="1", article="flood-picture").headers


def test_where_counting_is_off_it_is_offered_nowhere_and_kept_nowhere(client: FlaskClient, counting: Choose) -> None:
    counting("off")
    client.post("/asks/counting", data={"counting": "on", "back": STORY})
    before = kept_in(client)
    tell(client, "US", **SEEN, first="1", opened="1")
    assert kept_in(client) == before
    for path in (STORY, "/asks", "/asks/why"):
        assert 'name="counting"' not in client.get(path).text


@pytest.mark.parametrize(("setting", "button"), [("opt_in", "on"), ("opt_out", "off")])
def test_everybodys_page_offers_the_switch(client: FlaskClient, counting: Choose, setting: str, button: str) -> None:
    counting(setting)
    assert f'name="counting" value="{button}"' in client.get(STORY).text


def test_a_link_inside_the_site_is_no_source(client: FlaskClient, counting: Choose) -> None:
    counting("opt_out")
    tell(client, "US", opened="1", article="flood-picture", referrer="127.0.0.1")
    assert kept_in(client).referrer == ""


@pytest.mark.parametrize("words", [{"appeal": "x" * 2000}, {}])
def test_a_beacon_is_a_few_words(client: FlaskClient, words: dict[str, str]) -> None:
    assert tell(client, **words).status_code == 413
    assert counts().waiting() == {}


# -- the newsroom's sums --------------------------------------------------------------------------------------------


def test_views_closes_and_presses_reach_the_database_once(client: FlaskClient) -> None:
    for _time in range(3):
        tell(client, **SEEN)
    client.post("/asks/rest", data={**SEEN, "rest": "not_now", "back": STORY})
    client.get("/donate?appeal=misinformation&article=flood-picture&placement=end")
    client.get("/donate?appeal=misinformation&article=flood-picture")
    client.get("/donate")
    assert counted() == {}
    assert counts().flush()
    assert counts().flush()
    assert counted() == {("misinformation", "end", "flood-picture"): (3, 1, 1)}
    tell(client, **SEEN)
    assert counts().flush()
    assert counted() == {("misinformation", "end", "flood-picture"): (4, 1, 1)}


def test_a_reader_of_the_holdback_group_is_counted_as_one(client: FlaskClient) -> None:
    with committed():
        appeal = find_appeal("misinformation")
        assert appeal is not None
        appeal.holdback = 100
    page = client.get(STORY).text
    assert 'data-held="misinformation" data-article="flood-picture"' in page
    assert "ask--end" not in page
    tell(client, **SEEN, variant="held")
    ((what, sums),) = counts().waiting().items()
    assert (what.variant, sums.views) == ("held", 1)


@pytest.mark.parametrize(
    "wrong",
    [{"appeal": "none"}, {"placement": "popup"}, {"variant": "z"}, {"article": "<b>"}, {"article": "no-such-story"}],
)
def test_what_we_do_not_know_is_not_counted(client: FlaskClient, wrong: dict[str, str]) -> None:
    assert tell(client, **{**SEEN, **wrong}).status_code == 204
    assert counts().flush()
    assert counted() == {}


@pytest.mark.parametrize(
    ("agent", "is_counted"),
    [
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", False),
        ("Mozilla/5.0 AppleWebKit/537.36 (compatible; bingbot/2.0) Chrome/116", False),
        ("facebookexternalhit/1.1", False),
        ("Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/120.0 Safari/537.36", False),
        ("python-requests/2.31", False),
        ("curl/8.5.0", False),
        ("", False),
        ("Mozilla/5.0 (Linux; Android 13; CUBOT X70) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36", True),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1", True),
    ],
)
def test_bots_are_left_out(client: FlaskClient, agent: str, is_counted: bool) -> None:
    tell(client, headers={"User-Agent": agent}, **SEEN)
    client.get("/donate?appeal=evergreen&placement=header", headers={"User-Agent": agent})
    assert len(counts().waiting()) == (2 if is_counted else 0)


@pytest.mark.parametrize("header", ["Sec-Purpose", "Purpose", "X-Moz"])
def test_a_page_fetched_before_anybody_asked_is_no_press(client: FlaskClient, header: str) -> None:
    client.get("/donate?appeal=evergreen&placement=header", headers={header: "prefetch"})
    assert counts().waiting() == {}


def test_two_threads_and_two_processes_lose_and_double_nothing(app: Flask, client: FlaskClient) -> None:
    tell(client, **SEEN)
    (what, one), *_rest = counts().waiting().items()
    memories = [Counts(), Counts()]

    def work(memory: Counts) -> None:
        for _time in range(100):
            memory.add(what, one)

    def hand_over(memory: Counts) -> None:
        for _time in range(10):
            with app.app_context():
                assert memory.flush()

    threads = [threading.Thread(target=act, args=(memory,)) for memory in memories for act in (work, work, hand_over)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert all(memory.flush() for memory in memories)
    assert counted() == {("misinformation", "end", "flood-picture"): (400, 0, 0)}


def test_a_database_that_is_away_keeps_the_counts_and_breaks_no_page(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(client, **SEEN)
    with monkeypatch.context() as away:

        def refuse(*_given: object) -> None:
            raise sa.exc.OperationalError("INSERT", {}, Exception("away"))

        away.setattr(counting_module, "count_asks", refuse)
        assert not counts().flush()
        assert tell(client, **SEEN).status_code == 204
    assert counts().flush()
    assert counted() == {("misinformation", "end", "flood-picture"): (2, 0, 0)}


def test_a_crash_loses_what_was_counted_since_the_last_time_and_no_more(client: FlaskClient) -> None:
    tell(client, **SEEN)
    assert counts().flush()
    tell(client, **SEEN)
    # The process ends here, and another one begins.
    again = Counts()
    assert again.flush()
    assert counted() == {("misinformation", "end", "flood-picture"): (1, 0, 0)}


def test_memory_has_an_end(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting_module, "MOST_KEYS", 3)
    for number in range(6):
        tell(client, **{**SEEN, "article": f"story-{number}"})
    assert len(counts().waiting()) == 3
    tell(client, **{**SEEN, "article": "story-0"})
    assert sum(sums.views for sums in counts().waiting().values()) == 4
