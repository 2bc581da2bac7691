"""Links of our pages are those that Flask writes, though each is put together from a path known already."""

from __future__ import annotations

from typing import Any

import flask
import pytest
from flask import Flask

from donate.web.reading import url_for


@pytest.mark.parametrize(
    ("endpoint", "values"),
    [
        ("news.article", {"slug": "مياه-عمان"}),
        ("news.article", {"slug": "a b&c?d#e/é", "page": 2}),
        ("news.privacy", {}),
        ("news.front", {"slug": None, "page": None}),
        ("news.search", {"q": 'wells & "water" / مياه ~\'!', "page": 3}),
        ("give.donate", {"appeal": "it's", "article": None, "placement": "header", "frequency": "month"}),
        ("give.gift", {"reference": "ABCD", "key": "k/+="}),
        ("account.gifts", {"page": 2}),
    ],
    ids=["letters", "signs", "own page", "nothing", "search", "donate", "two values", "account"],
)
@pytest.mark.parametrize("prefix", ["", "/ar"])
def test_a_link_is_the_one_flask_writes(app: Flask, prefix: str, endpoint: str, values: dict[str, Any]) -> None:
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": prefix}):
        assert url_for(endpoint, **values) == flask.url_for(endpoint, **values)
