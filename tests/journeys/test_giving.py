"""Whole gifts in a real browser, from the story to the letter, with JavaScript and without."""

from __future__ import annotations

import csv
import io
import re

from playwright.sync_api import Page, expect

from tests.make.live import Live
from tests.make.outbox import text_of
from tests.make.visit import choose, expect_status, fill_form, letters_to, pay


def gifts_of(live: Live, email: str) -> list[dict[str, str]]:
    said = live.run("export", "donations", "--out", "-")
    return [row for row in csv.DictReader(io.StringIO(said)) if row["donor_email"] == email]


def test_a_reader_gives_once_from_a_story(live: Live, page: Page, javascript: bool) -> None:
    email = f"once-{javascript}@example.org".lower()
    page.goto(live.site)
    page.locator("article a[href*='/articles/'], a[href*='/articles/']").first.click()
    expect(page).to_have_url(re.compile("/articles/"))
    story = page.url.rpartition("/")[2]
    page.locator("a[href*='/donate']").first.click()
    expect(page).to_have_url(re.compile("/donate"))
    fill_form(page, email, amount="30")
    page.locator("#go").click()
    pay(page)
    expect_status(page, "succeeded")
    expect(page.locator("h1")).to_contain_text("$30")
    letters_to(live, email, 1)
    assert "$30.00" in text_of(live.outbox.to(email)[0])
    (gift,) = gifts_of(live, email)
    assert (gift["amount"], gift["kind"], gift["status"], gift["card_brand"]) == (
        "30.00",
        "one_time",
        "succeeded",
        "visa",
    )
    assert gift["receipt_number"]
    assert "/donate" in page.url or gift["article"] in ("", story)


def test_a_reader_gives_monthly_and_the_next_month_arrives(live: Live, page: Page, javascript: bool) -> None:
    email = f"monthly-{javascript}@example.org".lower()
    page.goto(f"{live.site}/donate?frequency=month")
    fill_form(page, email, frequency="month", amount="15")
    expect(page.locator("form")).to_contain_text("You allow")
    page.locator("#go").click()
    pay(page)
    expect_status(page, "succeeded")
    expect(page.locator(".steps")).to_contain_text("Next charge")
    letters_to(live, email, 1)
    live.advance(days=32)
    letters_to(live, email, 2)
    gifts = gifts_of(live, email)
    assert [gift["kind"] for gift in gifts] == ["recurring", "recurring"]
    assert len({gift["received_on"][:7] for gift in gifts}) == 2
    assert len({gift["recurring_id"] for gift in gifts}) == 1
    assert len({gift["receipt_number"] for gift in gifts}) == 2


def test_a_declined_card_is_said_plainly_and_another_card_works(live: Live, page: Page, javascript: bool) -> None:
    email = f"declined-{javascript}@example.org".lower()
    page.goto(f"{live.site}/donate")
    fill_form(page, email, amount="20")
    page.locator("#go").click()
    pay(page, "pm_card_chargeDeclinedInsufficientFunds")
    expect(page.locator("[role=alert]")).to_contain_text("Nothing was charged")
    page.get_by_text("Go back without paying").click()
    expect_status(page, "pending")
    expect(page.locator("main")).to_have_attribute("data-view", "declined")
    assert live.outbox.to(email) == []
    assert gifts_of(live, email) == []
    page.locator(".row a[href*='/c/pay/']").click()
    pay(page)
    expect_status(page, "succeeded")
    letters_to(live, email, 1)
    assert len(gifts_of(live, email)) == 1


def test_what_was_typed_is_kept_when_something_is_missing(live: Live, page: Page) -> None:
    page.goto(f"{live.site}/donate")
    choose(page, "#a-other")
    page.fill("#other", "abc")
    page.fill("#first", "Amal")
    page.locator("#go").click()
    expect(page.locator(".field--error")).not_to_have_count(0)
    expect(page.locator("#other")).to_have_value("abc")
    expect(page.locator("#first")).to_have_value("Amal")


def test_going_back_from_the_payment_page_and_giving_anew_is_one_gift(live: Live, page: Page, javascript: bool) -> None:
    email = f"back-{javascript}@example.org".lower()
    page.goto(f"{live.site}/donate")
    fill_form(page, email, amount="12")
    page.locator("#go").click()
    expect(page).to_have_url(re.compile("/c/pay/"))
    page.go_back()
    # The page is nobody's to keep, so the browser asks for it again.
    fill_form(page, email, amount="13")
    page.locator("#go").click()
    pay(page)
    expect_status(page, "succeeded")
    letters_to(live, email, 1)
    assert [gift["amount"] for gift in gifts_of(live, email)] == ["13.00"]


def test_a_hasty_double_press_opens_one_payment_page(live: Live, page: Page, javascript: bool) -> None:
    email = f"hasty-{javascript}@example.org".lower()
    page.goto(f"{live.site}/donate")
    fill_form(page, email, amount="12")
    page.locator("#go").dblclick(no_wait_after=True)
    pay(page)
    expect_status(page, "succeeded")
    letters_to(live, email, 1)
    assert len(gifts_of(live, email)) == 1
