"""flask export --format xlsx: a whole workbook or none, in a file and on standard output, with its manifest."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask

from donate.reports import export as exports
from donate.reports.models import ExportRun
from tests.make.gifts import Gifts
from tests.make.rows import every

Settle = Callable[[], None]
Say = Callable[..., Any]


@pytest.fixture
def say(app: Flask) -> Say:
    """Return a way to run a command."""
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=[str(word) for word in words])


def test_a_workbook_is_written_with_its_manifest_and_stands_in_the_register(
    gifts: Gifts, settle: Settle, say: Say, tmp_path: Path
) -> None:
    gifts.paid()
    settle()
    path = tmp_path / "gifts.xlsx"
    done = say("export", "donations", "--format", "xlsx", "--out", path)
    assert done.exit_code == 0, done.output
    assert openpyxl.load_workbook(path)["donations"].max_row == 2
    manifest = json.loads(Path(f"{path}.manifest.json").read_text())
    assert (manifest["form"], manifest["rows"]) == ("xlsx", 1)
    assert manifest["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert every(ExportRun)[0].form == "xlsx"


def test_a_workbook_goes_to_standard_output_too(gifts: Gifts, settle: Settle, say: Say) -> None:
    gifts.paid()
    settle()
    done = say("export", "donations", "--format", "xlsx", "--out", "-")
    assert done.exit_code == 0, done.stderr
    assert openpyxl.load_workbook(io.BytesIO(done.stdout_bytes))["donations"].max_row == 2


def test_a_shape_for_another_program_is_refused_as_a_workbook_with_a_sentence(
    gifts: Gifts, say: Say, tmp_path: Path
) -> None:
    done = say("export", "journal", "--shape", "xero", "--format", "xlsx", "--out", tmp_path / "year.xlsx")
    assert done.exit_code == 1
    assert "xero takes CSV. Choose --format csv" in done.output
    assert list(tmp_path.glob("year*")) == []


@pytest.mark.parametrize("out", ["gifts.xlsx", "-"])
def test_more_rows_than_a_sheet_holds_leave_a_sentence_and_no_file(
    gifts: Gifts, settle: Settle, say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str
) -> None:
    for _ in range(2):
        gifts.paid()
    settle()
    monkeypatch.setattr(exports, "write_xlsx", partial(exports.write_xlsx, most_rows=2))
    done = say("export", "donations", "--format", "xlsx", "--out", out if out == "-" else tmp_path / out)
    assert done.exit_code == 1
    assert "an XLSX sheet holds 2 rows with its head, and this would have 2 below it" in done.stderr
    assert done.stdout_bytes == b""
    assert list(tmp_path.glob("gifts*")) == []
    assert every(ExportRun) == []
