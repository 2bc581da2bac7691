"""An appeal's own page: its letter, and the first step to the form."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from donate.appeals.models import Appeal
from donate.appeals.queries import find_appeal
from donate.db import committed, lock

pytestmark = pytest.mark.usefixtures("newsroom")


def put(status: str) -> None:
    """Put the appeal into a state."""
    row = find_appeal("misinformation")
    assert row is not None
    with committed():
        lock(Appeal, row.id).status = status


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


def test_an_appeal_that_has_ended_says_so_and_still_takes_gifts(client: FlaskClient) -> None:
    put("ended")
    page = client.get("/appeals/misinformation").text
    assert "This appeal is not on now." in page
    assert 'name="appeal"' not in page


def test_an_appeal_that_is_being_written_is_not_here(client: FlaskClient) -> None:
    put("draft")
    assert client.get("/appeals/misinformation").status_code == 404


def test_an_unknown_appeal_is_not_here(client: FlaskClient) -> None:
    assert client.get("/appeals/nobody-knows").status_code == 404
