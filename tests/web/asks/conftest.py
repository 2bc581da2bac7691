"""A reader's browser, and what its cookie says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from donate.db import committed
from donate.newsroom.queries import get_newsroom
from donate.web.reader_cookie import NOTHING, Kept, read_cookie, write_cookie

STORY, OTHER = "/articles/flood-picture", "/articles/night-crew-amman"
TODAY = date(2026, 3, 2)


def kept_in(browser: FlaskClient) -> Kept:
    """Read what a browser's cookie keeps."""
    found = browser.get_cookie("donate_reader")
    return read_cookie(found.value) if found is not None else NOTHING


def asks_on(page: str) -> int:
    """Count the asks of a page, lines at its head and foot included."""
    return page.count("data-ask=")


@pytest.fixture
def keep_in(newsroom: None, client: FlaskClient) -> Callable[..., Kept]:
    """Return a way to put something into the browser's cookie."""

    def put(**changes: Any) -> Kept:
        kept = replace(kept_in(client), **changes)
        client.set_cookie("donate_reader", write_cookie(kept))
        return kept

    return put


@pytest.fixture
def counting(app: Flask, newsroom: None) -> Callable[..., None]:
    """Return a way to choose how readers are counted, and which header tells where they are."""

    def choose(setting: str, header: str = "X-Country") -> None:
        with committed():
            get_newsroom().counting = setting
        app.config["DONATE"] = replace(app.config["DONATE"], country_header=header)

    return choose
