"""Each problem, made true: it is found, its line and what to do stand on the page, and without it nothing is said."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from donate import clock
from donate.commands.worker import JOBS, SCHEDULES
from donate.db import committed
from donate.ledger.models import Payout
from donate.operations import ask
from donate.operations.ask import ask_about_endpoint, check_the_rules, reconcile_by_night
from donate.operations.causes import CAUSES
from donate.operations.find import find_problems
from donate.operations.folders import written_folders
from donate.operations.looks import machine
from donate.payments import setup
from donate.payments.errors import StripeUnanswered
from donate.payments.setup import EVENTS
from donate.queue.beat import beat
from donate.queue.enqueue import enqueue
from donate.queue.models import Job, Schedule, WorkerBeat
from donate.queue.schedules import note_schedules
from donate.sandbox.app import Sandbox
from donate.webhooks.models import StripeEvent
from donate.webhooks.receive import store_event
from tests.make.application import SITE
from tests.make.gifts import Gifts
from tests.make.in_the_books import Booked
from tests.make.rows import every
from tests.make.signing_in import Comings
from tests.make.tables import words

Settle = Callable[..., None]
Make = Callable[..., None]


def causes(app: Flask) -> set[str]:
    """Give what is found now."""
    return {each.cause for each in find_problems(written_folders(app.config["DONATE"]))}


def put(statement: str, **values: Any) -> None:
    with committed() as session:
        session.execute(sa.text(statement), values)


def store(number: int, state: str = "failed", error: str = "", version: str | None = None) -> None:
    """Put so many events into the inbox, in a state."""
    for at in range(number):
        body = (
            f'{{"id": "evt_{state}_{at}", "type": "charge.updated", "livemode": false,'
            f' "api_version": "{version or setup.API_VERSION}", "data": {{"object": {{"id": "ch_{at}"}}}}}}'
        )
        with committed():
            store_event(body.encode())
    with committed() as session:
        session.execute(sa.update(StripeEvent).values(state=state, error=error or None))


def add_job(name: str, key: str, **values: Any) -> None:
    with committed() as session:
        enqueue(name, key)
        session.execute(sa.update(Job).where(Job.key == key).values(**values))


def long_ago(**span: float) -> Any:
    return clock.real_now() - timedelta(**span)


# -- what makes each true -------------------------------------------------------------------------------------------


def no_worker(box: Sandbox, booked: Booked) -> None:
    put("DELETE FROM worker_beat")


def silent_stripe(box: Sandbox, booked: Booked) -> None:
    box.faults.replace([{"kind": "http_500", "times": 10}])
    ask_about_endpoint()
    box.faults.replace([])


def no_endpoint(box: Sandbox, booked: Booked) -> None:
    for each in setup.list_endpoints():
        setup.remove_endpoint(each.endpoint_id)
    ask_about_endpoint()


def endpoint_off(box: Sandbox, booked: Booked) -> None:
    (endpoint,) = box.store.find("webhook_endpoint", "$.status", "enabled")
    box.store.save({**endpoint, "status": "disabled"})
    ask_about_endpoint()


def few_events(box: Sandbox, booked: Booked) -> None:
    (endpoint,) = box.store.find("webhook_endpoint", "$.status", "enabled")
    box.store.save({**endpoint, "enabled_events": [each for each in EVENTS if each != "invoice.paid"]})
    ask_about_endpoint()


def old_endpoint(box: Sandbox, booked: Booked) -> None:
    (endpoint,) = box.store.find("webhook_endpoint", "$.status", "enabled")
    box.store.save({**endpoint, "api_version": "2019-03-14"})
    ask_about_endpoint()


def fetched(box: Sandbox, booked: Booked) -> None:
    store(6, "applied")


def failed_event(box: Sandbox, booked: Booked) -> None:
    store(2, "failed", "StripeUnanswered: stripe_unanswered")


def waiting_event(box: Sandbox, booked: Booked) -> None:
    store(1, "queued")
    with committed() as session:
        session.execute(sa.update(StripeEvent).values(received_at=clock.now() - timedelta(minutes=25)))


def other_version(box: Sandbox, booked: Booked) -> None:
    store(3, "applied", version="2019-03-14")
    put("UPDATE stripe_event SET is_fetched = false")


def dead_job(box: Sandbox, booked: Booked) -> None:
    add_job("write_export", "export:1", state="dead", error="OSError: no room")


def late_job(box: Sandbox, booked: Booked) -> None:
    add_job("sweep", "sweep:1", run_at=long_ago(minutes=40))


def failing_job(box: Sandbox, booked: Booked) -> None:
    add_job("sweep", "sweep:1", attempts=7, run_at=clock.real_now() + timedelta(minutes=5), error="OSError: away")


def late_schedule(box: Sandbox, booked: Booked) -> None:
    with committed() as session:
        session.execute(sa.update(Schedule).where(Schedule.name == "sweep").values(ran_at=long_ago(hours=1)))


def dead_letter(box: Sandbox, booked: Booked) -> None:
    add_job("deliver_mail", "mail:1", state="dead", error="SMTPRecipientsRefused: {'amal@example.org': (550, b'no')}")


def failing_letter(box: Sandbox, booked: Booked) -> None:
    soon = clock.real_now() + timedelta(minutes=5)
    add_job("deliver_mail", "mail:1", attempts=5, run_at=soon, error="ConnectionRefusedError: refused")


def books_differ(box: Sandbox, booked: Booked) -> None:
    # The sandbox never saw this gift: our books have what Stripe's list has not.
    booked.give()
    reconcile_by_night()


def rule_broken(box: Sandbox, booked: Booked) -> None:
    add_job("write_export", "export:1", state="dead", error="OSError: no room")
    check_the_rules()
    put("DELETE FROM job")


def payout_differs(box: Sandbox, booked: Booked) -> None:
    with committed() as session:
        session.add(
            Payout(
                stripe_account="acct", livemode=False, stripe_payout_id="po_1", status="paid", currency="USD",
                amount_minor=500, automatic=True, created_at=clock.now(), arrival_on=clock.now().date(),
                failure_code="", proof="differs", difference_minor=5, differences=[],
            )
        )  # fmt: skip


def silent_gifts(box: Sandbox, booked: Booked) -> None:
    for day in range(12):
        booked.give(at=clock.now() - timedelta(days=4 + day))


MAKES: dict[str, tuple[Make, str]] = {
    "worker_silent": (no_worker, "No worker has ever run here"),
    "stripe_unanswered": (silent_stripe, "Stripe does not answer our key (no_answer)."),
    "endpoint_missing": (no_endpoint, f"Stripe has no webhook endpoint that leads to {SITE}/webhooks/stripe."),
    "endpoint_off": (endpoint_off, "Stripe has switched our webhook endpoint we_1"),
    "endpoint_events": (few_events, "Our webhook endpoint is not sent all events we act on: invoice.paid."),
    "endpoint_version": (old_endpoint, "Our webhook endpoint speaks version 2019-03-14"),
    "deliveries_missing": (fetched, "of the newest 6 events we had to fetch 6."),
    "events_failed": (failed_event, "2 events from Stripe could not be processed."),
    "events_waiting": (waiting_event, "Events from Stripe have waited for 25 minutes to be processed."),
    "events_other_version": (other_version, "3 of the newest events came in another version"),
    "work_given_up": (dead_job, "1 job was given up after many tries."),
    "work_late": (late_job, "Work has been due for 40 minutes and nobody has begun it."),
    "work_failing": (failing_job, "1 job goes wrong again and again: OSError"),
    "schedule_late": (late_schedule, "What should run by the clock is late: sweep."),
    "mail_given_up": (dead_letter, "1 letter was given up."),
    "mail_failing": (failing_letter, "1 letter can’t be sent: ConnectionRefusedError"),
    "reconcile_differs": (books_differ, "Our books and Stripe’s differ in 2 places."),
    "check_broken": (rule_broken, "1 rule of the books does not hold."),
    "payouts_differ": (payout_differs, "1 payout does not agree with its entries."),
    "gifts_silent": (
        silent_gifts,
        "No gift has arrived for 96 hours; in the four weeks before, the longest pause was 24.",
    ),
}


@pytest.fixture
def sound(app: Flask, box: Sandbox, booked: Booked) -> None:
    """Give a newsroom of which nothing can be said: a worker lives, its schedules ran, Stripe was asked."""
    with committed() as session:
        note_schedules(SCHEDULES)
        session.execute(sa.update(Schedule).values(ran_at=clock.real_now()))
    beat("of the tests", clock.real_now())
    for verdict in (ask_about_endpoint, check_the_rules, reconcile_by_night):
        verdict()


def test_of_a_sound_newsroom_nothing_is_said(sound: None, app: Flask, comings: Comings) -> None:
    assert causes(app) == set()
    page = comings.colleague("owner").get("/staff/operations").text
    assert "All is well" in words(page)
    assert "data-cause" not in page


@pytest.mark.parametrize("cause", sorted(MAKES))
def test_each_problem_is_found_and_its_line_read(
    sound: None, app: Flask, box: Sandbox, booked: Booked, comings: Comings, cause: str
) -> None:
    owner = comings.colleague("owner")
    make, said = MAKES[cause]
    make(box, booked)
    assert cause in causes(app)
    assert causes(app) <= {cause} | {"payouts_differ"} | ({"check_broken"} if cause == "reconcile_differs" else set())
    read_line(owner, cause, said)


def read_line(owner: FlaskClient, cause: str, said: str) -> None:
    """Expect a problem's line with what to do, and a place to act that opens."""
    page = owner.get("/staff/operations").text
    line = page[page.index(f'data-cause="{cause}"') :]
    line = line[: line.index("</li>")]
    assert said in words(line)
    assert len(words(line).partition("Show where")[0]) > len(said) + 60, "it says what to do"
    link = re.search(r'href="([^"]+)"', line)
    assert link is not None
    assert owner.get(link[1].partition("#")[0]).status_code == 200
    place = link[1].partition("#")[2]
    assert not place or f'id="{place}"' in owner.get(link[1].partition("#")[0]).text


@pytest.mark.parametrize(
    ("cause", "said"), [("disk_low", "12 MB are left"), ("exports_folder", "The folder of exports")]
)
def test_a_full_disk_and_a_locked_folder_are_found(
    sound: None, app: Flask, comings: Comings, monkeypatch: pytest.MonkeyPatch, cause: str, said: str
) -> None:
    owner = comings.colleague("owner")
    assert machine.rooms(written_folders(app.config["DONATE"]))
    if cause == "disk_low":
        full = [machine.Room("exports", 12 * 1024**2, 1024**4)]
        monkeypatch.setattr(machine, "rooms", lambda _folders: full)
    else:
        monkeypatch.setattr(machine.os, "access", lambda _path, _mode: False)
    assert causes(app) == {cause}
    read_line(owner, cause, said)


def test_every_cause_has_a_test() -> None:
    assert set(MAKES) | {"disk_low", "exports_folder"} == set(CAUSES)


def test_what_follows_from_a_silent_worker_is_not_said_beside_it(sound: None, app: Flask, booked: Booked) -> None:
    late_job(None, booked)  # type: ignore[arg-type]
    assert causes(app) == {"work_late"}
    put("DELETE FROM worker_beat")
    assert causes(app) == {"worker_silent"}


def test_a_worker_that_holds_a_long_job_is_not_silent(sound: None, app: Flask) -> None:
    with committed() as session:
        session.execute(sa.update(WorkerBeat).values(seen_at=long_ago(minutes=30)))
    assert causes(app) == {"worker_silent"}
    add_job("write_export", "export:1", state="running", lease_until=clock.real_now() + timedelta(minutes=1))
    assert causes(app) == set()


def test_an_event_that_is_still_tried_has_not_failed(sound: None, app: Flask) -> None:
    store(1, "failed", "StripeUnanswered: x")
    assert causes(app) == {"events_failed"}
    add_job("apply_event", "event:evt_failed_0", attempts=1)
    assert causes(app) == set()
    with committed() as session:
        session.execute(sa.update(Job).values(state="dead"))
    assert causes(app) == {"events_failed"}


def test_a_few_fetched_events_say_nothing(sound: None, app: Flask) -> None:
    store(4, "applied")
    assert causes(app) == set()


def test_few_gifts_or_a_usual_pause_say_nothing(sound: None, app: Flask, booked: Booked) -> None:
    for day in range(9):
        booked.give(at=clock.now() - timedelta(days=4 + day))
    assert "gifts_silent" not in causes(app)
    booked.give(at=clock.now() - timedelta(days=20))
    assert "gifts_silent" not in causes(app), "the longest pause was of eight days"


def test_gifts_that_arrive_are_booked_and_the_night_finds_nothing(
    sound: None, app: Flask, gifts: Gifts, settle: Settle, box: Sandbox
) -> None:
    gifts.paid()
    settle()
    # What moved a moment ago and was not booked yet is fetched before it is called a difference.
    box.advance(seconds=3600)
    reconcile_by_night()
    assert causes(app) == set()


def test_a_silent_stripe_leaves_the_last_verdict_and_the_night_job_tries_again(
    sound: None, app: Flask, box: Sandbox
) -> None:
    before = {each.name: each.asked_at for each in every(ask.Verdict)}
    box.faults.replace([{"kind": "http_500", "times": 50}])
    with pytest.raises(StripeUnanswered):
        JOBS["reconcile"](slot="1")
    assert {each.name: each.asked_at for each in every(ask.Verdict)} == before
    ask_about_endpoint()
    assert causes(app) == {"stripe_unanswered"}
    box.faults.replace([])
    ask_about_endpoint()
    assert causes(app) == set()


def test_looks_ask_nobody_outside(sound: None, app: Flask, box: Sandbox) -> None:
    box.faults.replace([{"kind": "http_500", "times": 500}])
    assert causes(app) == set()
    assert written_folders(app.config["DONATE"])["exports"] == Path(app.config["DONATE"].exports_dir)
