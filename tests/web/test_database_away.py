"""While the database is away a reader gets a page that says so, and not a bare line of the server's."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from donate.web import shelf as shelves


@pytest.fixture
def away(app: Flask, newsroom: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every look into the database fail, as when its server is gone."""

    def fail(*_given: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("the server closed the connection"))

    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr(shelves, "_look", fail)
    monkeypatch.setattr(shelves, "LOOK_SECONDS", -1.0)


@pytest.mark.usefixtures("away")
@pytest.mark.parametrize(("path", "language"), [("/", "en"), ("/ar/donate", "ar"), ("/he/", "he")])
def test_a_reader_is_told_in_the_pages_language(client: FlaskClient, path: str, language: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 500
    assert f'<html lang="{language}"' in answer.text
    assert "<h1>" in answer.text
    assert "OperationalError" not in answer.text


def test_a_newsroom_known_before_keeps_its_own_language(
    app: Flask, newsroom: None, client: FlaskClient, request: pytest.FixtureRequest
) -> None:
    assert client.get("/").status_code == 200
    request.getfixturevalue("away")
    assert '<html lang="en"' in client.get("/").text
