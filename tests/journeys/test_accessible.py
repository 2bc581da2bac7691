"""Every reader page in three languages, looked over by axe: nothing found."""

from __future__ import annotations

from typing import Literal

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.make.live import Live
from tests.make.look_over import SCREENS, look_over
from tests.make.signing_in import keys_of
from tests.make.visit import choose, expect_status, fill_form, pay, until

pytestmark = pytest.mark.parametrize("javascript", [True], indirect=True, ids=["javascript"])
PREFIXES = ["", "/ar", "/he"]


@pytest.mark.parametrize("prefix", PREFIXES, ids=["en", "ar", "he"])
@pytest.mark.parametrize("width", [390, 1280], ids=["phone", "desk"])
def test_pages_to_read_have_no_violations(live: Live, page: Page, prefix: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live.site}{prefix}/")
    look_over(page)
    page.locator("a[href*='/articles/']").first.click()
    look_over(page)


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


@pytest.mark.parametrize("prefix", PREFIXES, ids=["en", "ar", "he"])
def test_gift_pages_have_no_violations(live: Live, page: Page, prefix: str) -> None:
    page.goto(f"{live.site}{prefix}/donate?frequency=month")
    fill_form(page, f"axe{prefix.strip('/')}@example.org", frequency="month", amount="20")
    page.locator("#go").click()
    pay(page, "pm_card_chargeDeclined")
    if prefix:
        expect(page.locator("#refused")).to_be_visible()
        look_over(page)
        page.goto(page.url.replace("/donate/pay/", "/gifts/"))
    else:
        page.get_by_text("Go back without paying").click()
    expect_status(page, "pending")
    look_over(page)
    page.goto(page.url.partition("?")[0])
    look_over(page)
    page.go_back()
    page.locator(".row a[href*='/pay/']").first.click()
    pay(page)
    expect_status(page, "succeeded")
    look_over(page)


@pytest.mark.parametrize("prefix", PREFIXES, ids=["en", "ar", "he"])
def test_an_appeals_own_page_and_a_missing_page_have_no_violations(live: Live, page: Page, prefix: str) -> None:
    page.goto(f"{live.site}{prefix}/appeals/{live.an_appeal()}")
    look_over(page)
    page.goto(f"{live.site}{prefix}/remind?appeal={live.an_appeal()}")
    look_over(page)
    page.locator("form button").click()
    expect(page.locator(".field--error")).to_have_count(1)
    look_over(page)
    page.goto(f"{live.site}{prefix}/nothing-here")
    look_over(page)


@pytest.mark.parametrize(("prefix", "width", "scheme"), SCREENS)
def test_signing_in_and_the_account_have_no_violations(
    live: Live, page: Page, prefix: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    # Colours that fade are looked over when they have arrived.
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    email = f"axe.{prefix.strip('/') or 'en'}.{width}.{scheme}@example.org"
    page.goto(f"{live.site}{prefix}/donate?frequency=month")
    fill_form(page, email, frequency="month", amount="20")
    page.locator("#go").click()
    pay(page)
    expect_status(page, "succeeded")
    page.goto(f"{live.site}{prefix}/signin")
    look_over(page)
    page.locator("form button").click()
    expect(page.locator(".field--error")).to_have_count(1)
    look_over(page)
    page.fill("#email", email)
    page.locator("form button").click()
    expect(page.locator("#code")).to_be_visible()
    look_over(page)
    until(lambda: len(live.outbox.to(email)) == 2, "the receipt and the way in")
    page.goto(live.site + keys_of(live.outbox.to(email)[-1]).link)
    look_over(page)
    page.locator("form button").click()
    expect(page.locator("tr[data-gift]")).to_have_count(1)
    look_over(page)
    page.locator(".account__nav a").last.click()
    expect(page.locator("#email")).to_be_visible()
    look_over(page)


@pytest.mark.parametrize("prefix", PREFIXES, ids=["en", "ar", "he"])
@pytest.mark.parametrize("width", [360, 1280], ids=["phone", "desk"])
def test_the_desk_has_no_violations(live: Live, page: Page, prefix: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    said = live.run("staff", "add", f"axe.{prefix.strip('/') or 'en'}.{width}@newsroom.example", "--role", "owner")
    page.goto(f"{live.site}{prefix}/signin/link/" + said.strip().rpartition("/")[2])
    page.locator("form button").click()
    expect(page.locator(".qr")).to_be_visible()
    look_over(page)
    secret = (page.locator("details code").text_content() or "").replace(" ", "")
    page.fill("#code", pyotp.TOTP(secret).now())
    page.locator("form button").click()
    expect(page.locator(".codes")).to_be_visible()
    look_over(page)
    page.locator("a.btn").click()
    expect(page.locator("main h1")).to_have_count(1)
    page.wait_for_url("**/staff")
    appeals = [f"staff/appeals/{name}" for name in ("simulator?country=Jordan", "simulator", "calendar", "places")]
    stories = ["staff/articles", "staff/articles/flood-picture"]
    for path in ("staff", *stories, "staff/sign-in", "signin/again", *appeals):
        page.goto(f"{live.site}{prefix}/{path}")
        look_over(page)
