"""flask receipts: statements of a year as files, resumed where it stopped, each letter once; receipts exported."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from donate.giving.models import Donation
from donate.receipts.models import Receipt
from tests.make.gifts import Gifts
from tests.make.outbox import Outbox, text_of
from tests.make.receipts import holds
from tests.make.refunds import give_back
from tests.make.rows import every
from tests.people import AMAL, NOAM, PETRA

Settle = Callable[..., None]
Say = Callable[..., Result]
#: The module: its name in the package is the group of commands.
WHERE = "donate.commands.receipts"
pytestmark = pytest.mark.usefixtures("charity")


@pytest.fixture
def say(app: Flask) -> Say:
    """Return a way to type ``flask …``."""
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=[str(word) for word in words])


@pytest.fixture
def three(gifts: Gifts, settle: Settle) -> Gifts:
    """Return a maker of gifts that made one of three people each."""
    for person, amount in ((AMAL, "25.00"), (NOAM, "10.00"), (PETRA, "7.00")):
        gifts.paid(person, amount=amount)
    settle()
    return gifts


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_each_donor_has_a_file_and_a_second_run_writes_only_what_is_missing(
    three: Gifts, say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[WHERE], "_AT_ONCE", 2)
    out = tmp_path / "statements"
    done = say("receipts", "statements", 2026, "--out", out)
    assert done.exit_code == 0, done.output
    assert names(out) == ["S2026-000001.pdf", "S2026-000002.pdf", "S2026-000003.pdf"]
    assert all((out / name).read_bytes().startswith(b"%PDF") for name in names(out))
    assert "2 of 3 donors" in done.stderr
    assert "3 of 3 donors" in done.stderr
    assert done.stdout == "2026: 3 statements, 3 files written, 0 were there already.\n"
    (out / "S2026-000002.pdf").unlink()
    again = say("receipts", "statements", 2026, "--out", out)
    assert again.stdout == "2026: 3 statements, 1 files written, 2 were there already.\n"
    assert len(names(out)) == len(holds("statement")) == 3


def test_a_run_that_broke_off_goes_on_without_a_second_statement(
    three: Gifts, say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[WHERE], "_AT_ONCE", 2)
    drawn = []

    def breaks(paper: object) -> bytes:
        drawn.append(paper)
        if len(drawn) == 2:
            raise KeyboardInterrupt
        return b"%PDF"

    with monkeypatch.context() as patched:
        patched.setattr(sys.modules[WHERE], "draw_pdf", breaks)
        assert say("receipts", "statements", 2026, "--out", tmp_path / "out").exit_code != 0
    assert names(tmp_path / "out") != []
    assert say("receipts", "statements", 2026, "--out", tmp_path / "out").exit_code == 0
    assert [name for name in names(tmp_path / "out") if name.endswith(".pdf")] == [
        "S2026-000001.pdf", "S2026-000002.pdf", "S2026-000003.pdf",
    ]  # fmt: skip
    assert len([each for each in every(Receipt) if each.kind == "statement"]) == 3


def test_a_replaced_statement_replaces_its_file(three: Gifts, settle: Settle, say: Say, tmp_path: Path) -> None:
    say("receipts", "statements", 2026, "--out", tmp_path / "out")
    three.paid(AMAL, amount="5.00")
    settle()
    say("receipts", "statements", 2026, "--out", tmp_path / "out")
    assert names(tmp_path / "out") == ["S2026-000002.pdf", "S2026-000003.pdf", "S2026-000004.pdf"]


def test_with_mail_each_donor_is_written_to_once(
    three: Gifts, settle: Settle, say: Say, tmp_path: Path, outbox: Outbox
) -> None:
    for _ in range(2):
        assert say("receipts", "statements", 2026, "--out", tmp_path / "out", "--mail").exit_code == 0
        settle()
    told = [each for each in outbox if "S2026-" in each["Subject"] or "S2026-" in text_of(each)]
    assert len(told) == 3
    letter = text_of(outbox.to(AMAL.email)[-1])
    for words in ("/account/receipts/S2026-000001.pdf", "Kept: $25.00", "Deductible part: $25.00"):
        assert words in letter, words


def test_the_export_has_a_row_for_each_receipt_void_ones_and_statements_too(
    three: Gifts, settle: Settle, say: Say, tmp_path: Path
) -> None:
    assert say("receipts", "statements", 2026, "--out", tmp_path / "out").exit_code == 0
    give_back(every(Donation)[0], "10.00")
    settle()
    done = say("export", "receipts", "--out", tmp_path / "receipts.csv")
    assert done.exit_code == 0, done.output
    rows = list(csv.DictReader(io.StringIO((tmp_path / "receipts.csv").read_text(encoding="utf-8"))))
    assert len(rows) == 8
    by_number = {row["number"]: row for row in rows}
    old, new = by_number["2026-000001"], by_number["2026-000004"]
    assert (old["status"], old["void_reason"], old["replaced_by"], old["amount"]) == (
        "void", "refund", "2026-000004", "25.00",
    )  # fmt: skip
    assert (new["status"], new["replaces"], new["amount"], new["deductible"]) == (
        "issued", "2026-000001", "15.00", "15.00",
    )  # fmt: skip
    assert by_number["S2026-000001"]["replaced_by"] == "S2026-000004"
    assert by_number["S2026-000004"]["donor_id"] == new["donor_id"] != ""
    assert len(new["content_hash"]) == 64


def test_the_donations_export_says_what_the_receipts_say(
    three: Gifts, in_return: Callable[[int], None], settle: Settle, say: Say, tmp_path: Path
) -> None:
    in_return(200)
    three.paid(AMAL, amount="20.00")
    settle()
    assert say("export", "donations", "--out", tmp_path / "gifts.csv").exit_code == 0
    rows = list(csv.DictReader(io.StringIO((tmp_path / "gifts.csv").read_text(encoding="utf-8"))))
    assert [(row["amount"], row["deductible"], row["benefit_value"]) for row in rows] == [
        ("25.00", "25.00", "0.00"), ("10.00", "10.00", "0.00"), ("7.00", "7.00", "0.00"), ("20.00", "18.00", "2.00"),
    ]  # fmt: skip
