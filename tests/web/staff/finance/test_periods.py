"""Months at the finance desk: closed in their order by whoever may, and never changed again."""

from __future__ import annotations

from datetime import date

import pytest
from flask.testing import FlaskClient

from donate.ledger.models import LedgerPeriod
from donate.team.models import History
from tests.make.in_the_books import Booked
from tests.make.rows import every
from tests.make.signing_in import Comings, hidden, press
from tests.make.tables import rows_of, words

MONTHS = "/staff/finance/periods"


@pytest.fixture
def desk(booked: Booked, comings: Comings) -> FlaskClient:
    """Return the finance director's browser, with gifts of January, February and March 2026."""
    for month in (1, 2, 3):
        booked.give(1000 * month, on=date(2026, month, 1), fee=50)
    return comings.colleague("finance")


def close(desk: FlaskClient, month: str) -> int:
    """Press the button of a month's page, or post as if it stood there."""
    page = desk.get(f"{MONTHS}/{month}").text
    return desk.post(f"{MONTHS}/{month}/close", data=hidden(page)).status_code


def test_the_next_month_is_looked_over_and_closed(desk: FlaskClient) -> None:
    lines = rows_of(desk.get(MONTHS).text, "Months, table")
    assert [line[0].text for line in lines] == ["March 2026", "February 2026", "January 2026"]
    assert [line[1].text for line in lines] == ["Not over yet", "Open", "Look it over and close it"]
    assert [line[3].text for line in lines] == ["$29.50", "$19.50", "$9.50"]
    page = desk.get(lines[2][1].link).text
    (line,) = rows_of(page, "Sums, table")
    assert [cell.text for cell in line] == ["Gift", "USD", "1", "$10.00", "−$0.50", "$9.50"]
    assert "Closing can’t be taken back." in words(page)
    answer = press(desk, f"{MONTHS}/2026-01", f"{MONTHS}/2026-01/close")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{MONTHS}?closed=2026-01")
    assert "January 2026 is closed." in words(desk.get(answer.headers["Location"]).text)
    (period,) = every(LedgerPeriod)
    assert (period.month, period.closed_by[:6]) == ("2026-01", "staff:")
    told = every(History)[-1]
    assert (told.act, told.object_reference) == ("close_period", "2026-01")
    assert "Its entries still make these sums." in words(desk.get(f"{MONTHS}/2026-01").text)


def test_what_is_learned_late_is_shown_where_it_counts(desk: FlaskClient, booked: Booked) -> None:
    assert close(desk, "2026-01") == 303
    gift = booked.give(700, on=date(2026, 1, 15))
    booked.move(gift, "refund", 200, on=date(2026, 1, 20))
    lines = {line[0].text: line for line in rows_of(desk.get(MONTHS).text, "Months, table")}
    assert lines["February 2026"][4].text == "2 entries of January 2026, $5.00"
    assert lines["January 2026"][3].text == "$9.50"
    assert "of 15 January 2026, a closed month" in words(
        desk.get("/staff/finance/entries?from=2026-02-01&to=2026-02-28").text
    )


@pytest.mark.parametrize(
    ("month", "said"),
    [
        ("2026-02", "Months are closed in their order: close January 2026 first."),
        ("2026-03", "This month is not over yet"),
    ],
)
def test_a_month_out_of_its_turn_is_refused_in_a_sentence(desk: FlaskClient, month: str, said: str) -> None:
    answer = press(desk, f"{MONTHS}/2026-01", f"{MONTHS}/{month}/close")
    assert answer.status_code == 422
    assert said in words(answer.text)
    assert every(LedgerPeriod) == []


def test_a_month_that_is_none_is_not_found(desk: FlaskClient) -> None:
    for month in ("2019-01", "2026-13", "March"):
        assert desk.get(f"{MONTHS}/{month}").status_code == 404


def test_closed_twice_it_stays_as_it_was_closed(desk: FlaskClient) -> None:
    assert (close(desk, "2026-01"), close(desk, "2026-01")) == (303, 303)
    assert len(every(LedgerPeriod)) == 1
    assert sum(each.act == "close_period" for each in every(History)) == 1


def test_an_auditor_looks_and_closes_nothing(desk: FlaskClient, comings: Comings) -> None:
    auditor = comings.colleague("auditor")
    page = auditor.get(f"{MONTHS}/2026-01").text
    assert "/close" not in page
    assert auditor.post(f"{MONTHS}/2026-01/close", data=hidden(page)).status_code == 403
    assert every(LedgerPeriod) == []
