"""flask worker: runs due jobs; here every job and schedule has its name."""

from __future__ import annotations

import signal
from datetime import timedelta
from types import FrameType

import click
import structlog
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from donate import clock
from donate.articles.follow import queue_sources, read_followed
from donate.commands.start_checks import refuse_bad_start
from donate.db import committed, db
from donate.fulfillment.sweep import sweep
from donate.mail.deliver import deliver_mail
from donate.queue.enqueue import enqueue
from donate.queue.tidy import drop_done_jobs
from donate.queue.work import Handler, Worker
from donate.webhooks.dispatch import apply_event, queue_received


def _sweep(slot: str) -> None:
    sweep()


def _tidy(slot: str) -> None:
    with committed():
        drop_done_jobs()


#: Every job by name.
JOBS: dict[str, Handler] = {
    "apply_event": apply_event,
    "deliver_mail": deliver_mail,
    "read_source": read_followed,
    "read_sources": queue_sources,
    "sweep": _sweep,
    "tidy": _tidy,
}
#: What runs by the clock, and how often.
SCHEDULES: dict[str, timedelta] = {
    "sweep": timedelta(minutes=5),
    "read_sources": timedelta(minutes=15),
    "tidy": timedelta(days=1),
}

_IDLE_SECONDS = 0.5
_log = structlog.get_logger("worker")


@click.command()
@click.option("--once", is_flag=True, help="Drain what is due and end.")
@with_appcontext
def worker(once: bool) -> None:
    """Apply events, send mail, sweep: everything that happens after a commit."""
    refuse_bad_start()
    hands = Worker(JOBS)
    if once:
        click.echo(f"{drain(hands)} jobs ran")
        return
    stopping = _stop_politely()
    while not stopping:
        try:
            schedule()
            worked = tick(hands)
        except SQLAlchemyError as error:
            # A database that restarts is back in a moment; the rows wait.
            _log.warning("database_away", error=repr(error))
            db.session.rollback()
            worked = 0
        if not worked and not stopping:
            clock.pause(_IDLE_SECONDS)


def tick(hands: Worker) -> int:
    """Hand over received events and run a few due jobs; say how much was done."""
    return queue_received() + hands.run_due(at_most=20)


def drain(hands: Worker) -> int:
    """Run until nothing is due; say how many jobs ran."""
    ran = 0
    while True:
        handed = queue_received()
        now_ran = hands.run_due()
        ran += now_ran
        if not handed and not now_ran:
            return ran


def schedule() -> None:
    """Ask for the jobs of this slot; whoever comes first writes the row, all others find it."""
    at = clock.real_now()
    due = []
    for name, every in SCHEDULES.items():
        slot = int(at.timestamp() // every.total_seconds())
        if _asked.get(name) != slot:
            due.append((name, slot))
    if not due:
        return
    with committed():
        for name, slot in due:
            enqueue(name, f"{name}:{slot}", slot=str(slot))
    _asked.update(due)


_asked: dict[str, int] = {}


def _stop_politely() -> list[int]:
    stopping: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        stopping.append(number)

    signal.signal(signal.SIGTERM, note)
    signal.signal(signal.SIGINT, note)
    return stopping
