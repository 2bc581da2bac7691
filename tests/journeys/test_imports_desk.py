"""Whoever keeps the books moves house: a file is handed in, looked at, brought in; what was left out is taken along."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_appeals_desk import come_in
from tests.make.live import Live
from tests.make.look_over import look_over
from tests.make.past import SAMPLES
from tests.make.visit import follow
from tests.make.wait import until

#: Where pictures go, for whoever wants to look at them; nowhere else.
PICTURES = os.environ.get("PICTURES", "")


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def test_past_gifts_are_looked_at_and_brought_in(live: Live, page: Page, javascript: bool) -> None:
    name = "script" if javascript else "plain"
    page.set_viewport_size({"width": 360 if javascript else 1280, "height": 900})
    come_in(live, page, f"moving-{name}@newsroom.example")
    page.goto(f"{live.site}/staff/imports")
    look_over(page, with_axe=javascript)
    picture(page, f"imports-form-{name}")
    page.locator("#system").select_option("donorbox" if javascript else "civicrm")
    sample = "donorbox" if javascript else "civicrm"
    page.locator("#file").set_input_files(SAMPLES / f"{sample}.csv")
    page.locator("summary").click()
    picture(page, f"imports-open-{name}")
    page.locator("#other_funds").select_option("general")
    follow(page, page.get_by_role("button", name="Look at this file"))
    _wait_for(page, "looked", javascript=javascript)
    look_over(page, with_axe=javascript)
    picture(page, f"imports-looked-{name}")
    with page.expect_download() as download:
        page.get_by_role("link", name="Take along what was left out").click()
    assert "no money came by it" in Path(download.value.path()).read_text(encoding="utf-8-sig")
    follow(page, page.get_by_role("link", name="Go on to bring them in"))
    follow(page, page.get_by_role("button", name="Bring in 4 gifts"))
    _wait_for(page, "done", javascript=javascript)
    expect(page.locator("[role=status]")).to_contain_text("4 gifts were brought in.")
    look_over(page, with_axe=javascript)
    picture(page, f"imports-done-{name}")


@pytest.mark.parametrize("javascript", [True], indirect=True, ids=["javascript"])
def test_what_is_missing_is_said_where_it_is(live: Live, page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    come_in(live, page, "missing@newsroom.example")
    page.goto(f"{live.site}/staff/imports")
    page.locator("#file").set_input_files(SAMPLES / "givewp.csv")
    page.locator("summary").click()
    page.locator("#currency").fill("US")
    page.locator("#funds").fill("Emergency = nowhere")
    follow(page, page.get_by_role("button", name="Look at this file"))
    expect(page.locator("#funds-e")).to_have_text("No fund here has the code “nowhere”.")
    expect(page.locator("#funds")).to_have_value("Emergency = nowhere")
    look_over(page)
    picture(page, "imports-wrong")


def _wait_for(page: Page, state: str, *, javascript: bool) -> None:
    if javascript:
        # The page looks again by itself.
        expect(page.locator(f"[data-state={state}]")).to_be_visible(timeout=30_000)
    else:
        until(lambda: _is(page, state), f"the file was never {state}")


def _is(page: Page, state: str) -> bool:
    page.reload()
    return page.locator(f"[data-state={state}]").is_visible()
