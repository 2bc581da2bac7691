"""The exports of donors and of promises: one row an object, in columns others build on."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from donate.db import committed
from donate.donors.models import Donor
from donate.recurring.models import RecurringDonation
from donate.reports.export import Manifest, Period, write_export
from donate.reports.models import ExportRun
from donate.reports.register import register_export
from donate.sandbox.app import Sandbox
from tests.make.gifts import Gifts
from tests.make.promises import Promises
from tests.make.refunds import Given, give_back
from tests.make.rows import every, fresh
from tests.people import AMAL, NOAM

Settle = Callable[..., None]
DONORS = (
    "donor_id", "first_name", "last_name", "email", "language", "currency", "gifts", "given", "refunded", "disputed",
    "kept", "first_gift_on", "last_gift_on", "recurring_live", "created_on", "erased_on",
)  # fmt: skip
RECURRING = (
    "recurring_id", "status", "interval", "currency", "amount", "fee_covered", "started_on", "next_charge_on",
    "is_paused", "resumes_on", "ends_at_period_end", "ended_on", "ended_because", "stop_reason", "restarts", "gifts",
    "received", "last_gift_on", "donor_id", "donor_name", "donor_email", "anonymous", "country", "language", "fund",
    "gl_code", "restriction", "appeal", "variant", "placement", "article", "source", "card_brand", "last4",
    "stripe_subscription_id", "stripe_customer_id",
)  # fmt: skip


def exported(kind: str, **asked: Any) -> tuple[list[dict[str, str]], Manifest]:
    out = io.BytesIO()
    made = write_export(kind, Period(**asked), "csv", out)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode(), newline=""))), made


@pytest.mark.parametrize(("kind", "columns"), [("donors", DONORS), ("recurring", RECURRING)])
def test_the_columns_are_the_promised_ones_in_their_order(gifts: Gifts, kind: str, columns: tuple[str, ...]) -> None:
    out = io.BytesIO()
    write_export(kind, Period(), "csv", out)
    assert out.getvalue().decode().splitlines()[0].split(",") == list(columns)


def test_a_donor_has_a_row_a_currency_with_what_was_kept(given: Given, box: Sandbox, settle: Settle) -> None:
    first = given(amount="25.00")
    given(amount="75.00")
    given(amount="10.00", currency="EUR")
    given(person=NOAM, amount="40.00")
    give_back(first, "5.00")
    settle()
    box.advance(seconds=10)
    settle()
    rows, made = exported("donors")
    shown = ("email", "currency", "gifts", "given", "refunded", "kept")
    assert [tuple(row[name] for name in shown) for row in rows] == [
        (AMAL.email, "EUR", "1", "10.00", "0.00", "10.00"),
        (AMAL.email, "USD", "2", "100.00", "-5.00", "95.00"),
        (NOAM.email, "USD", "1", "40.00", "0.00", "40.00"),
    ]  # fmt: skip
    assert made.sums["USD"] == {"given": "140.00", "kept": "135.00"}
    assert {row["first_gift_on"] for row in rows} == {"2026-03-02"}
    assert exported("donors", until=date(2026, 3, 2))[0] == []
    assert len(exported("donors", since=date(2026, 3, 2), until=date(2026, 3, 3))[0]) == 3
    assert exported("donors", fund="fact-desk")[0] == []


def test_a_promise_has_one_row_however_many_gifts_it_brought(promises: Promises) -> None:
    promise = promises.begin(AMAL)
    promises.pass_days(62)
    (row,), made = exported("recurring")
    promise = promises.now(promise)
    assert (row["recurring_id"], row["status"], row["interval"]) == (promise.reference, "active", "month")
    assert (row["amount"], row["gifts"], row["received"]) == ("15.00", "3", "45.00")
    assert (row["started_on"], row["last_gift_on"], row["next_charge_on"]) == ("2026-03-02", "2026-05-02", "2026-06-02")
    assert (row["ended_on"], row["is_paused"], row["donor_email"]) == ("", "false", AMAL.email)
    assert made.sums == {"USD": {"amount": "15.00"}}
    assert exported("recurring", until=date(2026, 3, 2))[0] == []
    assert exported("recurring", since=date(2026, 3, 3))[0] == []
    (early,), _ = exported("recurring", until=date(2026, 4, 1))
    assert (early["gifts"], early["received"]) == ("1", "15.00")


def test_a_promise_that_never_began_is_no_row(gifts: Gifts, settle: Settle) -> None:
    gifts.begin(frequency="month")
    settle()
    assert len(every(RecurringDonation)) == 1
    assert exported("recurring")[0] == []


def test_what_was_handed_out_stands_in_the_register_for_good(given: Given) -> None:
    given()
    _, made = exported("donors", fund="general")
    with committed():
        register_export(made, "command")
    (run,) = every(ExportRun)
    assert (run.kind, run.exported_by, run.rows, run.sha256) == ("donors", "command", 1, made.sha256)
    assert run.period["fund"] == "general"
    assert run.sums == {"USD": {"given": "25.00", "kept": "25.00"}}
    for statement in ("UPDATE export_run SET rows = 2", "DELETE FROM export_run"):
        with pytest.raises(DBAPIError, match="append-only"), committed() as session:
            session.execute(sa.text(statement))
    assert fresh(every(Donor)[0]).first_name == AMAL.first_name
