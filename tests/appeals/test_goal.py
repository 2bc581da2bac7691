"""What moves a goal's bar: the declared rule, each part of the sum, and the words beside it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask.testing import FlaskClient

from donate.appeals.models import Appeal, AppealTally
from donate.appeals.queries import find_appeal
from donate.appeals.tally import Tally, towards_goal
from donate.db import committed, db, lock
from donate.money import Money
from donate.newsroom.edition import note_change
from tests.house.code import ROOT
from tests.make.in_the_books import Booked

GOAL = Money(100_000, "USD")
RAISED = Tally(Money(50_000, "USD"), 9, datetime(2026, 3, 1, tzinfo=UTC), renewals_minor=20_000, offline_minor=4_000)


def test_renewals_move_a_goal_that_counts_them_and_no_other() -> None:
    assert towards_goal(RAISED, counts_renewals=True) == Money(50_000, "USD")
    assert towards_goal(RAISED, counts_renewals=False) == Money(30_000, "USD")
    assert RAISED.percent(GOAL) == RAISED.percent(GOAL, counts_renewals=True) == Decimal("50.0")
    assert RAISED.percent(GOAL, counts_renewals=False) == Decimal("30.0")


def test_offline_gifts_count_by_either_rule_and_are_told_apart() -> None:
    only = Tally(Money(4_000, "USD"), 1, datetime(2026, 3, 1, tzinfo=UTC), offline_minor=4_000)
    assert towards_goal(only, counts_renewals=True) == towards_goal(only, counts_renewals=False) == only.offline


@pytest.fixture
def show(newsroom: None, client: FlaskClient) -> Callable[..., str]:
    """Return a way to draw an appeal's page with a tally and a rule; gives the words of its goal."""

    def draw(*, counts_renewals: bool = True, offline: int = 0, ends_in: int | None = None) -> str:
        found = find_appeal("misinformation")
        assert found is not None
        with committed():
            appeal = lock(Appeal, found.id)
            appeal.goal_counts_renewals = counts_renewals
            appeal.ends_on = None if ends_in is None else date(2026, 3, 2) + timedelta(days=ends_in)
            db.session.add(
                AppealTally(
                    appeal_id=appeal.id, currency="USD", raised_minor=1_200_000, renewals_minor=300_000,
                    offline_minor=offline, gifts=20, people=12, counted_at=datetime(2026, 3, 1, 9, tzinfo=UTC),
                )
            )  # fmt: skip
            note_change(db.session())
        page = client.get("/appeals/misinformation").text
        goal = page[page.index('<div class="goal">') : page.index("</p>", page.index("goal__rule"))]
        return " ".join(re.sub(r"<[^>]+>", " ", goal).split())

    return draw


def test_the_bar_says_that_renewals_count(show: Callable[..., str]) -> None:
    words = show()
    assert "$12,000 of $48,000" in words
    assert "as of 1 March 2026 at 11:00. Renewals count; fees that donors covered don’t" in words
    assert "cheque" not in words


def test_the_bar_says_that_only_first_gifts_count(show: Callable[..., str]) -> None:
    words = show(counts_renewals=False)
    assert "$9,000 of $48,000" in words
    assert "Of a monthly or yearly gift the first one counts; renewals don’t" in words


def test_what_came_by_hand_is_marked(show: Callable[..., str]) -> None:
    assert "Of this, $400.00 came by cheque, transfer or cash." in show(offline=40_000)


@pytest.mark.parametrize(
    ("ends_in", "said"), [(12, "14 March 2026 · 12 days left"), (1, "· 1 day left"), (0, "· last day"), (None, "")]
)
def test_the_days_that_are_left_are_said_in_words(show: Callable[..., str], ends_in: int | None, said: str) -> None:
    words = show(ends_in=ends_in)
    assert said in words
    assert ("left" in words, "until" in words) == (bool(ends_in), ends_in is not None)


def test_an_appeal_that_is_over_counts_no_days(show: Callable[..., str]) -> None:
    words = show(ends_in=-1)
    assert "left" not in words
    assert "last day" not in words


def test_existing_tallies_are_told_apart_from_the_books_to_the_cent(of_every_kind: Booked) -> None:
    from_the_books = _parts()
    assert from_the_books[0][1:] == (2500 + 1500 + 1000 + 1500 + 40000, 2500, 40000)
    with committed() as session:
        session.execute(sa.update(AppealTally).values(renewals_minor=0, offline_minor=0))
    fill = ScriptDirectory(str(ROOT / "donate" / "migrations")).get_revision("0011_appeals").module._fill_tallies
    with db.engine.begin() as connection:
        fill(connection)
    assert _parts() == from_the_books


def _parts() -> list[tuple[int, ...]]:
    db.session.expire_all()
    columns = (AppealTally.appeal_id, AppealTally.raised_minor, AppealTally.renewals_minor, AppealTally.offline_minor)
    return [tuple(row) for row in db.session.execute(sa.select(*columns).order_by(*columns))]
