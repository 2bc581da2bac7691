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
    for path in (
        *pages,
        f"/articles/{article.slug}",
        f"/appeals/{appeal.slug}",
        "/asks/why",
        "/asks",
        "/asks/already-gave",
    ):
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
    # Behind a sign-in, and at it, every form carries the token of its own cookie: tests/web/test_access.py.
    guarded = {path for path in posts if path.startswith(("/signin", "/account", "/staff"))}
    assert posts - guarded == {
        "/donate",  # the form's own token, and the Origin
        "/card/<reference>",  # the key of its letter, and the Origin
        "/donate/pay/<reference>",  # the key of the gift, and the Origin
        "/gifts/<reference>/receipt",  # the key of the gift's page, and the Origin
        "/webhooks/stripe",  # Stripe's signature
        "/api/articles/changed",  # a bearer token
        "/unsubscribe/<reference>/<kind>",  # the signed key in its address
        "/remind",  # a page for anyone: the Origin
        "/remind/<reference>/stop",  # the signed key in its address
        "/my-news",  # pressed on pages that anyone keeps: the Origin
        "/my-news/forget",  # likewise
        "/asks/rest",  # likewise
        "/asks/again",  # likewise
        "/asks/counting",  # likewise
        "/asks/erase",  # likewise
        "/seen",  # a script on such a page: likewise
        "/asks/already-gave",  # likewise, and the limits of letters
        "/asks/gave/<written>",  # the signed hint in its address, and the Origin
    }
