"""A finance director looks at the books, follows a figure to its gift, and takes a file along; axe finds nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_appeals_desk import come_in
from tests.make.live import Live
from tests.make.look_over import SCREENS, look_over
from tests.make.visit import expect_status, fill_form, follow, pay
from tests.make.wait import until

PAGES = ("", "/income?by=fund", "/income", "/recurring", "/donors", "/payouts", "/periods", "/exports", "/audit",
         "/definitions", "/entries", "/movements")  # fmt: skip


def give(live: Live, page: Page, email: str) -> None:
    """Give once, and wait until the books have it."""
    page.goto(f"{live.site}/donate")
    fill_form(page, email, amount="40")
    page.locator("#go").click()
    pay(page)
    expect_status(page, "succeeded")
    live.advance(days=1)


def is_booked(live: Live) -> bool:
    """Tell whether the books have an entry."""
    return "charge" in live.run("export", "ledger", "--out", "-")


def test_a_figure_is_followed_to_its_gift_and_taken_along(live: Live, page: Page, javascript: bool) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    give(live, page, f"figures-{javascript}@example.org")
    until(lambda: is_booked(live), "no entry in the books")
    come_in(live, page, f"figures-{'script' if javascript else 'plain'}@newsroom.example")
    page.goto(f"{live.site}/staff/finance")
    expect(page.locator(".stat__value").first).to_be_visible()
    follow(page, page.locator(".stat").nth(1).locator("a"))
    expect(page.locator("h1")).to_have_text("Entries of the books")
    follow(page, page.locator("tbody td a").first)
    expect(page.locator("h1")).to_contain_text("Gift ")
    page.goto(f"{live.site}/staff/finance/exports")
    page.locator("#kind").select_option("ledger")
    page.locator("#form").select_option("xlsx")
    follow(page, page.get_by_role("button", name="Write this file"))
    if javascript:
        # The page looks again by itself.
        expect(page.locator("[data-state=ready]")).to_be_visible()
    else:
        until(lambda: _is_ready(page), "the file was not written")
    with page.expect_download() as download:
        page.locator(".finance__list a").first.click()
    assert download.value.suggested_filename == "ledger.xlsx"


def _is_ready(page: Page) -> bool:
    page.reload()
    return page.locator("[data-state=ready]").is_visible()


@pytest.mark.parametrize("javascript", [True], indirect=True, ids=["javascript"])
@pytest.mark.parametrize(("prefix", "width", "scheme"), SCREENS)
def test_the_finance_desk_has_no_violations(live: Live, page: Page, prefix: str, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    come_in(live, page, f"finance.{prefix.strip('/') or 'en'}.{width}@newsroom.example", prefix)
    for path in PAGES:
        page.goto(f"{live.site}{prefix}/staff/finance{path}")
        look_over(page)
