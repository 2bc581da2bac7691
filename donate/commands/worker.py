"""flask worker: runs due jobs; here every job and schedule has its name."""

from __future__ import annotations

import signal
from datetime import timedelta
from pathlib import Path
from types import FrameType

import click
import structlog
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from donate import clock
from donate.appeals.pause_bound import pause_bound_appeals
from donate.appeals.remind import send_due_reminders
from donate.articles.follow import queue_sources, read_followed
from donate.commands.start_checks import refuse_bad_start
from donate.db import committed, db
from donate.donors.models import MemberSession
from donate.entry.sessions import drop_old_sessions
from donate.entry.tidy import drop_old_proofs
from donate.fulfillment.forget_person import forget_waiting
from donate.fulfillment.notices import send_notices
from donate.fulfillment.sweep import sweep
from donate.limits.take import drop_old_uses
from donate.mail.deliver import deliver_mail
from donate.mail.queue import queue_mail
from donate.mail.tidy import drop_unkept_mail
from donate.members.lapse import lapse_memberships, renew_memberships
from donate.newsroom.queries import find_newsroom, get_newsroom
from donate.queue.enqueue import enqueue
from donate.queue.tidy import drop_done_jobs
from donate.queue.work import Handler, Worker
from donate.receipts.correct import correct_benefits
from donate.receipts.locking import drop_unlocked_holders
from donate.records.answer_proof import answer_proof
from donate.reports.broken_letter import broken_letter
from donate.reports.check import check_everything
from donate.reports.order import drop_expired, write_ordered
from donate.reports.saved import run_due_reports
from donate.team.invite import mail_invitation
from donate.team.models import StaffSession
from donate.webhooks.catch_up import catch_up_events, catch_up_transactions
from donate.webhooks.dispatch import apply_event, queue_received
from donate.webhooks.empty import empty_inbox, empty_old_payloads


def _sweep(slot: str) -> None:
    sweep()


def _catch_up(slot: str) -> None:
    catch_up_events()
    catch_up_transactions()


def _notices(slot: str) -> None:
    send_notices()


def _lapse(slot: str) -> None:
    lapse_memberships()


def _check(slot: str) -> None:
    broken = check_everything()
    for each in broken:
        _log.error("invariant_broken", name=each.name, count=each.count, rows=list(each.rows))
    if broken:
        with committed():
            queue_mail(broken_letter(broken, clock.now()))


def _remind(slot: str) -> None:
    send_due_reminders(clock.today(get_newsroom().time_zone))


def _forget(slot: str) -> None:
    forget_waiting()


def _tidy(slot: str) -> None:
    with committed():
        drop_done_jobs()
        drop_old_proofs()
        drop_unkept_mail()
        drop_old_uses()
        empty_old_payloads()
        drop_old_sessions(MemberSession)
        drop_old_sessions(StaffSession)
        newsroom = find_newsroom()
        if newsroom is not None:
            drop_unlocked_holders(clock.today(newsroom.time_zone))


def _write_export(order_id: int) -> None:
    write_ordered(order_id, Path(current_app.config["DONATE"].exports_dir))


def _reports(slot: str) -> None:
    if find_newsroom() is not None:
        run_due_reports()
    drop_expired(Path(current_app.config["DONATE"].exports_dir))


#: Every job by name.
JOBS: dict[str, Handler] = {
    "answer_proof": answer_proof,
    "apply_event": apply_event,
    "article_changed": pause_bound_appeals,
    "catch_up": _catch_up,
    "check": _check,
    "correct_benefits": correct_benefits,
    "deliver_mail": deliver_mail,
    "lapse": _lapse,
    "notices": _notices,
    "empty_inbox": empty_inbox,
    "forget": _forget,
    "invite_staff": mail_invitation,
    "read_source": read_followed,
    "read_sources": queue_sources,
    "remind": _remind,
    "renew_memberships": renew_memberships,
    "sweep": _sweep,
    "reports": _reports,
    "tidy": _tidy,
    "write_export": _write_export,
}
#: What runs by the clock, and how often.
SCHEDULES: dict[str, timedelta] = {
    "sweep": timedelta(minutes=5),
    "catch_up": timedelta(minutes=5),
    "check": timedelta(hours=6),
    "notices": timedelta(hours=6),
    "forget": timedelta(minutes=15),
    "lapse": timedelta(hours=6),
    "read_sources": timedelta(minutes=15),
    "remind": timedelta(hours=6),
    "reports": timedelta(hours=1),
    "tidy": timedelta(days=1),
}

_BY_DATE = frozenset({"notices", "lapse", "remind", "reports"})
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
    due = []
    for name, every in SCHEDULES.items():
        # Letters, memberships and reports follow dates, which the sandbox moves; all else follows real time.
        at = clock.now() if name in _BY_DATE else clock.real_now()
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
