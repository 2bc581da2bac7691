"""flask export journal: whole files or none, in the shape another accounting takes, and a sentence where it can't."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from donate.db import committed
from donate.newsroom.queries import get_newsroom
from donate.reports.export import SHAPES, Most
from donate.reports.models import ExportRun
from tests.make.refunds import Given
from tests.make.rows import every

Say = Callable[..., Any]


@pytest.fixture
def say(app: Flask) -> Say:
    """Return a way to run a command."""
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=[str(word) for word in words])


def test_a_journal_is_written_whole_with_its_manifest_and_stands_in_the_register(
    given: Given, say: Say, tmp_path: Path
) -> None:
    given()
    path = tmp_path / "march.csv"
    done = say("export", "journal", "--month", "2026-03", "--shape", "quickbooks-online", "--out", path)
    assert done.exit_code == 0, done.output
    assert path.read_bytes().startswith(b"Journal No.,Journal Date,Account Name,")
    manifest = json.loads(Path(f"{path}.manifest.json").read_text())
    assert (manifest["kind"], manifest["shape"], manifest["rows"]) == ("journal", "quickbooks-online", 4)
    (run,) = every(ExportRun)
    assert (run.kind, run.shape, run.exported_by, run.sha256) == (
        "journal", "quickbooks-online", "command", manifest["sha256"],
    )  # fmt: skip


def test_more_than_a_file_may_hold_becomes_several(
    given: Given, say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        given()
    small = replace(SHAPES["xero"], most=Most(4, 1_000_000, "*Narration"))
    monkeypatch.setitem(SHAPES, "xero", replace(small, rows=lambda period: _three_days(small, period)))
    path = tmp_path / "year.csv"
    done = say("export", "journal", "--year", "2026", "--shape", "xero", "--out", path)
    assert "12 rows in 3 files" in done.output
    names = sorted(each.name for each in tmp_path.glob("year*"))
    assert names == ["year-1.csv", "year-2.csv", "year-3.csv", "year.csv.manifest.json"]
    for number in (1, 2, 3):
        with (tmp_path / f"year-{number}.csv").open(newline="") as file:
            assert len({row["*Narration"] for row in csv.DictReader(file)}) == 1
    assert every(ExportRun)[0].parts == 3


def _three_days(kind: Any, period: Any) -> Any:
    rows = list(kind.rows(period))
    for day in range(3):
        yield from ({**row, "*Narration": f"{row['*Narration']} {day}"} for row in rows)


def test_an_account_without_a_name_stops_it_with_a_sentence_and_no_file(given: Given, say: Say, tmp_path: Path) -> None:
    given()
    with committed():
        get_newsroom().accounts = {}
    done = say("export", "journal", "--year", "2026", "--out", tmp_path / "year.csv")
    assert done.exit_code == 1
    assert "clearing, income, processing_fees have no account of yours" in done.output
    assert list(tmp_path.glob("year*")) == []
    assert every(ExportRun) == []


def test_another_currency_stops_a_shape_that_takes_one(given: Given, say: Say, tmp_path: Path) -> None:
    given(currency="EUR")
    asked = ("export", "journal", "--year", "2026", "--out", tmp_path / "year.csv")
    done = say(*asked, "--shape", "xero")
    assert done.exit_code == 1
    assert "it holds EUR, and this shape takes USD only" in done.output
    assert say(*asked).exit_code == 0


@pytest.mark.parametrize("more", [["--shape", "xero"], ["--offline"]])
def test_a_shape_is_for_a_journal(given: Given, say: Say, more: list[str]) -> None:
    assert say("export", "donations", *more, "--out", "-").exit_code == 2
