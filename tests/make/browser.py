"""A real browser: Debian's Chromium by playwright, with JavaScript and without."""

from __future__ import annotations

import itertools
import os
import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

# Answers that pages mean: a form to be mended or overtaken, a card declined, an address that is none, a link used up.
_MEANT = re.compile(r"responded with a status of (402|403|404|409|410|422) ")
# How long a page may take on a machine that does much else; a test fails for what does not come, not for when it does.
expect.set_options(timeout=30_000)
_NETWORKS = itertools.cycle(range(1, 200))
# A browser that looks for updates, word lists and the like would speak to the world from a test.
_QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
    "--disable-features=OptimizationHints,MediaRouter,Translate",
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return Chromium, started once a process; skip with a reason where it is not installed."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        why = "Chromium is not installed (Debian: apt-get install chromium)"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(why)
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_QUIET))
        yield browser
        browser.close()


@pytest.fixture(params=[True, False], ids=["javascript", "no-javascript"])
def javascript(request: pytest.FixtureRequest) -> bool:
    """Say whether the page runs scripts; every journey that asks is made both ways."""
    return bool(request.param)


@pytest.fixture
def page(chromium: Browser, javascript: bool) -> Iterator[Page]:
    """Return a fresh page; what it complains about on its console fails the test."""
    context = chromium.new_context(
        java_script_enabled=javascript,
        viewport={"width": 1280, "height": 900},
        # A network of its own for each, as in life: what is limited by network is not what is looked at here.
        extra_http_headers={"X-Forwarded-For": f"10.{next(_NETWORKS)}.0.7"},
    )
    context.set_default_timeout(45_000)
    opened = context.new_page()
    complaints: list[str] = []

    def note(kind: str, words: str) -> None:
        if kind == "error" and not _MEANT.search(words):
            complaints.append(words)

    opened.on("console", lambda said: note(said.type, said.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == [], "the browser's console complained"
