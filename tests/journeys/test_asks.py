"""A reader on a phone sends an ask away and calls it back, with scripts and without; what is kept is shown to them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.make.live import Live
from tests.make.look_over import look_over
from tests.make.visit import follow

STORY, OTHER = "/articles/flood-picture", "/articles/night-crew-amman"


def test_a_reader_sends_an_ask_away_and_calls_it_back(live: Live, page: Page, javascript: bool) -> None:
    page.set_viewport_size({"width": 360, "height": 760})
    page.goto(live.site + STORY)
    letter = page.locator(".ask--end")
    letter.get_by_text("Why am I seeing this?").click()
    expect(letter.locator("details.why")).to_have_attribute("open", "")
    expect(letter).to_contain_text("on nothing about you")
    not_now = letter.get_by_role("button", name="Not now", exact=True)
    if javascript:
        not_now.click()
        expect(page).to_have_url(live.site + STORY)
    else:
        follow(page, not_now)
        expect(page).to_have_url(f"{live.site}{STORY}?rested=1#rested")
    expect(page.locator(".rested")).to_contain_text("You won’t be asked here until")
    expect(page.locator("[data-ask]")).to_have_count(0)
    for path in (OTHER, "/"):
        page.goto(live.site + path)
        expect(page.locator("h1, .front")).not_to_have_count(0)
        expect(page.locator("[data-ask]")).to_have_count(0)
    page.goto(f"{live.site}/asks")
    expect(page.get_by_text("You said “Not now”.")).to_be_visible()
    follow(page, page.get_by_role("button", name="Ask me again"))
    expect(page.get_by_text("this site has set no cookie here")).to_be_visible()
    page.goto(live.site + OTHER)
    expect(page.locator("[data-ask]")).not_to_have_count(0)
    assert page.context.cookies() == []


@pytest.mark.parametrize("javascript", [True], indirect=True, ids=["javascript"])
def test_a_script_undoes_and_counts_only_who_allowed_it(live: Live, page: Page) -> None:
    page.goto(live.site + STORY)
    page.locator(".ask--inline").get_by_role("button", name="Not now").click()
    expect(page.locator(".rested")).to_be_focused()
    follow(page, page.get_by_role("button", name="Undo"))
    expect(page.locator(".ask--end")).to_be_visible()
    with page.expect_response(re.compile("/seen$")):
        page.reload()
    assert page.context.cookies() == [], "nobody is counted who did not allow it"
    page.goto(f"{live.site}/asks")
    follow(page, page.get_by_role("button", name="Count the stories I open"))
    with page.expect_response(
        lambda answer: answer.url.endswith("/seen") and "appeal" in (answer.request.post_data or "")
    ):
        page.goto(live.site + STORY)
        page.locator(".ask--end").scroll_into_view_if_needed()
    page.goto(f"{live.site}/asks")
    expect(page.get_by_text("1 story opened in the last 30 days", exact=True)).to_be_visible()
    expect(page.get_by_text("1 ask shown in the last 30 days; we stop at 4")).to_be_visible()


@pytest.mark.parametrize("javascript", [True], indirect=True, ids=["javascript"])
@pytest.mark.parametrize("prefix", ["", "/ar", "/he"], ids=["en", "ar", "he"])
@pytest.mark.parametrize("width", [320, 1280], ids=["phone", "desk"])
def test_these_pages_have_no_violations(live: Live, page: Page, prefix: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live.site}{prefix}/")
    page.locator("a[href*='/articles/']").first.click()
    page.locator("details.why summary").last.click()
    look_over(page)
    page.goto(f"{live.site}{prefix}/asks/why")
    look_over(page)
    page.goto(f"{live.site}{prefix}/asks/already-gave")
    look_over(page)
    page.goto(f"{live.site}{prefix}/")
    page.locator("a[href*='/articles/']").first.click()
    page.locator(".ask--end button[value=not_now]").click()
    expect(page.locator(".rested")).to_be_visible()
    look_over(page)
    page.goto(f"{live.site}{prefix}/asks")
    page.locator("details.why summary").click()
    look_over(page)
