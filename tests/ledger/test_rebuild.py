"""The sums by day say what the entries say; a command makes them so and names what differed."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from flask import Flask

from donate.db import committed, db
from donate.ledger.models import LedgerDay, LedgerDayBy
from donate.ledger.rebuild import compare_month, months_to_rebuild
from donate.records.seed import Plan, seed
from tests.make.in_the_books import Booked
from tests.make.rows import every


def differences() -> list[str]:
    """Name every sum that is not what the entries say."""
    return [str(each) for month in months_to_rebuild() for each, _model in compare_month(month)]


def sums_of(by: str) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Read what is kept by one thing, over all days: (key, type) to (entries, gross, fees)."""
    found: dict[tuple[str, str], tuple[int, int, int]] = {}
    for row in every(LedgerDayBy):
        if row.by == by:
            before = found.get((row.key, row.entry_type), (0, 0, 0))
            found[row.key, row.entry_type] = (
                before[0] + row.entries, before[1] + row.settlement_gross_minor, before[2] + row.settlement_fee_minor,
            )  # fmt: skip
    return found


def test_each_entry_of_a_gift_is_added_to_what_its_gift_came_by(booked: Booked) -> None:
    gift = booked.give(2600, cover=100, fee=105, article_slug="the-well", payment_method="card")
    booked.give(1000, fee=59, article_slug="the-well", source="", payment_method="card")
    booked.move(gift, "refund", 500)
    assert sums_of("article") == {("the-well", "charge"): (2, 3600, 164), ("the-well", "refund"): (1, -500, 0)}
    assert sums_of("source") == {
        ("newsletter", "charge"): (1, 2600, 105), ("newsletter", "refund"): (1, -500, 0), ("", "charge"): (1, 1000, 59),
    }  # fmt: skip
    assert sums_of("kind")["one_time", "charge"] == (2, 3600, 164)
    assert sums_of("method") == {("card", "charge"): (2, 3600, 164), ("card", "refund"): (1, -500, 0)}
    covers = [(row.entry_type, row.fee_cover_minor, row.covered_fee_minor) for row in every(LedgerDay)]
    assert sorted(covers) == [("charge", 100, 105), ("refund", 0, 0)]
    assert differences() == []


def spoil() -> None:
    with committed():
        db.session.execute(sa.update(LedgerDay).values(settlement_gross_minor=LedgerDay.settlement_gross_minor + 1))
        db.session.execute(sa.delete(LedgerDayBy).where(LedgerDayBy.by == "article"))


def test_sums_that_differ_are_named_and_made_anew(app: Flask, booked: Booked) -> None:
    booked.give(2500, fee=103, article_slug="the-well")
    before = (every(LedgerDay)[0].settlement_gross_minor, sums_of("article"))
    spoil()
    assert len(differences()) == 2
    told = app.test_cli_runner().invoke(args=["ledger", "rebuild"])
    assert told.exit_code == 0
    assert "ledger_day_by 2026-03-02 article the-well charge USD" in told.output
    assert "kept (1, 2500, 2501, 103, 2397, 0, 0), the entries say (1, 2500, 2500, 103, 2397, 0, 0)" in told.output
    assert "2 sums differed in 1 months" in told.output
    db.session.expire_all()
    assert (every(LedgerDay)[0].settlement_gross_minor, sums_of("article")) == before
    again = app.test_cli_runner().invoke(args=["ledger", "rebuild"])
    assert again.output == "1 months: every sum is what its entries say.\n"


def test_sums_of_days_without_entries_go(app: Flask, booked: Booked) -> None:
    booked.give()
    with committed():
        day = every(LedgerDay)[0]
        values = {column.name: getattr(day, column.name) for column in LedgerDay.__table__.columns}
        db.session.execute(sa.insert(LedgerDay).values(values | {"booked_on": day.booked_on.replace(year=2025)}))
    assert months_to_rebuild() == ["2025-03", "2026-03"]
    assert next(str(each) for each, _ in compare_month("2025-03")).endswith("the entries say nothing")
    app.test_cli_runner().invoke(args=["ledger", "rebuild"])
    assert months_to_rebuild() == ["2026-03"]


def test_a_gift_by_cheque_is_summed_by_how_it_came(booked: Booked) -> None:
    booked.give(4000, kind="offline", payment_method="cheque")
    assert sums_of("method") == {("cheque", "offline"): (1, 4000, 0)}
    assert sums_of("kind") == {("offline", "offline"): (1, 4000, 0)}


def test_a_seeded_database_has_its_sums(app: Flask, newsroom: None) -> None:
    with committed():
        seed(Plan(donors=20, donations=120, years=1, dice=7, until=date(2026, 3, 1)))
    assert len(sums_of("source")) == 4
    assert differences() == []
