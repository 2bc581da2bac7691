"""committed(): the only way to write. It does not nest, lets no stray write through and no call out."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError, StatementError

from donate import clock
from donate.db import NotInCommitted, committed, db, in_committed, lock
from donate.mail import deliver
from donate.payments.checkout import retrieve_session
from donate.queue.enqueue import enqueue
from donate.queue.models import Job
from donate.receipts.models import ReceiptSeries
from tests.make.rows import count


def test_what_is_written_inside_is_there_afterwards(app: Flask) -> None:
    with committed() as session:
        session.add(ReceiptSeries(year=2026, last_number=1))
        assert in_committed()
    assert not in_committed()
    assert count(ReceiptSeries) == 1


def test_an_error_inside_takes_everything_back(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="on purpose"), committed() as session:
        session.add(ReceiptSeries(year=2026, last_number=1))
        session.flush()
        raise RuntimeError("on purpose")
    assert not in_committed()
    assert count(ReceiptSeries) == 0


def test_it_does_not_nest(app: Flask) -> None:
    with committed(), pytest.raises(NotInCommitted, match="does not nest"), committed():
        pass
    assert not in_committed()


def test_a_stray_write_is_refused(app: Flask) -> None:
    db.session.add(ReceiptSeries(year=2026, last_number=1))
    with pytest.raises(NotInCommitted, match="outside"):
        db.session.flush()
    db.session.rollback()
    assert count(ReceiptSeries) == 0


def test_what_was_changed_before_it_opened_is_refused(app: Flask) -> None:
    db.session.add(ReceiptSeries(year=2026, last_number=1))
    with pytest.raises(NotInCommitted, match="before"), committed():
        pass
    db.session.rollback()


def test_nobody_calls_stripe_from_inside(app: Flask) -> None:
    with committed(), pytest.raises(NotInCommitted, match="Stripe"):
        retrieve_session("cs_test_1")


def test_nobody_sends_mail_from_inside(app: Flask) -> None:
    with committed(), pytest.raises(NotInCommitted, match="mail"):
        deliver._send(EmailMessage())


def test_a_row_is_locked_inside_only(app: Flask) -> None:
    with pytest.raises(NotInCommitted):
        lock(Job, 1)


def test_a_job_is_asked_for_inside_only(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="inside committed"):
        enqueue("count", "k")


def test_a_moment_without_zone_is_refused(app: Flask) -> None:
    naive = datetime(2026, 3, 2, 10)  # noqa: DTZ001  # that is the point
    with pytest.raises((StatementError, ValueError)), committed() as session:
        session.add(Job(name="n", key="k", args={}, run_at=naive, created_at=naive))
        session.flush()
    assert count(Job) == 0


def test_moments_come_back_in_utc(app: Flask) -> None:
    moment = datetime.fromisoformat("2026-03-02T12:00:00+02:00")
    with committed() as session:
        session.add(Job(name="n", key="k", args={}, run_at=moment, created_at=moment))
    db.session.expire_all()
    job = db.session.get_one(Job, 1)
    assert job.run_at.isoformat() == "2026-03-02T10:00:00+00:00"


def test_the_database_itself_refuses_unknown_states(app: Flask) -> None:
    at = clock.real_now()
    with pytest.raises(IntegrityError), committed() as session:
        session.add(Job(name="n", key="k", args={}, state="lost", run_at=at, created_at=at))
        session.flush()
