"""Income at the finance desk: every figure is what the raw books say, and leads to the entries that make it."""

from __future__ import annotations

import csv
import html
import io
import re
from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from donate.db import committed, db
from donate.newsroom.queries import get_newsroom, list_funds
from donate.reports.export import write_export
from donate.web.staff.finance import income_page
from donate.web.staff.finance.exports_page import read_wish
from tests.make.in_the_books import Booked
from tests.make.signing_in import Comings
from tests.make.tables import cents, figure_of, rows_of, words
from tests.people import AMAL, NOAM

Sums = tuple[int, ...]
INCOME = "/staff/finance/income"
#: Moments about which zones and clocks disagree: New Year's night, the nights clocks change, and the end of February.
MOMENTS = (
    "2024-02-29T12:00:00", "2025-01-31T22:30:00", "2025-12-31T21:59:59", "2025-12-31T22:00:00", "2026-01-01T04:59:59",
    "2026-01-01T05:00:00", "2026-03-08T06:59:00", "2026-03-26T23:59:59", "2026-03-27T00:00:00", "2026-10-24T22:30:00",
    "2026-10-24T23:30:00", "2026-11-01T05:30:00", "2026-11-01T06:30:00",
)  # fmt: skip
PARTS = ("charge", "offline"), ("refund", "refund_failure", "payment_reversal"), ("dispute", "dispute_reversal")


@pytest.fixture
def desk(comings: Comings) -> FlaskClient:
    """Return the finance director's browser."""
    return comings.colleague("finance")


@pytest.fixture(params=["Asia/Jerusalem", "America/New_York", "Pacific/Auckland"])
def zoned(request: pytest.FixtureRequest, newsroom: None) -> str:
    """Move the newsroom into a zone before anything is booked."""
    zone: str = request.param
    with committed():
        get_newsroom().time_zone = zone
    return zone


def fill(booked: Booked) -> None:
    """Give at every moment, by every way, and let some of it go back."""
    funds = [fund.id for fund in list_funds()]
    for at, moment in enumerate(MOMENTS):
        gift = booked.give(
            1000 + 317 * at, NOAM if at % 2 else AMAL, cover=31 if at % 3 == 0 else 0, fee=59 + at,
            at=datetime.fromisoformat(moment).replace(tzinfo=UTC),
            kind="offline" if at % 5 == 4 else "one_time", frequency="month" if at % 4 == 1 else "once",
            fund_id=funds[at % len(funds)], appeal="misinformation" if at % 3 else None, story=at % 2 == 0,
            source=("newsletter", "", "=2+5")[at % 3], payment_method=("card", "cheque", "")[at % 3],
        )  # fmt: skip
        if at % 3 == 1:
            booked.move(gift, "refund", 200 + at)
        if at % 6 == 2:
            booked.move(gift, "dispute", 300 + at, fee=1500)
        if at % 6 == 5:
            booked.move(gift, "dispute_reversal", 100, fee=-1500)


def raw(zone: str, since: date, until: date, fund: str = "") -> list[dict[str, Any]]:
    """Read the books themselves, their days worked out here."""
    rows = db.session.execute(
        sa.text(
            "SELECT e.entry_type, e.occurred_at, e.settlement_gross_minor AS gross, e.settlement_fee_minor AS fee,"
            " d.kind, d.article_slug AS article, d.source, d.payment_method AS method, f.code AS fund, a.slug AS appeal"
            " FROM ledger_entry e JOIN donation d ON d.id = e.donation_id JOIN fund f ON f.id = e.fund_id"
            " LEFT JOIN appeal a ON a.id = d.appeal_id WHERE e.settlement_currency = 'USD'"
        ).columns(occurred_at=sa.DateTime)
    ).mappings()
    found = []
    for row in rows:
        moment = row["occurred_at"]
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        day = aware.astimezone(ZoneInfo(zone)).date()
        if since <= day < until and fund in ("", row["fund"]):
            found.append({**row, "day": day.isoformat(), "month": f"{day:%Y-%m}", "appeal": row["appeal"] or ""})
    return found


def sums_of(rows: list[dict[str, Any]]) -> Sums:
    """Sum entries as the page does: gifts, gross, refunds, disputes, fees, net."""
    gross, refunds, disputes = (sum(row["gross"] for row in rows if row["entry_type"] in kinds) for kinds in PARTS)
    fees = -sum(row["fee"] for row in rows)
    gifts = sum(row["entry_type"] in PARTS[0] for row in rows)
    return gifts, gross, refunds, disputes, fees, gross + refunds + disputes + fees


def by_key(rows: list[dict[str, Any]], by: str) -> dict[str, Sums]:
    groups = defaultdict(list)
    for row in rows:
        groups[row[by]].append(row)
    return {key: sums_of(group) for key, group in groups.items()}


def shown(cells: list[Any]) -> Sums:
    return int(cells[1].text), *(cents(cell.text) for cell in cells[2:7])


def key_of(query: dict[str, str], by: str) -> str:
    """Tell which line a link is of."""
    if by in ("day", "month"):
        return query["from"][: 10 if by == "day" else 7]
    key = query[by] if by in ("fund", "appeal") else query["key"]
    return "" if by == "appeal" and key == "none" else key


def read(desk: FlaskClient, path: str) -> str:
    answer = desk.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def taken_along(desk: FlaskClient, page: str) -> int:
    """Follow a list of entries to the form of its file, and sum what that file would hold."""
    start = page.index("/staff/finance/exports?")
    form = read(desk, html.unescape(page[start : page.index('"', start)]))
    wish = read_wish({**dict(hidden_of(form)), **dict(chosen_of(form))})
    assert wish.problem == ""
    out = io.BytesIO()
    write_export("ledger", wish.period, "csv", out)
    rows = csv.DictReader(io.StringIO(out.getvalue().decode(), newline=""))
    return sum(cents(row["settlement_net"]) for row in rows)


def hidden_of(form: str) -> list[tuple[str, str]]:
    """Read the hidden fields and days of the form of exports."""
    main = form[form.index("<main") :]
    tags = re.findall(r'<input (?:type="hidden"|class="input" type="date")[^>]*>', main[: main.index("</form>")])
    return [(html.unescape(found[1]), html.unescape(found[2]))
            for tag in tags if (found := re.search(r'name="([^"]*)" value="([^"]*)"', tag))]  # fmt: skip


def chosen_of(form: str) -> list[tuple[str, str]]:
    """Read what is chosen in the lists of the form of exports."""
    main = form[form.index("<main") :]
    lists = re.findall(r'<select [^>]*name="(\w+)"[^>]*>(.*?)</select>', main[: main.index("</form>")], re.DOTALL)
    return [(name, html.unescape(found[1])) for name, options in lists
            if (found := re.search(r'value="([^"]*)" selected', options))]  # fmt: skip


@pytest.mark.parametrize("by", ["day", "month", "fund", "appeal", "kind", "article", "source", "method"])
def test_each_line_is_what_the_books_say(zoned: str, booked: Booked, desk: FlaskClient, by: str) -> None:
    fill(booked)
    for since, until, fund in (
        (date(2026, 1, 1), date(2026, 11, 2), ""),
        (date(2025, 12, 31), date(2026, 1, 1), ""),
        (date(2026, 1, 1), date(2026, 12, 1), list_funds()[1].code),
    ):
        asked = {"from": since, "to": date.fromordinal(until.toordinal() - 1), "by": by, "fund": fund}
        page = read(desk, f"{INCOME}?{urlencode(asked)}")
        expected = raw(zoned, since, until, fund)
        if not expected:
            assert "No gift was booked on these days." in words(page)
            continue
        lines = rows_of(page, "Income, table")
        found = {key_of(cells[1].query, by): shown(cells) for cells in lines[:-1] if shown(cells) != (0,) * 6}
        assert found == {key: sums for key, sums in by_key(expected, by).items() if sums != (0,) * 6}
        assert shown(lines[-1]) == sums_of(expected)
        assert cents(figure_of(page, "Received, net")) == sums_of(expected)[-1]


def test_the_year_before_stands_beside_each_month(zoned: str, booked: Booked, desk: FlaskClient) -> None:
    fill(booked)
    page = read(desk, f"{INCOME}?from=2026-01-01&to=2026-12-31&by=month")
    before = by_key(raw(zoned, date(2025, 1, 1), date(2026, 1, 1)), "month")
    lines = rows_of(page, "Income, table")
    for cells in lines[:-1]:
        month = cells[1].query["from"][:7]
        assert cents(cells[7].text) == before.get(f"2025{month[4:]}", (0,) * 6)[-1]
    assert cents(lines[-1][7].text) == sum(sums[-1] for sums in before.values())


@pytest.mark.parametrize("by", ["month", "fund", "appeal", "kind", "article", "source", "method"])
def test_each_number_leads_to_the_entries_it_is_the_sum_of(booked: Booked, desk: FlaskClient, by: str) -> None:
    fill(booked)
    page = read(desk, f"{INCOME}?from=2025-01-01&to=2026-12-31&by={by}")
    for cells in rows_of(page, "Income, table")[:-1]:
        gifts, gross, _refunds, _disputes, _fees, net = shown(cells)
        behind = read(desk, cells[6].link)
        if gifts:
            assert cents(figure_of(behind, "Net")) == net
            assert taken_along(desk, behind) == net
            came = read(desk, cells[1].link)
            assert (len(rows_of(came, "Entries, table")), cents(figure_of(came, "Gross"))) == (gifts, gross)


def test_every_figure_of_the_overview_is_what_the_books_say(zoned: str, booked: Booked, desk: FlaskClient) -> None:
    fill(booked)
    since, until = date(2025, 12, 1), date(2026, 11, 2)
    page = read(desk, "/staff/finance?from=2025-12-01&to=2026-11-01")
    expected = raw(zoned, since, until)
    gifts, gross, refunds, disputes, fees, net = sums_of(expected)
    assert cents(figure_of(page, "Received, net")) == net
    assert cents(figure_of(page, "Gross")) == gross
    assert cents(figure_of(page, "Went back")) == refunds + disputes
    start = page.index("part=back")
    behind = read(desk, html.unescape(page[page.rindex('"', 0, start) + 1 : page.index('"', start)]))
    assert cents(figure_of(behind, "Gross")) == refunds + disputes
    assert figure_of(page, "Fees") == f"{100 * -fees / gross:.1f}%"
    assert f"{gifts} gifts" in words(page)
    lines = rows_of(page, "By fund, table")
    assert {cells[1].query["fund"]: shown(cells) for cells in lines[:-1]} == by_key(expected, "fund")
    covered = db.session.execute(
        sa.text(
            "SELECT sum(d.fee_cover_minor),"
            " sum(CASE WHEN d.fee_cover_minor > 0 THEN e.settlement_fee_minor ELSE 0 END),"
            " sum(e.settlement_fee_minor) FROM ledger_entry e JOIN donation d ON d.id = e.donation_id"
            " WHERE e.entry_type = 'charge' AND e.booked_on >= '2025-12-01' AND e.booked_on < '2026-11-02'"
        )
    ).one()
    said = words(page[page.index('id="cover"') :])
    for name, minor in zip(("Added by givers", "Fees of those gifts", "Fees of all gifts"), covered, strict=True):
        assert f"{name} ${int(minor) / 100:.2f}" in said


def test_a_fund_that_fell_silent_keeps_its_line(booked: Booked, desk: FlaskClient) -> None:
    silent = list_funds()[1]
    booked.give(on=date(2025, 5, 1), fund_id=silent.id)
    booked.give(on=date(2026, 5, 1))
    page = read(desk, f"{INCOME}?from=2026-01-01&to=2026-12-31&by=fund")
    line = next(cells for cells in rows_of(page, "Income, table") if cells[1].query.get("fund") == silent.code)
    assert (shown(line), cents(line[7].text)) == ((0,) * 6, 2500)


def test_stories_come_a_page_at_a_time_and_one_without_gifts_these_days_has_no_line(
    booked: Booked, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(income_page, "AT_ONCE", 2)
    booked.give(900, on=date(2025, 2, 1), article_slug="of-last-year")
    booked.give(400, on=date(2025, 2, 1), article_slug="small")
    for minor, story in ((1000, "small"), (5000, "large"), (3000, "between")):
        booked.give(minor, article_slug=story)
    page = f"{INCOME}?from=2026-01-01&to=2026-03-02&by=article"
    first, second = (rows_of(read(desk, f"{page}&page={number}"), "Income, table")[:-1] for number in (1, 2))
    lines = [(cells[1].query["key"], shown(cells)[-1], cents(cells[7].text)) for cells in [*first, *second]]
    assert lines == [("large", 5000, 0), ("between", 3000, 0), ("small", 1000, 400)]
    assert len(first) == 2


def test_currencies_are_never_added_up(booked: Booked, desk: FlaskClient) -> None:
    booked.give(2500)
    booked.give(900, currency="EUR")
    booked.give(900, currency="EUR")
    page = read(desk, f"{INCOME}?from=2026-01-01&to=2026-12-31")
    assert figure_of(page, "Received, net") == "€18.00"
    assert figure_of(read(desk, f"{INCOME}?from=2026-01-01&to=2026-12-31&currency=USD"), "Received, net") == "$25.00"


def test_without_days_it_is_the_fiscal_year_up_to_today(booked: Booked, desk: FlaskClient) -> None:
    with committed():
        get_newsroom().fiscal_month = 4
    booked.give(1100, on=date(2025, 3, 31))
    booked.give(2200, on=date(2025, 4, 1))
    booked.give(4400, on=date(2026, 3, 2))
    page = read(desk, "/staff/finance")
    assert "Fiscal year 2025–26 up to today." in words(page)
    assert figure_of(page, "Received, net") == "$66.00"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("from=2026-03-02&to=2026-03-01", "The last day comes before the first: change one of them."),
        ("from=yesterday", "Write a day as year, month and day, such as 2026-03-31."),
        ("fund==cmd()", "No fund has the code =cmd(): choose one from the list."),
        ("currency=XYZ", "No gift was settled in XYZ: choose a currency from the list."),
    ],
)
def test_what_can_not_be_asked_is_said_and_the_year_is_shown(
    booked: Booked, desk: FlaskClient, asked: str, said: str
) -> None:
    booked.give()
    for path in ("/staff/finance", INCOME, "/staff/finance/entries", "/staff/finance/payouts"):
        answer = desk.get(f"{path}?{asked}")
        assert answer.status_code == 422
        assert said in words(answer.text)
    assert figure_of(desk.get(f"{INCOME}?{asked}").text, "Received, net") == "$25.00"


def test_thirty_years_by_day_come_as_months(booked: Booked, desk: FlaskClient) -> None:
    booked.give()
    page = read(desk, f"{INCOME}?from=2000-01-01&to=2030-12-31&by=day")
    (line, _total) = rows_of(page, "Income, table")
    assert line[0].text == "March 2026"


def test_where_nothing_was_given_that_is_said(booked: Booked, desk: FlaskClient) -> None:
    for path in ("/staff/finance", INCOME):
        assert "No gift was booked on these days." in words(read(desk, path))


def test_every_figure_is_explained_on_one_page(desk: FlaskClient) -> None:
    page = words(read(desk, "/staff/finance/definitions"))
    assert "Gifts less refunds, lost disputes and fees, each on its own day of the books." in page
    assert "the fiscal year begins in January." in page
