"""Look-ups of what an operator watches: the inbox, the queue, mail, verdicts, problems."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select

from donate import clock
from donate.db import db
from donate.giving.models import Donation
from donate.mail.models import MailMessage
from donate.operations.models import Problem, Verdict
from donate.queue.models import Job
from donate.webhooks.models import StripeEvent

#: Jobs that hand a letter to the mail server.
MAIL_JOBS = ("deliver_mail", "deliver_staff_mail")
#: States of events as the desk filters them.
EVENT_FILTERS: dict[str, tuple[str, ...]] = {
    "failed": ("failed",), "waiting": ("received", "queued"), "applied": ("applied",), "ignored": ("ignored",),
}  # fmt: skip
JOB_STATES = ("dead", "waiting", "running")


def _given_up() -> ColumnElement[bool]:
    """Say of an event that it failed and nobody will try it again by themselves."""
    tries = exists().where(Job.key == literal("event:") + StripeEvent.event_id, Job.state.in_(("waiting", "running")))
    return and_(StripeEvent.state == "failed", ~tries)


# -- the inbox ------------------------------------------------------------------------------------------------------


def count_given_up_events() -> tuple[int, datetime | None]:
    """Count the events that failed for good, and tell when the oldest came."""
    row = db.session.execute(select(func.count(StripeEvent.id), func.min(StripeEvent.received_at)).where(_given_up()))
    number, oldest = row.one()
    return number, oldest


def find_oldest_waiting_event() -> datetime | None:
    """Tell when the oldest event came that has not taken effect yet, those that failed left out."""
    waits = StripeEvent.state.in_(EVENT_FILTERS["waiting"])
    return db.session.scalar(select(StripeEvent.received_at).where(waits).order_by(StripeEvent.id).limit(1))


def count_fetched(among: int, since: datetime) -> tuple[int, int]:
    """Count, among the newest events since a moment, those that were delivered and those we had to fetch.

    Args:
        among: So many of the newest are looked at.
        since: By the time of gifts.
    """
    columns = StripeEvent.is_fetched, StripeEvent.received_at
    newest = select(*columns).order_by(StripeEvent.id.desc()).limit(among).subquery()
    asked = select(newest.c.is_fetched, func.count()).where(newest.c.received_at >= since)
    found = {bool(is_fetched): number for is_fetched, number in db.session.execute(asked.group_by(newest.c.is_fetched))}
    return found.get(False, 0), found.get(True, 0)


def count_events(which: str) -> int:
    """Count events of one of ``EVENT_FILTERS``."""
    return db.session.scalar(_events(which, func.count(StripeEvent.id))) or 0


def list_events(which: str, *, skip: int, at_most: int) -> list[Any]:
    """List events without their payloads, the newest first.

    Args:
        which: One of ``EVENT_FILTERS``.
        skip: So many of them.
        at_most: How many.
    """
    columns = (
        StripeEvent.event_id, StripeEvent.type, StripeEvent.api_version, StripeEvent.received_at, StripeEvent.state,
        StripeEvent.applied_at, StripeEvent.error, StripeEvent.is_fetched, StripeEvent.object_id,
    )  # fmt: skip
    return list(
        db.session.execute(_events(which, *columns).order_by(StripeEvent.id.desc()).offset(skip).limit(at_most))
    )


def _events(which: str, *columns: Any) -> Select[Any]:
    return select(*columns).where(StripeEvent.state.in_(EVENT_FILTERS[which]))


def find_event(event_id: str) -> StripeEvent | None:
    """Find an event by Stripe's id."""
    return db.session.scalars(select(StripeEvent).where(StripeEvent.event_id == event_id)).first()


def lock_failed_events(kind: str, at_most: int) -> list[StripeEvent]:
    """List and lock events that failed for good by one kind of error, the oldest first.

    Args:
        kind: The exception's name.
        at_most: How many.
    """
    asked = select(StripeEvent).where(_given_up(), _is_of_kind(StripeEvent.error, kind)).order_by(StripeEvent.id)
    return list(db.session.scalars(asked.limit(at_most).with_for_update(skip_locked=True, of=StripeEvent)))


def count_failed_errors() -> dict[str, int]:
    """Count the events that failed for good, by the words of their error."""
    asked = select(StripeEvent.error, func.count(StripeEvent.id)).where(_given_up()).group_by(StripeEvent.error)
    return {error or "": number for error, number in db.session.execute(asked)}


def _is_of_kind(column: Any, kind: str) -> ColumnElement[bool]:
    return or_(column == kind, column.startswith(f"{kind}:", autoescape=True))


# -- the queue ------------------------------------------------------------------------------------------------------


def count_jobs() -> dict[str, dict[str, int]]:
    """Count the jobs that wait, run or were given up, by name and state."""
    asked = select(Job.name, Job.state, func.count(Job.id)).where(Job.state.in_(JOB_STATES))
    found: dict[str, dict[str, int]] = {}
    for name, state, number in db.session.execute(asked.group_by(Job.name, Job.state).order_by(Job.name)):
        found.setdefault(name, {})[state] = number
    return found


def find_oldest_due() -> datetime | None:
    """Tell since when the job that waits longest has been due; none where nothing is."""
    due = select(func.min(Job.run_at)).where(Job.state == "waiting", Job.run_at <= clock.real_now())
    return db.session.scalar(due)


def count_lost_leases() -> int:
    """Count the jobs whose worker was not heard of before its lease ran out."""
    lost = Job.state == "running", Job.lease_until < clock.real_now()
    return db.session.scalar(select(func.count(Job.id)).where(*lost)) or 0


def count_given_up_jobs(*, mail: bool) -> tuple[int, datetime | None]:
    """Count the jobs that were given up, and tell when the oldest was asked for.

    Args:
        mail: Those of letters; else all others but those of events that stand in the inbox as failed.
    """
    of_failed = exists().where(StripeEvent.state == "failed", Job.key == literal("event:") + StripeEvent.event_id)
    which = Job.name.in_(MAIL_JOBS) if mail else and_(Job.name.not_in(MAIL_JOBS), ~of_failed)
    asked = select(func.count(Job.id), func.min(Job.created_at)).where(Job.state == "dead", which)
    number, oldest = db.session.execute(asked).one()
    return number, oldest


def count_failing_jobs(attempts: int, *, mail: bool) -> tuple[int, datetime | None, str]:
    """Count the jobs that wait for another try after so many, with the oldest one's day and error.

    Args:
        attempts: At least so many went wrong.
        mail: Those of letters; else all others.
    """
    of_mail = Job.name.in_(MAIL_JOBS)
    which = Job.state == "waiting", Job.attempts >= attempts, of_mail if mail else ~of_mail
    number = db.session.scalar(select(func.count(Job.id)).where(*which)) or 0
    oldest = db.session.execute(select(Job.created_at, Job.error).where(*which).order_by(Job.id).limit(1)).first()
    return (number, oldest[0], oldest[1] or "") if oldest is not None else (0, None, "")


def count_jobs_in(state: str, name: str = "") -> int:
    """Count the jobs of a state, of one name or all."""
    return db.session.scalar(_jobs(state, name, func.count(Job.id))) or 0


def list_jobs(state: str, name: str = "", *, skip: int, at_most: int) -> list[Any]:
    """List jobs of a state, the newest first, without what they are about.

    Args:
        state: One of ``JOB_STATES``.
        name: Of one name, or all.
        skip: So many of them.
        at_most: How many.
    """
    columns = Job.id, Job.name, Job.state, Job.attempts, Job.run_at, Job.created_at, Job.lease_until, Job.error
    return list(db.session.execute(_jobs(state, name, *columns).order_by(Job.id.desc()).offset(skip).limit(at_most)))


def _jobs(state: str, name: str, *columns: Any) -> Select[Any]:
    asked = select(*columns).where(Job.state == state)
    return asked.where(Job.name == name) if name else asked


def list_dead_ids(name: str, kind: str, at_most: int) -> list[int]:
    """List the keys of jobs that were given up, of one name and one kind of error, the oldest first.

    Args:
        name: The job's.
        kind: The exception's name.
        at_most: How many.
    """
    asked = select(Job.id).where(Job.state == "dead", Job.name == name, _is_of_kind(Job.error, kind))
    return list(db.session.scalars(asked.order_by(Job.id).limit(at_most)))


def find_job(job_id: int) -> Job | None:
    """Find a job by its key."""
    return db.session.get(Job, job_id)


def count_dead_errors() -> dict[tuple[str, str], int]:
    """Count the jobs that were given up, by name and the words of their error."""
    asked = select(Job.name, Job.error, func.count(Job.id)).where(Job.state == "dead").group_by(Job.name, Job.error)
    return {(name, error or ""): number for name, error, number in db.session.execute(asked)}


# -- mail -----------------------------------------------------------------------------------------------------------


def count_unsent() -> int:
    """Count the letters that are queued and not sent, those without a reader left out."""
    return _count_mail(MailMessage.sent_at.is_(None), MailMessage.to_address != "")


def count_sent_within(span: timedelta) -> int:
    """Count the letters that went out lately."""
    return _count_mail(MailMessage.sent_at >= clock.now() - span)


def _count_mail(*which: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count(MailMessage.id)).where(*which)) or 0


def find_last_sent_at() -> datetime | None:
    """Tell when a letter went out last."""
    return db.session.scalar(select(func.max(MailMessage.sent_at)))


def count_refused() -> int:
    """Count the letters whose reader's address the mail server refused, waiting or given up."""
    refused = _is_of_kind(Job.error, "SMTPRecipientsRefused")
    asked = select(func.count(Job.id)).where(Job.name.in_(MAIL_JOBS), Job.state.in_(("waiting", "dead")), refused)
    return db.session.scalar(asked) or 0


# -- gifts ----------------------------------------------------------------------------------------------------------


def list_received_at(since: datetime, at_most: int) -> list[datetime]:
    """List when gifts that passed Stripe arrived, the newest first.

    Args:
        since: Not before.
        at_most: How many.
    """
    asked = select(Donation.received_at).where(
        Donation.status == "succeeded", Donation.kind != "offline", Donation.received_on >= since.date(),
        Donation.received_at >= since,
    )  # fmt: skip
    newest = asked.order_by(Donation.received_on.desc(), Donation.received_at.desc()).limit(at_most)
    return [moment for moment in db.session.scalars(newest) if moment is not None]


def find_last_gift_at() -> datetime | None:
    """Tell when the last gift arrived."""
    asked = select(Donation.received_at).where(Donation.status == "succeeded", Donation.kind != "offline")
    return db.session.scalar(asked.order_by(Donation.received_on.desc(), Donation.received_at.desc()).limit(1))


# -- what was found -------------------------------------------------------------------------------------------------


def find_verdict(name: str) -> Verdict | None:
    """Find what came of a question that was asked last."""
    return db.session.get(Verdict, name)


def list_verdicts() -> dict[str, Verdict]:
    """List what came of each question."""
    return {each.name: each for each in db.session.scalars(select(Verdict))}


def lock_problems() -> dict[str, Problem]:
    """List and lock every cause that was ever found; call inside ``committed()``."""
    asked = select(Problem).order_by(Problem.id).with_for_update().execution_options(populate_existing=True)
    return {each.cause: each for each in db.session.scalars(asked)}


def list_problems(causes: Sequence[str]) -> dict[str, Problem]:
    """List what is written down of some causes."""
    return {each.cause: each for each in db.session.scalars(select(Problem).where(Problem.cause.in_(causes)))}


def list_closed_problems(at_most: int) -> list[Problem]:
    """List what was open and is over, the latest first."""
    over = select(Problem).where(Problem.closed_at.is_not(None)).order_by(Problem.closed_at.desc())
    return list(db.session.scalars(over.limit(at_most)))


def list_open_problems() -> list[Problem]:
    """List what was open at the last look."""
    return list(db.session.scalars(select(Problem).where(Problem.closed_at.is_(None)).order_by(Problem.id)))
