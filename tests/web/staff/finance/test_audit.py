"""An auditor looks at everything, changes nothing, comes for a while, and each look is written down."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from donate.db import committed
from donate.records.seed import Plan, seed
from donate.reports.trail import draw_sample
from donate.team.models import History
from donate.team.queries import get_staff, real_today
from tests.make.gifts import Gifts
from tests.make.in_the_books import Booked
from tests.make.refunds import give_back
from tests.make.rows import every, fresh
from tests.make.signing_in import Comings, press
from tests.make.tables import rows_of, words

AUDIT = "/staff/finance/audit"


def test_one_pack_follows_a_gift_from_receipt_to_bank(
    gifts: Gifts, pass_days: Callable[[float], None], comings: Comings
) -> None:
    gift = gifts.paid(amount="25.00")
    pass_days(6)
    give_back(fresh(gift), "5.00")
    pass_days(6)
    auditor = comings.colleague("auditor")
    page = auditor.get(f"/staff/finance/gifts/{gift.reference}").text
    said = words(page)
    for part in (
        "clearing / income $25.00",
        "processing_fees / clearing $1.03",
        "Refund",
        "Payout of",
        "Void",
        "Holds",
    ):
        assert part in said, part
    assert gift.email not in page
    taken = press(auditor, f"/staff/finance/gifts/{gift.reference}")
    pack = zipfile.ZipFile(io.BytesIO(taken.data))
    names = pack.namelist()
    assert sum(name.endswith(".pdf") for name in names) == 2
    assert all(pack.read(name).startswith(b"%PDF") for name in names if name.endswith(".pdf"))
    trail = json.loads(pack.read(f"{gift.reference}/trail.json"))
    charge, refund = trail["entries"]
    assert (charge["entry_type"], charge["settlement_net_minor"]) == ("charge", 2397)
    assert charge["payout"]["stripe_payout_id"].startswith("po_")
    assert refund["postings"][0]["amount_minor"] == 500
    assert trail["donation"]["stripe_charge_id"] == charge["stripe_charge_id"]
    assert [each["status"] for each in trail["receipts"]] == ["void", "issued"]
    assert "email" not in json.dumps(trail)
    assert [each.act for each in every(History)].count("take_pack") == 1
    receipt = auditor.get(f"/staff/finance/gifts/{gift.reference}/receipts/{trail['receipts'][0]['number']}")
    assert receipt.data.startswith(b"%PDF")
    assert auditor.get(f"/staff/finance/gifts/{gift.reference}/receipts/2020-000001").status_code == 404


@pytest.fixture
def seeded(app: Flask, newsroom: None) -> None:
    """Fill the books with gifts."""
    with committed():
        seed(Plan(donors=30, donations=200, years=1, dice=3, until=date(2026, 3, 1)))


def test_the_same_word_draws_the_same_gifts_and_another_word_others(seeded: None) -> None:
    span = (date(2025, 1, 1), date(2026, 12, 31))
    first, total = draw_sample(*span, 10, "plumb")
    again, _total = draw_sample(*span, 10, "plumb")
    other, _total = draw_sample(*span, 10, "line")
    assert total == 200
    assert len({each.id for each in first}) == 10
    assert [each.id for each in first] == [each.id for each in again]
    assert [each.id for each in first] != [each.id for each in other]
    assert [each.received_at for each in first] == sorted(each.received_at for each in first)
    everything, few = draw_sample(date(2026, 2, 27), date(2026, 3, 1), 25, "plumb")
    assert len(everything) == min(few, 25)
    assert draw_sample(date(2020, 1, 1), date(2020, 2, 1), 5, "plumb") == ([], 0)


def test_a_sample_is_drawn_on_the_page_and_taken_as_one_pack(seeded: None, comings: Comings) -> None:
    auditor = comings.colleague("auditor")
    asked = f"{AUDIT}?from=2025-01-01&to=2026-12-31&size=3&word=plumb"
    page = auditor.get(asked).text
    lines = rows_of(page, "Sample, table")
    assert "3 gifts drawn out of 200" in words(page)
    assert len(lines) == 3
    typed = {"from": "2025-01-01", "to": "2026-12-31", "size": "3", "word": "plumb"}
    pack = zipfile.ZipFile(io.BytesIO(press(auditor, asked, AUDIT, **typed).data))
    folders = {name.partition("/")[0] for name in pack.namelist()}
    assert folders == {cells[0].text.replace("-", "") for cells in lines}


@pytest.mark.parametrize("size", ["0", "26", "many", "-1", "9" * 30])
def test_a_size_that_is_none_is_said(seeded: None, comings: Comings, size: str) -> None:
    answer = comings.colleague("auditor").get(f"{AUDIT}?size={size}&word=plumb")
    assert answer.status_code == 422
    assert "Draw a number of gifts from 1 to 25." in words(answer.text)


def test_each_look_of_an_auditor_is_written_down_and_of_nobody_else(booked: Booked, comings: Comings) -> None:
    booked.give()
    finance = comings.colleague("finance")
    before = len(every(History))
    finance.get("/staff/finance/income?by=fund")
    assert len(every(History)) == before
    auditor = comings.colleague("auditor")
    auditor.get("/staff/finance/income?by=fund&from=2026-01-01&name=Amal Haddad")
    told = every(History)[-1]
    assert (told.who_kind, told.act, told.object_reference) == ("staff", "view", "/staff/finance/income")
    assert told.after == {"by": "fund", "from": "2026-01-01"}
    auditor.get("/staff/finance/payouts/po_none")
    assert every(History)[-1].id == told.id


def test_an_auditor_comes_until_the_last_day_and_not_after_it(app: Flask, booked: Booked, comings: Comings) -> None:
    auditor = comings.colleague("auditor")
    run = app.test_cli_runner().invoke
    last = real_today() + timedelta(days=1)
    said = run(args=["staff", "add", "auditor@newsroom.example", "--role", "auditor", "--until", last.isoformat()])
    assert f"is auditor, until {last} with that day" in said.output
    assert auditor.get("/staff/finance").status_code == 200
    mail, link = comings.hire("auditor", "second@newsroom.example")
    with committed():
        get_staff(mail).ends_on = real_today() - timedelta(days=1)
    assert comings.use_link(comings.browser(), link).status_code == 410
    with committed():
        get_staff("auditor@newsroom.example").ends_on = real_today()
    assert auditor.get("/staff/finance").status_code == 200
    with committed():
        get_staff("auditor@newsroom.example").ends_on = real_today() - timedelta(days=1)
    assert auditor.get("/staff/finance").status_code == 303
    assert "until" in run(args=["staff", "list"]).output
    assert [each.act for each in every(History)].count("change_last_day") == 1


def test_a_last_day_that_is_over_is_refused(app: Flask, comings: Comings) -> None:
    said = app.test_cli_runner().invoke(
        args=["staff", "add", "late@newsroom.example", "--role", "auditor", "--until", "2020-01-01"]
    )
    assert said.exit_code == 2
    assert "--until is the last day late@newsroom.example may come in." in said.output
