"""A file of past gifts comes in once, whoever stops it and however often; the books never hear of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from donate.db import committed, db
from donate.donors.find_or_create import find_or_create_donor
from donate.donors.models import Donor, DonorEmail, DonorOldId
from donate.fulfillment.forget_person import forget_person
from donate.giving.models import Donation, Refund
from donate.ledger.models import LedgerEntry
from donate.mail.models import MailMessage
from donate.members.models import Membership
from donate.newsroom.fiscal import fiscal_year
from donate.receipts.models import Receipt
from donate.records.erase import ask_erasure
from donate.records.imports import bring_in as module
from donate.records.imports.bring_in import Asked, bring_in
from donate.records.imports.report import Report
from donate.records.imports.table import FileRefused
from donate.records.imports.targets import Mapped
from donate.reports.check import check_everything
from donate.reports.retention import donors_of_year
from donate.sandbox.app import Sandbox
from donate.team.history import SYSTEM
from donate.team.models import History
from tests.make.gifts import Gifts
from tests.make.past import HEAD, SAMPLES, everything, gift, returned, write_file
from tests.make.rows import count, every, fresh
from tests.people import AMAL

pytestmark = pytest.mark.usefixtures("newsroom")
ROOT = Path(__file__).resolve().parents[3]
Settle = Callable[..., None]


def run(path: Path, system: str = "generic", *, is_dry: bool = False, **more: Any) -> Report:
    asked = Asked(system, Mapped(other_funds="general", other_appeals="none"), **more)
    return bring_in(path, asked, is_dry=is_dry, who=SYSTEM)


def lines(many: int, first: int = 1) -> list[str]:
    """Write gifts of a third as many donors."""
    return [
        f"N-{n},R-{n // 3},reader{n // 3}@example.org,Reader,No{n // 3},2023-{n % 12 + 1:02}-{n % 28 + 1:02},"
        f"{n % 50 + 1}.00,USD,,"
        for n in range(first, first + many)
    ]


def test_a_dry_run_says_what_will_be_and_writes_nothing(tmp_path: Path) -> None:
    for system in ("generic", "givewp", "donorbox", "civicrm", "stripe"):
        before = everything()
        dry = run(SAMPLES / f"{system}.csv", system, is_dry=True)
        assert everything() == before
        real = run(SAMPLES / f"{system}.csv", system)
        assert dry.plain() | {"is_dry": False} == real.plain()
    many = write_file(tmp_path / "many.csv", lines(1300))
    dry = run(many, is_dry=True)
    assert (dry.gifts["new"], dry.donors["new"], dry.donors["known"]) == (1300, 434, 0)
    assert dry.plain() | {"is_dry": False} == run(many).plain()


def test_a_second_time_changes_nothing() -> None:
    for system in ("generic", "givewp", "donorbox", "civicrm", "stripe"):
        first = run(SAMPLES / f"{system}.csv", system)
        before = everything()
        second = run(SAMPLES / f"{system}.csv", system)
        assert everything() == before
        assert (second.gifts["new"], second.gifts["known"]) == (0, first.gifts["new"])
        assert second.gifts["refused"] == first.gifts["refused"]
        assert not second.totals


def test_people_are_found_by_address_then_by_number_and_never_changed(app: Flask, tmp_path: Path) -> None:
    with committed():
        here = find_or_create_donor(AMAL.email, "Amal", "Asked-To-Be-Called-So", "ar")
        donor_id = here.id
    path = write_file(
        tmp_path / "people.csv",
        [
            f"1,77,{AMAL.email.upper()},Another,Name,2023-01-01,5.00,USD,,",
            "2,77,,,,2023-01-02,5.00,USD,,",
            "3,77,new.address@example.org,Amal,New,2023-01-03,5.00,USD,,",
            "4,78,new.address@example.org,Somebody,Else,2023-01-04,5.00,USD,,",
            "5,,new.address@example.org,Somebody,Else,2023-01-05,5.00,USD,,",
        ],
    )
    report = run(path)
    assert (report.donors["new"], report.donors["known"]) == (1, 1)
    assert [gift("generic", each).donor_id == donor_id for each in "12345"] == [True, True, True, False, False]
    assert gift("generic", "4").donor_id == gift("generic", "5").donor_id
    kept = db.session.get_one(Donor, donor_id)
    assert (kept.first_name, kept.last_name, kept.language) == ("Amal", "Asked-To-Be-Called-So", "ar")
    assert count(DonorEmail) == 2
    assert {row.old_id: row.donor_id == donor_id for row in every(DonorOldId)} == {"77": True, "78": False}
    assert gift("generic", "1").first_name == "Another"


def test_where_a_part_ends_makes_no_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_file(
        tmp_path / "order.csv",
        [
            "1,7,a@example.org,A,A,2023-01-01,5.00,USD,,",
            "2,7,b@example.org,B,B,2023-01-02,5.00,USD,,",
            "3,8,b@example.org,B,B,2023-01-03,5.00,USD,,",
            "4,8,,,,2023-01-04,5.00,USD,,",
            "5,7,,,,2023-01-05,5.00,USD,,",
            "6,9,a@example.org,A,A,2023-01-06,5.00,USD,,",
            "7,9,,,,2023-01-07,5.00,USD,,",
        ],
    )
    dry = run(path, is_dry=True)
    monkeypatch.setattr(module, "AT_ONCE", 1)
    assert run(path, is_dry=True).plain() == dry.plain()
    assert run(path).plain() == dry.plain() | {"is_dry": False}
    whose = [gift("generic", str(each)).donor_id for each in range(1, 8)]
    assert whose == [whose[0], whose[0], whose[2], whose[2], whose[0], whose[0], whose[0]]
    assert whose[0] != whose[2]


def test_a_gift_that_came_through_this_desk_is_known_by_stripes_id(
    gifts: Gifts, settle: Settle, tmp_path: Path
) -> None:
    ours = fresh(gifts.paid(amount="25.00"))
    settle()
    path = write_file(
        tmp_path / "ours.csv",
        [
            f"1,1,{AMAL.email},Amal,Amal,2026-03-02,25.00,USD,,{ours.stripe_charge_id}",
            f"2,1,{AMAL.email},Amal,Amal,2025-03-02,25.00,USD,,ch_before_us",
            f"3,1,{AMAL.email},Amal,Amal,2025-03-02,25.00,USD,,ch_before_us",
        ],
    )
    report = run(path)
    assert report.gifts == {"ours": 1, "new": 1, "refused": 1}
    # The same payment by another system's file.
    stripe = write_file(
        tmp_path / "stripe.csv",
        ["ch_before_us,cus_1,amal@example.org,2025-03-02 10:00:00,25.00,usd,Paid"],
        "id,Customer ID,Customer Email,Created date (UTC),Amount,Currency,Status",
    )
    assert run(stripe, "stripe").gifts == {"ours": 1}
    assert count(Donation) == 2


def test_what_went_back_since_is_added_and_another_amount_is_not_believed(tmp_path: Path) -> None:
    row = "1,1,a@example.org,A,A,2023-01-01,{},USD,{},"
    run(write_file(tmp_path / "1.csv", [row.format("50.00", "")]))
    assert run(write_file(tmp_path / "2.csv", [row.format("50.00", "20.00")])).gifts == {"updated": 1}
    assert run(write_file(tmp_path / "2.csv", [row.format("50.00", "20.00")])).gifts == {"known": 1}
    assert run(write_file(tmp_path / "3.csv", [row.format("50.00", "50.00")])).gifts == {"updated": 1}
    assert [each.amount_minor for each in every(Refund)] == [2000, 3000]
    changed = run(write_file(tmp_path / "4.csv", [row.format("60.00", "50.00")]))
    assert changed.gifts == {"refused": 1}
    assert gift("generic", "1").amount_minor == 5000


def test_the_books_the_receipts_and_the_mail_never_hear_of_it(
    app: Flask, gifts: Gifts, settle: Settle, box: Sandbox, outbox: Any
) -> None:
    gifts.paid(amount="25.00")
    settle()
    box.advance(seconds=2 * 86400)
    settle()
    entries, receipts, letters = count(LedgerEntry), count(Receipt), count(MailMessage)
    ledger = app.test_cli_runner().invoke(args=["export", "ledger", "--out", "-"]).output
    journal = app.test_cli_runner().invoke(args=["export", "journal", "--out", "-"]).output
    for system in ("generic", "givewp", "donorbox", "civicrm", "stripe"):
        assert run(SAMPLES / f"{system}.csv", system).gifts["new"] >= 4
    settle()
    assert (count(LedgerEntry), count(Receipt), count(MailMessage)) == (entries, receipts, letters)
    assert app.test_cli_runner().invoke(args=["export", "ledger", "--out", "-"]).output == ledger
    assert app.test_cli_runner().invoke(args=["export", "journal", "--out", "-"]).output == journal
    assert check_everything() == []
    # Long after, when what Stripe had to reckon would be overdue.
    box.advance(seconds=30 * 86400)
    settle()
    assert [each.name for each in check_everything()] == []
    reconciled = app.test_cli_runner().invoke(args=["reconcile", "--from", "2019-01-01", "--to", "2026-04-30"])
    assert reconciled.exit_code == 0, reconciled.output


def test_past_gifts_count_for_retention_by_what_was_kept(app: Flask, gifts: Gifts, settle: Settle) -> None:
    run(SAMPLES / "generic.csv")
    of_2023 = donors_of_year(fiscal_year(date(2023, 6, 1), 1), date(2024, 1, 1))
    # Noor and Maya; Omar's gift went back whole, and Leila gave in 2021 and 2022.
    assert (of_2023.counts["donor"], of_2023.counts["first_time"], of_2023.counts["lybunt"]) == (2, 2, 1)


def test_past_gifts_count_for_membership(app: Flask, settle: Settle, tmp_path: Path) -> None:
    run(write_file(tmp_path / "one.csv", ["1,1,a@example.org,A,A,2025-12-01,500.00,USD,,"]))
    settle()
    membership = every(Membership)[0]
    assert str(membership.since_on) == "2025-12-01"
    run(write_file(tmp_path / "one.csv", ["1,1,a@example.org,A,A,2025-12-01,500.00,USD,500.00,"]))
    settle()
    assert count(Membership) == 0


def test_exports_name_the_system_and_its_number_and_what_went_back(app: Flask) -> None:
    run(SAMPLES / "generic.csv")
    out = app.test_cli_runner().invoke(args=["export", "donations", "--year", "2023", "--out", "-"]).stdout
    head, *rows = out.splitlines()
    of_noor = dict(zip(head.split(","), rows[0].split(","), strict=True))
    assert (of_noor["imported_from"], of_noor["imported_id"]) == ("generic", "G-3")
    assert (of_noor["amount"], of_noor["refunded"], of_noor["status"]) == ("15.00", "5.00", "partially_refunded")
    assert (of_noor["stripe_charge_id"], of_noor["receipt_number"], of_noor["settlement_amount"]) == (
        "ch_elsewhere_3", "", "",
    )  # fmt: skip


def test_who_was_forgotten_is_not_brought_back(app: Flask, settle: Settle, tmp_path: Path) -> None:
    path = write_file(
        tmp_path / "past.csv",
        ["1,9,gone@example.org,Gone,Person,2023-01-01,5.00,USD,,"],
    )
    run(path)
    donor = every(Donor)[0]
    with committed():
        wish = ask_erasure(donor, "command", SYSTEM)
    forget_person(wish.id)
    settle()
    assert fresh(gift("generic", "1")).email == ""
    more = write_file(
        tmp_path / "more.csv",
        [
            "1,9,gone@example.org,Gone,Person,2023-01-01,5.00,USD,,",
            "2,,gone@example.org,Gone,Person,2023-01-02,5.00,USD,,",
            "3,9,,Gone,Person,2023-01-03,5.00,USD,,",
        ],
    )
    report = run(more)
    assert report.gifts == {"known": 1, "refused": 2}
    assert list(report.reasons) == ["Its giver asked to be forgotten here. It is not brought back."]
    assert count(Donor) == 1
    assert check_everything() == []


def test_files_as_other_programs_write_them(tmp_path: Path) -> None:
    row = "{},{},a{}@example.org,Zoë,Müller,2023-01-0{},5.00,USD,,"
    bom = tmp_path / "bom.csv"
    bom.write_bytes(b"\xef\xbb\xbf" + f"{HEAD}\r\n{row.format(1, 1, 1, 1)}\r\n".encode())
    windows = tmp_path / "windows.csv"
    windows.write_bytes(f"{HEAD}\n{row.format(2, 2, 2, 2)}\n".encode("cp1252"))
    semicolons = tmp_path / "semicolons.csv"
    semicolons.write_text(
        f"{HEAD}\n{row.format(3, 3, 3, 3)}\n".replace(",", ";").replace("5.00", "5,00"), encoding="utf-16"
    )
    mixed = tmp_path / "mixed.csv"
    mixed.write_bytes(
        f"{HEAD}\n{row.format(4, 4, 4, 4)}\n".encode() + row.format(5, 5, 5, 5).replace("ü", "").encode("cp1252")
    )
    assert [run(bom).encoding, run(windows).encoding] == ["utf-8-sig", "cp1252"]
    assert run(semicolons, decimal="comma").gifts == {"new": 1}
    assert run(mixed).gifts == {"new": 1, "refused": 1}
    assert [gift("generic", str(each)).last_name for each in range(1, 5)] == ["Müller"] * 4


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "file_empty"),
        (b"PK\x03\x04workbook", "file_packed"),
        (b"name,sum\nA,1\n", "columns_missing"),
        (HEAD.encode() + b'\n1,1,a@example.org,"A,A,2023-01-01,5.00,USD,,\n' + b"x" * 200_000, "quote_open"),
    ],
)
def test_a_file_that_is_none_is_refused_as_a_whole(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(FileRefused) as refused:
        run(path)
    assert refused.value.message == why
    assert count(Donation) == 0


def test_a_fund_that_is_not_here_stops_it_before_a_row_is_read(tmp_path: Path) -> None:
    path = write_file(tmp_path / "file.csv", lines(1))
    with pytest.raises(FileRefused, match="fund_not_here"):
        bring_in(path, Asked("generic", Mapped(other_funds="nowhere")), is_dry=False, who=SYSTEM)


def test_each_import_is_in_the_history_once_with_its_sums(tmp_path: Path) -> None:
    path = write_file(tmp_path / "file.csv", lines(7))
    run(path)
    run(path)
    told = [row for row in every(History) if row.act == "import_gifts"]
    assert [(row.object_reference, row.after) for row in told] == [("generic", {"new": 7})]


@pytest.mark.parametrize("doom", ["before_commit:3", "after_commit:3"])
def test_killed_in_the_middle_and_begun_again_it_ends_the_same(app: Flask, tmp_path: Path, doom: str) -> None:
    path = write_file(tmp_path / "past.csv", lines(2200))
    chosen = app.config["DONATE"]
    environ = {
        "PATH": os.environ["PATH"],
        "DONATE_NO_DEMO_ENV": "1",
        "DATABASE_URL": chosen.database_url,
        "SECRET_KEY": chosen.secret_key,
        "SITE_URL": chosen.site_url,
        "STRIPE_SECRET_KEY": chosen.stripe_secret_key,
        "STRIPE_API_BASE": chosen.stripe_api_base,
        "MAIL_URL": chosen.mail_url,
        "DOOM": doom,
    }
    words = ["flask", "import", "donations", str(path), "--from", "generic"]
    command = [sys.executable, "-m", "tests.make.doom", *words]
    killed = subprocess.run(command, cwd=ROOT, env=environ, check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    db.session.rollback()
    there = count(Donation)
    assert 0 < there < 2200
    report = run(path)
    assert (report.gifts["known"], report.gifts["new"]) == (there, 2200 - there)
    rows = {(each.imported_id, each.amount_minor, str(each.received_on), each.email) for each in every(Donation)}
    assert rows == {
        (cells[0], int(float(cells[6]) * 100), cells[5], cells[2])
        for cells in (each.split(",") for each in lines(2200))
    }
    assert (count(Donor), count(DonorEmail), count(DonorOldId)) == (734, 734, 734)


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    small = write_file(tmp_path / "small.csv", lines(1000))
    large = write_file(tmp_path / "large.csv", lines(3000, first=10_000))
    run(write_file(tmp_path / "warm.csv", lines(600, first=90_000)))
    peaks = []
    for path in (small, large):
        tracemalloc.start()
        run(path)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.15, peaks


def test_returned_sums_are_of_their_gift() -> None:
    run(SAMPLES / "generic.csv")
    assert {each: returned(gift("generic", each)) for each in ("G-1", "G-2", "G-3", "G-4")} == {
        "G-1": 0, "G-2": 0, "G-3": 500, "G-4": 4000,
    }  # fmt: skip
