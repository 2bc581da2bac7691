"""The ask for another site: the story is recognised, the guest is nobody, and what is wrong asks nothing.

Long, because each way an address may be written, and each answer, is held to the same few stories in one place.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from donate.appeals.models import AppealTally, AskSwitch
from donate.appeals.queries import find_appeal
from donate.articles.import_story import import_stories
from donate.articles.queries import find_article
from donate.articles.story import Story
from donate.clock import now
from donate.db import committed, db
from donate.newsroom.edition import note_change
from tests.make.application import SITE
from tests.make.gifts import Gifts
from tests.make.signing_in import Comings
from tests.people import AMAL

pytestmark = pytest.mark.usefixtures("newsroom")

WELLS = "https://Harbour.example/2024/03/wells/"
STORY = Story(
    source="harbour",
    guid="17",
    slug="the-wells",
    headline="The wells",
    body_html="<p>One.</p>" * 9,
    section="fact-desk",
    canonical_url=WELLS,
)
KEEP = "public, max-age=0, s-maxage=50, stale-while-revalidate=5"

Settle = Callable[..., None]


def ask(client: FlaskClient, url: str, **more: str) -> TestResponse:
    answer = client.get("/api/ask", query_string={"url": url, **more})
    assert answer.status_code == 200
    assert answer.is_json
    return answer


def told(client: FlaskClient, url: str, **more: str) -> Any:
    return ask(client, url, **more).get_json()["ask"]


def link(found: Any) -> tuple[str, dict[str, list[str]]]:
    parts = urlsplit(found["form"])
    return f"{parts.scheme}://{parts.netloc}{parts.path}", parse_qs(parts.query)


@pytest.fixture
def wells(newsroom: None) -> None:
    """Bring in a story that lives elsewhere."""
    with committed():
        import_stories([STORY])


# -- which article it is --------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("wells")
@pytest.mark.parametrize(
    "url",
    [
        WELLS,
        "http://www.harbour.example:80/2024/03/wells",
        "https://HARBOUR.EXAMPLE/2024/03/wells/?utm_source=letter&UTM_Medium=mail&fbclid=x#comments",
        "https://harbour.example/2024/03/w%65lls//",
        f"{SITE}/articles/the-wells",
        f"{SITE}/articles/the-wells?utm_source=letter",
        f"{SITE}/he/articles/the-wells/",
    ],
)
def test_an_article_is_recognised_by_its_own_address_and_by_ours(client: FlaskClient, url: str) -> None:
    assert told(client, url)["article"] == "the-wells"


@pytest.mark.usefixtures("wells")
@pytest.mark.parametrize(
    "url",
    [
        "https://harbour.example/2024/03/wells/2",
        "https://harbour.example/2024/03/Wells/",
        "https://harbour.example:8443/2024/03/wells/",
        "https://harbour.example/2024/03/wells/?p=2",
        "https://other.example/2024/03/wells/",
        "https://other.example/articles/the-wells",
        f"{SITE}/articles/no-such-story",
        f"{SITE}/articles/the-wells/comments",
    ],
)
def test_another_page_is_an_article_we_do_not_know(client: FlaskClient, url: str) -> None:
    found = told(client, url)
    assert (found["appeal"], found["article"]) == ("evergreen", "")


def test_an_address_of_arabic_letters_is_the_same_encoded(client: FlaskClient) -> None:
    with committed():
        import_stories([Story(**{**vars_of(STORY), "language": "ar", "canonical_url": "https://مثال.example/قصة/"})])
    encoded = "https://xn--mgbh0fb.example/%D9%82%D8%B5%D8%A9"
    for url in (encoded, encoded.lower(), "https://مثال.example/قصة"):
        assert told(client, url)["article"] == "the-wells"


def vars_of(story: Story) -> dict[str, Any]:
    return {name: getattr(story, name) for name in story.__dataclass_fields__}


@pytest.mark.usefixtures("wells")
def test_of_two_stories_from_one_page_the_first_is_meant(client: FlaskClient) -> None:
    with committed():
        import_stories([Story(**{**vars_of(STORY), "guid": "18", "slug": "again", "source": "another"})])
    assert told(client, WELLS)["article"] == "the-wells"


@pytest.mark.usefixtures("wells")
def test_a_story_that_moved_is_found_where_it_is_now(client: FlaskClient) -> None:
    with committed():
        article = find_article("the-wells")
        assert article is not None
        article.canonical_url = "https://harbour.example/new"
    assert told(client, WELLS)["article"] == ""
    assert told(client, "https://harbour.example/new")["article"] == "the-wells"


# -- what it is asked -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("wells")
def test_the_answer_is_the_ask_of_the_storys_own_page(client: FlaskClient) -> None:
    found = told(client, WELLS)
    page = client.get("/articles/the-wells").text
    assert found["appeal"] == "misinformation"
    assert found["places"] == ["end", "inline"]
    assert found["headline"] in page
    assert found["body_html"] in page
    assert (found["language"], found["direction"], found["currency"]) == ("en", "ltr", "USD")
    assert [each["value"] for each in found["frequencies"]] == ["once", "month", "year"]
    assert [each["value"] for each in found["frequencies"] if each["is_default"]] == ["month"]
    assert {"value": "15", "label": "$15", "is_default": True} in found["amounts"]["month"]
    assert found["goal"] is None
    assert found["why"]["link"] == f"{SITE}/appeals/misinformation"
    assert client.get("/appeals/misinformation").status_code == 200
    assert ask(client, WELLS).get_json()["until"] == find_end("misinformation")


def find_end(slug: str) -> str:
    appeal = find_appeal(slug)
    assert appeal is not None
    assert appeal.ends_on is not None
    return appeal.ends_on.isoformat()


@pytest.mark.usefixtures("wells")
def test_the_link_to_the_form_says_where_the_gift_came_from(client: FlaskClient) -> None:
    assert link(told(client, WELLS)) == (
        f"{SITE}/donate",
        {
            "appeal": ["misinformation"],
            "article": ["the-wells"],
            "placement": ["end"],
            "source": ["harbour.example"],
        },
    )
    assert link(told(client, WELLS, placement="inline"))[1]["placement"] == ["inline"]
    # A page that shares a kept answer still says its own name.
    assert link(told(client, "https://one.example/a"))[1]["source"] == ["one.example"]
    assert link(told(client, "https://two.example/b"))[1]["source"] == ["two.example"]
    odd = link(told(client, "https://a\"b<c>&d=e'.example/"))[1]
    assert odd["source"] == ["a\"b<c>&d=e'.example"]
    assert "appeal" in odd


@pytest.mark.usefixtures("wells")
def test_a_goal_is_told_with_its_rule_and_its_moment(client: FlaskClient) -> None:
    appeal = find_appeal("misinformation")
    assert appeal is not None
    with committed():
        row = AppealTally(appeal_id=appeal.id, currency="USD", raised_minor=3_124_000, gifts=500, people=412)
        row.counted_at = datetime(2026, 3, 1, 9, tzinfo=UTC)
        db.session.add(row)
        note_change(db.session())
    goal = told(client, WELLS)["goal"]
    assert (goal["raised"], goal["goal"], goal["currency"], goal["people"]) == ("31240.00", "48000.00", "USD", 412)
    assert goal["sentence"] == "$31,240 of $48,000"
    assert goal["people_sentence"].startswith("412 people, until ")
    assert goal["percent"] == 65.0
    assert "after refunds, as of 1 March 2026 at 11:00" in goal["rule"]
    assert goal["as_of"] == "2026-03-01T09:00:00+00:00"


@pytest.mark.parametrize(
    ("lang", "language", "path"),
    [
        ("", "en", "/donate"),
        ("ar", "ar", "/ar/donate"),
        ("ar-JO", "ar", "/ar/donate"),
        ("HE_il", "he", "/he/donate"),
        ("fr", "en", "/donate"),
        ("../x", "en", "/donate"),
    ],
)
def test_beside_an_unknown_article_the_page_says_its_language(
    client: FlaskClient, lang: str, language: str, path: str
) -> None:
    found = told(client, "https://elsewhere.example/a", lang=lang)
    assert found["language"] == language
    assert link(found)[0] == SITE + path


def test_a_page_without_a_language_of_ours_gets_the_newsrooms(client: FlaskClient) -> None:
    with committed():
        db.session.execute(sa.text("UPDATE newsroom SET language = 'he'"))
        appeal = find_appeal("evergreen")
        assert appeal is not None
        appeal.version += 1
    assert told(client, "https://elsewhere.example/a")["language"] == "he"
    assert told(client, "https://elsewhere.example/a", lang="fr")["language"] == "he"


def test_a_story_is_asked_in_its_own_language_with_its_words(client: FlaskClient) -> None:
    with committed():
        import_stories([Story(**{**vars_of(STORY), "language": "ar"})])
    found = told(client, WELLS, lang="en")
    assert (found["language"], found["direction"]) == ("ar", "rtl")
    assert link(found)[0] == f"{SITE}/ar/donate"
    assert found["labels"]["other"] != "Other"
    # The address of the answer does not change its language.
    assert client.get("/he/api/ask", query_string={"url": WELLS}).get_json()["ask"] == found


@pytest.mark.parametrize(
    ("flag", "appeal"),
    [
        ("do_not_ask", None),
        ("retraction", None),
        ("embargo", None),
        ("sensitive", "evergreen"),
        ("correction", "misinformation"),
    ],
)
@pytest.mark.usefixtures("wells")
def test_what_is_said_of_a_story_counts_elsewhere_too(client: FlaskClient, flag: str, appeal: str | None) -> None:
    assert told(client, WELLS)["appeal"] == "misinformation"
    with committed():
        article = find_article("the-wells")
        assert article is not None
        article.flags = {flag: {"by": "editor", "since": "2026-03-01T00:00:00+00:00"}}
    found = told(client, WELLS)
    assert (found and found["appeal"]) == appeal


@pytest.mark.usefixtures("wells")
def test_a_paused_appeal_gives_way_and_a_place_that_is_off_stays_empty(client: FlaskClient) -> None:
    assert told(client, WELLS)["appeal"] == "misinformation"
    with committed():
        appeal = find_appeal("misinformation")
        assert appeal is not None
        appeal.status = "paused"
    assert told(client, WELLS)["appeal"] == "evergreen"
    with committed():
        db.session.add(AskSwitch(placement="end", switched_off_at=now()))
    assert told(client, WELLS)["places"] == ["inline"]
    assert link(told(client, WELLS))[1]["placement"] == ["inline"]
    assert told(client, WELLS, placement="end") is None
    with committed():
        db.session.add(AskSwitch(placement="inline", switched_off_at=now()))
    assert told(client, WELLS) is None


def test_a_short_story_has_no_room_between_its_paragraphs(client: FlaskClient) -> None:
    with committed():
        import_stories([Story(**{**vars_of(STORY), "body_html": "<p>One.</p>"})])
    assert told(client, WELLS)["places"] == ["end"]
    assert told(client, WELLS, placement="inline") is None


# -- what is wrong --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"url": ""},
        {"url": "harbour.example/story"},
        {"url": "javascript:alert(1)"},
        {"url": "file:///etc/passwd"},
        {"url": "http://["},
        {"url": "https://"},
        {"url": "https://a..b/"},
        {"url": "https://host:99999/"},
        {"url": "https://host/a b"},
        {"url": "https://host/\x00"},
        {"url": "https://host/" + "a" * 3000},
        {"url": "https://host/?" + "a&" * 900},
        {"url": "https://host/", "placement": "header"},
    ],
    ids=str,
)
def test_what_can_not_be_made_out_asks_nothing(client: FlaskClient, query: dict[str, str]) -> None:
    answer = client.get("/api/ask", query_string=query)
    assert (answer.status_code, answer.get_json()) == (200, {"ask": None})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("raw", ["url=%ff%fe", "url=https://host/%ff%00%fe", "url=https://host/?%ff=%fe", "url[]=1"])
def test_bytes_that_are_no_text_break_nothing(client: FlaskClient, raw: str) -> None:
    assert client.get("/api/ask?" + raw).status_code == 200


def test_when_the_database_is_away_nothing_is_asked_and_nobody_keeps_that(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_given: object) -> None:
        raise sa.exc.OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(import_module("donate.web.api.ask"), "find_story", away)
    answer = ask(client, "https://elsewhere.example/a")
    assert answer.get_json() == {"ask": None}
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_without_a_newsroom_nothing_is_asked(app: Flask, client: FlaskClient) -> None:
    with committed():
        db.session.execute(sa.text("DELETE FROM newsroom"))
    app.extensions["shelf"].__init__()
    assert told(client, "https://elsewhere.example/a") is None


# -- who may read and keep it ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("wells")
def test_any_site_may_read_it_and_a_proxy_keep_it_as_it_keeps_pages(client: FlaskClient) -> None:
    answer = ask(client, WELLS)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert answer.headers["Cache-Control"] == KEEP == client.get("/articles/the-wells").headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    assert "Vary" not in answer.headers
    mark = answer.headers["ETag"]
    again = client.get("/api/ask", query_string={"url": WELLS}, headers={"If-None-Match": mark})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == mark
    assert again.headers["Cache-Control"] == KEEP
    assert again.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.usefixtures("wells")
def test_a_browser_may_ask_first_what_it_may_do(client: FlaskClient) -> None:
    head = client.head("/api/ask", query_string={"url": WELLS})
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == ask(client, WELLS).headers["ETag"]
    options = client.options("/api/ask", headers={"Origin": "https://harbour.example"})
    assert (options.status_code, options.data) == (204, b"")
    assert options.headers["Access-Control-Allow-Origin"] == "*"
    assert options.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert client.post("/api/ask").status_code == 405


@pytest.mark.usefixtures("wells")
def test_a_members_cookie_changes_nothing(client: FlaskClient, gifts: Gifts, settle: Settle, comings: Comings) -> None:
    gifts.paid(AMAL, amount="240.00")
    settle()
    member = comings.member(AMAL.email)
    assert "ask--end" not in member.get("/articles/the-wells").text
    answer = ask(member, WELLS)
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == KEEP
    assert answer.data == ask(client, WELLS).data
    assert answer.get_json()["ask"]["appeal"] == "misinformation"


@pytest.mark.usefixtures("wells")
def test_a_warm_answer_asks_the_database_nothing_and_a_change_is_told_at_once(client: FlaskClient) -> None:
    first = ask(client, WELLS).headers["ETag"]
    queries: list[str] = []

    def note(*given: object) -> None:
        queries.append(str(given[2]))

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    assert ask(client, WELLS).headers["ETag"] == first
    sa.event.remove(sa.Engine, "before_cursor_execute", note)
    assert [each for each in queries if "article" in each or "appeal" in each] == []
    with committed():
        appeal = find_appeal("misinformation")
        assert appeal is not None
        for text in appeal.texts:
            text.headline = "Another"
    assert told(client, WELLS)["headline"] == "Another"
    assert ask(client, WELLS).headers["ETag"] != first


@pytest.mark.usefixtures("wells")
def test_made_up_addresses_take_no_room(app: Flask, client: FlaskClient) -> None:
    kept = app.extensions["shelf"]._pages
    ask(client, "https://elsewhere.example/0")
    before = len(kept)
    for number in range(1, 50):
        ask(client, f"https://elsewhere-{number}.example/{number}?q={number}", lang=f"en-{number}")
    assert len(kept) == before
    for query in ("", "?utm_source=a", "?utm_source=b", "?fbclid=c"):
        ask(client, WELLS + query)
    assert len(kept) == before + 1


# -- the script -----------------------------------------------------------------------------------------------------


def test_the_script_is_small_and_any_page_may_load_it(client: FlaskClient) -> None:
    answer = client.get("/embed.js")
    assert answer.status_code == 200
    assert answer.content_type == "text/javascript; charset=utf-8"
    assert len(answer.data) < 8192
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Cache-Control"] == "public, max-age=300, stale-while-revalidate=3600"
    assert "Set-Cookie" not in answer.headers
    again = client.get("/embed.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_script_has_no_way_to_run_what_it_is_told(client: FlaskClient) -> None:
    text = client.get("/embed.js").text
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "Function(", "document.write", "cookie ="):
        assert way not in text
