"""A fundraiser writes an appeal, tries it, publishes it and sees it on the story's page; axe finds nothing."""

from __future__ import annotations

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.make.live import Live
from tests.make.look_over import look_over
from tests.make.visit import follow

STORY = "night-crew-amman"
HEADLINE = "The archive burns if nobody pays for the roof."


def come_in(live: Live, page: Page, email: str, prefix: str = "", role: str = "owner") -> None:
    """Come to the desk by the link a command prints, and set the second factor."""
    said = live.run("staff", "add", email, "--role", role)
    page.goto(f"{live.site}{prefix}/signin/link/" + said.strip().rpartition("/")[2])
    follow(page, page.locator("form button"))
    secret = (page.locator("details code").text_content() or "").replace(" ", "")
    page.fill("#code", pyotp.TOTP(secret).now())
    follow(page, page.locator("form button"))
    expect(page.locator(".codes")).to_be_visible()


def write(page: Page) -> None:
    """Fill the form with what an appeal needs."""
    words = {
        "kicker": "From the newsroom",
        "headline": HEADLINE,
        "inline": "The roof leaks. Readers who give pay for slates.",
        "body_html": "First paragraph.\n\nSecond paragraph.",
        "button": "Give to the roof",
        "form_title": "Pay for slates",
    }
    for name, value in words.items():
        page.locator(f"[name='text_en_a-{name}']").fill(value)
    for frequency, amounts, usual in (("once", "15 30", "30"), ("month", "5 10", "5"), ("year", "60 120", "60")):
        page.locator(f"[name='offer_USD-{frequency}']").fill(amounts)
        page.locator(f"[name='offer_USD-{frequency}_default']").fill(usual)
    page.locator("#articles").fill(f"/articles/{STORY}")
    page.locator("#priority").fill("500")


def test_a_fundraiser_writes_tries_and_publishes_an_appeal(live: Live, page: Page, javascript: bool) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    slug = f"roof-{'script' if javascript else 'plain'}"
    come_in(live, page, f"{slug}@newsroom.example")
    page.goto(f"{live.site}/staff/appeals")
    follow(page, page.get_by_role("link", name="Write an appeal"))
    follow(page, page.locator("#save"))
    expect(page.locator("#errors")).to_contain_text("Address")
    page.locator("#name").fill("Roof")
    page.locator("#slug").fill(slug)
    write(page)
    if javascript:
        # It is drawn while it is written, without a press.
        expect(page.locator("#preview h2").nth(1)).to_have_text(HEADLINE)
    follow(page, page.locator("#try"))
    expect(page.locator("#preview .ask--end h2")).to_have_text(HEADLINE)
    expect(page.locator("#slug")).to_have_value(slug)
    follow(page, page.locator("#save"))
    expect(page.locator("[data-state=draft]")).to_be_visible()
    expect(page.locator("[data-check=ties]")).to_contain_text("1 story fits it today")
    follow(page, page.get_by_role("button", name="Publish it"))
    expect(page.locator("[data-state=running]")).to_be_visible()
    page.goto(f"{live.site}/articles/{STORY}")
    expect(page.locator("#ask-h")).to_have_text(HEADLINE)
    page.goto(f"{live.site}/staff/appeals/{slug}")
    follow(page, page.get_by_role("button", name="Let it rest now"))
    expect(page.locator("[data-state=resting]")).to_be_visible()
    page.goto(f"{live.site}/articles/{STORY}")
    expect(page.locator("#ask-h")).not_to_have_text(HEADLINE)


@pytest.mark.parametrize("javascript", [True], indirect=True, ids=["javascript"])
@pytest.mark.parametrize("prefix", ["", "/ar"], ids=["en", "ar"])
@pytest.mark.parametrize("width", [360, 1280], ids=["phone", "desk"])
def test_the_appeals_desk_has_no_violations(live: Live, page: Page, prefix: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(reduced_motion="reduce")
    come_in(live, page, f"axe.appeals.{prefix.strip('/') or 'en'}.{width}@newsroom.example", prefix)
    for path in ("", "/misinformation", "/misinformation/history", "/misinformation/links?source=a%20b", "/new"):
        page.goto(f"{live.site}{prefix}/staff/appeals{path}")
        look_over(page)
    follow(page, page.locator("#save"))
    expect(page.locator("#errors")).to_be_visible()
    look_over(page)
    page.goto(f"{live.site}{prefix}/staff/appeals/misinformation/edit")
    follow(page, page.locator("#try"))
    expect(page.locator("#preview .ask--end")).to_be_visible()
    look_over(page)
