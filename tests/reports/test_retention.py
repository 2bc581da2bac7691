"""What is read of donors from kept sums is what the raw rows say: counts, cohorts and every page of every list."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from donate.db import committed, db
from donate.newsroom.fiscal import FiscalYear, fiscal_year
from donate.newsroom.queries import get_newsroom
from donate.reports.retention import STANDINGS, cohorts, donors_of_year, list_donors
from tests.make.in_the_books import Booked
from tests.people import Person

TODAY = date(2026, 3, 2)
Gift = tuple[date, str, int]


@pytest.fixture(params=[1, 4])
def month(request: pytest.FixtureRequest, newsroom: None) -> int:
    """Let the fiscal year begin with a month."""
    begins: int = request.param
    with committed():
        get_newsroom().fiscal_month = begins
    return begins


def fill(booked: Booked, dice: int) -> None:
    """Let two dozen people give now and then over six years in two currencies, and let some of it go back."""
    drawn = random.Random(dice)
    for at in range(24):
        person = Person(f"p{at}", "Giver", f"p{at}@example.org")
        for _ in range(drawn.randrange(1, 5)):
            day = TODAY - timedelta(int(2200 * drawn.random() ** 2))
            gift = booked.give(drawn.randrange(1, 9) * 500, person, on=day, appeal=None,
                               currency=drawn.choice(["USD", "USD", "EUR"]))  # fmt: skip
            if drawn.random() < 0.2:
                booked.move(gift, "refund", drawn.choice([gift.amount_minor, 100]))


def raw() -> dict[str, list[Gift]]:
    """Read what is kept of each gift from the rows themselves, by the reference of its donor."""
    rows = db.session.execute(
        sa.text(
            "SELECT p.reference, d.received_on, d.currency, sum(e.gross_minor) FROM donation d"
            " JOIN ledger_entry e ON e.donation_id = d.id JOIN donor p ON p.id = d.donor_id"
            " GROUP BY p.reference, d.id, d.received_on, d.currency HAVING sum(e.gross_minor) > 0"
        ).columns(received_on=sa.Date)
    )
    found: dict[str, list[Gift]] = defaultdict(list)
    for donor, day, currency, kept in rows:
        found[donor].append((day, currency, int(kept)))
    return found


def stands(gifts: list[Gift], year: FiscalYear, until: date) -> set[str]:
    days = [day for day, _currency, _kept in gifts if day < until]
    if not days:
        return set()
    this, last = (any(each.first <= day < each.after for day in days) for each in (year, year.before()))
    earlier = any(day < year.before().first for day in days)
    rules = {
        "donor": this, "first_time": this and not last and not earlier, "retained": this and last,
        "regained": this and not last and earlier, "lybunt": last and not this,
        "sybunt": (last or earlier) and not this, "lapsed": (until - timedelta(days=1) - max(days)).days > 365,
    }  # fmt: skip
    return {name for name, holds in rules.items() if holds}


def asked_for(month: int) -> list[tuple[FiscalYear, date]]:
    """Give what the page asks: each fiscal year up to its end or today, and the same day a year before."""
    year, found = fiscal_year(TODAY, month), list[tuple[FiscalYear, date]]()
    for _ in range(8):
        found.append((year, min(year.after, TODAY + timedelta(days=1))))
        year = year.before()
    return [*found, (fiscal_year(TODAY, month).before(), (TODAY + timedelta(days=1)).replace(year=2025))]


@pytest.mark.parametrize("dice", [1, 2])
def test_counts_and_cohorts_are_what_the_rows_say(app: Flask, booked: Booked, month: int, dice: int) -> None:
    fill(booked, dice)
    everybody = raw()
    for year, until in asked_for(month):
        expected = {name: sum(name in stands(gifts, year, until) for gifts in everybody.values()) for name in STANDINGS}
        found = donors_of_year(year, until)
        assert found.counts == expected
        last = year.before()
        assert found.last == sum(
            any(last.first <= gift[0] < last.after for gift in gifts) for gifts in everybody.values()
        )
        assert cohorts(month, until) == who_stays(everybody, month, until)


def who_stays(everybody: dict[str, list[Gift]], month: int, until: date) -> list[tuple[int, dict[int, int]]]:
    found: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for gifts in everybody.values():
        years = {fiscal_year(day, month).number for day, _currency, _kept in gifts if day < until}
        for year in years:
            found[min(years)][year - min(years)] += 1
    return [(year, dict(found.get(year, {}))) for year in range(min(found), max(found) + 1)] if found else []


@pytest.mark.parametrize("dice", [3, 4])
def test_every_page_of_every_list_is_what_the_rows_say(app: Flask, booked: Booked, month: int, dice: int) -> None:
    fill(booked, dice)
    everybody = raw()
    for year, until in asked_for(month)[:-1]:
        counts = donors_of_year(year, until).counts
        for standing in STANDINGS:
            for currency in ("USD", "EUR", "JPY"):
                pages = [list_donors(standing, year, until, currency, counts[standing], skip=skip, at_most=5)
                         for skip in range(0, counts[standing] + 5, 5)]  # fmt: skip
                lines = [row for page in pages for row in page]
                expected = {donor: line_of(gifts, year, until, currency) for donor, gifts in everybody.items()
                            if standing in stands(gifts, year, until)}  # fmt: skip
                assert {row["reference"]: tuple(list(row.values())[4:]) for row in lines} == expected
                assert len(lines) == len(expected)
                assert all(len(page) == 5 for page in pages[: counts[standing] // 5])
                name = "this_year" if standing in ("donor", "first_time", "retained", "regained") else "ever"
                sums = [row[name] for row in lines]
                assert sums == sorted(sums, reverse=True)


def line_of(gifts: list[Gift], year: FiscalYear, until: date, currency: str) -> tuple[date | int, ...]:
    days = [day for day, _currency, _kept in gifts if day < until]
    sums = [
        sum(kept for day, of, kept in gifts if of == currency and since <= day < after)
        for since, after in ((year.first, until), (year.before().first, year.first), (date.min, until))
    ]
    return (min(days), max(days), *sums)
