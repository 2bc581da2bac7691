"""Coming in with a real browser, with JavaScript and without: givers by link and code, staff with their app."""

from __future__ import annotations

import re
from email.message import EmailMessage

import pyotp
from playwright.sync_api import Browser, Page, expect

from tests.make.live import Live
from tests.make.outbox import text_of
from tests.make.signing_in import Keys, keys_of
from tests.make.visit import expect_status, fill_form, pay, until


def give(live: Live, page: Page, email: str) -> None:
    page.goto(f"{live.site}/donate")
    fill_form(page, email, amount="30")
    page.locator("#go").click()
    pay(page)
    expect_status(page, "succeeded")


def ask(live: Live, page: Page, email: str) -> Keys:
    """Ask for a mail on the page that is open, and read it."""
    before = len(ways_in(live, email))
    page.fill("#email", email)
    page.get_by_role("button", name=re.compile("Mail")).click()
    expect(page.locator("h1")).to_have_text("Look in your mail")
    until(lambda: len(ways_in(live, email)) > before, f"a way in for {email}")
    return keys_of(ways_in(live, email)[-1])


def ways_in(live: Live, email: str) -> list[EmailMessage]:
    return [letter for letter in live.outbox.to(email) if "/signin/link/" in text_of(letter)]


def test_a_giver_finds_their_gift_by_the_mailed_link(live: Live, page: Page, javascript: bool) -> None:
    email = f"link-{javascript}@example.org".lower()
    give(live, page, email)
    page.goto(f"{live.site}/account")
    expect(page).to_have_url(re.compile(r"/signin\?next="))
    keys = ask(live, page, email)
    page.goto(live.site + keys.link)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{live.site}/account")
    expect(page.locator("tr[data-gift]")).to_have_count(1)
    page.locator("tr[data-gift] a[href*='/gifts/']").first.click()
    expect_status(page, "succeeded")
    page.goto(f"{live.site}/account")
    page.get_by_role("button", name="Sign out").click()
    page.goto(live.site + keys.link)
    expect(page.locator("h1")).to_have_text("This link has been used")


def test_a_giver_signs_in_by_the_code_and_links_a_second_address(live: Live, page: Page, javascript: bool) -> None:
    first, second = (f"{which}-{javascript}@example.org".lower() for which in ("code", "second"))
    give(live, page, first)
    give(live, page, second)
    page.goto(f"{live.site}/signin")
    keys = ask(live, page, first)
    page.fill("#code", keys.code)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("tr[data-gift]")).to_have_count(1)
    page.get_by_role("link", name="Your sign-in").click()
    keys = ask(live, page, second)
    page.fill("#code", keys.code)
    page.get_by_role("button", name="Link this address").click()
    expect(page.get_by_role("status")).to_contain_text("linked")
    page.get_by_role("link", name="Gifts").click()
    expect(page.locator("tr[data-gift]")).to_have_count(2)


def test_a_second_person_sees_none_of_it(live: Live, page: Page, chromium: Browser, javascript: bool) -> None:
    mine, theirs = (f"{which}-{javascript}@example.org".lower() for which in ("mine", "theirs"))
    give(live, page, mine)
    give(live, page, theirs)
    page.goto(f"{live.site}/signin")
    page.goto(live.site + ask(live, page, mine).link)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("tr[data-gift]")).to_have_count(1)
    other = chromium.new_context(java_script_enabled=javascript)
    try:
        elsewhere = other.new_page()
        elsewhere.goto(f"{live.site}/account")
        expect(elsewhere).to_have_url(re.compile(r"/signin\?next="))
    finally:
        other.close()


def test_a_colleague_comes_to_the_desk_with_mail_and_app(live: Live, page: Page, javascript: bool) -> None:
    email = f"desk-{javascript}@newsroom.example".lower()
    said = live.run("staff", "add", email, "--role", "editor")
    page.goto(said.strip().rpartition("\n")[2])
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".qr svg")).to_be_visible()
    box = page.locator(".qr svg").bounding_box()
    assert box is not None
    assert abs(box["width"] - box["height"]) < 1, "the code is cut off"
    secret = (page.locator("details code").text_content() or "").replace(" ", "")
    page.fill("#code", pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Set it").click()
    expect(page.locator(".codes li")).to_have_count(10)
    recovery = page.locator(".codes li").first.text_content() or ""
    page.get_by_role("link", name="I have kept them").click()
    expect(page.locator("h1")).to_have_text("The desk")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{live.site}/staff")
    keys = ask(live, page, email)
    page.fill("#code", keys.code)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_have_text("Your second factor")
    page.fill("#code", recovery)
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("h1")).to_have_text("The desk")
