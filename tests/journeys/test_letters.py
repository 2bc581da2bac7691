"""A letter is put in the newsroom's words; supporters are named, and a giver is told so before they pay."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_appeals_desk import come_in
from tests.make.live import Live
from tests.make.look_over import look_over
from tests.make.visit import choose, expect_status, fill_form, follow, pay
from tests.make.wait import until

RECEIPT, SETTING = "/staff/letters/receipt", "/staff/settings/supporters"


def test_a_letter_is_reworded_tried_and_taken_back(live: Live, page: Page, javascript: bool) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    come_in(live, page, f"letters-{'script' if javascript else 'plain'}@newsroom.example")
    page.goto(f"{live.site}/staff/letters")
    follow(page, page.get_by_role("link", name="Thanks and receipt for a gift"))
    page.locator("#closing").fill("Yours, {boss}")
    follow(page, page.locator("#save"))
    expect(page.locator("#errors")).to_contain_text("{boss} is no placeholder of this letter")
    expect(page.locator("#closing")).to_have_value("Yours, {boss}")
    page.locator("#closing").fill("Yours,\n**the desk of {newsroom}**")
    follow(page, page.locator("#try"))
    frame = page.frame_locator("iframe.letter-frame--phone")
    expect(frame.locator("strong")).to_have_text("the desk of The Plumb Line")
    # The letter's own styles are let in, and nothing that runs.
    assert frame.locator("h1").evaluate("node => getComputedStyle(node).fontSize") == "28px"
    follow(page, page.locator("#save"))
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    expect(page.locator(".timeline li").first).to_contain_text("It holds now.")
    follow(page, page.get_by_role("button", name="Say the house’s words throughout"))
    expect(page.locator("#closing")).to_have_value("")


def test_a_giver_is_told_before_they_pay_that_they_would_be_named(live: Live, page: Page, javascript: bool) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    come_in(live, page, f"named-{'script' if javascript else 'plain'}@newsroom.example")
    set_line(live, page, "300")
    try:
        page.goto(f"{live.site}/donate?frequency=once")
        expect(page.locator("#naming")).to_be_visible()
        choose(page, "#a-other")
        page.locator("#other").fill("299")
        note = page.locator("[data-named] strong")
        expect(note).to_be_hidden()
        page.locator("#other").fill("300")
        if javascript:
            expect(note).to_be_visible()
        choose(page, "#f-month")
        page.locator("#other").fill("25")
        if javascript:
            expect(note).to_be_visible()
        page.goto(f"{live.site}/donate?frequency=month&amount=25")
        look_over(page, with_axe=javascript)
        page.goto(f"{live.site}/donate?frequency=once&amount=310")
        fill_form(page, f"named-{javascript}@example.org", amount="310")
        page.locator("#first").fill("Hala")
        page.locator("#last").fill(f"Saleh {javascript}")
        page.locator("#go").click()
        pay(page)
        expect_status(page, "succeeded")
        live.advance(days=1)
        page.goto(f"{live.site}{SETTING}")
        set_line(live, page, "300")
        expect_named(live, page, f"Hala Saleh {javascript}")
        look_over(page, with_axe=javascript)
    finally:
        set_line(live, page, "")


def set_line(live: Live, page: Page, sum_: str) -> None:
    """Set from which sum givers are named; empty names nobody."""
    page.goto(f"{live.site}{SETTING}")
    page.locator("[name=on]").set_checked(bool(sum_))
    page.locator("#line_USD").fill(sum_)
    follow(page, page.locator("#save"))
    expect(page.get_by_role("status")).to_contain_text("Saved.")


def expect_named(live: Live, page: Page, name: str) -> None:
    """Wait until the worker has made the list anew, and the page is another edition's."""
    until(lambda: page.goto(f"{live.site}/supporters") is not None and name in page.content(), f"{name} is not named")


@pytest.mark.parametrize("javascript", [True], indirect=True, ids=["javascript"])
@pytest.mark.parametrize("prefix", ["", "/ar"], ids=["en", "ar"])
@pytest.mark.parametrize("width", [360, 1280], ids=["phone", "desk"])
def test_the_pages_are_for_everyone(live: Live, page: Page, prefix: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    come_in(live, page, f"letters-look-{width}{prefix.strip('/')}@newsroom.example", prefix)
    for path in ("/staff/letters", RECEIPT, f"{RECEIPT}?language=ar", "/staff/letters/every_letter", SETTING):
        page.goto(f"{live.site}{prefix}{path}")
        look_over(page)
