"""A member runs their own giving in a real browser, and each charge is the one the preview showed."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.make.live import Live
from tests.make.look_over import look_over
from tests.make.outbox import text_of
from tests.make.signing_in import keys_of
from tests.make.visit import choose, expect_status, fill_form, follow, pay, until

Lines = list[tuple[str, str]]


@dataclass
class Visit:
    """A member's browser, and what it has been promised so far."""

    live: Live
    page: Page
    email: str
    has_scripts: bool
    promise: str = ""

    def give(self) -> None:
        self.page.goto(f"{self.live.site}/donate")
        fill_form(self.page, self.email, frequency="month", amount="20")
        self.page.locator("#go").click()
        pay(self.page)
        expect_status(self.page, "succeeded")

    def sign_in(self) -> None:
        self.page.goto(f"{self.live.site}/signin?next=/account")
        self.page.fill("#email", self.email)
        self.page.get_by_role("button", name=re.compile("Mail")).click()
        way = lambda letter: "/signin/link/" in text_of(letter)  # noqa: E731
        until(lambda: any(map(way, self.live.outbox.to(self.email))), "a way in")
        keys = keys_of([letter for letter in self.live.outbox.to(self.email) if way(letter)][-1])
        self.page.goto(self.live.site + keys.link)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page).to_have_url(f"{self.live.site}/account")
        self.promise = str(self.page.locator("[data-promise]").first.get_attribute("data-promise"))

    def open(self, act: str = "") -> None:
        self.page.goto(f"{self.live.site}/account/recurring/{self.promise}{act}")
        self.look(act)

    def look(self, name: str) -> None:
        """Look the page over: nothing for axe, nothing sideways; keep a picture where one is wanted."""
        if folder := os.environ.get("PICTURES"):
            file = re.sub(r"\W+", "-", name).strip("-") or "promise"
            self.page.screenshot(
                path=str(Path(folder) / f"{file}-{self.page.viewport_size['width']}.png"), full_page=True
            )
        look_over(self.page, with_axe=self.has_scripts)

    def press(self, button: str) -> Lines:
        """Press a preview's button and give the lines it showed."""
        lines = self.lines(self.page.locator(".before-after section").nth(1))
        self.page.get_by_role("button", name=button).click()
        return lines

    def lines(self, within: Locator) -> Lines:
        rows = within.locator(".schedule li")
        return [
            (row.locator("time").get_attribute("datetime") or "", row.locator(".amount").inner_text())
            for row in rows.all()
        ]

    def is_done(self) -> None:
        expect(self.page.get_by_role("status")).to_contain_text("Done, and confirmed by Stripe")

    def expect_charged(self, lines: Lines, number: int, after: int) -> None:
        """Expect the first of these charges to have become the gift after so many; the worker has it in a moment."""
        expected = as_written(charges(lines))[:number]
        until(lambda: self.charged()[after:] == expected, f"{expected} after {after}, and {self.charged()}")

    def charged(self) -> Lines:
        """Give the gifts that arrived, oldest first: (the day as the page writes it, sum)."""
        self.page.goto(f"{self.live.site}/account")
        rows = self.page.locator("tr[data-gift]").all()
        return [(row.locator("td").first.inner_text(), row.locator("td").nth(3).inner_text()) for row in rows][::-1]


def charges(lines: Lines) -> Lines:
    return [(day, sum_) for day, sum_ in lines if sum_.startswith("$")]


def as_written(lines: Lines) -> Lines:
    return [(f"{day.day} {day:%B %Y}", sum_) for day, sum_ in ((date.fromisoformat(on), sum_) for on, sum_ in lines)]


def test_a_member_skips_changes_pauses_mends_stops_and_goes_on(
    live: Live, page: Page, chromium: Browser, javascript: bool
) -> None:
    # The phone is the one without scripts.
    width = 1280 if javascript else 360
    page.set_viewport_size({"width": width, "height": 900})
    visit = Visit(live, page, f"member-{javascript}-{width}@example.org".lower(), javascript)
    visit.give()
    visit.sign_in()
    visit.look("account")
    visit.open()

    visit.open("/skip")
    shown = visit.press("Skip")
    visit.is_done()
    live.advance(64)
    visit.expect_charged(shown, 1, after=1)

    visit.open("/change")
    page.fill("#amount", "not much")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#amount-e")).to_contain_text("Write the amount in digits")
    assert page.input_value("#amount") == "not much"
    visit.look("change-error")
    page.fill("#amount", "35.50")
    follow(page, page.get_by_role("button", name="Preview"))
    visit.look("change-preview")
    shown = visit.press("Change it")
    visit.is_done()
    live.advance(31)
    visit.expect_charged(shown, 1, after=2)

    visit.open("/pause")
    choose(page, "input[name=charges][value='3']")
    follow(page, page.get_by_role("button", name="Preview"))
    visit.look("pause-preview")
    visit.press("Pause")
    visit.is_done()
    live.advance(33)
    assert len(visit.charged()) == 3, "it rests"
    visit.open()
    visit.open("/resume")
    shown = visit.press("Go on")
    visit.is_done()
    live.advance(31)
    visit.expect_charged(shown, 1, after=3)

    visit.open()
    page.get_by_role("button", name="Use another card").click()
    pay(page, "pm_card_chargeCustomerFail")
    expect(page.get_by_role("status")).to_contain_text("The new card is in use")
    live.advance(32)
    refused = lambda: [one for one in live.outbox.to(visit.email) if "refused $35.50" in text_of(one)]  # noqa: E731
    until(lambda: bool(refused()), "a letter about the refused charge")
    visit.open()
    expect(page.locator(".notice--bad")).to_contain_text("The bank refused $35.50")
    letter = text_of(refused()[-1])
    link = re.search(r"http\S+/card/\S+", letter)
    assert link is not None
    elsewhere = {"X-Forwarded-For": f"10.{200 + width // 1000}.0.7"}
    screen = {"width": width, "height": 900}
    stranger = chromium.new_context(
        java_script_enabled=javascript, viewport=screen, extra_http_headers=elsewhere
    ).new_page()
    stranger.goto(link[0])
    by_letter = Visit(live, stranger, visit.email, javascript)
    by_letter.look("card")
    assert visit.email not in stranger.content()
    stranger.get_by_role("button", name="Use another card").click()
    pay(stranger, "pm_card_visa")
    expect(stranger.locator("h1")).to_have_text("The new card is in use")
    by_letter.look("card-done")
    stranger.goto(f"{live.site}/account")
    expect(stranger).to_have_url(re.compile("/signin"))
    assert len(visit.charged()) == 5, "the open charge was collected once"

    visit.open("/stop")
    follow(page, page.get_by_role("link", name="Continue to stop this gift"))
    visit.look("stop-confirm")
    shown = visit.press("Stop this gift")
    assert [sum_ for _day, sum_ in shown] == ["ends, nothing charged"]
    expect(page.locator("h1")).to_have_text("Your gift is stopped")
    visit.look("stopped")
    choose(page, "input[name=reason][value=money]")
    choose(page, "input[name=ask_again][value='6']")
    page.get_by_role("button", name="Tell the newsroom").click()
    expect(page.get_by_role("status")).to_contain_text("Noted")
    visit.open("/reactivate")
    shown = visit.press("Keep giving")
    visit.is_done()
    live.advance(31)
    visit.expect_charged(shown, 1, after=5)

    someone = Visit(live, stranger, f"someone-{javascript}-{width}@example.org".lower(), javascript)
    someone.give()
    someone.sign_in()
    for act in ("", "/skip", "/change", "/pause", "/resume", "/stop", "/stop/confirm", "/stopped", "/reactivate",
                "/restart", "/second", "/card"):  # fmt: skip
        answer = stranger.goto(f"{live.site}/account/recurring/{visit.promise}{act}")
        assert answer is not None
        assert answer.status == 404, act
    stranger.context.close()
    until(lambda: live.asks("reconcile") == live.asks("check") == 0, "books and database in order once all is told")
    assert "0.00" in live.run("reconcile")
