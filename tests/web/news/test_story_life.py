"""A story's life and its asks: what each flag takes off its page, and how an appeal rests and runs again everywhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient

from donate.appeals.load import load_appeals
from donate.appeals.models import Appeal
from donate.appeals.pause import resume_appeal
from donate.appeals.queries import find_appeal
from donate.articles.flag import clear_flag, set_flag
from donate.articles.queries import find_article, lock_article
from donate.commands.read_toml import read_toml
from donate.commands.samples import SAMPLE
from donate.db import committed, db, lock
from donate.team.history import Who
from donate.team.queries import list_history

pytestmark = pytest.mark.usefixtures("newsroom")

Work = Callable[[], int]
EDITOR = Who("staff", 7)
#: A story in each language to which the misinformation appeal is tied by name.
STORIES = {
    "en": "/articles/flood-picture",
    "ar": "/ar/articles/mosul-bridge-picture",
    "he": "/he/articles/haifa-empty-shelf",
}
BOUND = (
    "night-crew-amman", "flood-picture", "bread-line-umbrella", "mosul-bridge-picture", "haifa-empty-shelf",
    "gulf-dust-horizon",
)  # fmt: skip
_PLACES = {
    "header": "masthead__ask ask",
    "inline": "ask--inline",
    "end": "ask--end",
    "footer": "placement=footer",
}


def say(slug: str, flag: str, act: Callable[..., None] = set_flag) -> None:
    """Set a flag on a story, or take it off."""
    with committed():
        article = lock_article(slug)
        assert article is not None
        act(article, flag, EDITOR)


def look_over(slug: str = "misinformation") -> None:
    """Let an appeal run again."""
    with committed():
        appeal = find_appeal(slug)
        assert appeal is not None
        resume_appeal(lock(Appeal, appeal.id), EDITOR)


def path_of(slug: str) -> str:
    """Give a story's address in its own language."""
    article = find_article(slug)
    assert article is not None
    return f"/articles/{slug}" if article.language == "en" else f"/{article.language}/articles/{slug}"


def asking(page: str) -> set[str]:
    """Tell which appeals a page asks for."""
    found = re.findall(r"/donate\?appeal=([\w-]+)", unescape(page))
    return {*found, *re.findall(r'name="appeal" value="([\w-]+)"', page)}


def places(page: str) -> list[str]:
    """Tell in which placements a page asks."""
    return [place for place, mark in _PLACES.items() if mark in page]


@pytest.mark.parametrize("language", STORIES)
@pytest.mark.parametrize("flag", ["do_not_ask", "retraction", "embargo"])
def test_such_a_story_has_no_ask_in_any_placement_and_the_next_one_has(
    client: FlaskClient, language: str, flag: str
) -> None:
    path = STORIES[language]
    before = client.get(path).text
    assert asking(before) == {"misinformation"}
    assert {"header", "end"} <= set(places(before))
    say(path.rpartition("/")[2], flag)
    page = client.get(path).text
    assert places(page) == []
    # The way to the form itself stays in the masthead's and the footer's own links, and credits no appeal.
    assert asking(page) == set()
    other = next(slug for slug in BOUND if path_of(slug) not in STORIES.values())
    assert "end" in places(client.get(path_of(other)).text)
    say(path.rpartition("/")[2], flag, clear_flag)
    assert places(client.get(path).text) == places(before)


@pytest.mark.parametrize("language", STORIES)
def test_beside_a_sensitive_story_only_the_standing_appeal_asks(client: FlaskClient, language: str) -> None:
    path = STORIES[language]
    say(path.rpartition("/")[2], "sensitive")
    assert asking(client.get(path).text) == {"evergreen"}
    say(path.rpartition("/")[2], "sensitive", clear_flag)
    assert asking(client.get(path).text) == {"misinformation"}


def test_beside_a_sensitive_story_an_appeal_written_for_such_stories_asks(client: FlaskClient) -> None:
    with committed():
        appeal = find_appeal("misinformation")
        assert appeal is not None
        lock(Appeal, appeal.id).rules = {"allowed_flags": ["sensitive"]}
    say("flood-picture", "sensitive")
    assert asking(client.get(STORIES["en"]).text) == {"misinformation"}


def test_a_corrected_story_loses_its_own_appeal_at_once_and_keeps_those_of_its_section(client: FlaskClient) -> None:
    """Before the worker has come by: the page itself looks at the flag."""
    say("flood-picture", "correction")
    assert asking(client.get(STORIES["en"]).text) == {"evergreen"}
    assert asking(client.get(path_of("night-crew-amman")).text) == {"misinformation"}
    with committed():
        appeal = find_appeal("misinformation")
        assert appeal is not None
        row = lock(Appeal, appeal.id)
        row.targets = [target for target in row.targets if target.kind != "article"]
    assert asking(client.get(STORIES["en"]).text) == {"misinformation"}


def test_the_misinformation_appeal_runs_on_its_stories_rests_when_one_is_corrected_and_runs_again(
    client: FlaskClient, work: Work
) -> None:
    pages = [path_of(slug) for slug in BOUND]
    assert [asking(client.get(path).text) for path in pages] == [{"misinformation"}] * len(pages)
    say("flood-picture", "correction")
    work()
    lists = ["/sections/fact-desk", "/ar/sections/fact-desk", "/he/sections/fact-desk"]
    taken_over = {path: asking(client.get(path).text) for path in (*pages, *lists)}
    # One of its stories is about education too, and has that appeal now.
    assert taken_over.pop(path_of("night-crew-amman")) == {"student-newsroom"}
    assert [path for path, asks in taken_over.items() if asks != {"evergreen"}] == []
    rested = list_history("appeal", "misinformation")[-1]
    assert (rested.who_kind, rested.act) == ("system", "pause_appeal")
    assert rested.after == {"flag": "correction", "article": "flood-picture"}
    look_over()
    assert [asking(client.get(path).text) for path in pages] == [{"misinformation"}] * len(pages), (
        "the corrected one too"
    )
    work()
    again = list_history("appeal", "misinformation")[-1]
    assert (again.who_kind, again.who_id, again.act) == ("staff", 7, "resume_appeal")
    assert again.before == rested.after


def test_loading_the_appeals_file_again_starts_nothing_that_rests(client: FlaskClient, work: Work) -> None:
    say("flood-picture", "correction")
    work()
    appeal = find_appeal("misinformation")
    assert appeal is not None
    with committed():
        load_appeals(read_toml(SAMPLE / "appeals.toml"), appeal.starts_on)  # type: ignore[arg-type]
    db.session.expire_all()
    assert asking(client.get(STORIES["en"]).text) == {"evergreen"}
    appeal = find_appeal("misinformation")
    assert appeal is not None
    assert (appeal.status, appeal.paused_why) == ("paused", {"flag": "correction", "article": "flood-picture"})
