"""What a preview shows is what happens: skipped, paused, changed, moved, stopped, taken back; asked once, told once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from donate.db import committed
from donate.errors import ChangeRefused
from donate.fulfillment import change_promise as verb
from donate.fulfillment.change_promise import settle_change
from donate.fulfillment.sweep import sweep
from donate.mail.models import MailMessage
from donate.money import from_major
from donate.newsroom.queries import get_newsroom
from donate.payments.errors import StripeRefused
from donate.payments.gateway import talking
from donate.recurring.cancel import cancel, cancel_now, reactivate
from donate.recurring.change import change_terms
from donate.recurring.models import RecurringChange, RecurringDonation
from donate.recurring.pause import pause, resume
from donate.recurring.schedule import schedule
from donate.recurring.skip import skip_next
from donate.recurring.terms import Terms, terms_of
from donate.team.history import Who
from tests.make.outbox import Outbox, text_of
from tests.make.promises import Promises, charges_of
from tests.make.race import Race
from tests.make.rows import every
from tests.people import AMAL

ZONE = "Asia/Amman"


def other_terms(promise: RecurringDonation, **wanted: object) -> Terms:
    terms = terms_of(promise)
    given = {"amount": terms.amount, "fee_cover": terms.fee_cover, "interval": terms.interval, "next_on": None}
    return change_terms(terms, zone=get_newsroom().time_zone, **(given | wanted))  # type: ignore[arg-type]


ACTS: dict[str, tuple[str, Callable[[RecurringDonation], Terms]]] = {
    "skip one": ("skip", lambda promise: skip_next(terms_of(promise))),
    "rest three": ("pause", lambda promise: pause(terms_of(promise), 3)),
    "rest six": ("pause", lambda promise: pause(terms_of(promise), 6)),
    "raise": ("change", lambda promise: other_terms(promise, amount=from_major("40.00", "USD"))),
    "later": ("change", lambda promise: other_terms(promise, next_on=date(2026, 4, 20))),
    "sooner": ("change", lambda promise: other_terms(promise, next_on=date(2026, 3, 9))),
    "last of a long month": ("change", lambda promise: other_terms(promise, next_on=date(2026, 3, 31))),
    "yearly": ("change", lambda promise: other_terms(promise, interval="year", amount=from_major("60.00", "USD"))),
    "all at once": (
        "change",
        lambda promise: other_terms(
            promise, interval="year", amount=from_major("99.00", "USD"), next_on=date(2026, 4, 15)
        ),
    ),
    "stop": ("cancel", lambda promise: cancel(terms_of(promise))),
}


@pytest.mark.parametrize("name", ACTS)
def test_each_charge_is_made_as_the_preview_showed(promises: Promises, outbox: Outbox, name: str) -> None:
    promise = promises.begin()
    act, reckon = ACTS[name]
    wanted = reckon(promise)
    shown = schedule(wanted, zone=get_newsroom().time_zone)
    change = promises.change(promise, act, wanted)
    assert change.status == "done"
    promises.settle()
    letter = text_of(outbox.to(AMAL.email)[-1])
    for line in shown:
        assert f"{line.on.day} {line.on:%B} {line.on.year}" in letter, letter
    last = shown[-1].on
    promises.pass_days((last - date(2026, 3, 2)).days + 3)
    assert promises.charged(promise)[1:] == charges_of(shown)
    assert [row.status for row in every(RecurringChange)] == ["done"], "nothing else was told of"


def test_a_pause_taken_back_charges_on_the_old_day_again(promises: Promises) -> None:
    promise = promises.begin()
    promises.change(promise, "pause", pause(terms_of(promise), 6))
    promises.pass_days(40)
    promise = promises.now(promise)
    wanted = resume(terms_of(promise))
    shown = schedule(wanted, zone=get_newsroom().time_zone)
    promises.change(promise, "resume", wanted)
    promises.pass_days(60)
    assert promises.charged(promise)[1:3] == charges_of(shown)[:2]


def test_a_stop_taken_back_before_the_end_charges_as_ever(promises: Promises) -> None:
    promise = promises.begin()
    before = charges_of(promises.lines(promise))
    promises.change(promise, "cancel", cancel(terms_of(promise)))
    promises.pass_days(10)
    promise = promises.now(promise)
    assert promise.cancel_at_period_end
    promises.change(promise, "reactivate", reactivate(terms_of(promise)))
    promises.pass_days(80)
    assert promises.charged(promise)[1:] == before[:2]


def test_a_stop_ends_the_promise_on_its_day_and_no_sooner(promises: Promises, outbox: Outbox) -> None:
    promise = promises.begin()
    promises.change(promise, "cancel", cancel(terms_of(promise)))
    promises.pass_days(30)
    assert promises.now(promise).status == "active"
    promises.pass_days(5)
    promise = promises.now(promise)
    assert (promise.status, promise.ended_because) == ("canceled", "cancellation_requested")
    # One receipt, and one letter about the stop: the announced end itself is no news.
    assert len(outbox.to(AMAL.email)) == 2


def test_a_late_gift_is_stopped_at_once_and_nothing_more_is_collected(promises: Promises) -> None:
    promise = promises.begin(card="pm_card_chargeCustomerFail")
    promises.pass_days(33)
    promise = promises.now(promise)
    assert promise.status == "past_due"
    assert promises.change(promise, "cancel_now", cancel_now(terms_of(promise))).status == "done"
    invoices = promises.box.store.find("invoice", "$.customer", promise.stripe_customer_id or "")
    assert sorted(invoice["status"] for invoice in invoices) == ["paid", "void"]
    promises.pass_days(60)
    assert promises.now(promise).status == "canceled"
    assert len(promises.charged(promise)) == 1


def test_nothing_is_changed_by_a_press_on_a_preview_that_is_old(promises: Promises) -> None:
    promise = promises.begin()
    old = terms_of(promise)
    promises.change(promise, "change", other_terms(promise, amount=from_major("40.00", "USD")))
    with pytest.raises(ChangeRefused) as refused:
        verb.change_promise(
            promise.id,
            "skip",
            skip_next(old),
            shown=schedule(skip_next(old), zone=get_newsroom().time_zone),
            based_on=old,
            who=Who("member", promise.donor_id),
        )
    assert refused.value.message == "change_moved"
    assert promises.seen(promise)["pause_collection"] is None


def test_what_stripe_refuses_leaves_both_sides_as_before(
    promises: Promises, monkeypatch: pytest.MonkeyPatch, outbox: Outbox
) -> None:
    promise = promises.begin()
    before, mails = terms_of(promise), len(outbox)
    with monkeypatch.context() as patch:
        patch.setattr(verb, "change_subscription", refuse)
        with pytest.raises(StripeRefused):
            promises.change(promise, "skip", skip_next(before))
    promises.settle()
    promise = promises.now(promise)
    assert terms_of(promise) == before
    assert promises.seen(promise)["pause_collection"] is None
    assert [(row.status, row.refusal) for row in every(RecurringChange)] == [("refused", "no_such_thing")]
    assert len(outbox) == mails
    assert promises.change(promise, "skip", skip_next(before)).status == "done", "the next press is free"


def refuse(*_given: object) -> None:
    raise StripeRefused("no_such_thing", "No.")


@pytest.mark.parametrize("kind", ["timeout_before", "timeout_after", "http_500", "http_500_after", "http_429"])
def test_an_answer_that_never_came_is_found_out_and_told_once(promises: Promises, outbox: Outbox, kind: str) -> None:
    promise = promises.begin()
    promises.box.faults.replace([at_the_change(promise, kind)])
    change = promises.change(promise, "skip", skip_next(terms_of(promise)))
    assert change.status == "asked"
    assert not [letter for letter in every(MailMessage) if letter.template == "promise_changed"]
    settle_change(change.id)
    sweep()
    promises.settle()
    promise = promises.now(promise)
    assert promise.is_paused
    assert [row.status for row in every(RecurringChange)] == ["done"]
    assert len([letter for letter in every(MailMessage) if letter.template == "promise_changed"]) == 1


def test_a_change_that_never_reached_stripe_is_closed_after_a_day_and_the_gift_is_free_again(
    promises: Promises,
) -> None:
    promise = promises.begin()
    promises.box.faults.replace([at_the_change(promise, "timeout_before", 50)])
    change = promises.change(promise, "skip", skip_next(terms_of(promise)))
    with pytest.raises(ChangeRefused) as refused:
        promises.change(promises.now(promise), "pause", pause(terms_of(promise), 2))
    assert refused.value.message == "change_under_way"
    promises.box.advance(seconds=25 * 3600)
    sweep()
    change = every(RecurringChange)[0]
    assert (change.status, change.refusal) == ("refused", "never_reached_stripe")
    promises.box.faults.replace([])
    promise = promises.now(promise)
    assert promises.change(promise, "skip", skip_next(terms_of(promise))).status == "done"


def at_the_change(promise: RecurringDonation, kind: str, times: int = 1) -> dict[str, object]:
    path = f"/v1/subscriptions/{promise.stripe_subscription_id}"
    return {"match": {"method": "POST", "path": path}, "times": times, "kind": kind}


DASHBOARD: dict[str, tuple[str, dict[str, Any]]] = {
    "pause": ("pause", {"pause_collection": {"behavior": "void"}}),
    "stop": ("cancel", {"cancel_at_period_end": True}),
}


@pytest.mark.parametrize("name", ["pause", "stop"])
def test_what_is_changed_in_stripes_dashboard_is_followed_and_told(
    promises: Promises, outbox: Outbox, name: str
) -> None:
    promise = promises.begin()
    act, params = DASHBOARD[name]
    assert promise.stripe_subscription_id is not None
    with talking() as v1:
        v1.subscriptions.update(promise.stripe_subscription_id, params)  # type: ignore[arg-type]
    promises.settle()
    promise = promises.now(promise)
    assert [(row.act, row.asked_by, row.status) for row in every(RecurringChange)] == [(act, "stripe", "done")]
    assert "payment company" in text_of(outbox.to(AMAL.email)[-1])


def test_two_presses_at_once_make_one_change(promises: Promises, race: Race) -> None:
    promise = promises.begin()
    skipped = skip_next(terms_of(promise))
    raised = other_terms(promise, amount=from_major("40.00", "USD"))
    stumbled = race.run(
        lambda: promises.change(promises.now(promise), "skip", skipped),
        lambda: promises.change(promises.now(promise), "change", raised),
    )
    assert [row.status for row in every(RecurringChange)] == ["done"]
    assert [getattr(each, "message", each) for each in stumbled] in (["change_moved"], ["change_under_way"])


@pytest.mark.parametrize("is_held", [True, False], ids=["held", "control"])
def test_while_one_change_is_unanswered_no_other_is_asked_for(promises: Promises, *, is_held: bool) -> None:
    promise = promises.begin()
    if not is_held:
        with committed() as session:
            session.execute(sa.text("DROP INDEX uq_recurring_change_asked"))
    promises.box.faults.replace([at_the_change(promise, "timeout_before", 50)])
    promises.change(promise, "skip", skip_next(terms_of(promise)))
    with pytest.raises(ChangeRefused) if is_held else nullcontext():
        promises.change(promises.now(promise), "pause", pause(terms_of(promise), 2))
    assert len(every(RecurringChange)) == (1 if is_held else 2)
    if not is_held:
        put_the_index_back()


def put_the_index_back() -> None:
    with committed() as session:
        session.execute(sa.text("UPDATE recurring_change SET status = 'refused'"))
        session.execute(
            sa.text(
                "CREATE UNIQUE INDEX uq_recurring_change_asked ON recurring_change (recurring_id)"
                " WHERE status = 'asked'"
            )
        )
