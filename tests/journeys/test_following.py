"""A reader follows and a member is thanked, in a real browser, with JavaScript and without; axe finds nothing."""

from __future__ import annotations

import base64
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.make.live import Live
from tests.make.look_over import SCREENS, look_over
from tests.make.signing_in import keys_of
from tests.make.visit import expect_status, fill_form, pay, until


def sign(page: Page, name: str) -> None:
    """Press the sign beside a name."""
    page.get_by_role("button", name=f"Follow {name}", exact=True).click()


def names_of(page: Page) -> list[str]:
    return [cookie["name"] for cookie in page.context.cookies()]


def come_in(live: Live, page: Page, email: str, amount: str = "20", prefix: str = "") -> None:
    """Give monthly as a guest and sign in by the mailed link."""
    page.goto(f"{live.site}{prefix}/donate?frequency=month")
    fill_form(page, email, frequency="month", amount=amount)
    page.locator("#go").click()
    pay(page)
    expect_status(page, "succeeded")
    page.goto(f"{live.site}{prefix}/signin")
    page.fill("#email", email)
    page.locator("form button").click()
    expect(page.locator("#code")).to_be_visible()
    until(lambda: len(live.outbox.to(email)) == 2, "the receipt and the way in")
    page.goto(live.site + keys_of(live.outbox.to(email)[-1]).link)
    page.locator("form button").click()
    expect(page.locator("tr[data-gift]")).to_have_count(1)


def kept_in(page: Page) -> str:
    """Read what the reader's cookie holds, as it stands in it; empty where there is none."""
    values = [each["value"] for each in page.context.cookies() if each["name"] == "donate_reader"]
    return base64.urlsafe_b64decode(values[0].split(".")[1]).decode() if values else ""


def test_a_reader_follows_by_one_press_and_forgets_it_all(live: Live, page: Page) -> None:
    page.goto(f"{live.site}/")
    assert names_of(page) == []
    sign(page, "Water")
    expect(page).to_have_url(f"{live.site}/#topic-water")
    expect(page.get_by_role("button", name="Follow Water", exact=True)).to_have_attribute("aria-pressed", "true")
    assert names_of(page) == ["donate_reader"]
    page.goto(f"{live.site}/sections/culture")
    sign(page, "Culture")
    expect(page.get_by_role("button", name="Follow Culture", exact=True)).to_have_attribute("aria-pressed", "true")
    page.goto(f"{live.site}/my-news")
    expect(page.locator("[aria-pressed=true]")).to_have_count(2)
    assert page.locator("article.card").count() > 1
    page.get_by_role("button", name="Forget all of it").click()
    expect(page.get_by_text("You follow nothing yet")).to_be_visible()
    assert names_of(page) == []


def test_a_members_choices_travel_and_the_masthead_thanks_them(live: Live, page: Page, javascript: bool) -> None:
    email = f"follows.{str(javascript).lower()}@example.org"
    page.goto(f"{live.site}/topics/water")
    sign(page, "Water")
    come_in(live, page, email)
    assert "topics" not in kept_in(page), "its choices went into the account"
    expect(page.locator(".masthead .thanks")).to_contain_text("Member since")
    page.get_by_role("link", name="Membership", exact=True).click()
    expect(page.locator("[data-standing=member]")).to_contain_text("Friend of the desk")
    page.goto(f"{live.site}/my-news")
    expect(page.locator("[aria-pressed=true]")).to_have_count(1)
    expect(page.locator(".masthead .thanks")).to_be_visible()
    page.goto(f"{live.site}/account")
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto(f"{live.site}/")
    expect(page.locator(".masthead .thanks")).to_have_count(0)
    expect(page.locator("[aria-pressed=true]")).to_have_count(0)


@pytest.mark.parametrize("javascript", [True], indirect=True, ids=["javascript"])
@pytest.mark.parametrize(("prefix", "width", "scheme"), SCREENS)
def test_these_pages_have_no_violations(
    live: Live, page: Page, prefix: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(f"{live.site}{prefix}/my-news")
    look_over(page)
    page.locator(".topic button").nth(0).click()
    page.locator(".topic button").last.click()
    expect(page.locator("[aria-pressed=true]")).to_have_count(2)
    look_over(page)
    page.goto(f"{live.site}{prefix}/")
    look_over(page)
    page.goto(f"{live.site}{prefix}/topics/water")
    look_over(page)
    come_in(live, page, f"axe.members.{prefix.strip('/') or 'en'}.{width}.{scheme}@example.org", prefix=prefix)
    look_over(page)
    page.goto(f"{live.site}{prefix}/account/membership")
    look_over(page)
