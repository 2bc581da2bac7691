"""flask worker: runs due jobs; here every job and schedule has its name."""

from __future__ import annotations

import signal
from datetime import datetime, timedelta
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
from donate.connections.deliver import deliver_hook
from donate.connections.empty import drop_old_events
from donate.db import committed, db
from donate.donors.models import MemberSession
from donate.entry.sessions import drop_old_sessions
from donate.entry.tidy import drop_old_proofs
from donate.fulfillment.apply_offline import post_offline_batch
from donate.fulfillment.forget_person import forget_waiting
from donate.fulfillment.fund_products import ensure_fund_products
from donate.fulfillment.notices import send_notices
from donate.fulfillment.staff_mail import deliver_staff_mail
from donate.fulfillment.sweep import sweep
from donate.ledger.rebuild_donors import donors_wait, recount_donors
from donate.limits.take import drop_old_uses
from donate.mail.deliver import deliver_mail
from donate.mail.tidy import drop_unkept_mail
from donate.members.lapse import lapse_memberships, renew_memberships, renew_memberships_of
from donate.members.supporters import find_supporters, write_supporters
from donate.newsroom.queries import find_newsroom, get_newsroom
from donate.operations.alert import note_and_tell
from donate.operations.ask import ask_about_endpoint, check_the_rules, reconcile_by_night
from donate.operations.find import find_problems
from donate.operations.folders import written_folders
from donate.queue.beat import EVERY, beat, leave
from donate.queue.enqueue import enqueue
from donate.queue.schedules import note_ran, note_schedules
from donate.queue.tidy import drop_done_jobs
from donate.queue.work import Handler, Worker
from donate.receipts.correct import correct_benefits
from donate.receipts.locking import drop_unlocked_holders
from donate.records.answer_proof import answer_proof
from donate.records.imports.order import drop_expired_imports, read_ordered
from donate.reports.order import drop_expired, write_ordered
from donate.reports.saved import run_due_reports
from donate.reports.staff_digest import send_digests
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


def _supporters(slot: str) -> None:
    if find_newsroom() is not None:
        found = find_supporters()
        with committed():
            write_supporters(found)


def _check(slot: str) -> None:
    check_the_rules()


def _look(slot: str) -> None:
    note_and_tell(find_problems(written_folders(current_app.config["DONATE"])))


def _endpoint(slot: str) -> None:
    ask_about_endpoint()


def _reconcile(slot: str) -> None:
    reconcile_by_night()


def _digest(slot: str) -> None:
    send_digests()


def _count_donors(slot: str) -> None:
    if donors_wait():
        with committed():
            recount_donors()


def _remind(slot: str) -> None:
    send_due_reminders(clock.today(get_newsroom().time_zone))


def _fund_products() -> None:
    ensure_fund_products()


def _forget(slot: str) -> None:
    forget_waiting()


def _tidy(slot: str) -> None:
    with committed():
        drop_done_jobs()
        drop_old_proofs()
        drop_unkept_mail()
        drop_old_uses()
        empty_old_payloads()
        drop_old_events()
        drop_old_sessions(MemberSession)
        drop_old_sessions(StaffSession)
        newsroom = find_newsroom()
        if newsroom is not None:
            drop_unlocked_holders(clock.today(newsroom.time_zone))


def _write_export(order_id: int) -> None:
    write_ordered(order_id, Path(current_app.config["DONATE"].exports_dir))


def _read_import(order_id: int) -> None:
    read_ordered(order_id, Path(current_app.config["DONATE"].exports_dir))


def _reports(slot: str) -> None:
    if find_newsroom() is not None:
        run_due_reports()
    drop_expired(Path(current_app.config["DONATE"].exports_dir))
    drop_expired_imports(Path(current_app.config["DONATE"].exports_dir))


#: Every job by name.
JOBS: dict[str, Handler] = {
    "answer_proof": answer_proof,
    "apply_event": apply_event,
    "article_changed": pause_bound_appeals,
    "catch_up": _catch_up,
    "check": _check,
    "correct_benefits": correct_benefits,
    "count_donors": _count_donors,
    "deliver_hook": deliver_hook,
    "deliver_mail": deliver_mail,
    "deliver_staff_mail": deliver_staff_mail,
    "digest": _digest,
    "endpoint": _endpoint,
    "lapse": _lapse,
    "look": _look,
    "notices": _notices,
    "post_offline_batch": post_offline_batch,
    "empty_inbox": empty_inbox,
    "forget": _forget,
    "read_import": _read_import,
    "fund_products": _fund_products,
    "invite_staff": mail_invitation,
    "read_source": read_followed,
    "reconcile": _reconcile,
    "read_sources": queue_sources,
    "remind": _remind,
    "renew_memberships": renew_memberships,
    "supporters": _supporters,
    "renew_memberships_of": renew_memberships_of,
    "sweep": _sweep,
    "reports": _reports,
    "tidy": _tidy,
    "write_export": _write_export,
}
#: What runs by the clock, and how often.
SCHEDULES: dict[str, timedelta] = {
    "sweep": timedelta(minutes=5),
    "catch_up": timedelta(minutes=5),
    "look": timedelta(minutes=3),
    "endpoint": timedelta(hours=1),
    "reconcile": timedelta(days=1),
    "digest": timedelta(minutes=15),
    "check": timedelta(hours=6),
    "count_donors": timedelta(minutes=5),
    "notices": timedelta(hours=6),
    "forget": timedelta(minutes=15),
    "lapse": timedelta(hours=6),
    "read_sources": timedelta(minutes=15),
    "remind": timedelta(hours=6),
    "reports": timedelta(hours=1),
    "supporters": timedelta(hours=1),
    "tidy": timedelta(days=1),
}

_BY_DATE = frozenset({"notices", "lapse", "remind", "reports", "digest", "reconcile", "supporters"})
_IDLE_SECONDS = 0.5


def _noted(name: str, run: Handler) -> Handler:
    """Let a scheduled job write down that it went well."""

    def run_and_note(slot: str) -> None:
        run(slot)
        note_ran(name)

    return run_and_note


JOBS.update({name: _noted(name, JOBS[name]) for name in SCHEDULES})
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
    alive = _Alive(hands.owner)
    with committed():
        note_schedules(SCHEDULES)
    while not stopping:
        try:
            alive.say()
            schedule()
            worked = tick(hands)
        except SQLAlchemyError as error:
            # A database that restarts is back in a moment; the rows wait.
            _log.warning("database_away", error=repr(error))
            db.session.rollback()
            worked = 0
        if not worked and not stopping:
            clock.pause(_IDLE_SECONDS)
    leave(hands.owner)


class _Alive:
    """Says that this worker is alive, no oftener than it helps."""

    def __init__(self, owner: str) -> None:
        self._owner, self._began = owner, clock.real_now()
        self._said: datetime | None = None

    def say(self) -> None:
        now = clock.real_now()
        if self._said is None or now - self._said >= EVERY:
            beat(self._owner, self._began)
            self._said = now


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
