"""The donations export: the promised columns, days of the newsroom, cells no spreadsheet runs, the same bytes again."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from donate.cells import defuse
from donate.reports.export import Period, write_export
from donate.sandbox.app import Sandbox
from tests.make.gifts import Gifts
from tests.make.rows import fresh
from tests.people import AMAL, NOAM, Person

# What others build on; columns are only ever added at its end.
COLUMNS = (
    "donation_id", "received_at", "received_on", "kind", "interval", "status", "currency", "amount",
    "settlement_currency", "settlement_amount", "fee", "net", "exchange_rate", "refunded", "disputed", "fee_covered",
    "deductible", "benefit_value", "donor_id", "donor_name", "donor_email", "anonymous", "country", "language", "fund",
    "gl_code", "restriction", "appeal", "variant", "placement", "article", "source", "payment_method", "card_brand",
    "last4", "receipt_number", "recurring_id", "stripe_payment_intent_id", "stripe_charge_id", "stripe_invoice_id",
    "stripe_balance_transaction_id", "stripe_payout_id", "imported_from", "imported_id",
)  # fmt: skip


def exported(period: Period | None = None, form: str = "csv", kind: str = "donations") -> tuple[bytes, Any]:
    out = io.BytesIO()
    manifest = write_export(kind, period or Period(), form, out)
    return out.getvalue(), manifest


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def test_the_columns_are_the_promised_ones_in_their_order(gifts: Gifts) -> None:
    data, _ = exported()
    assert data.decode().splitlines()[0].split(",") == list(COLUMNS)


def test_a_row_says_everything_that_is_known_of_a_gift(gifts: Gifts, settle: Callable[[], None]) -> None:
    donation = gifts.paid(amount="25.00", cover="1.09")
    settle()
    donation = fresh(donation)
    (row,) = rows(exported()[0])
    known = {
        "donation_id": donation.reference,
        "received_on": "2026-03-02",
        "kind": "one_time",
        "interval": "",
        "status": "succeeded",
        "currency": "USD",
        "amount": "26.09",
        "fee_covered": "1.09",
        "donor_name": "Amal Haddad",
        "donor_email": "amal@example.org",
        "anonymous": "false",
        "country": "JO",
        "language": "en",
        "fund": gifts.fund.code,
        "appeal": gifts.appeal.slug,
        "placement": "end",
        "article": gifts.article.slug,
        "source": "newsletter",
        "payment_method": "card",
        "card_brand": "visa",
        "last4": "4242",
        "receipt_number": "2026-000001",
        "stripe_payment_intent_id": donation.stripe_payment_intent_id,
        "stripe_charge_id": donation.stripe_charge_id,
    }
    assert {name: row[name] for name in known} == known
    assert row["received_at"].startswith("2026-03-02T10:0")


def test_a_gift_says_what_it_brought_and_cost_once_the_books_know_it(
    gifts: Gifts, box: Sandbox, settle: Callable[[], None]
) -> None:
    gifts.paid(amount="25.00")
    settle()
    (row,) = rows(exported()[0])
    assert (row["settlement_currency"], row["fee"], row["net"], row["stripe_balance_transaction_id"]) == ("",) * 4
    box.advance(seconds=10)
    settle()
    (row,) = rows(exported()[0])
    assert (row["settlement_currency"], row["settlement_amount"], row["exchange_rate"]) == ("USD", "25.00", "")
    assert (row["fee"], row["net"]) == ("1.03", "23.97")
    assert row["stripe_balance_transaction_id"].startswith("txn_")
    assert (row["refunded"], row["disputed"]) == ("0.00", "0.00")


LEDGER = (
    "entry_id", "entry_type", "occurred_at", "occurred_on", "available_on", "currency", "gross",
    "settlement_currency", "settlement_gross", "settlement_fee", "settlement_net", "exchange_rate", "donation_id",
    "recurring_id", "donor_id", "fund", "gl_code", "restriction", "appeal", "article",
    "stripe_balance_transaction_id", "stripe_charge_id", "stripe_refund_id", "stripe_dispute_id", "stripe_payout_id",
    "period", "note", "variant", "placement", "source",
)  # fmt: skip


def test_the_ledger_has_a_row_an_entry_with_the_promised_columns(
    gifts: Gifts, box: Sandbox, settle: Callable[[], None]
) -> None:
    donation = gifts.paid(amount="25.00", cover="1.00")
    settle()
    box.advance(seconds=10)
    settle()
    data, manifest = exported(kind="ledger")
    assert data.decode().splitlines()[0].split(",") == list(LEDGER)
    (row,) = rows(data)
    assert (row["entry_type"], row["occurred_on"], row["period"]) == ("charge", "2026-03-02", "2026-03")
    assert (row["gross"], row["settlement_gross"], row["settlement_fee"], row["settlement_net"]) == (
        "26.00", "26.00", "1.05", "24.95",
    )  # fmt: skip
    assert (row["donation_id"], row["fund"], row["appeal"], row["article"]) == (
        donation.reference, gifts.fund.code, gifts.appeal.slug, gifts.article.slug,
    )  # fmt: skip
    assert row["gl_code"] == gifts.fund.gl_code != ""
    assert manifest.sums == {"USD": {"gross": "26.00"}}


def test_payouts_have_the_promised_columns(gifts: Gifts) -> None:
    data, _ = exported(kind="payouts")
    assert data.decode().splitlines()[0] == (
        "payout_id,arrival_on,status,currency,amount,gross,fees,refunds,disputes,adjustments,outside,rows,difference"
    )


def test_only_money_that_arrived_is_exported(gifts: Gifts, settle: Callable[[], None]) -> None:
    gifts.begin()
    gifts.paid()
    settle()
    assert exported()[1].rows == 1


def test_each_instalment_is_a_row_of_its_own(gifts: Gifts, box: Sandbox, settle: Callable[[], None]) -> None:
    gifts.paid(frequency="month")
    settle()
    box.advance(seconds=65 * 86400)
    settle()
    found = rows(exported()[0])
    assert [row["received_on"] for row in found] == ["2026-03-02", "2026-04-02", "2026-05-02"]
    assert {row["interval"] for row in found} == {"month"}
    assert len({row["recurring_id"] for row in found}) == 1
    assert len({row["stripe_invoice_id"] for row in found} - {""}) == 3


def test_the_last_day_of_a_period_is_left_out(gifts: Gifts, box: Sandbox, settle: Callable[[], None]) -> None:
    for _ in range(3):
        gifts.paid()
        settle()
        box.advance(seconds=86400)
    assert exported(Period(date(2026, 3, 2), date(2026, 3, 4)))[1].rows == 2
    assert exported(Period(since=date(2026, 3, 4)))[1].rows == 1
    assert exported(Period(until=date(2026, 3, 2)))[1].rows == 0


def test_a_fund_or_an_appeal_can_be_asked_for(gifts: Gifts, settle: Callable[[], None]) -> None:
    gifts.paid()
    gifts.paid(appeal_id=None)
    settle()
    assert exported(Period(fund=gifts.fund.code))[1].rows == 2
    assert exported(Period(fund="nothing"))[1].rows == 0
    assert exported(Period(appeal=gifts.appeal.slug))[1].rows == 1


def test_every_currency_keeps_its_own_decimals_and_sum(gifts: Gifts, settle: Callable[[], None]) -> None:
    for amount, currency in (("25.00", "USD"), ("10.50", "USD"), ("1500", "JPY"), ("7.500", "JOD")):
        gifts.paid(amount=amount, currency=currency)
    settle()
    data, manifest = exported()
    assert sorted((row["currency"], row["amount"]) for row in rows(data)) == [
        ("JOD", "7.500"), ("JPY", "1500"), ("USD", "10.50"), ("USD", "25.00"),
    ]  # fmt: skip
    sums = {code: Decimal(each["amount"]) for code, each in manifest.sums.items()}
    assert sums == {"JOD": Decimal("7.500"), "JPY": Decimal(1500), "USD": Decimal("35.50")}


def test_the_manifest_holds_the_files_own_digest_and_rows(gifts: Gifts, settle: Callable[[], None]) -> None:
    gifts.paid()
    settle()
    data, manifest = exported(Period(date(2026, 3, 1), date(2026, 4, 1)))
    written = json.loads(manifest.as_json())
    assert written["sha256"] == hashlib.sha256(data).hexdigest()
    assert written["rows"] == len(rows(data)) == 1
    assert written["period"] == {"from": "2026-03-01", "to": "2026-04-01", "fund": None, "appeal": None}


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_the_same_question_gives_the_same_bytes(gifts: Gifts, settle: Callable[[], None], form: str) -> None:
    for person in (AMAL, NOAM, AMAL):
        gifts.paid(person)
    settle()
    first, second = exported(form=form), exported(form=form)
    assert first[0] == second[0]
    assert first[1].as_json() == second[1].as_json()


def test_lines_end_as_the_standard_says_and_breaks_inside_a_cell_become_spaces(
    gifts: Gifts, settle: Callable[[], None]
) -> None:
    gifts.paid(Person("Amal\r\nof", 'the "Haddads", Amman', "amal@example.org"))
    settle()
    data, _ = exported()
    assert data.count(b"\r\n") == 2
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert rows(data)[0]["donor_name"] == 'Amal of the "Haddads", Amman'


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+972 50", "'+972 50"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
        ("\t=1", "'\t=1"),
        ("|x", "'|x"),
        ("-12.50", "-12.50"),
        ("-١٢", "'-١٢"),
        ("12.50", "12.50"),
        ("Amal", "Amal"),
        ("", ""),
    ],
)
def test_no_cell_is_run_by_a_spreadsheet(text: str, written: str) -> None:
    assert defuse(text) == written


def test_a_name_that_is_a_formula_is_defused_in_the_file(gifts: Gifts, settle: Callable[[], None]) -> None:
    gifts.paid(Person('=HYPERLINK("http://x")', "", "amal@example.org"))
    settle()
    assert rows(exported()[0])[0]["donor_name"].startswith("'=HYPERLINK")


def test_json_lines_hold_the_same_rows(gifts: Gifts, settle: Callable[[], None]) -> None:
    gifts.paid(NOAM)
    settle()
    data, _ = exported(form="jsonl")
    (row,) = [json.loads(line) for line in data.decode().splitlines()]
    assert list(row) == list(COLUMNS)
    assert row["donor_name"] == "נעם לוין"
    assert row["anonymous"] is False


def test_the_period_is_said_in_words() -> None:
    words = Period(date(2026, 3, 1), date(2026, 4, 1)).words("Asia/Jerusalem")
    assert words == "2026-03-01 to 2026-03-31, both included, days of Asia/Jerusalem"
