"""A page that is drawn once for many readers says to each what is theirs, and nothing of anybody else's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from tests.make.gifts import Gifts
from tests.make.signing_in import Comings
from tests.people import AMAL, NOAM

Settle = Callable[..., None]
STORY = "/articles/flood-picture"
SLOT = "\ue000"
SHARP = replace(NOAM, first_name="<b>Noam & co</b>", language="en")


@pytest.fixture
def members(gifts: Gifts, settle: Settle, comings: Comings) -> tuple[FlaskClient, FlaskClient]:
    """Return the browsers of two members."""
    gifts.paid(AMAL, amount="240.00")
    gifts.paid(SHARP, amount="240.00")
    settle()
    return comings.member(AMAL.email), comings.member(SHARP.email)


@pytest.mark.parametrize("path", [STORY, "/sections/culture", "/topics/water", "/privacy", "/"])
def test_two_members_share_a_page_and_each_reads_their_own(
    members: tuple[FlaskClient, FlaskClient], client: FlaskClient, path: str
) -> None:
    first, second = (member.get(path) for member in members)
    assert "Thank you, <bdi>Amal</bdi>." in first.text
    assert "Thank you, <bdi>&lt;b&gt;Noam &amp; co&lt;/b&gt;</bdi>." in second.text
    assert "Member since 2026." in second.text
    for answer in (first, second):
        assert SLOT not in answer.text
        assert answer.headers["Cache-Control"] == "private, no-cache"
    public = client.get(path)
    assert "Member since" not in public.text
    assert SLOT not in public.text


def test_what_one_follows_is_pressed_on_their_page_alone(members: tuple[FlaskClient, FlaskClient]) -> None:
    first, second = members
    first.post("/my-news", data={"follow": "section/culture", "back": "/sections/culture"})
    on = 'name="unfollow" value="section/culture" aria-pressed="true"'
    assert on in first.get("/sections/culture").text
    assert on not in second.get("/sections/culture").text


def test_the_second_reader_of_a_kind_waits_for_no_page_to_be_drawn(members: tuple[FlaskClient, FlaskClient]) -> None:
    first, second = members
    first.get(STORY)
    second.get("/")
    queries: list[str] = []

    def note(*given: object) -> None:
        queries.append(str(given[2]))

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    assert second.get(STORY).status_code == 200
    sa.event.remove(sa.Engine, "before_cursor_execute", note)
    assert [each for each in queries if "article" in each] == []


def test_another_name_or_another_follow_is_another_answer_to_a_browser_that_asks_again(
    members: tuple[FlaskClient, FlaskClient],
) -> None:
    first, second = members
    mark = first.get(STORY).headers["ETag"]
    assert first.get(STORY, headers={"If-None-Match": mark}).status_code == 304
    assert second.get(STORY, headers={"If-None-Match": mark}).status_code == 200
