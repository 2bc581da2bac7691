"""The queue: a job runs once though many reach for it, never without its transaction, and again after a crash."""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from donate import clock
from donate.db import committed, db
from donate.queue import work as queue_work
from donate.queue.enqueue import enqueue
from donate.queue.models import Job
from donate.queue.work import LEASE, MOST_ATTEMPTS, Worker, wait_after
from tests.make.rows import count, every

ROOT = Path(__file__).resolve().parents[2]


def ask(*numbers: int) -> None:
    with committed():
        for number in numbers:
            enqueue("count", f"count:{number}", number=number)


def environ_of(app: Flask) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "DONATE_NO_DEMO_ENV": "1",
        "DATABASE_URL": app.config["DONATE"].database_url,
        "SECRET_KEY": "a secret of the tests",
    }


def counting(app: Flask, notes: Path, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.make.counting", str(notes), *words]
    return subprocess.Popen(command, cwd=ROOT, env=environ_of(app))


def test_a_job_runs_with_what_it_was_asked_with(app: Flask) -> None:
    seen: list[int] = []
    ask(7)
    assert Worker({"count": lambda number: seen.append(number)}).run_due() == 1
    assert seen == [7]
    (job,) = every(Job)
    assert (job.state, job.attempts, job.error) == ("done", 1, None)


def test_two_askers_with_one_key_make_one_job(app: Flask) -> None:
    with committed():
        assert enqueue("count", "same", number=1)
        assert not enqueue("count", "same", number=2)
    with committed():
        assert not enqueue("count", "same", number=3)
    assert count(Job) == 1


def test_a_job_whose_transaction_was_taken_back_never_runs(app: Flask) -> None:
    with pytest.raises(RuntimeError), committed():
        enqueue("count", "k", number=1)
        raise RuntimeError("on purpose")
    assert Worker({}).run_due() == 0
    assert count(Job) == 0


def test_a_job_waits_for_its_time(app: Flask) -> None:
    with committed():
        enqueue("count", "k", run_at=clock.real_now() + timedelta(hours=1), number=1)
    assert Worker({}).run_due() == 0


def test_three_processes_run_each_of_two_hundred_jobs_once(app: Flask, tmp_path: Path) -> None:
    ask(*range(200))
    notes = tmp_path / "notes"
    processes = [counting(app, notes) for _ in range(3)]
    assert [process.wait(timeout=120) for process in processes] == [0, 0, 0]
    ran = Counter(notes.read_text().split())
    assert len(ran) == 200
    assert set(ran.values()) == {1}
    assert {(job.state, job.attempts) for job in every(Job)} == {("done", 1)}


class Race:
    """Two workers, both shown the job before either may take it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.both_saw_it = threading.Barrier(2)
        self.ran: list[int] = []
        self.failed: list[Exception] = []

    def run(self) -> list[int]:
        """Let both reach for one job; give the notes of who ran it."""
        ask(1)
        threads = [threading.Thread(target=self._reach) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert self.failed == []
        return self.ran

    def _reach(self) -> None:
        with self.app.app_context():
            try:
                Worker({"count": lambda number: self.ran.append(number)}).run_due(at_most=1)
            except Exception as error:
                self.failed.append(error)


def test_of_two_workers_that_see_a_job_at_once_one_runs_it(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    race = Race(app)
    arrived = threading.local()

    @contextlib.contextmanager
    def both_first() -> Iterator[Session]:
        # The look has been taken and the lock has not: here they wait for one another.
        if not getattr(arrived, "here", False):
            arrived.here = True
            race.both_saw_it.wait(timeout=30)
        with committed() as session:
            yield session

    monkeypatch.setattr(queue_work, "committed", both_first)
    assert len(race.run()) == 1


def test_the_race_above_would_show_a_worker_that_takes_without_looking_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a claim that trusts its first look runs the job twice."""
    race = Race(app)

    def careless(self: Worker) -> tuple[int, str, dict[str, Any], int] | None:
        row = db.session.execute(sa.select(Job.id, Job.name, Job.args).where(Job.state == "waiting")).first()
        race.both_saw_it.wait(timeout=30)
        if row is None:
            return None
        with committed() as session:
            session.execute(sa.update(Job).where(Job.id == row.id).values(state="running", owner=self.owner))
        return row.id, row.name, dict(row.args), 1

    monkeypatch.setattr(Worker, "_claim", careless)
    assert race.run() == [1, 1]


def test_a_killed_workers_job_is_anybodys_when_its_lease_has_run_out(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(1)
    notes = tmp_path / "notes"
    doomed = counting(app, notes, "hang")
    while not notes.exists() or not notes.read_text():
        assert doomed.poll() is None
        clock.pause(0.05)
    doomed.send_signal(signal.SIGKILL)
    doomed.wait(timeout=30)

    ran: list[int] = []
    heir = Worker({"count": lambda number: ran.append(number)})
    assert heir.run_due() == 0
    (job,) = every(Job)
    assert (job.state, job.attempts) == ("running", 1)

    later = clock.real_now() + LEASE + timedelta(seconds=1)
    monkeypatch.setattr(clock, "real_now", lambda: later)
    assert heir.run_due() == 1
    assert ran == [1]
    (job,) = every(Job)
    assert (job.state, job.attempts) == ("done", 2)


def test_a_worker_that_lost_its_lease_does_not_end_the_job_of_its_heir(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(1)
    heirs_own: list[int] = []
    at = clock.real_now()

    def slow(number: int) -> None:
        # While this one works, its lease runs out and another takes the job and has not ended it yet.
        with monkeypatch.context() as moved:
            moved.setattr(clock, "real_now", lambda: at + LEASE + timedelta(minutes=1))
            claimed = Worker({})._claim()
            assert claimed is not None
            heirs_own.append(claimed[0])

    Worker({"count": slow}).run_due()
    (job,) = every(Job)
    assert heirs_own == [job.id]
    assert (job.state, job.attempts) == ("running", 2)


def test_a_failed_job_waits_longer_each_time_and_is_given_up_at_last(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(1)
    at = clock.real_now()
    monkeypatch.setattr(clock, "real_now", lambda: at)

    def broken(number: int) -> None:
        raise ValueError("on purpose")

    hands = Worker({"count": broken})
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert hands.run_due() == 1
        (job,) = every(Job)
        assert (job.attempts, job.error) == (attempt, "ValueError: on purpose")
        assert job.run_at == at + wait_after(attempt)
        assert job.state == ("dead" if attempt == MOST_ATTEMPTS else "waiting")
        at = job.run_at
    at += timedelta(days=1)
    assert hands.run_due() == 0


def test_the_pause_doubles_up_to_six_hours() -> None:
    assert [wait_after(n).total_seconds() for n in (1, 2, 3)] == [2, 4, 8]
    assert wait_after(40) == timedelta(hours=6)


def test_a_job_nobody_knows_is_kept_with_its_error(app: Flask) -> None:
    ask(1)
    Worker({}).run_due()
    (job,) = every(Job)
    assert job.state == "waiting"
    assert "count" in job.error


def test_what_a_failed_job_had_begun_to_write_is_not_written(app: Flask) -> None:
    def half(number: int) -> None:
        with committed():
            enqueue("other", "half", number=number)
            raise ValueError("on purpose")

    ask(1)
    Worker({"count": half}).run_due()
    assert [job.name for job in every(Job)] == ["count"]


def test_a_slot_of_a_schedule_is_asked_for_once_by_however_many_workers(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The package gives the command under this name; the module behind it is meant.
    worker_command = importlib.import_module("donate.commands.worker")
    monkeypatch.setattr(worker_command, "_asked", {})
    worker_command.schedule()
    monkeypatch.setattr(worker_command, "_asked", {})  # another process knows nothing of it
    worker_command.schedule()
    worker_command.schedule()
    assert sorted(job.name for job in every(Job)) == sorted(worker_command.SCHEDULES)
