"""The form's token: ours, for one reference, for a day; and the browser's word on who sent the form."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from donate import clock, references
from donate.web.give.form_token import make_token, read_token
from donate.web.origin import is_from_elsewhere

pytestmark = pytest.mark.usefixtures("words")
DAY = date(2026, 3, 20)


def test_a_token_tells_the_day_the_form_was_shown() -> None:
    reference = references.new_reference()
    seen = read_token(make_token(reference, DAY), reference)
    assert (seen.authentic, seen.fresh, seen.shown_on) == (True, True, DAY)


def test_a_token_of_another_form_is_nothing() -> None:
    token = make_token(references.new_reference(), DAY)
    assert not read_token(token, references.new_reference()).authentic


@pytest.mark.parametrize("token", ["", "x", "1.2.3", "....", "1795400234.2026-03-02.", "é.ü.ö"])
def test_what_is_no_token_is_nothing(token: str) -> None:
    assert not read_token(token, references.new_reference()).authentic


def test_a_token_of_yesterday_is_stale_and_still_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    reference = references.new_reference()
    token = make_token(reference, DAY)
    later = datetime.now(UTC) + timedelta(hours=25)
    monkeypatch.setattr(clock, "real_now", lambda: later)
    seen = read_token(token, reference)
    assert seen.authentic
    assert not seen.fresh


@pytest.mark.parametrize(
    ("headers", "is_elsewhere"),
    [
        ({}, False),
        ({"Sec-Fetch-Site": "same-origin"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, True),
        ({"Sec-Fetch-Site": "same-site"}, True),
        ({"Origin": "https://news.example.org"}, False),
        ({"Origin": "http://inside:8000"}, False),
        ({"Origin": "https://elsewhere.example"}, True),
        ({"Origin": "null"}, True),
    ],
)
def test_the_browser_tells_who_sent_a_form(headers: dict[str, str], is_elsewhere: bool) -> None:
    asked = Request(EnvironBuilder(method="POST", base_url="http://inside:8000", headers=headers).get_environ())
    assert is_from_elsewhere(asked, "https://news.example.org") is is_elsewhere
