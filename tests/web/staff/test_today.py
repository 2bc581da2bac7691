"""The desk's first page is each role's day: what waits, with its number and its link, and calm where nothing does."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from donate import clock
from donate.appeals.contents import contents_of
from donate.appeals.draft import draft_appeal
from donate.appeals.models import Appeal
from donate.articles.models import Article
from donate.db import committed, db
from donate.giving.models import Dispute
from donate.ledger.models import Payout
from donate.newsroom.queries import get_newsroom
from donate.queue.models import Job
from donate.team.hire import add_staff
from donate.team.history import SYSTEM, Who, record_history
from donate.team.permissions import ROLES
from donate.team.queries import real_today
from tests.make.in_the_books import Booked
from tests.make.signing_in import Comings

#: What the first page tells each role about, written down by hand: the beginning of each card.
TELLS = {
    "owner": {"dispute", "payout", "month", "stories", "appeal rests", "appeal ends", "colleague", "appeals are",
              "appeal is being", "gift", "donor", "piece"},
    "finance": {"dispute", "payout", "month", "gift"},
    "auditor": {"dispute", "payout", "month", "gift", "appeals are"},
    "fundraising": {"appeal ends", "appeals are", "appeal is being", "gift", "donor"},
    "editor": {"stories", "appeal rests", "appeals are"},
    "support": {"gift", "donor"},
}  # fmt: skip


def cards(browser: FlaskClient, path: str = "/staff") -> tuple[dict[str, str], dict[str, str]]:
    """Read the cards that wait and those that tell how things stand: each sentence with where it leads."""
    page = browser.get(path).text
    found: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for kind, inner in re.findall(r'<li class="task( task--waits)?"><p class="task__what">(.*?)</p>', page, re.DOTALL):
        link = re.search(r'href="([^"]*)"', inner)
        said = html.unescape(re.sub(r"<[^>]*>", "", inner))
        found[0 if kind else 1][said] = html.unescape(link[1]) if link else ""
    return found


@pytest.fixture
def busy_day(comings: Comings, booked: Booked) -> None:
    """Let something wait for everybody."""
    today = clock.today(get_newsroom().time_zone)
    gift = booked.give(on=today)
    booked.give(on=date(2026, 1, 20))
    with committed() as session:
        resting, ending = session.query(Appeal).where(Appeal.is_evergreen.is_(False)).order_by(Appeal.id)
        draft_appeal(replace(contents_of(resting), slug="a-new-one"), SYSTEM)
        resting.status, resting.paused_at, resting.paused_why = (
            "paused",
            clock.now(),
            {"article": "x", "flag": "sensitive"},
        )
        ending.status, ending.ends_on = "live", today + timedelta(days=3)
        session.add(
            Dispute(
                donation_id=gift.id, status="needs_response", livemode=False, amount_minor=2500, currency="USD",
                opened_at=clock.now(), opened_on=today, evidence_due_at=datetime(2026, 3, 20, 12, tzinfo=UTC),
                stripe_dispute_id="dp_1",
            )
        )  # fmt: skip
        session.add(
            Payout(
                stripe_account="acct_1", stripe_payout_id="po_1", livemode=False, status="paid", currency="USD",
                amount_minor=2400, arrival_on=today, proof="differs", difference_minor=100, differences=[],
                automatic=True, created_at=clock.now(),
            )
        )  # fmt: skip
        add_staff("waits@newsroom.example", "editor", SYSTEM)
        record_history(Who("member", 1), "choose_letters", "donor", "AAAABBBBCCCCDDDD")
        now = clock.real_now()
        session.add(Job(name="sweep", key="dead", args={}, state="dead", run_at=now, created_at=now, attempts=12))


@pytest.mark.usefixtures("busy_day")
@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_is_told_of_its_own_tasks_and_of_no_others(comings: Comings, role: str) -> None:
    waits, stands = cards(comings.colleague(role))
    said = [*waits, *stands]
    missing = {each for each in TELLS[role] if not any(re.match(rf"[\d,]+ {each}", one) for one in said)}
    assert missing == set(), said
    others = [one for one in said if not any(re.match(rf"[\d,]+ {each}", one) for each in TELLS[role])]
    assert others == []


@pytest.mark.usefixtures("busy_day")
@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_card_leads_where_its_reader_may_go(comings: Comings, role: str) -> None:
    browser = comings.colleague(role)
    waits, stands = cards(browser)
    links = [path for path in [*waits.values(), *stands.values()] if path]
    assert {path: browser.get(path).status_code for path in links} == dict.fromkeys(links, 200)


@pytest.mark.usefixtures("busy_day")
def test_finance_is_told_the_deadline_and_the_next_month(comings: Comings) -> None:
    page = comings.colleague("finance").get("/staff").text
    assert "Answer at Stripe by 20 March 2026." in page
    assert "January 2026 is next: look it over and close it." in page


@pytest.mark.usefixtures("busy_day")
def test_an_auditor_is_asked_to_do_nothing(comings: Comings) -> None:
    browser = comings.colleague("auditor")
    waits, stands = cards(browser)
    assert waits == {}
    assert stands
    page = browser.get("/staff").text
    assert "Nothing waits for you." in page
    assert "Answer at Stripe" not in page
    assert "close it" not in page


@pytest.mark.parametrize("role", ["finance", "editor", "support", "auditor", "owner"])
def test_nothing_waits_on_a_calm_day(comings: Comings, role: str) -> None:
    browser = comings.colleague(role)
    with committed() as session:
        # The sample's stories suggest corrections: somebody has judged them.
        session.execute(sa.update(Article).values(proposed_flags={}))
    page = browser.get("/staff").text
    assert "Nothing waits for you." in page
    assert cards(browser)[0] == {}


@pytest.mark.usefixtures("newsroom")
def test_a_colleagues_last_day_is_told_two_weeks_before(comings: Comings) -> None:
    browser = comings.colleague("owner")
    with committed():
        add_staff("soon@newsroom.example", "auditor", SYSTEM, ends_on=real_today() + timedelta(days=14))
        add_staff("later@newsroom.example", "auditor", SYSTEM, ends_on=real_today() + timedelta(days=15))
        add_staff("over@newsroom.example", "auditor", SYSTEM, ends_on=real_today() - timedelta(days=1))
    waits, stands = cards(browser)
    assert "1 colleague has a last day soon." in stands
    assert "2 colleagues have not come in yet." in waits


@pytest.mark.usefixtures("busy_day")
def test_the_page_costs_few_queries(app: Flask, comings: Comings) -> None:
    browser = comings.colleague("owner")
    browser.get("/staff")
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        browser.get("/staff")
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    assert 10 < len(asked) <= 35, asked
