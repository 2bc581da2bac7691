"""Saved reports: written each week or month for as long as their owner may have them, told by mail as a link."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from donate import clock
from donate.db import committed
from donate.reports.models import ExportOrder, SavedReport
from donate.reports.saved import days_of_span, next_day, run_due_reports
from donate.team.models import Staff
from tests.make.in_the_books import Booked
from tests.make.outbox import Outbox, text_of
from tests.make.rows import every
from tests.make.signing_in import Comings, press
from tests.make.tables import words

Work = Callable[[], int]
EXPORTS = "/staff/finance/exports"
SAVE = f"{EXPORTS}/save"
FINANCE = "finance@newsroom.example"


@pytest.fixture
def desk(comings: Comings) -> FlaskClient:
    """Return the finance director's browser."""
    return comings.colleague("finance")


def save(desk: FlaskClient, **typed: str) -> int:
    asked = {"kind": "ledger", "name": "For the bookkeeper", "span": "last_month", "rhythm": "month"} | typed
    return press(desk, EXPORTS, SAVE, **asked).status_code


def on(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    moment = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_each_month_it_is_written_once_and_its_owner_gets_a_link(
    booked: Booked, desk: FlaskClient, work: Work, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    booked.give(on=date(2026, 3, 2))
    assert save(desk) == 303
    (report,) = every(SavedReport)
    assert report.next_on == date(2026, 4, 1)
    assert "On the first of every month. Next on 1 April 2026." in words(desk.get(EXPORTS).text)
    on(monkeypatch, date(2026, 3, 31))
    assert run_due_reports() == 0
    on(monkeypatch, date(2026, 4, 1))
    assert (run_due_reports(), run_due_reports()) == (1, 0)
    work()
    (order,) = every(ExportOrder)
    assert (order.state, order.period["since"], order.period["until"]) == ("ready", "2026-03-01", "2026-04-01")
    letter = outbox.to(FINANCE)[-1]
    assert letter["Subject"] == "Your report “For the bookkeeper” is ready"
    assert f"{EXPORTS}/{order.reference}" in text_of(letter)
    assert "It has 1 row." in text_of(letter)
    with desk.get(f"{EXPORTS}/{order.reference}/1") as file:
        assert file.data.count(b"\r\n") == 2
    assert every(SavedReport)[0].next_on == date(2026, 5, 1)


def test_whoever_may_no_more_gets_nothing_and_the_report_stops(
    booked: Booked, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert save(desk, kind="donors", rhythm="week") == 303
    assert every(SavedReport)[0].next_on == date(2026, 3, 9)
    with committed() as session:
        session.execute(sa.update(Staff).values(role="auditor"))
    on(monkeypatch, date(2026, 3, 9))
    assert run_due_reports() == 0
    (report,) = every(SavedReport)
    assert (report.next_on, report.stopped) == (None, "not_allowed")
    assert every(ExportOrder) == []
    assert "Stopped: your role does not allow it any more." in words(desk.get(EXPORTS).text)


def test_whoever_left_gets_nothing(desk: FlaskClient, booked: Booked, monkeypatch: pytest.MonkeyPatch) -> None:
    save(desk, rhythm="week")
    with committed() as session:
        session.execute(sa.update(Staff).values(disabled_at=clock.now()))
    on(monkeypatch, date(2026, 3, 9))
    assert run_due_reports() == 0


def test_it_can_be_written_at_once_changed_and_deleted(desk: FlaskClient, booked: Booked, work: Work) -> None:
    booked.give()
    save(desk, span="everything", rhythm="")
    assert save(desk, span="this_year", rhythm="", fund="general") == 303
    (report,) = every(SavedReport)
    assert (report.span, report.filters, report.next_on) == ("this_year", {"fund": "general"}, None)
    answer = press(desk, EXPORTS, f"/staff/finance/reports/{report.reference}/run")
    work()
    assert "1 row." in words(desk.get(answer.headers["Location"]).text)
    assert press(desk, EXPORTS, f"/staff/finance/reports/{report.reference}/delete").status_code == 303
    assert every(SavedReport) == []
    assert "1 row." in words(desk.get(answer.headers["Location"]).text)


def test_anothers_report_is_not_found(desk: FlaskClient, comings: Comings, booked: Booked) -> None:
    save(desk)
    (report,) = every(SavedReport)
    other = comings.colleague("owner")
    for act in ("run", "delete"):
        assert press(other, EXPORTS, f"/staff/finance/reports/{report.reference}/{act}").status_code == 404
    assert report.name not in other.get(EXPORTS).text


@pytest.mark.parametrize(
    ("name", "said"),
    [("  ", "Give the report a name"), ("x" * 81, "Shorten the name to 80 letters.")],
)
def test_a_name_that_is_none_is_said(desk: FlaskClient, booked: Booked, name: str, said: str) -> None:
    answer = press(desk, EXPORTS, SAVE, kind="ledger", name=name)
    assert answer.status_code == 422
    assert said in words(answer.text)
    assert every(SavedReport) == []


def test_an_auditor_saves_no_report_of_people(comings: Comings, booked: Booked) -> None:
    auditor = comings.colleague("auditor")
    assert save(auditor, kind="donors") == 403
    assert every(SavedReport) == []


@pytest.mark.parametrize(
    ("span", "today", "month", "expected"),
    [
        ("last_week", date(2026, 3, 9), 1, (date(2026, 3, 2), date(2026, 3, 9))),
        ("last_week", date(2026, 3, 15), 1, (date(2026, 3, 2), date(2026, 3, 9))),
        ("last_month", date(2026, 1, 31), 1, (date(2025, 12, 1), date(2026, 1, 1))),
        ("this_month", date(2026, 2, 28), 1, (date(2026, 2, 1), date(2026, 3, 1))),
        ("this_year", date(2026, 3, 31), 4, (date(2025, 4, 1), date(2026, 4, 1))),
        ("last_year", date(2026, 4, 1), 4, (date(2025, 4, 1), date(2026, 4, 1))),
        ("everything", date(2026, 4, 1), 4, (None, None)),
    ],
)
def test_the_days_of_each_span(span: str, today: date, month: int, expected: tuple[date | None, date | None]) -> None:
    assert days_of_span(span, today, month) == expected


def test_a_week_begins_on_monday_and_a_month_on_its_first() -> None:
    assert next_day("week", date(2026, 3, 2)) == date(2026, 3, 9)
    assert next_day("week", date(2026, 3, 8)) == date(2026, 3, 9)
    assert next_day("month", date(2026, 12, 31)) == date(2027, 1, 1)
    assert next_day("", date(2026, 12, 31)) is None
