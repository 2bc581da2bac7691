"""Files of the finance desk: written in the background, the asker's alone, gone after a day, all in the register."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from donate import clock
from donate.db import committed, db, lock
from donate.giving.models import Donation
from donate.queue.enqueue import enqueue
from donate.queue.hold import LostLease, hold_on
from donate.queue.models import Job
from donate.queue.work import Worker
from donate.receipts.issue import issue_receipt
from donate.records.seed import Plan, seed
from donate.recurring.models import RecurringDonation
from donate.recurring.movements import note_movement
from donate.reports import order as ordering
from donate.reports.export import Period, write_export
from donate.reports.models import ExportOrder, ExportRun
from donate.reports.order import drop_expired, order_export, write_ordered
from donate.reports.register import register_export
from donate.team.models import History, Staff
from tests.make.in_the_books import Booked
from tests.make.rows import every
from tests.make.signing_in import Comings, hidden, press
from tests.make.tables import rows_of, words
from tests.people import NOAM

Work = Callable[[], int]
EXPORTS = "/staff/finance/exports"


@pytest.fixture
def desk(comings: Comings) -> FlaskClient:
    """Return the finance director's browser."""
    return comings.colleague("finance")


def folder(app: Flask) -> Path:
    return Path(app.config["DONATE"].exports_dir)


def ask(desk: FlaskClient, **typed: str) -> TestResponse:
    """Fill the form and press its button; where the file names people, the second one too."""
    answer = desk.post(EXPORTS, data=hidden(desk.get(EXPORTS).text) | typed)
    if answer.status_code == 303 and "/people" in answer.headers["Location"]:
        second = desk.get(answer.headers["Location"]).text
        answer = desk.post(f"{EXPORTS}/people", data=hidden(second[second.index("<main") :]))
    return answer


def fetch(desk: FlaskClient, page: str, number: int = 1) -> TestResponse:
    """Follow the link of a file as its page has it; where it has none, the address it would have."""
    shown = desk.get(page)
    found = re.findall(r'href="([^"]*)" download', shown.text) if shown.status_code == 200 else []
    answer = desk.get(found[number - 1] if len(found) >= number else f"{page}/{number}")
    answer.get_data()
    answer.close()
    return answer


@pytest.mark.parametrize(
    "kind", ["ledger", "donations", "payouts", "recurring", "movements", "donors", "receipts", "appeals"]
)
def test_a_file_is_asked_for_written_and_fetched(booked: Booked, desk: FlaskClient, work: Work, kind: str) -> None:
    booked.give(2500, cover=75, fee=105)
    booked.give(1000, NOAM, currency="EUR")
    answer = ask(desk, kind=kind, form="csv", **{"from": "2026-01-01", "to": "2026-12-31"})
    page = answer.headers["Location"]
    assert "It waits for its turn." in words(desk.get(page).text)
    work()
    shown = words(desk.get(page).text)
    assert "It is yours alone, until" in shown
    file = fetch(desk, page)
    bare = io.BytesIO()
    made = write_export(kind, Period(date(2026, 1, 1), date(2027, 1, 1)), "csv", bare)
    assert file.data == bare.getvalue()
    assert file.headers["Cache-Control"] == "no-store"
    assert file.headers["Content-Disposition"] == f"attachment; filename={kind}-2026-01-01-2026-12-31.csv"
    manifest = json.loads(fetch(desk, page, 2).data)
    assert manifest["sha256"] == hashlib.sha256(file.data).hexdigest() == made.sha256
    (run,) = every(ExportRun)
    assert (run.kind, run.rows, run.sha256, run.exported_by) == (kind, made.rows, made.sha256, "staff:1")
    assert every(History)[-1].act == f"export_{kind}"
    (line,) = rows_of(desk.get(EXPORTS).text, "Register, table")
    assert line[2].text == "finance@newsroom.example"
    assert "1 January 2026 to 31 December 2026, both days included" in line[1].text


@pytest.mark.parametrize("kind", ["ledger", "donations", "receipts", "recurring", "journal", "donors", "movements"])
def test_gifts_to_no_appeal_can_be_asked_for_by_a_word(
    booked: Booked, desk: FlaskClient, work: Work, kind: str
) -> None:
    for minor, appeal in ((2500, "misinformation"), (1000, None)):
        gift = booked.give(minor, NOAM, frequency="month", appeal=appeal)
        with committed():
            note_movement(lock(RecurringDonation, gift.recurring_id or 0))
            issue_receipt(lock(Donation, gift.id), zone=booked.books.zone)
    booked.move(gift, "refund", 100)
    page = ask(desk, kind=kind, form="jsonl", appeal="none").headers["Location"]
    assert "No appeal" in words(desk.get(page).text)
    work()
    lines = [json.loads(line) for line in fetch(desk, page).data.splitlines()]
    assert not any(line.get("appeal") for line in lines)
    sums = {"ledger": "gross", "donations": "amount", "receipts": "amount", "recurring": "amount",
            "journal": "credit", "donors": "given", "movements": "annual_change"}  # fmt: skip
    found = [str(line[sums[kind]]) for line in lines if line[sums[kind]] not in ("", "0.00")]
    assert found == {"ledger": ["10.00", "-1.00"], "journal": ["10.00", "1.00"], "movements": ["120.00"]}.get(
        kind, ["10.00"]
    )
    refused = desk.post(EXPORTS, data=hidden(desk.get(EXPORTS).text) | {"kind": kind, "appeal": "nobody-knows"})
    assert refused.status_code == 422


def test_it_is_nobody_elses(booked: Booked, desk: FlaskClient, comings: Comings, work: Work) -> None:
    booked.give()
    page = ask(desk, kind="ledger").headers["Location"]
    work()
    for role in ("owner", "auditor"):
        other = comings.colleague(role)
        assert (other.get(page).status_code, fetch(other, page).status_code) == (404, 404)
        assert page not in other.get(EXPORTS).text
    assert "/signin" in comings.browser().get(page).headers["Location"]


def test_names_of_people_are_for_those_who_may_have_them(
    booked: Booked, comings: Comings, later: Callable[[timedelta], None]
) -> None:
    booked.give()
    auditor = comings.colleague("auditor")
    shown = auditor.get(EXPORTS).text
    assert 'value="ledger"' in shown
    assert 'value="donations"' not in shown
    answer = press(auditor, EXPORTS, kind="donations")
    assert auditor.get(answer.headers["Location"]).status_code == 403
    assert every(ExportOrder) == []
    finance = comings.colleague("finance")
    answer = press(finance, EXPORTS, kind="donors")
    assert "That you took it is written into the history." in words(finance.get(answer.headers["Location"]).text)
    later(timedelta(hours=1))
    assert "/signin/again" in finance.get(answer.headers["Location"]).headers["Location"]


def test_who_may_no_more_can_not_fetch_what_they_asked_for(booked: Booked, desk: FlaskClient, work: Work) -> None:
    booked.give()
    page = ask(desk, kind="donations").headers["Location"]
    work()
    with committed() as session:
        session.execute(sa.update(Staff).values(role="auditor"))
    assert fetch(desk, page).status_code == 403
    assert desk.get(f"{page}/1").status_code == 403


def test_a_file_with_names_asks_for_the_second_factor_when_it_is_fetched(
    booked: Booked, desk: FlaskClient, work: Work, later: Callable[[timedelta], None]
) -> None:
    booked.give()
    people, books = (ask(desk, kind=kind).headers["Location"] for kind in ("donors", "ledger"))
    work()
    assert fetch(desk, people).status_code == 200
    later(timedelta(hours=1))
    assert "/signin/again" in fetch(desk, people).headers["Location"]
    assert fetch(desk, books).status_code == 200


def test_the_register_has_more_pages_than_one(booked: Booked, desk: FlaskClient) -> None:
    made = write_export("ledger", Period(), "csv", io.BytesIO())
    with committed():
        for _ in range(26):
            register_export(made, "command")
    assert len(rows_of(desk.get(EXPORTS).text, "Register, table")) == 25
    assert "1 to 25 of 26" in words(desk.get(EXPORTS).text)
    assert len(rows_of(desk.get(f"{EXPORTS}?page=2").text, "Register, table")) == 1


def test_after_a_day_the_file_is_gone_and_said_to_be(
    app: Flask, booked: Booked, desk: FlaskClient, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    booked.give()
    page = ask(desk, kind="ledger").headers["Location"]
    work()
    assert drop_expired(folder(app)) == 0
    tomorrow = clock.now() + timedelta(hours=25)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    assert fetch(desk, page).status_code == 404
    assert drop_expired(folder(app)) == 1
    assert list(folder(app).iterdir()) == []
    assert "This file is gone" in words(desk.get(page).text)
    assert len(every(ExportRun)) == 1


def test_a_journal_that_can_not_be_written_says_why_and_leaves_nothing(
    app: Flask, booked: Booked, desk: FlaskClient, work: Work
) -> None:
    booked.give(1000, currency="EUR")
    page = ask(desk, kind="journal", shape="quickbooks-online").headers["Location"]
    work()
    shown = words(desk.get(page).text)
    assert "No file was written. It holds EUR, and this shape takes USD only." in shown
    assert list(folder(app).iterdir()) == []
    assert every(ExportRun) == []
    assert fetch(desk, page).status_code == 404


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"from": "2026-03-02", "to": "2026-03-01"}, "The last day comes before the first: change one of them."),
        ({"fund": "=1+1"}, "No fund has the code =1+1: choose one from the list."),
        ({"appeal": "nothing"}, "No appeal has the address nothing."),
        ({"kind": "secrets"}, "No export is called secrets: choose one from the list."),
    ],
)
def test_what_can_not_be_asked_is_said_with_the_form_as_typed(
    desk: FlaskClient, typed: dict[str, str], said: str
) -> None:
    answer = press(desk, EXPORTS, **({"kind": "ledger"} | typed))
    assert answer.status_code == 422
    assert said in words(answer.text)
    if "from" in typed:
        assert 'value="2026-03-02"' in answer.text
    assert every(ExportOrder) == []


def test_a_long_file_tells_how_far_it_is_and_holds_on_to_its_job(
    app: Flask, newsroom: None, desk: FlaskClient, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    with committed():
        seed(Plan(donors=60, donations=1400, years=1, dice=5, until=date(2026, 3, 1)))
    monkeypatch.setattr(ordering, "_TELL_SECONDS", 0)
    told, leases = [], []
    real = ordering.change_alone

    def noted(statement: Any) -> int:
        changed = real(statement)
        # From beside: whoever writes reads one state of the database throughout.
        with db.engine.connect() as beside:
            asked = sa.select(ExportOrder.rows_done, ExportOrder.rows_expected, ExportOrder.state)
            told.append(tuple(beside.execute(asked).one()))
            leases.append(beside.scalar(sa.select(Job.lease_until).where(Job.name == "write_export")))
        return changed

    monkeypatch.setattr(ordering, "change_alone", noted)
    page = ask(desk, kind="donations").headers["Location"]
    work()
    assert told == [(500, 1400, "writing"), (1000, 1400, "writing"), (1400, 1400, "writing")]
    assert leases == sorted(leases)
    assert "1400 rows." in words(desk.get(page).text)


def test_while_it_is_written_the_page_says_how_far(desk: FlaskClient, booked: Booked) -> None:
    page = ask(desk, kind="ledger").headers["Location"]
    with committed() as session:
        session.execute(sa.update(ExportOrder).values(state="writing", rows_done=12_000, rows_expected=40_000))
    shown = desk.get(page).text
    assert "12,000 of about 40,000 rows are written." in words(shown)
    assert '<progress class="finance__progress" aria-label="How far the file is" max="40000" value="12000">' in shown


def test_a_file_begun_by_a_worker_that_died_is_written_whole_by_the_next(
    app: Flask, booked: Booked, desk: FlaskClient, work: Work
) -> None:
    booked.give()
    page = ask(desk, kind="ledger").headers["Location"]
    (order,) = every(ExportOrder)
    with committed() as session:
        session.execute(sa.update(ExportOrder).values(state="writing", rows_done=1))
    (folder(app) / order.reference).mkdir(parents=True)
    (folder(app) / order.reference / "1.part").write_bytes(b"half a li")
    work()
    assert fetch(desk, page).data.count(b"\r\n") == 2
    assert sorted(each.name for each in (folder(app) / order.reference).iterdir()) == ["ledger.csv", "manifest.json"]


def test_a_worker_whose_job_was_taken_over_stops(app: Flask, booked: Booked) -> None:
    """A job that takes longer than its lease and says nothing is another's: the first must not finish it too."""
    said = []

    def slow() -> None:
        with committed() as session:
            session.execute(sa.update(Job).values(owner="another"))
        try:
            hold_on()
        except LostLease:
            said.append("lost")
            raise

    with committed():
        enqueue("slow", "slow:1")
    Worker({"slow": slow}).run_due(at_most=1)
    assert said == ["lost"]


def test_a_folder_that_can_not_be_written_is_told_at_once(
    app: Flask, booked: Booked, desk: FlaskClient, work: Work
) -> None:
    folder(app).write_bytes(b"a file stands where the folder should be")
    page = ask(desk, kind="ledger").headers["Location"]
    with capture_logs() as logs:
        work()
    assert "The folder for exports is full or can’t be written." in words(desk.get(page).text)
    assert [each["event"] for each in logs if each["log_level"] == "error"] == ["exports_dir_unwritable"]


def test_outside_of_a_job_there_is_nothing_to_hold_on_to(app: Flask) -> None:
    hold_on()


def test_written_twice_it_is_one_file_and_one_row_of_the_register(app: Flask, booked: Booked, comings: Comings) -> None:
    booked.give()
    comings.colleague("finance")
    with committed():
        order = order_export(1, "ledger", Period(), "csv").id
    write_ordered(order, folder(app))
    write_ordered(order, folder(app))
    assert len(every(ExportRun)) == 1
