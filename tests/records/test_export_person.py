"""Everything held about somebody: whole, theirs alone, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from donate.appeals.remind import ask_reminder
from donate.db import committed
from donate.donors.models import Donor
from donate.fulfillment.refund_gift import refund_gift
from donate.money import from_major
from donate.team.models import History
from tests.make.gifts import Gifts
from tests.make.rows import every
from tests.make.signing_in import Comings, hidden
from tests.people import AMAL, NOAM

Settle = Callable[..., None]
FORMULA = "=HYPERLINK(0)"


def download(browser: Any, form: str) -> Any:
    token = {"csrf_token": hidden(browser.get("/account/your-data").text)["csrf_token"]}
    return browser.post(f"/account/your-data/{form}", data=token)


@pytest.fixture
def given(gifts: Gifts, settle: Settle) -> Gifts:
    """Return gifts of two people: Amal's once, monthly and given back in part; Noam's once."""
    once = gifts.paid(AMAL, note=FORMULA, address_line1="1 Olive Street", newsletter=True)
    gifts.paid(AMAL, frequency="month")
    gifts.begin(AMAL, amount="7.00")
    gifts.paid(NOAM)
    settle()
    refund_gift(once.id, from_major("5", "USD"), left_seen=once.amount, reason="", asked_by="command")
    with committed():
        for person in (AMAL, NOAM):
            ask_reminder(person.email, "en", date(2026, 9, 1), gifts.appeal)
    settle()
    return gifts


def test_a_member_takes_along_all_that_is_held_and_nobody_elses(given: Gifts, comings: Comings) -> None:
    browser = comings.member(AMAL.email)
    answer = download(browser, "json")
    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"].endswith('.json"')
    assert answer.headers["Cache-Control"] == "no-store"
    held = json.loads(answer.data)
    assert len(held["gifts"]) == 3
    assert {gift["amount"] for gift in held["gifts"]} == {"25.00", "7.00"}
    assert held["gifts"][0]["note"] == FORMULA
    assert held["gifts"][0]["appeal"] == given.appeal.slug
    assert held["recurring"][0]["authorisation_text"].startswith("You allow")
    assert [(each["status"], each["amount"]) for each in held["receipts"]] == [
        ("void", "25.00"), ("issued", "25.00"), ("issued", "20.00"),
    ]  # fmt: skip
    assert held["refunds"][0]["amount"] == "5.00"
    assert held["consents"][0]["place"] == "form"
    assert {letter["template"] for letter in held["letters"]} == {"receipt", "receipt_corrected", "refunded", "sign_in"}
    assert len(held["sessions"]) == 1
    assert held["membership"][0]["level"] == "friend"
    assert held["follows"] == []
    assert [(each["email"], each["due_on"]) for each in held["reminders"]] == [(AMAL.email, "2026-09-01")]
    assert held["stripe_customers"]
    assert "prove_email" in {row["act"] for row in held["history"]}
    assert {row["kind"] for row in held["preferences"]} >= {"receipts", "newsletter"}
    text = answer.text
    assert NOAM.email not in text
    assert NOAM.first_name not in text
    assert [row.after for row in every(History) if row.act == "export_person"] == [{"format": "json"}]


def test_tables_hold_the_same_and_no_cell_runs(given: Gifts, comings: Comings) -> None:
    browser = comings.member(AMAL.email)
    held = json.loads(download(browser, "json").data)
    answer = download(browser, "zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as file:
        names = {name.removesuffix(".csv") for name in file.namelist()}
        gifts = list(csv.DictReader(io.StringIO(file.read("gifts.csv").decode())))
        nothing = file.read("disputes.csv").decode()
    assert names == {name for name, rows in held.items() if isinstance(rows, list)}
    assert [row["reference"] for row in gifts] == [row["reference"] for row in held["gifts"]]
    assert gifts[0]["note"] == "'" + FORMULA
    assert nothing == "nothing_held\r\n"


def test_a_form_that_does_not_exist_is_not_found(given: Gifts, comings: Comings) -> None:
    assert download(comings.member(AMAL.email), "xlsx").status_code == 404


def test_gifts_with_an_address_that_was_not_proven_stay_out(given: Gifts, comings: Comings) -> None:
    """Noam's address is not Amal's to see, and an attempt made with it without a donor neither."""
    given.begin(NOAM, amount="9.00")
    held = json.loads(download(comings.member(AMAL.email), "json").data)
    assert "9.00" not in {gift["amount"] for gift in held["gifts"]}


def test_the_command_writes_a_file_that_only_its_owner_reads(given: Gifts, app: Flask, tmp_path: Path) -> None:
    out = tmp_path / "amal.json"
    runner = app.test_cli_runner()
    done = runner.invoke(args=["donors", "export", " AMAL@example.org ", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert out.stat().st_mode & 0o777 == 0o600
    assert json.loads(out.read_bytes())["donor"] == every(Donor)[0].reference
    again = runner.invoke(args=["donors", "export", "nobody@example.org"])
    assert again.exit_code == 1
    assert "Nobody gives as nobody@example.org" in again.output
