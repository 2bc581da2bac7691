"""What a reader does with mouse and keyboard: fill the form, pay on Stripe's page, wait for a letter."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.make.live import Live
from tests.make.wait import until


def choose(page: Page, selector: str) -> None:
    """Press the label of a choice, as a finger does: its input is not what is seen."""
    page.locator("label", has=page.locator(selector)).click()


def follow(page: Page, door: Locator) -> None:
    """Press what leads to another page and wait until that page has come: between two pages there is no document."""
    with page.expect_navigation():
        door.click()


def fill_form(page: Page, email: str, *, frequency: str = "once", amount: str = "30") -> None:
    """Fill the donation form with an amount of one's own."""
    choose(page, f"#f-{frequency}")
    choose(page, "#a-other")
    page.fill("#other", amount)
    page.fill("#email", email)
    page.fill("#first", "Amal")
    page.fill("#last", "Haddad")


def pay(page: Page, card: str = "pm_card_visa") -> None:
    """Choose a practice card on the payment page, Stripe's or our own, and press its button."""
    expect(page).to_have_url(re.compile(r"/c/pay/cs_test_|/donate/pay/"))
    if "/donate/pay/" in page.url:
        pay_here(page, card)
        return
    choose(page, f"input[name=card][value={card}]")
    page.locator("form button.btn--big").click()


def pay_here(page: Page, card: str) -> None:
    """Choose a practice card in the Payment Element and press our own button; without scripts go to Stripe's page."""
    page.wait_for_load_state()
    if not page.locator("#pay").is_visible():
        page.locator("#elsewhere button").click()
        pay(page, card)
        return
    cards = page.frame_locator("#fields iframe")
    cards.locator(f"label:has(input[value={card}])").click()
    page.locator("#go").click()


def expect_status(page: Page, status: str) -> None:
    """Expect the gift's own page in a state."""
    expect(page).to_have_url(re.compile(r"/gifts/[A-Z2-7]{16}"))
    expect(page.locator("main")).to_have_attribute("data-status", status)


def letters_to(live: Live, email: str, how_many: int) -> None:
    """Wait until so many letters went to an address."""
    until(lambda: len(live.outbox.to(email)) >= how_many, f"{how_many} letters to {email}")
    assert len(live.outbox.to(email)) == how_many
