"""Failed work is asked for again from the desk: one, or all of one cause, once each, written into the history."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from donate import clock
from donate.commands.worker import JOBS
from donate.db import committed
from donate.giving.queries import get_donation_by_reference
from donate.operations.plain_error import kind_of, plain_error
from donate.queue.enqueue import enqueue
from donate.queue.models import Job
from donate.queue.work import MOST_ATTEMPTS
from donate.reports.check import check_everything
from donate.sandbox.app import Sandbox
from donate.team.models import History
from donate.webhooks import dispatch
from donate.webhooks.models import StripeEvent
from donate.webhooks.replay import replay_failed
from tests.make.gifts import Gifts
from tests.make.outbox import Outbox
from tests.make.rows import every, fresh
from tests.make.signing_in import Comings, press
from tests.make.tables import words
from tests.people import NOAM

Settle = Callable[..., None]
EVENTS = "/staff/operations/events?state=failed"
JOBS_PAGE = "/staff/operations/jobs?state=dead"
PERSONAL = (
    "IntegrityError: (psycopg.errors.UniqueViolation) duplicate key\nDETAIL:  Key (email)=(amal@example.org) exists."
    "\n[SQL: INSERT INTO donor]\n[parameters: {'first_name': 'Amal'}]"
)


@pytest.fixture
def owner(comings: Comings) -> FlaskClient:
    """Return the owner's browser."""
    return comings.colleague("owner")


@pytest.fixture
def failed(gifts: Gifts, box: Sandbox, settle: Settle, now_due: Callable[[], None], owner: FlaskClient) -> str:
    """Pay a gift while Stripe is away, until its events are given up; give the gift's reference."""
    donation = gifts.paid()
    gifts.paid(NOAM)
    box.faults.replace([{"kind": "http_500", "match": {"method": "GET"}, "times": 10_000}])
    for _ in range(3 * MOST_ATTEMPTS):
        settle(failing=True)
        if all(job.state in ("done", "dead") for job in every(Job)):
            break
        now_due()
    box.faults.replace([])
    assert {job.state for job in every(Job) if job.name == "apply_event"} == {"dead"}
    return donation.reference


def states() -> set[str]:
    return {event.state for event in every(StripeEvent)}


def acts() -> list[str]:
    return [each.act for each in every(History) if each.object_kind in ("stripe_event", "job")]


def test_one_failed_event_is_processed_again_from_the_page(
    failed: str, owner: FlaskClient, settle: Settle, outbox: Outbox, gifts: Gifts
) -> None:
    session_id = get_donation_by_reference(failed).stripe_checkout_session_id
    event = next(each for each in every(StripeEvent) if each.object_id == session_id)
    page = owner.get(EVENTS).text
    assert event.event_id in page
    assert "StripeUnanswered" in page
    answer = press(owner, EVENTS, f"/staff/operations/events/{event.event_id}/again")
    assert answer.status_code == 303
    assert "1 is on its way again." in words(owner.get(answer.headers["Location"]).text)
    settle(failing=True)
    assert fresh(get_donation_by_reference(failed)).status == "succeeded"
    assert [each.state for each in every(StripeEvent) if each.event_id == event.event_id] == ["applied"]
    (record,) = [each for each in every(History) if each.object_kind == "stripe_event"]
    assert (record.act, record.who_kind, record.object_reference) == ("process_event_again", "staff", event.event_id)
    assert record.before == {"state": "failed"}


def test_all_of_one_cause_are_processed_again_with_one_press(
    failed: str, owner: FlaskClient, settle: Settle, outbox: Outbox
) -> None:
    many = len([each for each in every(StripeEvent) if each.state == "failed"])
    assert many > 1
    letters = len(outbox)
    answer = press(owner, EVENTS, "/staff/operations/events/again", error="StripeUnanswered")
    assert f"{many} are on their way again." in words(owner.get(answer.headers["Location"]).text)
    settle()
    assert "failed" not in states()
    assert check_everything() == [], "no job stays behind as given up"
    assert len(outbox) == letters + 2
    assert acts() == ["process_events_again"]
    # Pressed once more from a page that was left open, it asks for nothing and writes nothing.
    again = press(owner, EVENTS, "/staff/operations/events/again", error="StripeUnanswered")
    assert "Nothing was left to ask for" in words(owner.get(again.headers["Location"]).text)
    assert acts() == ["process_events_again"]


def test_another_cause_stays_as_it_was(failed: str, owner: FlaskClient) -> None:
    press(owner, EVENTS, "/staff/operations/events/again", error="ValueError")
    press(owner, EVENTS, "/staff/operations/events/again", error="")
    press(owner, EVENTS, "/staff/operations/events/again", error="Stripe%")
    assert "failed" in states()
    assert acts() == []


def test_the_command_leaves_no_job_behind_either(failed: str) -> None:
    assert "failed" not in replay_failed().values()
    assert check_everything() == []


def test_an_event_that_fails_again_is_shown_again(
    failed: str, owner: FlaskClient, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = every(StripeEvent)[0]

    def broken(_object_id: str) -> bool:
        raise RuntimeError("still broken")

    monkeypatch.setitem(dispatch.HANDLERS, event.type, broken)
    press(owner, EVENTS, f"/staff/operations/events/{event.event_id}/again")
    settle(failing=True)
    assert "RuntimeError: still broken" in words(owner.get(EVENTS).text)


def test_a_job_that_was_given_up_runs_again(
    app: Flask, owner: FlaskClient, work: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[int] = []
    monkeypatch.setitem(JOBS, "write_export", lambda order_id: ran.append(order_id))
    with committed() as session:
        enqueue("write_export", "export:1", order_id=7)
        session.execute(
            sa.update(Job).where(Job.key == "export:1").values(state="dead", attempts=12, error="OSError: x")
        )
    (job,) = [each for each in every(Job) if each.key == "export:1"]
    assert "OSError: x" in words(owner.get(JOBS_PAGE).text)
    path = f"/staff/operations/jobs/{job.id}/again"
    assert press(owner, JOBS_PAGE, path).status_code == 303
    assert "Nothing was left" in words(owner.get(press(owner, JOBS_PAGE, path).headers["Location"]).text)
    work()
    assert ran == [7]
    assert acts() == ["run_job_again"]
    assert press(owner, JOBS_PAGE, "/staff/operations/jobs/999999/again").status_code == 404
    assert press(owner, JOBS_PAGE, "/staff/operations/jobs/x/again").status_code == 404
    assert press(owner, EVENTS, "/staff/operations/events/evt_unknown/again").status_code == 404


def test_all_letters_given_up_by_one_cause_are_sent_again(app: Flask, owner: FlaskClient) -> None:
    with committed() as session:
        for at, error in enumerate(("OSError: away", "OSError: gone", "ValueError: x")):
            enqueue("deliver_mail", f"mail:{at}", message_id=at)
            session.execute(sa.update(Job).where(Job.key == f"mail:{at}").values(state="dead", error=error))
    press(owner, JOBS_PAGE, "/staff/operations/jobs/again", name="deliver_mail", error="OSError")
    found = {each.key: (each.state, each.attempts, each.error) for each in every(Job) if each.key.startswith("mail:")}
    assert found["mail:0"] == found["mail:1"] == ("waiting", 0, None)
    assert found["mail:2"][0] == "dead"
    assert acts() == ["run_jobs_again"]


def test_errors_are_shown_without_anything_personal(app: Flask, owner: FlaskClient) -> None:
    with committed() as session:
        enqueue("write_export", "export:1", order_id=7)
        session.execute(sa.update(Job).where(Job.key == "export:1").values(state="dead", error=PERSONAL))
    page = owner.get(JOBS_PAGE).text
    assert "duplicate key" in page
    assert "amal" not in page.lower()


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (PERSONAL, "IntegrityError: (psycopg.errors.UniqueViolation) duplicate key"),
        ("SMTPRecipientsRefused: {'amal@example.org': (550, b'<amal@example.org> no')}",
         "SMTPRecipientsRefused: {'…@…': (550, b'<…@…> no')}"),
        ("ValueError: " + "x" * 500, "ValueError: " + "x" * 287 + "…"),
        (None, ""),
    ],
)  # fmt: skip
def test_what_may_be_personal_is_cut_out_of_an_error(error: str | None, shown: str) -> None:
    assert plain_error(error) == shown
    assert kind_of(error) == shown.partition(":")[0]


def test_only_who_may_replay_can_ask(comings: Comings, app: Flask) -> None:
    for role in ("finance", "auditor", "fundraising", "editor", "support"):
        browser = comings.colleague(role)
        assert browser.get("/staff/operations").status_code == 403
        assert browser.post("/staff/operations/events/again").status_code == 403


def test_lists_are_paged_and_filtered(app: Flask, owner: FlaskClient) -> None:
    with committed() as session:
        for at in range(60):
            enqueue("sweep" if at % 2 else "tidy", f"x:{at}", run_at=clock.real_now().replace(year=2099))
        session.execute(sa.update(Job).where(Job.key.startswith("x:")).values(error="OSError: <b>away</b>"))
    page = owner.get("/staff/operations/jobs?state=waiting").text
    assert "1 to 50 of 60" in words(page)
    assert "&lt;b&gt;away" in page
    second = words(owner.get("/staff/operations/jobs?state=waiting&page=2").text)
    assert "51 to 60 of 60" in second
    assert "of 60" not in words(owner.get("/staff/operations/jobs?state=waiting&name=sweep").text)
    assert "Waiting: 30" in words(owner.get("/staff/operations/jobs?state=waiting&name=sweep").text)
    assert owner.get("/staff/operations/jobs?state=nonsense&page=x").status_code == 200
