"""What anyone may keep: reader pages set no cookie, and the donation form is nobody's to keep."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from donate.appeals.queries import list_appeals
from donate.articles.queries import list_every_article


@pytest.mark.usefixtures("newsroom")
def test_reader_pages_are_answered_without_a_cookie(client: FlaskClient) -> None:
    article, appeal = list_every_article()[0], list_appeals()[0]
    pages = ["/", "/he/", "/donate", "/ar/donate", f"/donate?appeal={appeal.slug}"]
    for path in (*pages, f"/articles/{article.slug}", f"/appeals/{appeal.slug}"):
        with client.get(path) as answer:
            assert answer.status_code == 200, path
            assert "Set-Cookie" not in answer.headers, path


@pytest.mark.usefixtures("newsroom")
def test_the_donation_form_is_never_kept(client: FlaskClient) -> None:
    with client.get("/donate") as answer:
        assert answer.headers["Cache-Control"] == "no-store"


def test_every_route_that_changes_something_is_known_by_name(app: Flask) -> None:
    """A new one is added here with thought: how is it kept from other sites' forms?"""
    posts = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.methods and rule.methods & {"POST", "PUT", "PATCH", "DELETE"}
    }
    assert posts == {
        "/donate",  # the form's own token, and the Origin
        "/webhooks/stripe",  # Stripe's signature
        "/api/articles/changed",  # a bearer token
    }
