"""Whence a reader first came goes along to the form, within one tab; nothing on our own pages writes over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from donate.articles.queries import list_every_article
from donate.giving.models import Donation
from tests.make import application
from tests.make.rows import every
from tests.make.visit import choose, follow
from tests.web.give.test_in_a_browser import answer

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("newsroom")]

Tab = Callable[..., Any]
DOOR = ".masthead__ask a.btn"


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Return one kind of database: what a browser carries does not depend on it."""
    return application.sqlite_copy(sqlite_template, tmp_path)


@pytest.fixture
def tab(app: Flask, chromium: Browser) -> Tab:
    """Return a way to open a tab of the application without a server; complaints on its console fail."""

    @contextmanager
    def opened(**options: Any) -> Iterator[Page]:
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(45_000)
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        page.route("**/*", lambda route, request: answer(app, route, request))
        yield page
        context.close()
        assert complaints == []

    return opened


def stories() -> list[str]:
    """Give the addresses of two stories in English."""
    found = [f"{application.SITE}/articles/{each.slug}" for each in list_every_article() if each.language == "en"]
    return found[:2]


def source_of(page: Page) -> list[str]:
    """Tell which source the page's first door names."""
    href = page.locator(DOOR).first.get_attribute("href") or ""
    return parse_qs(urlsplit(href).query).get("source", [])


def test_the_gift_has_the_first_source_of_its_tab(tab: Tab) -> None:
    first, second = stories()
    with tab() as page:
        page.goto(f"{first}?utm_source=letter&utm_medium=email&utm_campaign=spring")
        page.goto(second, referer=first)
        assert source_of(page) == ["letter/email/spring"]
        page.goto(f"{first}?utm_source=feed", referer="https://elsewhere.example/")
        page.goto(second, referer=first)
        follow(page, page.locator(DOOR).first)
        assert page.locator("input[name=source]").input_value() == "letter/email/spring"
        choose(page, "#f-once")
        page.fill("#email", "amal@example.org")
        with page.expect_response(lambda got: got.request.method == "POST"):
            page.locator("#go").click()
    (gift,) = every(Donation)
    assert (gift.source, gift.placement, gift.article_slug) == (
        "letter/email/spring", "header", second.rpartition("/")[2],
    )  # fmt: skip


def test_a_form_on_the_page_says_it_too(tab: Tab) -> None:
    with tab() as page:
        page.goto(f"{application.SITE}/appeals/misinformation?source=poster")
        follow(page, page.locator("form[action='/donate'] button").first)
        assert page.locator("input[name=source]").input_value() == "poster"


def test_another_site_is_a_source_and_our_own_is_none(tab: Tab) -> None:
    first, second = stories()
    with tab() as page:
        page.goto(first, referer=second)
        assert source_of(page) == []
        page.goto(second, referer="https://search.example/?q=flood+picture")
        assert source_of(page) == ["search.example"]
        page.goto(f"{first}?utm_source=later", referer=second)
        assert source_of(page) == ["search.example"]


def test_each_tab_remembers_its_own(tab: Tab) -> None:
    first, second = stories()
    with tab() as page:
        page.goto(f"{first}?source=poster")
        assert source_of(page) == ["poster"]
        assert page.context.cookies() == []
    with tab() as page:
        page.goto(second)
        assert source_of(page) == []


def test_a_source_is_cleaned_and_cut_as_the_form_does(tab: Tab) -> None:
    with tab() as page:
        page.goto(f"{stories()[0]}?source=%0Atwo%00%0A%0Dlines%20{'x' * 300}")
        assert source_of(page) == [("two lines " + "x" * 300)[:200]]


def test_without_scripts_nothing_is_carried_and_every_door_is_open(tab: Tab) -> None:
    first, second = stories()
    with tab(java_script_enabled=False) as page:
        page.goto(f"{first}?utm_source=letter")
        page.goto(second, referer=first)
        assert source_of(page) == []
        follow(page, page.locator(DOOR).first)
        assert page.locator("#go").is_visible()
