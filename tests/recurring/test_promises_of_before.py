"""Promises older than their movements: the migration writes what is known of each, and every invariant holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa
from flask import Flask

from donate import clock
from donate.app import create_app
from donate.db import committed, db
from donate.ledger.rebuild_donors import recount_donors
from donate.recurring.models import RecurringDonation, RecurringMovement, RecurringMovementDay
from donate.reports.check import check_everything
from tests.make import application
from tests.make.rows import every

SEED = ["seed", "--donors", "60", "--donations", "300", "--years", "1", "--until", "2026-02-28"]
BEFORE = "0015_journal"
#: What became of the first promises before: one statement each, and the kinds that the migration writes.
BECAME = {
    1: ("status = 'active'", ["new"]),
    2: ("status = 'past_due'", ["new"]),
    3: ("status = 'canceled', ended_at = '2026-02-27 22:30:00+00', ended_because = 'cancellation_requested'",
        ["new", "cancelled"]),
    4: ("status = 'canceled', ended_at = '2026-02-27 12:00:00+00', ended_because = 'payment_failed'",
        ["new", "failed"]),
    5: ("status = 'unpaid'", ["new", "failed"]),
    6: ("is_paused = true, resumes_at = '2026-06-01 12:00:00+00'", ["new", "paused"]),
    7: ("is_paused = true, resumes_at = '2026-06-01 12:00:00+00'", ["new", "paused"]),
    8: ("is_paused = true, resumes_at = '2026-03-20 12:00:00+00'", ["new"]),
    9: ("restarts = 'AAAAAAAAAAAAAAAA'", ["returned"]),
    10: ("\"interval\" = 'year'", ["new"]),
    11: ("status = 'abandoned', started_at = NULL", []),
    12: ("status = 'incomplete', started_at = NULL", []),
    13: ("status = 'past_due', started_at = NULL", ["new"]),
}  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """Return an application on a seeded database as it was before movements were kept."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.db'}"
    else:
        url = request.getfixturevalue("postgresql").create_empty("promises_of_before")
    app = create_app(application.settings_for(url, tmp_path), ask_offset=lambda: 0.0)
    with app.app_context():
        flask_migrate.upgrade()
        assert app.test_cli_runner().invoke(args=SEED).exit_code == 0
        yield app
        application.let_go()


def test_promises_that_go_on_have_the_movements_they_would_have_written(old: Flask) -> None:
    seeded, sums = rows(RecurringMovement), rows(RecurringMovementDay)
    assert len(seeded) > 13
    flask_migrate.downgrade(revision=BEFORE)
    flask_migrate.upgrade()
    assert rows(RecurringMovement) == seeded
    assert rows(RecurringMovementDay) == sums
    with committed():
        recount_donors()
    assert check_everything() == []


def test_each_promise_has_what_is_known_of_it(old: Flask) -> None:
    flask_migrate.downgrade(revision=BEFORE)
    with committed() as session:
        for key, (became, _) in BECAME.items():
            session.execute(sa.text(f"UPDATE recurring_donation SET {became} WHERE id = {key}"))
        for key, act, until in ((7, "pause", "2026-06-01T12:00:00+00:00"), (8, "skip", "2026-03-20T12:00:00+00:00")):
            session.execute(sa.text(_CHANGE.format(key=key, act=act, until=until)))
    flask_migrate.upgrade()
    found: dict[int, list[RecurringMovement]] = {}
    for each in every(RecurringMovement):
        found.setdefault(each.recurring_id, []).append(each)
    kinds = {key: [each.kind for each in found.get(key, [])] for key in BECAME}
    assert kinds == {key: kinds for key, (_, kinds) in BECAME.items()}
    # Half past ten in the evening, UTC, is the next day in Amman.
    assert found[3][1].moved_on == date(2026, 2, 28)
    assert found[7][1].moved_on == date(2026, 2, 20)
    assert found[6][1].moved_on == clock.on(clock.now(), "Asia/Amman"), "nobody knows since when"
    yearly = db.session.get_one(RecurringDonation, 10)
    assert found[10][0].annual_after_minor == yearly.amount_minor
    broken = {each.name for each in check_everything()}
    assert not {name for name in broken if "movement" in name}


def test_a_database_without_promises_or_a_newsroom_goes_up_as_well(tmp_path: Path) -> None:
    app = create_app(application.settings_for(f"sqlite:///{tmp_path / 'new.db'}", tmp_path), ask_offset=lambda: 0.0)
    with app.app_context():
        flask_migrate.upgrade()
        assert rows(RecurringMovement) == []
        application.let_go()


_CHANGE = (
    "INSERT INTO recurring_change (id, reference, recurring_id, act, status, asked_by, asked_at, ended_at, refusal,"
    " before, after, lines) VALUES ({key}, 'CHANGE0000000{key:03}', {key}, '{act}', 'done', 'member:1',"
    " '2026-02-20 09:00:00+00', '2026-02-20 09:00:00+00', '', '{{}}',"
    ' \'{{"resumes_at"\\: "{until}", "currency"\\: "USD", "amount_minor"\\: 1, "fee_cover_minor"\\: 0,'
    ' "interval"\\: "month", "next_at"\\: null, "anchor_at"\\: null, "is_paused"\\: true, "ends"\\: false,'
    " \"is_over\"\\: false}}', '[]')"
)


def rows(model: type[RecurringMovement | RecurringMovementDay]) -> list[dict[str, object]]:
    return [{column.key: getattr(each, column.key) for column in model.__table__.columns} for each in every(model)]
