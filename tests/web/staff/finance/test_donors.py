"""Donors at the finance desk: who gave again, who not yet, counted as the raw rows say, named only where allowed."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from donate.commands.worker import JOBS
from donate.db import committed, db
from donate.newsroom.queries import get_newsroom
from tests.make.in_the_books import Booked
from tests.make.signing_in import Comings
from tests.make.tables import figure_of, rows_of, words
from tests.people import Person

DONORS = "/staff/finance/donors"
TODAY = date(2026, 3, 2)
#: Days on which each of a few people gave; a negative day of March 2026 is given back whole.
GIVEN = {
    "new": [date(2026, 2, 1)],
    "again": [date(2025, 7, 1), date(2026, 1, 5), date(2026, 3, 1)],
    "back-after-years": [date(2022, 5, 1), date(2026, 1, 1)],
    "not-yet": [date(2025, 12, 31)],
    "long-ago": [date(2023, 6, 6)],
    "at-the-turn": [date(2025, 3, 31), date(2025, 4, 1)],
    "exactly-a-year": [TODAY - timedelta(days=365)],
    "a-year-and-a-day": [TODAY - timedelta(days=366)],
}
NAMES = {
    "donor": "Donors", "first_time": "First-time", "retained": "Gave again", "regained": "Came back",
    "lybunt": "Not yet again (LYBUNT)", "sybunt": "Gave in some year before (SYBUNT)", "lapsed": "Lapsed",
}  # fmt: skip


def fill(booked: Booked) -> None:
    for name, days in GIVEN.items():
        for at, day in enumerate(days):
            booked.give(1000 * (at + 1), Person(name, "Giver", f"{name}@example.org"), on=day)
    gone = booked.give(2500, Person("gone", "Giver", "gone@example.org"), on=date(2026, 1, 7))
    booked.move(gone, "refund", 2500)


def standings(month: int, *, ago: int = 0) -> dict[str, int]:
    """Work out from the raw rows how everybody stands in the fiscal year of today, or of a year before."""
    rows = db.session.execute(
        sa.text(
            "SELECT d.donor_id, d.received_on, sum(e.gross_minor) FROM donation d JOIN ledger_entry e"
            " ON e.donation_id = d.id GROUP BY d.id, d.donor_id, d.received_on HAVING sum(e.gross_minor) > 0"
        ).columns(received_on=sa.Date)
    )
    days = defaultdict(list)
    today = TODAY.replace(year=TODAY.year - ago)
    for donor, day, _kept in rows:
        if day <= today:
            days[donor].append(day)

    def year_of(day: date) -> int:
        return day.year if day.month >= month else day.year - 1

    now, found = year_of(today), dict.fromkeys(NAMES, 0)
    for given in days.values():
        years = {year_of(day) for day in given}
        gave, last, earlier = now in years, now - 1 in years, min(years) < now - 1
        for name, holds in (
            ("donor", gave), ("first_time", gave and not last and not earlier), ("retained", gave and last),
            ("regained", gave and not last and earlier), ("lybunt", last and not gave),
            ("sybunt", (last or earlier) and not gave), ("lapsed", (today - max(given)).days > 365),
        ):  # fmt: skip
            found[name] += holds
    return found


@pytest.mark.parametrize("month", [1, 4, 12])
def test_every_count_is_what_the_rows_say_whenever_the_year_begins(
    booked: Booked, comings: Comings, month: int
) -> None:
    with committed():
        get_newsroom().fiscal_month = month
    fill(booked)
    page = comings.colleague("finance").get(DONORS).text
    expected, before = standings(month), standings(month, ago=1)
    assert {name: int(figure_of(page, said)) for name, said in NAMES.items()} == expected
    for name, said in NAMES.items():
        assert f"{before[name]} a year before" in words(page[page.index(f">{said}</p>") :])[:120]
    last_year = expected["retained"] + expected["lybunt"]
    assert figure_of(page, "Retention") == f"{100 * expected['retained'] / last_year:.1f}%"


def test_while_another_fiscal_year_is_counted_the_page_says_so_and_shows_no_figure(
    booked: Booked, comings: Comings
) -> None:
    fill(booked)
    with committed():
        get_newsroom().fiscal_month = 4
    desk = comings.colleague("finance")
    page = desk.get(DONORS).text
    assert "Donors are being counted by the newsroom’s fiscal years." in words(page)
    assert "First-time" not in page
    JOBS["count_donors"](slot="1")
    page = desk.get(DONORS).text
    assert {name: int(figure_of(page, said)) for name, said in NAMES.items()} == standings(4)


def test_what_goes_back_later_takes_a_gift_out_of_its_year(booked: Booked, comings: Comings) -> None:
    fill(booked)
    gift = booked.give(9000, Person("late", "Giver", "late@example.org"), on=date(2025, 11, 5))
    desk = comings.colleague("finance")
    before = int(figure_of(desk.get(f"{DONORS}?year=2025").text, "Donors"))
    booked.move(gift, "refund", 9000, on=date(2026, 2, 2))
    page = desk.get(f"{DONORS}?year=2025").text
    assert int(figure_of(page, "Donors")) == before - 1
    assert not any("late" in row[0].text for row in rows_of(page, "Donors, table"))


def test_each_count_leads_to_those_people(booked: Booked, comings: Comings) -> None:
    fill(booked)
    desk = comings.colleague("finance")
    found = {name: desk.get(f"{DONORS}?standing={name}").text for name in NAMES}
    people = {
        name: {row[0].text.split()[0] for row in rows_of(page, "Donors, table")}
        for name, page in found.items()
        if 'aria-label="Donors, table"' in page
    }
    assert people["first_time"] == {"new"}
    assert people["retained"] == {"again"}
    assert people["regained"] == {"back-after-years"}
    assert people["lybunt"] == {"not-yet", "at-the-turn", "exactly-a-year", "a-year-and-a-day"}
    assert people["sybunt"] == people["lybunt"] | {"long-ago"}
    assert people["lapsed"] == {"long-ago", "a-year-and-a-day"}
    assert not any("gone" in each for each in people.values())
    (line,) = (row for row in rows_of(found["retained"], "Donors, table"))
    assert [cell.text for cell in line[1:]] == ["1 July 2025", "1 March 2026", "$50.00", "$10.00", "$60.00"]


def test_who_gave_most_stands_first_and_other_currencies_apart(booked: Booked, comings: Comings) -> None:
    booked.give(1000, Person("small", "Giver", "small@example.org"))
    booked.give(9000, Person("large", "Giver", "large@example.org"))
    booked.give(5000, Person("euro", "Giver", "euro@example.org"), currency="EUR")
    desk = comings.colleague("finance")
    lines = rows_of(desk.get(f"{DONORS}?currency=USD").text, "Donors, table")
    assert [(row[0].text.split()[0], row[3].text) for row in lines] == [
        ("large", "$90.00"), ("small", "$10.00"), ("euro", "$0.00"),
    ]  # fmt: skip
    assert rows_of(desk.get(f"{DONORS}?currency=EUR").text, "Donors, table")[0][3].text == "€50.00"


def test_an_auditor_sees_references_and_no_names(booked: Booked, comings: Comings) -> None:
    fill(booked)
    page = comings.colleague("auditor").get(DONORS).text
    assert "Giver" not in page
    assert "@example.org" not in page
    assert len(rows_of(page, "Donors, table")) == standings(1)["donor"]


def test_of_each_years_first_givers_is_told_how_many_gave_on(booked: Booked, comings: Comings) -> None:
    fill(booked)
    page = comings.colleague("finance").get(DONORS).text
    lines = {row[0].text: [cell.text for cell in row[1:]] for row in rows_of(page, "Who stays, table")}
    assert lines["2025"][:2] == ["5", "20.0% 1"]
    assert lines["2022"] == ["1", "0.0% 0", "0.0% 0", "0.0% 0", "100.0% 1"]
    assert lines["2026"][0] == "1"


def test_fundraising_keeps_out_of_the_books(comings: Comings) -> None:
    for role in ("fundraising", "editor", "support"):
        desk: FlaskClient = comings.colleague(role)
        assert desk.get(DONORS).status_code == 403
        assert desk.get("/staff/finance").status_code == 403
        assert ">Finance<" not in desk.get("/staff").text
