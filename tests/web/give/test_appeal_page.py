"""An appeal's own page: its letter, and the first step to the form."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient

from donate.appeals.models import Appeal, AppealTally
from donate.appeals.queries import find_appeal, find_evergreen
from donate.db import committed, db, lock
from donate.newsroom.edition import note_change

pytestmark = pytest.mark.usefixtures("newsroom")


def put(status: str) -> None:
    """Put the appeal into a state."""
    with committed():
        lock(Appeal, appeal_id()).status = status


def appeal_id() -> int:
    """Give the appeal's key."""
    row = find_appeal("misinformation")
    assert row is not None
    return row.id


def test_an_appeal_shows_its_letter_and_leads_to_the_form(client: FlaskClient) -> None:
    page = client.get("/appeals/misinformation").text
    assert "Tracing it takes us two days." in page
    assert "Miriam Castellano" in page
    assert '<input type="hidden" name="appeal" value="misinformation">' in page
    assert '<input type="hidden" name="placement" value="page">' in page
    assert 'action="/donate"' in page


def test_an_appeal_speaks_its_readers_language(client: FlaskClient) -> None:
    page = client.get("/ar/appeals/misinformation").text
    assert 'dir="rtl"' in page
    assert "مريم كاستيانو" in page


@pytest.mark.parametrize(
    ("status", "sentence"), [("ended", "This appeal has ended."), ("paused", "This appeal is resting for now.")]
)
def test_an_appeal_that_is_not_on_says_so_kindly_and_offers_the_standing_one(
    client: FlaskClient, status: str, sentence: str
) -> None:
    put(status)
    page = client.get("/appeals/misinformation").text
    assert sentence in page
    assert "Nothing is collected for it today." in page
    assert re.findall(r'name="appeal" value="([^"]*)"', page) == ["evergreen"]
    assert "appeal=evergreen&amp;placement=header" in page
    assert '<meta name="robots" content="noindex">' in page


def test_an_appeal_that_has_not_begun_says_when_it_does(client: FlaskClient) -> None:
    with committed():
        lock(Appeal, appeal_id()).starts_on = date(2026, 4, 1)
    page = client.get("/appeals/misinformation").text
    assert "This appeal begins on 1 April 2026." in page
    assert 'value="evergreen"' in page


def test_where_no_appeal_is_on_a_gift_still_finds_its_way(client: FlaskClient) -> None:
    put("ended")
    with committed():
        row = find_evergreen()
        assert row is not None
        lock(Appeal, row.id).status = "paused"
    page = client.get("/appeals/misinformation").text
    assert 'action="/donate"' in page
    assert 'name="appeal"' not in page


def test_an_appeal_shows_how_far_it_has_come_and_what_is_counted(client: FlaskClient) -> None:
    assert "The goal is $48,000." in client.get("/appeals/misinformation").text
    with committed():
        db.session.add(
            AppealTally(
                appeal_id=appeal_id(),
                currency="USD",
                raised_minor=3_124_000,
                gifts=500,
                people=412,
                counted_at=datetime(2026, 3, 1, 9, tzinfo=UTC),
            )
        )
        note_change(db.session())
    page = client.get("/appeals/misinformation").text
    assert "<strong>$31,240</strong> of $48,000" in page
    assert "412 people" in page
    assert "Gifts to this appeal in US dollars, after refunds, as of 1 March 2026 at 11:00." in page
    assert "fees that donors covered don’t, nor do gifts in other currencies" in page


def test_a_gift_in_another_currency_moves_no_goal(client: FlaskClient) -> None:
    with committed():
        row = AppealTally(appeal_id=appeal_id(), currency="EUR", raised_minor=1000, gifts=1, people=1)
        row.counted_at = datetime(2026, 3, 1, 9, tzinfo=UTC)
        db.session.add(row)
        note_change(db.session())
    assert "goal__track" not in client.get("/appeals/misinformation").text


def test_an_appeals_page_is_kept_like_a_storys(client: FlaskClient) -> None:
    answer = client.get("/appeals/misinformation")
    assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=50, stale-while-revalidate=5"
    assert "Set-Cookie" not in answer.headers
    again = client.get("/appeals/misinformation", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_an_appeals_page_says_what_it_is_where_it_is_shared(client: FlaskClient) -> None:
    page = client.get("/ar/appeals/misinformation").text
    assert '<link rel="canonical" href="http://127.0.0.1:5000/ar/appeals/misinformation">' in page
    assert page.count('rel="alternate" hreflang=') == 3
    assert re.search(r'<meta property="og:description" content="[^"]{20,}"', page)


def test_an_appeal_that_is_being_written_is_not_here(client: FlaskClient) -> None:
    put("draft")
    assert client.get("/appeals/misinformation").status_code == 404


def test_an_unknown_appeal_is_not_here(client: FlaskClient) -> None:
    assert client.get("/appeals/nobody-knows").status_code == 404
