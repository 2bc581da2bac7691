"""Reader support: who gave is found as one types, "was I charged twice?" is answered, nothing can be harmed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_appeals_desk import come_in
from tests.make.live import Live
from tests.make.look_over import SCREENS, look_over
from tests.make.visit import expect_status, fill_form, follow, pay
from tests.make.wait import until


def give(live: Live, page: Page, email: str, *, amount: str = "40") -> None:
    """Give once."""
    page.goto(f"{live.site}/donate")
    fill_form(page, email, amount=amount)
    page.locator("#go").click()
    pay(page)
    expect_status(page, "succeeded")


def is_known(live: Live, page: Page, email: str) -> bool:
    """Tell whether the desk finds who gave."""
    page.goto(f"{live.site}/staff/donors?q={email}")
    return page.locator("#found-donors").count() == 1


def test_was_i_charged_twice_is_answered_on_a_phone(live: Live, page: Page, javascript: bool) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    name = "script" if javascript else "plain"
    email = f"twice-{name}@example.org"
    give(live, page, email)
    give(live, page, email)
    come_in(live, page, f"support-{name}@newsroom.example", role="support")
    until(lambda: is_known(live, page, email), "the desk does not find them")
    page.goto(f"{live.site}/staff/donors")
    page.locator("#q").fill(email)
    if javascript:
        # It looks while one types; the button is for who has no script.
        expect(page.locator("#found-donors")).to_be_visible()
        expect(page.locator("#found [role=status]")).to_contain_text("found")
    else:
        page.get_by_role("button", name="Find").click()
    look_over(page, with_axe=javascript)
    follow(page, page.locator("#found-gifts ~ ul a").first)
    expect(page.locator("#twins ~ p")).to_contain_text("2 gifts of this sum arrived within two days.")
    expect(page.get_by_role("link", name="Refund")).to_have_count(0)
    page.get_by_role("button", name="Send the receipt again").click()
    expect(page.locator(".notice--good")).to_contain_text("The receipt is in the mail again")
    follow(page, page.locator(".desk__head p a").first)
    page.locator("#words").fill("Asked whether they were charged twice. They were; finance refunds one.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator(".note")).to_contain_text("finance refunds one")
    look_over(page, with_axe=javascript)


def test_support_sees_what_the_member_sees_and_presses_nothing(live: Live, page: Page, javascript: bool) -> None:
    name = "script" if javascript else "plain"
    email = f"looked-at-{name}@example.org"
    give(live, page, email)
    come_in(live, page, f"looker-{name}@newsroom.example", role="support")
    until(lambda: is_known(live, page, email), "the desk does not find them")
    follow(page, page.locator("#found-donors ~ ul a").first)
    page.get_by_role("button", name="See as the member").click()
    expect(page.locator(".looking")).to_contain_text("Nothing can be changed here")
    follow(page, page.get_by_role("link", name="Letters", exact=True))
    page.locator("main form button").last.click()
    expect(page.locator("h1")).to_have_text("You are only looking")
    follow(page, page.get_by_role("link", name="Back to the desk"))
    expect(page.locator(".timeline")).to_contain_text("Looked at the member’s own pages")
    page.goto(f"{live.site}/account")
    expect(page).to_have_url(re.compile("/signin"))


@pytest.mark.parametrize("javascript", [True], indirect=True, ids=["javascript"])
@pytest.mark.parametrize(("prefix", "width", "scheme"), SCREENS)
def test_the_giving_desk_has_no_violations(
    live: Live, page: Page, prefix: str, width: int, scheme: str, tmp_path: Path
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    which = f"{prefix.strip('/') or 'en'}{width}"
    give(live, page, f"seen-{which}@example.org")
    come_in(live, page, f"giving.{which}@newsroom.example", prefix)
    until(lambda: is_known(live, page, f"seen-{which}@example.org"), "the desk does not find them")
    page.goto(f"{live.site}{prefix}/staff/donors?q=seen-{which}@example.org")
    look_over(page)
    donor = page.locator("#found-donors ~ ul a").first.get_attribute("href") or ""
    gift = page.locator("#found-gifts ~ ul a").first.get_attribute("href") or ""
    for path in (
        donor, f"{donor}/correct", f"{donor}/address", f"{donor}/merge", f"{donor}/erase", gift, f"{gift}/refund",
        f"{gift}/giver", f"{prefix}/staff/donors/add",
    ):  # fmt: skip
        page.goto(f"{live.site}{path}")
        look_over(page)
