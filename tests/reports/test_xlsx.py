"""Exports as workbooks: numbers that are numbers, texts that stay texts, the same bytes again, whole or refused."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import shutil
import subprocess
import time
import zipfile
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from donate.errors import ExportRefused
from donate.reports import export
from donate.reports.export import AT_THE_DESK, KINDS, SHAPES, Kind, Period, write_export
from donate.reports.xlsx import MOST_ROWS, write_xlsx
from donate.sandbox.app import Sandbox
from tests.make.gifts import Gifts
from tests.people import NOAM, Person

Settle = Callable[[], None]
#: Commas, quotes, UTF-8.
AS_UTF_8 = "csv:Text - txt - csv (StarCalc):44,34,76"


def moment(*parts: int) -> datetime:
    """Give a moment as openpyxl does, which knows no zones."""
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001


def workbook(kind: str = "donations", **more: str) -> tuple[bytes, Any]:
    out = io.BytesIO()
    made = write_export(kind, Period(), "xlsx", out, **more)
    return out.getvalue(), made


def sheet_of(data: bytes) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


def cells_of(data: bytes) -> list[dict[str, Any]]:
    head, *lines = sheet_of(data).iter_rows()
    return [{name.value: cell for name, cell in zip(head, line, strict=True)} for line in lines]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[dict[str, Any]]]:
    """Return a way to write rows of a test and read their cells."""

    def write(*rows: dict[str, Any], most_rows: int = MOST_ROWS) -> list[dict[str, Any]]:
        columns = ("id", "currency", "amount", "day_on", "moment_at", "many", "name")
        kind = Kind(columns, lambda _period: iter(rows), amounts={"amount": "currency"}, numbers=frozenset({"many"}))
        monkeypatch.setitem(KINDS, "of the test", kind)
        monkeypatch.setattr(export, "write_xlsx", partial(write_xlsx, most_rows=most_rows))
        return cells_of(workbook("of the test")[0])

    return write


Written = Callable[..., list[dict[str, Any]]]


def test_amounts_are_numbers_with_their_own_currencys_decimals(gifts: Gifts, settle: Settle) -> None:
    for amount, currency in (("26.09", "USD"), ("1500", "JPY"), ("7.500", "JOD")):
        gifts.paid(amount=amount, currency=currency)
    settle()
    data, made = workbook()
    found = {row["currency"].value: row["amount"] for row in cells_of(data)}
    assert {code: (cell.value, cell.number_format) for code, cell in found.items()} == {
        "USD": (26.09, "0.00"), "JPY": (1500, "0"), "JOD": (7.5, "0.000"),
    }  # fmt: skip
    assert made.sums["USD"]["amount"] == "26.09"


def test_days_and_moments_are_dates_and_ids_stay_texts(gifts: Gifts, box: Sandbox, settle: Settle) -> None:
    gifts.paid()
    settle()
    box.advance(seconds=10)
    settle()
    (row,) = cells_of(workbook()[0])
    assert (row["received_on"].value, row["received_on"].number_format) == (moment(2026, 3, 2), "yyyy\\-mm\\-dd")
    assert row["received_at"].is_date
    assert row["received_at"].value.replace(minute=0, second=0) == moment(2026, 3, 2, 10)
    assert (row["last4"].value, row["last4"].data_type) == ("4242", "s")
    assert (row["anonymous"].value, row["net"].data_type) == (False, "n")


def test_the_head_is_bold_stays_in_view_and_filters(gifts: Gifts, settle: Settle) -> None:
    gifts.paid()
    settle()
    sheet = sheet_of(workbook()[0])
    assert sheet.title == "donations"
    assert [cell.value for cell in sheet[1]] == list(KINDS["donations"].columns)
    assert all(cell.font.b for cell in sheet[1])
    assert not any(cell.font.b for cell in sheet[2])
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:AR2")


def test_an_export_of_nothing_has_its_head(gifts: Gifts) -> None:
    sheet = sheet_of(workbook()[0])
    assert [cell.value for cell in sheet[1]] == list(KINDS["donations"].columns)
    assert sheet.max_row == 1


@pytest.mark.parametrize(
    "name", ["=1+1", '=HYPERLINK("http://x")', "+972 50", "@SUM(A1)", "-2+3", "{=1}", "http://x.y"]
)
def test_a_name_that_looks_like_a_formula_or_a_link_is_a_text(gifts: Gifts, settle: Settle, name: str) -> None:
    gifts.paid(Person(name, "", "amal@example.org"))
    settle()
    (row,) = cells_of(workbook()[0])
    assert (row["donor_name"].value, row["donor_name"].data_type, row["donor_name"].hyperlink) == (name, "s", None)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a & b <c> \"d\" 'e'", "a & b <c> \"d\" 'e'"),
        ("נעם لين 😀", "נעם لين 😀"),
        ("two\r\nlines", "two lines"),
        ("a\u2028b\x0bc", "a b c"),
        (" spaces ", " spaces "),
        ("00123", "00123"),
        ("a\x00b\x1fc\uffff", "a_x0000_b_x001F_c_xFFFF_"),
        ("_x0041_", "_x005F_x0041_"),
    ],
)
def test_texts_arrive_whole_and_what_xml_cannot_hold_as_excel_writes_it(
    app: object, written: Written, text: str, read: str
) -> None:
    (row,) = written({"name": text})
    # openpyxl leaves Excel's way of writing a letter by its number as it stands.
    assert (row["name"].value, row["name"].data_type) == (read, "s")


def test_whole_numbers_are_numbers_and_what_is_none_stays_a_text(app: object, written: Written) -> None:
    first, second = written(
        {"id": "007", "many": 3, "amount": "", "currency": ""},
        {"id": 7, "many": "many", "amount": "n/a", "currency": "USD", "day_on": "never", "moment_at": "1850-01-01"},
    )
    assert (first["many"].value, first["id"].value, first["amount"].value) == (3, "007", None)
    assert [second[name].value for name in ("id", "many", "amount", "day_on", "moment_at")] == [
        "7", "many", "n/a", "never", "1850-01-01",
    ]  # fmt: skip


def test_a_moment_is_told_to_the_second(app: object, written: Written) -> None:
    (row,) = written({"moment_at": "2026-03-02T23:59:59Z"})
    assert row["moment_at"].value == moment(2026, 3, 2, 23, 59, 59)


def test_a_sum_is_written_by_its_digits_and_by_no_float(app: object, written: Written) -> None:
    written({"amount": "90071992547409.93", "currency": "USD"})
    data, _ = workbook("of the test")
    xml = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert b"<v>90071992547409.93</v>" in xml


def test_the_same_question_gives_the_same_bytes_whenever_it_is_asked(
    gifts: Gifts, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    gifts.paid()
    gifts.paid(NOAM)
    settle()
    first, made = workbook()
    later = time.time() + 86400 * 400
    monkeypatch.setattr(time, "time", lambda: later)
    monkeypatch.setattr(time, "localtime", lambda *_given: time.gmtime(later))
    assert workbook() == (first, made)
    assert made.sha256 == hashlib.sha256(first).hexdigest()
    assert (made.form, made.rows) == ("xlsx", 2)


def test_more_rows_than_a_sheet_holds_are_refused_with_their_number(app: object, written: Written) -> None:
    rows = [{"id": str(number)} for number in range(7)]
    assert len(written(*rows, most_rows=8)) == 7
    with pytest.raises(ExportRefused) as refused:
        written(*rows, most_rows=7)
    assert (refused.value.message, refused.value.values) == ("too_many_rows", {"rows": 7, "limit": 7})


def test_a_text_longer_than_a_cell_is_refused_by_its_place(app: object, written: Written) -> None:
    written({"name": "x" * 32_767}, {"name": "😀" * 16_383})
    for text in ("x" * 32_768, "😀" * 16_384):
        with pytest.raises(ExportRefused) as refused:
            written({"name": "short"}, {"name": text})
        assert refused.value.values == {"column": "name", "row": 3, "limit": 32_767}


@pytest.mark.parametrize("shape", ["quickbooks-online", "xero"])
def test_what_another_accounting_reads_stays_csv(app: object, shape: str) -> None:
    with pytest.raises(ExportRefused, match="csv_only"):
        workbook("journal", shape=shape)


@pytest.mark.parametrize("kind", [*KINDS.values(), *AT_THE_DESK.values()])
def test_typed_columns_are_columns_and_money_names_its_currency(kind: Kind) -> None:
    assert set(kind.columns) >= {*kind.amounts, *kind.amounts.values(), *kind.numbers, *kind.summed}
    assert not kind.numbers & kind.amounts.keys()
    assert set(kind.summed) <= kind.amounts.keys()


def test_every_kind_can_be_a_workbook(gifts: Gifts, box: Sandbox, settle: Settle) -> None:
    gifts.paid(frequency="month", cover="1.09")
    settle()
    box.advance(seconds=40 * 86400)
    settle()
    for name in KINDS:
        as_csv = io.BytesIO()
        plain = write_export(name, Period(), "csv", as_csv)
        data, made = workbook(name)
        assert (made.rows, made.sums) == (plain.rows, plain.sums)
        wrong = []
        for said, row in zip(csv.DictReader(io.StringIO(as_csv.getvalue().decode())), cells_of(data), strict=True):
            for column, cell in row.items():
                wrong += [(name, column, said[column], cell.value)] if _differs(said[column], cell.value) else []
        assert wrong == []
    assert SHAPES["generic"].most is None


def _differs(said: str, value: Any) -> bool:
    if isinstance(value, bool) or value is None:
        return said != {True: "true", False: "false", None: ""}[value]
    if isinstance(value, datetime):
        return value.isoformat() != (said.removesuffix("Z") if "T" in said else f"{said}T00:00:00")
    if isinstance(value, int | float):
        return not re.fullmatch(r"-?\d+(\.\d+)?", said) or float(said) != value
    return bool(value != said)


def test_libreoffice_reads_what_was_written(app: object, written: Written, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("libreoffice is not installed")
    written(
        {"id": "0042", "currency": "JOD", "amount": "-7.500", "day_on": "2026-03-02",
         "moment_at": "2026-03-02T10:00:01Z", "many": 3, "name": '=1+1 & "ע"'},
        {"id": "_x0041_", "currency": "JPY", "amount": "1500", "name": "a\x01b"},
    )  # fmt: skip
    (tmp_path / "test.xlsx").write_bytes(workbook("of the test")[0])
    home = f"-env:UserInstallation=file://{tmp_path / 'office'}"
    subprocess.run(
        [office, home, "--headless", "--convert-to", AS_UTF_8, "--outdir", tmp_path, tmp_path / "test.xlsx"],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    with (tmp_path / "test.csv").open(newline="") as file:
        _head, first, second = csv.reader(file)
    assert first == ["0042", "JOD", "-7.500", "2026-03-02", "2026-03-02 10:00:01", "3", '=1+1 & "ע"']
    assert (second[0], second[2], second[6].replace("\x01", "")) == ("_x0041_", "1500", "ab")
