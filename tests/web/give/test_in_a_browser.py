"""The form in a real browser, under its own content policy: with scripts, without, by keyboard, for every eye."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, Request, Route

from donate.money import show
from donate.web.amounts import read_amount
from tests.make import application

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("newsroom")]

Opened = Callable[..., Any]
TYPED = (
    "1",
    "7",
    "37",
    "٣٧",
    "12.5",
    "12,50",
    "0.99",
    "999999.99",
    "4.10",
    "1.13",
    "2000",
    "19.9",
    "2.505",
    "0,7",
    "0500",
)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Return one kind of database: what a browser draws does not depend on it."""
    return application.sqlite_copy(sqlite_template, tmp_path)


@pytest.fixture
def look(app: Flask, chromium: Browser) -> Opened:
    """Return a way to open a page of the application without a server; complaints on its console fail."""

    @contextmanager
    def opened(path: str, **options: Any) -> Iterator[Page]:
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(45_000)
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        page.route("**/*", lambda route, request: answer(app, route, request))
        page.goto(application.SITE + path)
        yield page
        context.close()
        assert complaints == []

    return opened


def answer(app: Flask, route: Route, request: Request) -> None:
    """Answer a browser's request by the application itself."""
    parts = urlsplit(request.url)
    given = app.test_client().open(
        parts.path, method=request.method, query_string=parts.query, base_url=application.SITE,
        data=request.post_data_buffer, headers=request.headers, buffered=True,
    )  # fmt: skip
    route.fulfill(status=given.status_code, headers=dict(given.headers), body=given.data)


def label(page: Page) -> str:
    """Read what the button says to whoever looks at it."""
    return " ".join(page.locator("#go").inner_text().split())


@pytest.mark.parametrize("scripts", [True, False], ids=["javascript", "no-javascript"])
def test_the_button_says_what_will_happen(look: Opened, scripts: bool) -> None:
    with look("/donate", java_script_enabled=scripts) as page:
        assert label(page) == "Give $15.00 every month"
        page.check("#f-year")
        page.check("#cover")
        assert label(page) == "Give $15.78 every year"
        assert "charge $15.78 today and then every year on 2 March" in page.locator(".needs-repeat").inner_text()
        page.check("#f-once")
        page.check("#a-5")
        assert label(page) == "Give $51.86 once"
        assert page.locator(".needs-repeat").is_hidden()


def test_a_typed_amount_without_scripts_is_called_this_amount(look: Opened) -> None:
    with look("/donate", java_script_enabled=False) as page:
        page.check("#a-other")
        page.fill("#other", "37")
        assert label(page) == "Give this amount every month"
        page.check("#cover")
        assert label(page) == "Give this amount and the card fee on it every month"


@pytest.mark.parametrize("currency", ["USD", "ILS", "JOD"])
def test_a_typed_amount_is_written_as_the_server_will_charge_it(look: Opened, currency: str) -> None:
    with look(f"/donate?currency={currency}&amount=other") as page:
        for typed in TYPED:
            page.fill("#other", typed)
            for cover in (False, True):
                page.set_checked("#cover", cover)
                read = read_amount("other", typed, currency, cover_fee=cover)
                if read.gift is None or read.fee is None:
                    assert label(page).startswith("Give this amount"), typed
                    assert page.input_value("#shown-total") == ""
                else:
                    total = read.gift + read.fee
                    assert label(page) == f"Give {show(total)} every month", typed
                    assert page.input_value("#shown-total") == total.plain()


@pytest.mark.parametrize(
    "typed", ["", "1,000", "1.000", "12.505", "five", "1e3", "0", "-5", "0.10", "99999999999", "1 2"]
)
def test_an_amount_the_script_is_unsure_of_is_called_this_amount(look: Opened, typed: str) -> None:
    with look("/donate?amount=other") as page:
        page.fill("#other", "25")
        page.fill("#other", typed)
        assert label(page) == "Give this amount every month"


def test_the_form_is_filled_and_sent_by_keyboard_alone(look: Opened) -> None:
    with look("/donate") as page:
        page.focus("#f-month")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowRight")
        assert label(page) == "Give $25.00 every year"
        page.focus("#email")
        page.keyboard.type("leila.example.org")
        page.keyboard.press("Enter")
        page.wait_for_selector("#errors:focus")
        assert page.title().startswith("Error:")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector("#email:focus")


def test_without_scripts_the_focus_is_on_what_there_is_to_put_right(look: Opened) -> None:
    with look("/donate", java_script_enabled=False) as page:
        page.fill("#email", "leila")
        page.click("#go")
        page.wait_for_selector("#errors:focus")


def test_two_presses_send_the_form_once_and_coming_back_makes_it_ready(look: Opened) -> None:
    with look("/donate") as page:
        page.evaluate(
            "window.sent = 0; document.getElementById('give').addEventListener('submit',"
            " (event) => { if (!event.defaultPrevented) { window.sent += 1; event.preventDefault(); } })"
        )
        page.click("#go")
        page.click("#go", force=True)
        assert page.evaluate("window.sent") == 1
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
        page.click("#go")
        assert page.evaluate("window.sent") == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    ["/donate?appeal=misinformation&article=night-crew-amman", "/ar/donate", "/he/donate", "/appeals/misinformation"],
)
def test_every_eye_and_every_width_can_use_the_pages(look: Opened, path: str, scheme: str) -> None:
    with look(path, color_scheme=scheme, viewport={"width": 320, "height": 800}) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert violations(page) == []
        if "donate" in path:
            page.check("#a-other")
            page.fill("#other", "1,000")
            page.click("#go")
            page.wait_for_selector("#errors")
            assert page.evaluate("document.documentElement.scrollWidth") <= 320
            assert violations(page) == []


def violations(page: Page) -> list[str]:
    """List what axe finds wrong."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found]
