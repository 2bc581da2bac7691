"""The owner finds a failed event and processes it again, alone on a phone; a colleague chooses their mail; axe."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_appeals_desk import come_in
from tests.make.live import Live
from tests.make.look_over import SCREENS, look_over
from tests.make.visit import choose, expect_status, fill_form, follow, pay
from tests.make.wait import until

PAGES = ("operations", "operations/events", "operations/events?state=applied", "operations/jobs",
         "operations/jobs?state=waiting", "operations/books", "notices")  # fmt: skip


def give_up(live: Live) -> str:
    """Let an event of a paid gift be one that was given up; give its id."""
    with closing(sqlite3.connect(live.folder / "live.db", timeout=30)) as rows, rows:
        found = "SELECT event_id FROM stripe_event WHERE type = 'checkout.session.completed' AND state = 'applied'"
        (event_id,) = rows.execute(f"{found} ORDER BY id DESC").fetchone()
        error = "StripeUnanswered: stripe_unanswered (said=no answer for amal@example.org)"
        rows.execute("UPDATE stripe_event SET state = 'failed', error = ? WHERE event_id = ?", (error, event_id))
        rows.execute("UPDATE job SET state = 'dead', error = ? WHERE key = ?", (error, f"event:{event_id}"))
    return str(event_id)


def state_of(live: Live, event_id: str) -> str:
    with closing(sqlite3.connect(live.folder / "live.db", timeout=30)) as rows:
        (state,) = rows.execute("SELECT state FROM stripe_event WHERE event_id = ?", (event_id,)).fetchone()
    return str(state)


def test_the_owner_finds_a_failed_event_and_processes_it_again(live: Live, page: Page, javascript: bool) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{live.site}/donate")
    fill_form(page, f"failed-{javascript}@example.org".lower(), amount="30")
    page.locator("#go").click()
    pay(page)
    expect_status(page, "succeeded")
    until(lambda: "applied" in _states(live), "no event was applied")
    event_id = give_up(live)
    come_in(live, page, f"operations.{'script' if javascript else 'plain'}@newsroom.example")
    page.goto(f"{live.site}/staff")
    follow(page, page.get_by_role("link", name="Operations", exact=True))
    problem = page.locator("[data-cause=events_failed]")
    expect(problem).to_contain_text("1 event from Stripe could not be processed.")
    expect(page.locator("#workers + ul li")).not_to_have_count(0)
    look_over(page, with_axe=javascript)
    follow(page, problem.get_by_role("link"))
    expect(page.locator("main")).to_contain_text("StripeUnanswered")
    expect(page.locator("main")).not_to_contain_text("amal@example.org")
    look_over(page, with_axe=javascript)
    follow(page, page.get_by_role("button", name=f"Process again: {event_id}"))
    expect(page.get_by_role("status")).to_contain_text("1 is on its way again.")
    until(lambda: state_of(live, event_id) == "applied", "the event was not processed again")
    page.goto(f"{live.site}/staff/operations")
    expect(page.locator("[data-cause=events_failed]")).to_have_count(0)


def _states(live: Live) -> set[str]:
    with closing(sqlite3.connect(live.folder / "live.db", timeout=30)) as rows:
        asked = "SELECT state FROM stripe_event WHERE type = 'checkout.session.completed'"
        return {state for (state,) in rows.execute(asked)}


def test_a_colleague_is_mailed_the_gifts_they_chose(live: Live, page: Page, javascript: bool) -> None:
    email = f"notices.{'script' if javascript else 'plain'}@newsroom.example"
    come_in(live, page, email)
    page.goto(f"{live.site}/staff")
    follow(page, page.get_by_role("link", name="What I am mailed"))
    page.fill("#above", "a lot")
    follow(page, page.get_by_role("button", name="Keep this"))
    expect(page.locator("#above-e")).to_be_visible()
    expect(page.locator("#above")).to_have_value("a lot")
    page.fill("#above", "70")
    choose(page, "input[name=promises]")
    follow(page, page.get_by_role("button", name="Keep this"))
    expect(page.get_by_role("status")).to_contain_text("Kept.")
    for amount in ("30", "75"):
        page.goto(f"{live.site}/donate")
        fill_form(page, f"chosen-{amount}-{javascript}@example.org".lower(), amount=amount)
        page.locator("#go").click()
        pay(page)
        expect_status(page, "succeeded")
    until(lambda: any("A gift of $75.00" in str(each["Subject"]) for each in live.outbox.to(email)), "no letter came")
    assert not any("$30.00" in str(each["Subject"]) for each in live.outbox.to(email))


@pytest.mark.parametrize("javascript", [True], indirect=True, ids=["javascript"])
@pytest.mark.parametrize(("prefix", "width", "scheme"), SCREENS)
def test_the_operations_desk_has_no_violations(live: Live, page: Page, prefix: str, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    come_in(live, page, f"operations.{prefix.strip('/') or 'en'}.{width}@newsroom.example", prefix)
    for path in PAGES:
        page.goto(f"{live.site}{prefix}/staff/{path}")
        look_over(page)
