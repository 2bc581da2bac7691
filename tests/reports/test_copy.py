"""Large exports as CSV: what the database writes is what Python would, byte for byte, whatever stands in the cells."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as with_any
from hypothesis import strategies as any_of
from sqlalchemy import select

from donate.cells import csv_line, csv_lines, finish_lines
from donate.db import committed, db, snapshot
from donate.giving.models import Donation
from donate.ledger.models import LedgerEntry
from donate.money import Money
from donate.references import reference_from
from donate.reports import copy
from donate.reports.export import KINDS, Period, write_export
from tests.make.gifts import Gifts
from tests.make.rows import every

HOSTILE = (
    "Amal", "", "=1+1", "+972 50", "-2+3", "-12.50", "@SUM(A1)", "\tx", "|x", "%x", "'quoted'", 'the "Haddads"',
    "a, b", "a,=b", ',"=c', "two\r\nlines", "two\nlines", "two\rlines", "a\u2028b\x0bc\x0cd", "أمل، حداد", "נעם",
    " spaces ", "\\.", "\\N", "NULL", "100%", "O'Neil", "😀", "-", "--", "x" * 100,
)  # fmt: skip
CURRENCIES = ("USD", "JPY", "JOD", "EUR", "KWD", "ISK", "CLF")


@pytest.fixture
def hostile(gifts: Gifts) -> None:
    """Write gifts and entries whose texts are what they should not be, in currencies of every kind of decimals."""
    begin = datetime(2026, 3, 2, 10, tzinfo=UTC)
    with committed() as session:
        for at, text in enumerate(HOSTILE):
            currency, moment = CURRENCIES[at % len(CURRENCIES)], begin + timedelta(hours=at)
            own: dict[str, Any] = {"received_at": moment, "received_on": moment.date(), "created_at": moment}
            donation = Donation(
                reference=reference_from("hostile", str(at)), status="succeeded", livemode=False, frequency="once",
                kind="offline" if at % 3 == 0 else "one_time", amount_minor=10 ** (at % 9) + at, currency=currency,
                fee_cover_minor=at % 2, first_name=text, last_name=HOSTILE[-1 - at], source=text, country="JO",
                email="amal@example.org", article_slug=text, variant=text[:40], fund_id=gifts.fund.id,
                appeal_id=gifts.appeal.id if at % 2 else None, anonymous=at % 2 == 0, **own,
            )  # fmt: skip
            session.add(donation)
            session.flush()
            for number, kind in enumerate(("charge", "refund")):
                gross = donation.amount_minor if kind == "charge" else -(at % 7)
                session.add(LedgerEntry(
                    reference=reference_from("hostile", str(at), kind), stripe_account="acct_1", livemode=False,
                    source_key=f"txn_{at}_{number}", entry_type=kind, occurred_at=moment, occurred_on=moment.date(),
                    booked_on=moment.date(), available_on=moment.date(), currency=currency, gross_minor=gross,
                    settlement_currency="USD", settlement_gross_minor=gross, settlement_fee_minor=at,
                    settlement_net_minor=gross - at, donation_id=donation.id, fund_id=gifts.fund.id, note=text,
                    posted_at=moment, exchange_rate="" if at % 2 else "1.0834",
                ))  # fmt: skip


def exported(kind: str, period: Period) -> tuple[bytes, Any]:
    out = io.BytesIO()
    made = write_export(kind, period, "csv", out)
    return out.getvalue(), made


def line_by_line(kind: str, period: Period) -> bytes:
    columns = KINDS[kind].columns
    with snapshot():
        lines = [csv_line(columns, row) for row in KINDS[kind].rows(period)]
    return (csv_line(columns, {column: column for column in columns}) + "".join(lines)).encode()


@pytest.fixture(params=[1, 3, 500])
def at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Let so many lines be written at a time, so that usual and unusual ones stand apart and together."""
    monkeypatch.setattr(copy, "_AT_ONCE", request.param)
    return int(request.param)


@pytest.mark.parametrize("kind", ["donations", "ledger"])
def test_what_the_database_writes_is_what_python_writes(hostile: None, at_once: int, kind: str) -> None:
    for period in (Period(), Period(date(2026, 3, 2), date(2026, 3, 3)), Period(fund="o'no"), Period(fund="general")):
        data, made = exported(kind, period)
        assert data == line_by_line(kind, period)
        assert made.sha256 == hashlib.sha256(data).hexdigest()
        assert made.rows == data.count(b"\r\n") - 1


def test_amounts_are_those_that_money_writes(hostile: None) -> None:
    told = {row["donation_id"]: row for row in csv.DictReader(io.StringIO(exported("donations", Period())[0].decode()))}
    entries = {row["entry_id"]: row for row in csv.DictReader(io.StringIO(exported("ledger", Period())[0].decode()))}
    gifts = every(Donation)
    assert len(gifts) == len(HOSTILE) == len(told)
    for gift in gifts:
        row = told[gift.reference]
        assert (row["amount"], row["fee_covered"]) == (gift.amount.plain(), gift.fee_cover.plain())
        assert row["received_at"] == f"{gift.received_at:%Y-%m-%dT%H:%M:%SZ}"
    for entry in every(LedgerEntry):
        row = entries[entry.reference]
        assert (row["gross"], row["settlement_net"]) == (entry.gross.plain(), entry.net.plain())
        assert (row["settlement_fee"], row["period"]) == (Money(entry.settlement_fee_minor, "USD").plain(), "2026-03")


def test_the_manifest_sums_what_the_database_sums(hostile: None) -> None:
    made = exported("donations", Period())[1]
    rows = db.session.execute(select(Donation.currency, Donation.amount_minor, Donation.fee_cover_minor))
    sums: dict[str, list[int]] = {}
    for currency, amount, cover in rows:
        kept = sums.setdefault(currency, [0, 0])
        kept[0], kept[1] = kept[0] + amount, kept[1] + cover
    assert made.sums == {
        currency: {"amount": Money(amount, currency).plain(), "fee_covered": Money(cover, currency).plain()}
        for currency, (amount, cover) in sums.items()
    }
    assert set(made.sums) == set(CURRENCIES)


def test_no_cell_runs_and_no_line_breaks(hostile: None) -> None:
    data, _ = exported("ledger", Period())
    assert b"\n" not in data.replace(b"\r\n", b"")
    notes = {row["note"] for row in csv.DictReader(io.StringIO(data.decode(), newline=""))}
    assert {"'=1+1", "'+972 50", "-12.50", "'-2+3", "two lines", "'-", "'100%"} & notes == {
        "'=1+1", "'+972 50", "-12.50", "'-2+3", "two lines", "'-",
    }  # fmt: skip


@with_any(
    any_of.lists(any_of.lists(any_of.one_of(any_of.sampled_from(HOSTILE), any_of.text()), min_size=2, max_size=2))
)
def test_lines_are_finished_as_they_stand_only_where_that_is_right(rows: list[list[str]]) -> None:
    raw = io.StringIO()
    csv.writer(raw, lineterminator="\n").writerows(rows)
    finished = finish_lines(raw.getvalue().encode(errors="surrogatepass"), len(rows))
    if finished is not None:
        assert finished == csv_lines(rows)


@pytest.mark.parametrize("line", ["Amal,25.00", "a@b.c,-25.00", "x,2026-03-02", "100%,1+1=2"])
def test_usual_lines_are_finished_as_they_stand(line: str) -> None:
    assert finish_lines(f"{line}\n".encode(), 1) == f"{line}\r\n".encode()
