"""A worker says that it lives, writes down what it runs by the clock, and takes its word along when it stops."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from donate import clock
from donate.commands.worker import JOBS, SCHEDULES
from donate.db import committed
from donate.operations import alert
from donate.operations.looks.work import is_late
from donate.queue.beat import beat, find_last_beat, leave, list_alive
from donate.queue.enqueue import enqueue
from donate.queue.models import Schedule, WorkerBeat
from donate.queue.schedules import note_ran, note_schedules
from tests.make.gifts import Gifts
from tests.make.rows import every

Later = Callable[[timedelta], None]


def test_a_beat_is_one_row_a_worker_and_goes_with_it(app: Flask, later: Later) -> None:
    began = clock.real_now()
    beat("first", began)
    later(timedelta(minutes=1))
    beat("first", began)
    beat("second", began)
    assert [(row.owner, row.began_at) for row in every(WorkerBeat)] == [("first", began), ("second", began)]
    assert len(list_alive()) == 2
    leave("first")
    assert [row.owner for row in every(WorkerBeat)] == ["second"]
    later(timedelta(minutes=3))
    assert list_alive() == []
    last = find_last_beat()
    assert last is not None
    assert clock.real_now() - last >= timedelta(minutes=3)
    later(timedelta(days=8))
    leave("third")
    assert every(WorkerBeat) == [], "one that was killed long ago is swept along"


def test_schedules_are_written_once_and_what_is_no_more_goes(app: Flask) -> None:
    for rhythms in (SCHEDULES, SCHEDULES, {"sweep": timedelta(minutes=7)}):
        with committed():
            note_schedules(rhythms)
    (row,) = every(Schedule)
    assert (row.name, row.every, row.ran_at) == ("sweep", timedelta(minutes=7), None)


def test_a_schedule_that_does_not_go_well_is_late_after_twice_its_time(app: Flask, later: Later) -> None:
    with committed():
        note_schedules({"sweep": timedelta(minutes=5)})
    assert not is_late(every(Schedule)[0])
    later(timedelta(minutes=26))
    assert is_late(every(Schedule)[0])
    note_ran("sweep")
    assert not is_late(every(Schedule)[0])


def test_a_scheduled_job_is_noted_when_it_went_well_and_not_when_it_failed(
    app: Flask, newsroom: None, work: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with committed():
        note_schedules(SCHEDULES)
        enqueue("tidy", "tidy:1", slot="1")
        enqueue("look", "look:1", slot="1")

    def broken() -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(alert, "lock_problems", broken)
    work()
    ran = {row.name for row in every(Schedule) if row.ran_at is not None}
    assert ran == {"tidy"}


def test_every_schedule_has_its_job_and_its_words() -> None:
    assert set(SCHEDULES) <= set(JOBS)


def test_metrics_tell_whether_gifts_arrive_and_a_worker_lives(
    gifts: Gifts, client: FlaskClient, settle: Callable[[], None]
) -> None:
    def measured() -> dict[str, float]:
        with client.get("/metrics") as answer:
            lines = [line.split() for line in answer.text.splitlines() if line.startswith("donate_")]
        return {name.removeprefix("donate_"): float(value) for name, value in lines}

    before = measured()
    for name in ("last_gift_seconds", "last_event_seconds", "last_mail_seconds", "worker_seconds"):
        assert before[name] != before[name], f"{name} never was, and is not a number"
    gifts.paid()
    settle()
    beat("of the tests", clock.real_now())
    after = measured()
    for name in ("last_gift_seconds", "last_event_seconds", "last_mail_seconds", "worker_seconds"):
        assert 0 <= after[name] < 600
    for name in ("events_failed", "event_oldest_seconds", "job_oldest_seconds", "mail_given_up", "problems_bad"):
        assert after[name] == 0
