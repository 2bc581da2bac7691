"""Recurring gifts at the finance desk: the monthly promise and all that moved it, as the raw movements say."""

from __future__ import annotations

import csv
import html
import io
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from donate import clock
from donate.db import committed, db, lock
from donate.giving.models import Donation
from donate.newsroom.queries import list_funds
from donate.recurring.models import RecurringDonation
from donate.recurring.movements import note_movement
from donate.reports.export import Period, write_export
from donate.web.staff.finance.exports_page import read_wish
from tests.make.in_the_books import Booked
from tests.make.signing_in import Comings
from tests.make.tables import cents, figure_of, rows_of, words

RECURRING = "/staff/finance/recurring"
KINDS = ("new", "returned", "raised", "lowered", "paused", "failed", "cancelled")


class Promises:
    """Lets promises move on days of one's choice."""

    def __init__(self, booked: Booked, monkeypatch: pytest.MonkeyPatch) -> None:
        self.booked, self.monkeypatch = booked, monkeypatch
        self.now = clock.now()

    def begin(self, minor: int, on: date, frequency: str = "month", **more: Any) -> Donation:
        gift = self.booked.give(minor, frequency=frequency, on=on, **more)
        self.move(gift, on)
        return gift

    def move(self, gift: Donation, on: date, **values: Any) -> None:
        moment = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
        with self.monkeypatch.context() as patch:
            patch.setattr(clock, "now", lambda: moment)
            with committed():
                promise = lock(RecurringDonation, gift.recurring_id or 0)
                for name, value in values.items():
                    setattr(promise, name, value)
                if values.get("status") == "canceled":
                    promise.ended_at = moment
                note_movement(promise)


@pytest.fixture
def promises(booked: Booked, monkeypatch: pytest.MonkeyPatch) -> Promises:
    """Return a maker of promises that move."""
    return Promises(booked, monkeypatch)


@pytest.fixture
def moved(promises: Promises) -> Promises:
    """Let each kind of movement happen in January and February 2026."""
    steady = promises.begin(1000, date(2025, 11, 30))
    yearly = promises.begin(10_000, date(2026, 1, 1), "year")
    rested = promises.begin(500, date(2025, 12, 31))
    broken = promises.begin(700, date(2026, 1, 15))
    stopped = promises.begin(300, date(2026, 1, 16))
    promises.move(steady, date(2026, 1, 20), amount_minor=1500)
    promises.move(steady, date(2026, 2, 1), amount_minor=1200)
    promises.move(rested, date(2026, 1, 31), is_paused=True)
    promises.move(rested, date(2026, 2, 28), is_paused=False)
    promises.move(broken, date(2026, 2, 14), status="canceled", ended_because="payment_failed")
    promises.move(stopped, date(2026, 2, 15), status="canceled", ended_because="cancellation_requested")
    promises.move(yearly, date(2026, 3, 1), amount_minor=12_000)
    return promises


def raw(until: str, since: str = "2000-01-01", kind: str = "%") -> int:
    """Sum movements as they stand in the database: minor units a year."""
    total = db.session.scalar(
        sa.text(
            "SELECT sum(annual_after_minor - annual_before_minor) FROM recurring_movement"
            " WHERE moved_on < :until AND moved_on >= :since AND kind LIKE :kind AND currency = 'USD'"
        ),
        {"until": until, "since": since, "kind": kind},
    )
    return int(total or 0)


def monthly(annual: int) -> int:
    """Give a twelfth, rounded half up."""
    return (2 * annual + 12) // 24 if annual >= 0 else -((-2 * annual + 12) // 24)


def months_of(page: str) -> dict[str, list[Any]]:
    return {row[0].text.replace(" not over yet", ""): row for row in rows_of(page, "Movements, table")}


def test_each_month_says_what_the_movements_say(moved: Promises, comings: Comings) -> None:
    page = comings.colleague("finance").get(RECURRING).text
    lines = months_of(page)
    bounds = ["2025-11-01", "2025-12-01", "2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"]
    names = ["November 2025", "December 2025", "January 2026", "February 2026", "March 2026"]
    seen = set()
    for name, since, until in zip(names, bounds, bounds[1:], strict=False):
        line = lines[name]
        assert cents(line[1].text.split()[0]) == monthly(raw(since))
        assert cents(line[-2].text) == monthly(raw(until))
        for at, kind in enumerate(KINDS, 2):
            expected = monthly(raw(until, since, kind))
            if line[at].text == "–":
                assert expected == 0
            else:
                seen.add(kind)
                assert cents(line[at].text.split()[0]) == expected
    assert seen == set(KINDS)
    assert cents(figure_of(page, "Monthly promise")) == monthly(raw("2026-03-03"))
    assert figure_of(page, "Promises that run") == "3"


def test_churn_is_what_was_lost_over_what_ran(moved: Promises, comings: Comings) -> None:
    lines = months_of(comings.colleague("finance").get(RECURRING).text)
    # In February four ran at its beginning: the paused one did not. One failed, one was stopped.
    assert lines["February 2026"][1].text.split()[1] == "4"
    assert lines["February 2026"][-1].text == "50.0%"
    assert lines["January 2026"][-1].text == "0.0%"
    assert lines["November 2025"][-1].text == "–"


def test_each_number_leads_to_the_movements_it_is_the_sum_of(moved: Promises, comings: Comings) -> None:
    desk = comings.colleague("auditor")
    for line in months_of(desk.get(RECURRING).text).values():
        for at in range(2, 9):
            if line[at].link:
                behind = desk.get(line[at].link).text
                assert figure_of(behind, "Together, a month") == line[at].text.split()[0]
                assert str(len(rows_of(behind, "Movements, table"))) == line[at].text.split()[1]


def test_a_list_of_movements_can_be_taken_along_as_a_file(moved: Promises, comings: Comings) -> None:
    moved.begin(900, date(2026, 1, 5), currency="EUR")
    moved.begin(800, date(2026, 1, 6), fund_id=list_funds()[1].id)
    desk = comings.colleague("finance")
    for kind, fund in (("", ""), ("raised", ""), ("new", list_funds()[1].code)):
        asked = {"kind": kind, "fund": fund, "currency": "USD", "from": "2026-01-01", "to": "2026-01-31"}
        page = desk.get(f"/staff/finance/movements?{urlencode(asked)}").text
        start = page.index("/staff/finance/exports?")
        link = html.unescape(page[start : page.index('"', start)])
        form = desk.get(link).text
        assert "Only these movements:" in form
        wish = read_wish(dict(parse_qsl(urlsplit(link).query)))
        assert (wish.problem, wish.kind) == ("", "movements")
        out = io.BytesIO()
        made = write_export("movements", wish.period, "csv", out)
        lines = list(csv.DictReader(io.StringIO(out.getvalue().decode(), newline="")))
        shown = rows_of(page, "Movements, table")
        assert len(lines) == len(shown) > 0
        assert not fund or {line["fund"] for line in lines} == {fund}
        assert [line["moved_on"] for line in lines] == sorted(line["moved_on"] for line in lines)
        for line in lines:
            assert cents(line["annual_after"]) - cents(line["annual_before"]) == cents(line["annual_change"])
        if not fund:
            total = sum(cents(line["annual_change"]) for line in lines)
            assert total == raw("2026-02-01", "2026-01-01", kind or "%")
            assert made.sums["USD"]["annual_change"] == f"{total / 100:.2f}"


def test_no_line_of_that_file_names_anybody(moved: Promises) -> None:
    out = io.BytesIO()
    write_export("movements", Period(), "jsonl", out)
    assert "Amal" not in out.getvalue().decode()
    assert "@" not in out.getvalue().decode()


def test_a_fund_and_a_currency_stand_alone(promises: Promises, comings: Comings) -> None:
    other = next(fund for fund in list_funds() if not fund.is_general)
    promises.begin(1000, date(2026, 1, 1))
    promises.begin(2000, date(2026, 1, 2), fund_id=other.id)
    promises.begin(300, date(2026, 1, 3), currency="EUR")
    desk: FlaskClient = comings.colleague("finance")
    assert figure_of(desk.get(RECURRING).text, "Monthly promise") == "$30.00"
    assert figure_of(desk.get(f"{RECURRING}?fund={other.code}").text, "Monthly promise") == "$20.00"
    assert figure_of(desk.get(f"{RECURRING}?currency=EUR").text, "Monthly promise") == "€3.00"
    wrong = desk.get(f"{RECURRING}?fund=none&currency=XXX")
    assert wrong.status_code == 422
    assert "No recurring gift is in XXX" in words(wrong.text)


def test_of_each_months_promises_is_told_how_many_are_left(moved: Promises, comings: Comings) -> None:
    page = comings.colleague("finance").get(RECURRING).text
    lines = {row[0].text: [cell.text for cell in row[1:]] for row in rows_of(page, "How long promises last, table")}
    assert lines["January 2026"][:4] == ["3", "100%", "33%", "33%"]
    assert lines["December 2025"][:4] == ["1", "100%", "100%", "100%"]


def test_the_overview_says_what_moved_it_this_month(moved: Promises, comings: Comings) -> None:
    page = comings.colleague("finance").get("/staff/finance").text
    assert cents(figure_of(page, "Monthly promise")) == monthly(raw("2026-03-03"))
    said = words(page[page.index('id="promise"') :])
    assert "What moved the monthly promise in March 2026 At its beginning $25.33 Raised $1.67" in said
    assert "2 March 2026 $27.00" in said


def test_before_the_first_one_that_is_said(comings: Comings, booked: Booked) -> None:
    booked.give()
    assert "No recurring gift has begun yet." in words(comings.colleague("finance").get(RECURRING).text)
