"""A colleague comes in by the mail and sees their desk; their role changes while their page is open; axe looks on."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from donate.team.permissions import ROLES
from tests.journeys.test_appeals_desk import come_in
from tests.make.live import Live
from tests.make.look_over import SCREENS, look_over
from tests.make.outbox import text_of
from tests.make.visit import follow
from tests.make.wait import until

#: What the way between the desks shows each role, written down by hand. A new desk is added here with thought.
DESKS = {
    "owner": [
        "The desk",
        "Gifts and donors",
        "Appeals",
        "Finance",
        "Offline gifts",
        "Past gifts",
        "Articles",
        "Letters",
        "Supporters",
        "Settings",
        "Team",
        "History",
        "Operations",
        "Connections",
        "What I am mailed",
        "Your sign-in",
    ],
    "finance": [
        "The desk",
        "Gifts and donors",
        "Finance",
        "Offline gifts",
        "Past gifts",
        "History",
        "What I am mailed",
        "Your sign-in",
    ],
    "auditor": ["The desk", "Appeals", "Finance", "History", "What I am mailed", "Your sign-in"],
    "fundraising": [
        "The desk",
        "Gifts and donors",
        "Appeals",
        "Offline gifts",
        "Letters",
        "Settings",
        "What I am mailed",
        "Your sign-in",
    ],
    "editor": ["The desk", "Appeals", "Articles", "What I am mailed", "Your sign-in"],
    "support": ["The desk", "Gifts and donors", "What I am mailed", "Your sign-in"],
}  # fmt: skip


_NETWORKS = itertools.count(1)


@pytest.fixture
def other(chromium: Browser, javascript: bool) -> Iterator[Page]:
    """Return a page of another person's browser, on another network."""
    context = chromium.new_context(
        java_script_enabled=javascript, extra_http_headers={"X-Forwarded-For": f"10.201.0.{next(_NETWORKS)}"}
    )
    yield context.new_page()
    context.close()


def add(page: Page, live: Live, email: str, role: str) -> None:
    """Add a colleague with the form."""
    page.goto(f"{live.site}/staff/team")
    follow(page, page.get_by_role("link", name="Add a colleague"))
    page.locator("#email").fill(email)
    page.locator(f"input[value={role}]").check()
    follow(page, page.get_by_role("button", name="Add them and mail the link"))
    expect(page.get_by_role("status")).to_contain_text("The link is on its way")


def come_by_mail(live: Live, page: Page, email: str) -> None:
    """Come in by the mailed link, and set the authenticator."""
    until(lambda: bool(live.outbox.to(email)), f"no letter to {email}")
    link = re.search(r"(/signin/link/\S+)", text_of(live.outbox.to(email)[-1]))
    assert link is not None
    page.goto(live.site + link[1])
    follow(page, page.locator("form button"))
    secret = (page.locator("details code").text_content() or "").replace(" ", "")
    page.fill("#code", pyotp.TOTP(secret).now())
    follow(page, page.locator("form button"))
    expect(page.locator(".codes")).to_be_visible()


def desks(page: Page) -> list[str]:
    """Read the way between the desks."""
    return [each.strip() for each in page.locator(".desk__menu li a").all_text_contents()]


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize("javascript", [False], indirect=True, ids=["plain"])
def test_a_colleague_comes_in_by_the_mail_and_sees_their_own_desk(
    live: Live, page: Page, other: Page, javascript: bool, role: str
) -> None:
    email = f"new.{role}@newsroom.example"
    come_in(live, page, f"boss.{role}@newsroom.example")
    add(page, live, email, role)
    come_by_mail(live, other, email)
    other.goto(f"{live.site}/staff")
    assert desks(other) == DESKS[role]
    for path in other.locator(".desk__menu li a").evaluate_all("links => links.map(each => each.href)"):
        answer = other.goto(path)
        assert answer is not None
        assert answer.status == 200, path
    answer = other.goto(f"{live.site}/staff/team")
    assert answer is not None
    assert (answer.status == 200) == (role == "owner")


def test_another_role_holds_at_the_next_click(live: Live, page: Page, other: Page, javascript: bool) -> None:
    name = "script" if javascript else "plain"
    email = f"moved.{name}@newsroom.example"
    come_in(live, page, f"mover.{name}@newsroom.example")
    add(page, live, email, "finance")
    come_by_mail(live, other, email)
    other.goto(f"{live.site}/staff/finance")
    expect(other.locator("h1")).to_be_visible()
    follow(page, page.get_by_role("link", name="Role and last day"))
    page.locator("input[value=support]").check()
    follow(page, page.get_by_role("button", name="Save"))
    expect(page.get_by_role("status")).to_contain_text("It holds at once.")
    expect(page.locator("#happened + .timeline")).to_contain_text("Role: Reader support, was Finance")
    with other.expect_response(f"{live.site}/staff/finance/payouts") as answer:
        other.get_by_role("link", name="Payouts", exact=True).click()
    assert answer.value.status == 403
    other.goto(f"{live.site}/staff")
    assert desks(other) == DESKS["support"]


@pytest.mark.parametrize("javascript", [True], indirect=True, ids=["javascript"])
@pytest.mark.parametrize(("prefix", "width", "scheme"), SCREENS)
def test_the_team_and_its_history_have_no_violations(
    live: Live, page: Page, prefix: str, width: int, scheme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    name = f"{prefix.strip('/') or 'en'}.{width}"
    live.run("staff", "add", f"seen.{name}@newsroom.example", "--role", "editor")
    come_in(live, page, f"look.{name}@newsroom.example", prefix)
    paths = ["", "/team", "/team/add", "/history", "/history?from=never", "/appeals/misinformation"]
    page.goto(f"{live.site}{prefix}/staff/team")
    member = page.get_by_role("link", name=f"seen.{name}@newsroom.example").get_attribute("href")
    assert member is not None
    one = member[len(f"{prefix}/staff") :]
    for path in [*paths, one, f"{one}/role", f"{one}/disable", f"{one}/enable", f"{one}/authenticator"]:
        page.goto(f"{live.site}{prefix}/staff{path}")
        look_over(page)
    page.goto(f"{live.site}{prefix}/staff/team/add")
    follow(page, page.locator(".team__form .btn").first)
    look_over(page)
