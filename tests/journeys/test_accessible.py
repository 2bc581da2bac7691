"""Every reader page in three languages, looked over by axe: nothing found."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.make.live import Live
from tests.make.visit import choose, expect_status, fill_form, pay

pytestmark = pytest.mark.parametrize("javascript", [True], indirect=True, ids=["javascript"])
PREFIXES = ["", "/ar", "/he"]


def look_over(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


@pytest.mark.parametrize("prefix", PREFIXES, ids=["en", "ar", "he"])
@pytest.mark.parametrize("width", [390, 1280], ids=["phone", "desk"])
def test_pages_to_read_have_no_violations(live: Live, page: Page, prefix: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live.site}{prefix}/")
    look_over(page)
    page.locator("a[href*='/articles/']").first.click()
    look_over(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"


@pytest.mark.parametrize("prefix", PREFIXES, ids=["en", "ar", "he"])
@pytest.mark.parametrize("width", [390, 1280], ids=["phone", "desk"])
def test_the_form_and_its_errors_have_no_violations(live: Live, page: Page, prefix: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live.site}{prefix}/donate?frequency=month")
    look_over(page)
    choose(page, "#a-other")
    page.fill("#other", "1,000")
    page.fill("#email", "nobody")
    page.locator("#go").click()
    expect(page.locator(".field--error")).not_to_have_count(0)
    look_over(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"


@pytest.mark.parametrize("prefix", PREFIXES, ids=["en", "ar", "he"])
def test_gift_pages_have_no_violations(live: Live, page: Page, prefix: str) -> None:
    page.goto(f"{live.site}{prefix}/donate?frequency=month")
    fill_form(page, f"axe{prefix.strip('/')}@example.org", frequency="month", amount="20")
    page.locator("#go").click()
    pay(page, "pm_card_chargeDeclined")
    page.get_by_text("Go back without paying").click()
    expect_status(page, "pending")
    look_over(page)
    page.goto(page.url.partition("?")[0])
    look_over(page)
    page.go_back()
    page.locator(".row a[href*='/c/pay/']").click()
    pay(page)
    expect_status(page, "succeeded")
    look_over(page)


@pytest.mark.parametrize("prefix", PREFIXES, ids=["en", "ar", "he"])
def test_an_appeals_own_page_and_a_missing_page_have_no_violations(live: Live, page: Page, prefix: str) -> None:
    page.goto(f"{live.site}{prefix}/appeals/{live.an_appeal()}")
    look_over(page)
    page.goto(f"{live.site}{prefix}/nothing-here")
    look_over(page)
