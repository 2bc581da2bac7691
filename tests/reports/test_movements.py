"""MRR at the end of any day, what moved it, and each that did: the sums kept are those of the rows, by hand as well."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import stripe
from flask import Flask

from donate.db import committed, db
from donate.money import Money, from_major
from donate.newsroom.queries import get_newsroom, list_funds
from donate.recurring import rebuild_sums
from donate.recurring.change import change_terms
from donate.recurring.models import RecurringMovement, RecurringMovementDay
from donate.recurring.pause import pause
from donate.recurring.rebuild_sums import rebuild_movement_days
from donate.recurring.terms import terms_of
from donate.reports.check import check_everything
from donate.reports.movements import list_movements, list_spans, mrr, total_annual, total_movements
from tests.make.books import let_the_books_change
from tests.make.movements import annual_by_hand
from tests.make.promises import Promises
from tests.make.rows import every
from tests.people import NOAM, YARA

MARCH, APRIL, MAY, JUNE = (date(2026, month, 1) for month in (3, 4, 5, 6))
BEGAN = date(2026, 3, 2)


@pytest.fixture
def spring(promises: Promises, dashboard: stripe.StripeClient) -> Promises:
    """Return three months in which promises began, were raised, paused and stopped, in two currencies."""
    first = promises.begin()
    promises.begin(NOAM, frequency="year", amount="100.00")
    third = promises.begin(YARA, currency="JOD", amount="5.000")
    promises.pass_days(31)
    terms = terms_of(promises.now(first))
    promises.change(
        promises.now(first),
        "change",
        change_terms(
            terms, amount=from_major("17.50", "USD"), fee_cover=terms.fee_cover, interval="month", next_on=None,
            zone=get_newsroom().time_zone,
        ),
    )  # fmt: skip
    promises.pass_days(14)
    promises.change(promises.now(third), "pause", pause(terms_of(promises.now(third)), 6))
    promises.pass_days(20)
    dashboard.v1.subscriptions.cancel(str(promises.now(first).stripe_subscription_id))
    promises.settle()
    return promises


def test_what_stood_at_the_end_of_each_day_is_the_sum_of_the_rows(spring: Promises) -> None:
    assert check_everything() == []
    for day in (BEGAN + timedelta(days=number) for number in range(-1, 70)):
        assert total_annual(day) == annual_by_hand(day), day
    assert total_annual(BEGAN - timedelta(days=1)) == {}
    assert total_annual(MARCH.replace(day=31)) == {"USD": 28000, "JOD": 60000}
    assert total_annual(APRIL.replace(day=30)) == {"USD": 31000, "JOD": 0}
    assert total_annual(MAY.replace(day=31)) == {"USD": 10000, "JOD": 0}


def test_an_opening_and_all_that_moved_is_the_closing(spring: Promises) -> None:
    spans = list_spans([MARCH, APRIL, MAY, JUNE])
    said = [
        (span.since.month, span.currency, span.opening_minor,
         [(moved.kind, moved.changes, moved.annual_minor) for moved in span.moved], span.closing_minor)
        for span in spans
    ]  # fmt: skip
    assert said == [
        (3, "JOD", 0, [("new", 1, 60000)], 60000),
        (3, "USD", 0, [("new", 2, 28000)], 28000),
        (4, "JOD", 60000, [("paused", 1, -60000)], 0),
        (4, "USD", 28000, [("raised", 1, 3000)], 31000),
        (5, "JOD", 0, [], 0),
        (5, "USD", 31000, [("cancelled", 1, -21000)], 10000),
    ]
    for span in spans:
        assert span.closing_minor == annual_by_hand(span.until - timedelta(days=1))[span.currency]


def test_each_sum_leads_to_the_movements_it_is_made_of(spring: Promises) -> None:
    for moved in total_movements(MARCH, JUNE):
        lines = list_movements(MARCH, JUNE, kind=moved.kind, currency=moved.currency)
        assert len(lines) == moved.changes
        assert sum(line.annual_after_minor - line.annual_before_minor for line in lines) == moved.annual_minor
    whole = list_movements(MARCH, JUNE)
    assert [line.movement_id for line in whole] == [each.id for each in every(RecurringMovement)]
    part = list_movements(MARCH, JUNE, at_most=2)
    rest = list_movements(MARCH, JUNE, after=(part[-1].moved_on, part[-1].movement_id))
    assert part + rest == whole
    assert {(line.interval, line.donor_id is None) for line in whole} == {("month", False), ("year", False)}


def test_sums_of_one_fund_leave_the_others_out(promises: Promises) -> None:
    other = next(fund for fund in list_funds() if fund.id != promises.gifts.fund.id)
    promises.begin()
    promises.begin(NOAM, amount="20.00", fund_id=other.id)  # type: ignore[arg-type]
    funds = {fund.id: total_annual(JUNE, fund_id=fund.id) for fund in list_funds()}
    assert {key: sums for key, sums in funds.items() if sums} == {
        promises.gifts.fund.id: {"USD": 18000}, other.id: {"USD": 24000},
    }  # fmt: skip
    assert [line.fund_id for line in list_movements(MARCH, JUNE, fund_id=other.id)] == [other.id]
    assert [each.annual_minor for each in total_movements(MARCH, JUNE, fund_id=other.id)] == [24000]
    (span,) = list_spans([MARCH, APRIL], fund_id=other.id)
    assert span.closing_minor == 24000


def test_a_page_reads_as_many_sums_however_many_promises_there_are(app: Flask) -> None:
    asked = ["seed", "--donors", "90", "--donations", "900", "--years", "1", "--until", "2026-02-28"]
    assert app.test_cli_runner().invoke(args=asked).exit_code == 0
    assert check_everything() == []
    days = every(RecurringMovementDay)
    assert sum(day.changes for day in days) == len(every(RecurringMovement))
    assert total_annual(date(2026, 2, 28)) == annual_by_hand(date(2026, 2, 28))
    assert total_annual(date(2025, 9, 30)) == annual_by_hand(date(2025, 9, 30))


@pytest.mark.parametrize(
    ("annual", "currency", "monthly"),
    [(18000, "USD", 1500), (10000, "USD", 833), (10002, "USD", 834), (-10002, "USD", -834), (100000, "JPY", 8333)],
)
def test_mrr_is_a_twelfth_rounded_only_where_it_is_shown(annual: int, currency: str, monthly: int) -> None:
    assert mrr(annual, currency) == Money(monthly, currency)


def test_the_sums_are_made_anew_and_each_that_differed_is_named(app: Flask, spring: Promises) -> None:
    run = app.test_cli_runner()
    sound = sums()
    assert run.invoke(args=["recurring", "rebuild-sums"]).output == (
        "0 sums were put right. The sums by day equal the movements.\n"
    )
    with committed() as session:
        session.execute(sa.text("UPDATE recurring_movement_day SET annual_minor = 1 WHERE kind = 'raised'"))
        session.execute(sa.text("DELETE FROM recurring_movement_day WHERE kind = 'paused'"))
        session.execute(
            sa.text("INSERT INTO recurring_movement_day VALUES ('2026-03-09', 'lowered', 'USD', 1, 3, -500)")
        )
    assert [each.name for each in check_everything()] == ["sums_of_movements_agree"]
    said = run.invoke(args=["recurring", "rebuild-sums"]).output
    fund = spring.gifts.fund.id
    assert said == (
        "DIFFERED 2026-03-09 lowered USD fund 1: kept 3 changes, -500 a year; moved no row\n"
        f"DIFFERED 2026-04-02 raised USD fund {fund}: kept 1 changes, 1 a year; moved 1 changes, 3000 a year\n"
        f"DIFFERED 2026-04-16 paused JOD fund {fund}: kept no row; moved 1 changes, -60000 a year\n"
        "3 sums were put right. The sums by day equal the movements.\n"
    )
    assert sums() == sound
    assert check_everything() == []


def test_sums_that_could_not_be_put_right_are_said_to_be_so_and_nothing_is_kept(
    spring: Promises, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the proof."""
    with committed() as session:
        session.execute(sa.text("UPDATE recurring_movement_day SET changes = changes + 1"))
    spoiled = sums()
    monkeypatch.setattr(rebuild_sums, "_put_right", lambda _wrong: None)
    with pytest.raises(RuntimeError, match="still differ"), committed():
        rebuild_movement_days()
    assert sums() == spoiled


def test_a_movement_somebody_tampered_with_is_named_by_each_rule_it_breaks(spring: Promises, guards_back: None) -> None:
    let_the_books_change()
    with committed() as session:
        session.execute(
            sa.text("UPDATE recurring_movement SET annual_after_minor = annual_after_minor + 12 WHERE kind = 'raised'")
        )
    assert {each.name for each in check_everything()} == {"movements_follow_one_another", "sums_of_movements_agree"}


def test_a_pause_that_nobody_wrote_down_is_named(promises: Promises) -> None:
    promise = promises.begin()
    with committed() as session:
        session.execute(sa.text("UPDATE recurring_donation SET is_paused = true"))
    (broken,) = check_everything()
    assert broken.name == "promises_count_what_their_movements_say"
    assert broken.rows == (f"{promise.reference}: counts 0, its last movement says 18000",)


def sums() -> list[tuple[object, ...]]:
    db.session.expire_all()
    return [
        tuple(row) for row in db.session.execute(sa.select(RecurringMovementDay.__table__).order_by(sa.text("1, 2, 3")))
    ]
