"""flask seed: a large database for measuring, sound by every invariant and the same for the same numbers."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from donate.db import db
from donate.giving.models import Donation
from donate.ledger.models import LedgerEntry
from donate.recurring.models import RecurringDonation
from donate.reports.check import check_everything
from donate.sandbox.app import Sandbox
from tests.make.application import empty_tables
from tests.make.gifts import Gifts
from tests.make.rows import count, every

ASKED = ["seed", "--donors", "40", "--donations", "300", "--years", "2", "--until", "2026-02-28"]


def references() -> list[str]:
    return [gift.reference for gift in every(Donation)]


def test_a_seeded_database_holds_every_invariant(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=ASKED)
    assert result.exit_code == 0, result.output
    assert result.output.endswith("300 gifts of 40 givers over 2 years, up to 2026-02-28.\n")
    assert count(Donation) == 300
    assert count(RecurringDonation) > 3
    assert count(LedgerEntry) > 300
    assert {gift.received_at.year for gift in every(Donation)} == {2024, 2025, 2026}
    assert check_everything() == []


def test_the_same_numbers_give_the_same_rows_and_others_give_others(app: Flask) -> None:
    runner = app.test_cli_runner()
    runner.invoke(args=ASKED)
    first = references()
    seen = []
    for dice in ("1", "2"):
        if db.engine.dialect.name == "postgresql":
            empty_tables()
        else:
            with db.engine.begin() as connection:
                connection.execute(sa.text("PRAGMA foreign_keys=OFF"))
                for (name,) in connection.execute(
                    sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                ).all():
                    connection.execute(sa.text(f"DROP TRIGGER {name}"))
                for name in sa.inspect(connection).get_table_names():
                    if name != "alembic_version":
                        connection.execute(sa.text(f"DELETE FROM {name}"))
        assert runner.invoke(args=[*ASKED, "--seed", dice]).exit_code == 0
        seen.append(references())
    assert seen[0] == first
    assert seen[1] != first


def test_the_application_goes_on_numbering_after_the_seed(app: Flask, box: Sandbox) -> None:
    app.test_cli_runner().invoke(args=ASKED)
    last = max(gift.id for gift in every(Donation))
    gifts = Gifts(box)
    written = gifts.write(gifts.ask())
    assert written.id == last + 1


def test_a_database_with_gifts_is_left_alone(app: Flask, gifts: Gifts) -> None:
    gifts.write(gifts.ask())
    result = app.test_cli_runner().invoke(args=ASKED)
    assert result.exit_code == 1
    assert "There are gifts in this database" in result.output
    assert count(Donation) == 1
