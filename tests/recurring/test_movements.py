"""Movements of MRR: one row for each change of what a promise counts in a year, and for nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
import sqlalchemy as sa
import stripe
from sqlalchemy.exc import DBAPIError

from donate import references
from donate.db import committed, db, lock
from donate.donors.models import Donor
from donate.fulfillment import apply_subscription
from donate.fulfillment.forget_person import forget_person
from donate.fulfillment.restart_promise import restart_promise
from donate.giving.open_checkout import Ways
from donate.money import from_major
from donate.newsroom.queries import get_newsroom
from donate.payments.setup import product_id
from donate.records.erase import ask_erasure
from donate.recurring import movements
from donate.recurring.cancel import cancel, cancel_now, reactivate
from donate.recurring.change import change_terms
from donate.recurring.models import RecurringChange, RecurringDonation, RecurringMovement
from donate.recurring.movements import note_movement
from donate.recurring.pause import pause, resume
from donate.recurring.queries import get_recurring
from donate.recurring.skip import skip_next
from donate.recurring.terms import Terms, terms_of
from donate.reports.check import check_everything
from donate.team.history import SYSTEM
from tests.make.application import SITE
from tests.make.gifts import WORDS, Gifts
from tests.make.movements import moved, moved_on
from tests.make.promises import Promises
from tests.make.race import Race
from tests.make.rows import every

on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
#: 15.00 a month.
YEAR = 18000


@pytest.fixture(autouse=True)
def _all_invariants_hold(app: object) -> Iterator[None]:
    """Hold the database to every invariant after each test."""
    yield
    db.session.expire_all()
    assert check_everything() == []


def other(promise: RecurringDonation, amount: str, *, interval: str = "month") -> Terms:
    terms, money = terms_of(promise), from_major(amount, "USD")
    return change_terms(
        terms, amount=money, fee_cover=terms.fee_cover, interval=interval, next_on=None,
        zone=get_newsroom().time_zone,
    )  # fmt: skip


def test_a_promise_is_new_when_its_first_gift_arrives_and_not_before(gifts: Gifts, promises: Promises) -> None:
    donation = gifts.begin(frequency="month", amount="15.00")
    assert moved() == []
    gifts.pay(donation)
    promises.settle()
    (movement,) = every(RecurringMovement)
    assert (movement.kind, movement.annual_before_minor, movement.annual_after_minor) == ("new", 0, YEAR)
    assert (movement.number, movement.currency, movement.fund_id, movement.livemode) == (1, "USD", gifts.fund.id, False)
    promises.pass_days(65)
    assert len(moved()) == 1, "instalments are no movements"


def test_a_promise_counts_with_its_covered_fee_and_a_yearly_one_once(promises: Promises) -> None:
    promises.begin(cover="0.75")
    promises.begin(frequency="year", amount="120.00")
    assert moved() == [("new", 0, 18900), ("new", 0, 12000)]


def test_another_amount_raises_or_lowers_and_so_does_another_interval(promises: Promises) -> None:
    promise = promises.begin()
    promises.change(promise, "change", other(promise, "40.00"))
    promise = promises.now(promise)
    promises.change(promise, "change", other(promise, "20.00"))
    promise = promises.now(promise)
    promises.change(promise, "change", other(promise, "60.00", interval="year"))
    assert moved() == [
        ("new", 0, YEAR), ("raised", YEAR, 48000), ("lowered", 48000, 24000), ("lowered", 24000, 6000),
    ]  # fmt: skip


def test_the_same_sum_a_year_by_another_interval_is_no_movement(promises: Promises) -> None:
    promise = promises.begin()
    promises.change(promise, "change", other(promise, "180.00", interval="year"))
    assert promises.now(promise).interval == "year"
    assert moved() == [("new", 0, YEAR)]


def test_another_date_is_no_movement(promises: Promises) -> None:
    promise = promises.begin()
    terms = terms_of(promise)
    later = change_terms(
        terms, amount=terms.amount, fee_cover=terms.fee_cover, interval="month", next_on=date(2026, 4, 20),
        zone=get_newsroom().time_zone,
    )  # fmt: skip
    promises.change(promise, "change", later)
    assert promises.now(promise).status == "trialing"
    promises.pass_days(60)
    assert moved() == [("new", 0, YEAR)]


def test_a_skipped_month_is_no_movement(promises: Promises) -> None:
    promise = promises.begin()
    promises.change(promise, "skip", skip_next(terms_of(promise)))
    assert promises.now(promise).is_paused
    assert check_everything() == []
    promises.pass_days(70)
    assert not promises.now(promise).is_paused
    assert moved() == [("new", 0, YEAR)]


def test_a_skip_that_is_made_longer_in_stripes_dashboard_is_a_pause(
    promises: Promises, dashboard: stripe.StripeClient
) -> None:
    promise = promises.begin()
    promises.change(promise, "skip", skip_next(terms_of(promise)))
    _pause_in_dashboard(dashboard, promise)
    promises.settle()
    assert [kind for kind, *_ in moved()] == ["new", "paused"]


@pytest.mark.parametrize(("charges", "days"), [(1, 31), (3, 92)])
def test_a_pause_counts_nothing_until_it_runs_out(promises: Promises, charges: int, days: int) -> None:
    promise = promises.begin()
    promises.change(promise, "pause", pause(terms_of(promise), charges))
    assert moved() == [("new", 0, YEAR), ("paused", YEAR, 0)]
    promises.pass_days(days - 2)
    assert len(moved()) == 2
    promises.pass_days(5)
    assert moved()[2:] == [("returned", 0, YEAR)]


def test_a_pause_taken_back_returns_at_once(promises: Promises) -> None:
    promise = promises.begin()
    promises.change(promise, "pause", pause(terms_of(promise), 6))
    promises.pass_days(10)
    promise = promises.now(promise)
    promises.change(promise, "resume", resume(terms_of(promise)))
    assert moved_on() == [("new", "2026-03-02"), ("paused", "2026-03-02"), ("returned", "2026-03-12")]


def test_a_pause_made_in_stripes_dashboard_is_one_and_its_end_there_too(
    promises: Promises, dashboard: stripe.StripeClient
) -> None:
    promise = promises.begin()
    _pause_in_dashboard(dashboard, promise)
    promises.settle()
    assert moved()[1:] == [("paused", YEAR, 0)]
    dashboard.v1.subscriptions.update(str(promise.stripe_subscription_id), {"pause_collection": ""})
    promises.settle()
    assert moved()[2:] == [("returned", 0, YEAR)]


def test_a_promise_that_is_stopped_while_it_rests_moved_when_it_was_paused(
    promises: Promises, dashboard: stripe.StripeClient
) -> None:
    promise = promises.begin()
    promises.change(promise, "pause", pause(terms_of(promise), 6))
    dashboard.v1.subscriptions.cancel(str(promise.stripe_subscription_id))
    promises.settle()
    assert promises.now(promise).status == "canceled"
    assert [kind for kind, *_ in moved()] == ["new", "paused"]


def test_a_stop_counts_until_the_promise_ends_and_not_at_all_where_it_is_taken_back(promises: Promises) -> None:
    promise = promises.begin()
    promises.change(promise, "cancel", cancel(terms_of(promise)))
    promise = promises.now(promise)
    promises.change(promise, "reactivate", reactivate(terms_of(promise)))
    promise = promises.now(promise)
    promises.change(promise, "cancel", cancel(terms_of(promise)))
    promises.pass_days(30)
    assert moved() == [("new", 0, YEAR)]
    promises.pass_days(5)
    assert moved()[1:] == [("cancelled", YEAR, 0)]


def test_a_promise_whose_bank_refuses_counts_until_stripe_gives_up_and_has_failed_then(promises: Promises) -> None:
    promise = promises.begin(card="pm_card_chargeCustomerFail")
    promises.pass_days(33)
    assert promises.now(promise).status == "past_due"
    assert moved() == [("new", 0, YEAR)]
    promises.pass_days(20)
    assert promises.now(promise).ended_because == "payment_failed"
    assert moved()[1:] == [("failed", YEAR, 0)]


def test_a_promise_left_unpaid_has_failed_once_also_when_it_is_stopped_later(
    promises: Promises, dashboard: stripe.StripeClient
) -> None:
    promises.box.store.set("after_retries", "unpaid")
    promise = promises.begin(card="pm_card_chargeCustomerFail")
    promises.pass_days(53)
    assert promises.now(promise).status == "unpaid"
    dashboard.v1.subscriptions.cancel(str(promise.stripe_subscription_id))
    promises.settle()
    assert promises.now(promise).status == "canceled"
    assert moved() == [("new", 0, YEAR), ("failed", YEAR, 0)]


def test_a_late_promise_that_its_donor_stops_is_cancelled_and_has_not_failed(promises: Promises) -> None:
    promise = promises.begin(card="pm_card_chargeCustomerFail")
    promises.pass_days(33)
    promise = promises.now(promise)
    promises.change(promise, "cancel_now", cancel_now(terms_of(promise)))
    assert moved() == [("new", 0, YEAR), ("cancelled", YEAR, 0)]


def test_a_promise_that_takes_up_an_ended_one_returns(promises: Promises, dashboard: stripe.StripeClient) -> None:
    ended = promises.begin()
    dashboard.v1.subscriptions.cancel(str(ended.stripe_subscription_id))
    promises.settle()
    gift_url = f"{SITE}/gifts/x?key={references.sign('gift', 'x')}"
    ways = Ways(SITE, gift_url, product_id(promises.gifts.fund.code))
    promises.gifts.pay(restart_promise(ended.id, WORDS, lambda _gift: ways))
    promises.settle()
    assert moved() == [("new", 0, YEAR), ("cancelled", YEAR, 0), ("returned", 0, YEAR)]
    assert [each.number for each in every(RecurringMovement)] == [1, 2, 1]


def test_a_promise_that_was_never_paid_never_moves(promises: Promises) -> None:
    promises.gifts.begin(frequency="month")
    promises.pass_days(3)
    assert [each.status for each in every(RecurringDonation)] == ["abandoned"]
    assert moved() == []


def test_being_forgotten_ends_the_promise_and_keeps_its_movements(promises: Promises) -> None:
    promise = promises.begin()
    donor_id = promise.donor_id
    with committed() as session:
        erasure_id = ask_erasure(session.get_one(Donor, donor_id), "command", SYSTEM).id
    assert forget_person(erasure_id).erased_at is not None
    promises.settle()
    assert moved() == [("new", 0, YEAR), ("cancelled", YEAR, 0)]


def test_a_refused_or_unanswered_change_moves_nothing_until_stripe_has_made_it(promises: Promises) -> None:
    promise = promises.begin()
    path = f"/v1/subscriptions/{promise.stripe_subscription_id}"
    promises.box.faults.replace([{"match": {"method": "POST", "path": path}, "times": 1, "kind": "timeout_after"}])
    change = promises.change(promise, "change", other(promise, "40.00"))
    assert change.status == "asked"
    assert moved() == [("new", 0, YEAR)]
    promises.settle()
    assert [row.status for row in every(RecurringChange)] == ["done"]
    assert moved()[1:] == [("raised", YEAR, 48000)]


@pytest.mark.parametrize("kind", ["duplicate_webhook", "reorder_webhook", "delay_webhook"])
def test_events_twice_late_or_out_of_turn_write_each_movement_once(promises: Promises, kind: str) -> None:
    promises.box.faults.replace([{"kind": kind, "times": 10_000}])
    promise = promises.begin()
    promises.pass_days(2)
    promise = promises.now(promise)
    promises.change(promise, "pause", pause(terms_of(promise), 2))
    promises.pass_days(75)
    assert [kind for kind, *_ in moved()] == ["new", "paused", "returned"]


def test_two_that_hear_of_one_change_at_once_write_one_movement(
    promises: Promises, dashboard: stripe.StripeClient, race: Race
) -> None:
    promise = promises.begin()
    subscription = str(promise.stripe_subscription_id)
    _pause_in_dashboard(dashboard, promise)
    race.meet_after(apply_subscription, "retrieve_subscription")
    assert race.run(*[lambda: apply_subscription.apply_subscription(subscription)] * 2) == []
    assert [kind for kind, *_ in moved()] == ["new", "paused"]


@on_postgresql
def test_the_race_above_would_show_a_promise_that_is_not_locked(
    promises: Promises, dashboard: stripe.StripeClient, race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A control: both look before either has written anything, which on its own would lock the promise as well."""
    real = movements.find_last_movement

    def look_only(recurring_id: int) -> RecurringMovement | None:
        with db.session.no_autoflush:
            return real(recurring_id)

    promise = promises.begin()
    subscription = str(promise.stripe_subscription_id)
    _pause_in_dashboard(dashboard, promise)
    race.without_lock(apply_subscription)
    monkeypatch.setattr(movements, "find_last_movement", look_only)
    race.meet_after(movements, "find_last_movement")
    (stumbled,) = race.run(*[lambda: apply_subscription.apply_subscription(subscription)] * 2)
    assert "uq_recurring_movement_recurring_id_number" in str(stumbled)
    assert [kind for kind, *_ in moved()] == ["new", "paused"]


def test_a_movement_is_taken_back_with_the_change_it_is_of(promises: Promises) -> None:
    promise = promises.begin()
    with pytest.raises(ZeroDivisionError), committed():
        locked = lock(RecurringDonation, promise.id)
        locked.amount_minor *= 2
        assert note_movement(locked) is not None
        raise ZeroDivisionError
    assert get_recurring(promise.id).amount_minor == 1500
    assert moved() == [("new", 0, YEAR)]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE recurring_movement SET annual_after_minor = 1", "DELETE FROM recurring_movement"],
)
def test_nobody_changes_a_movement(promises: Promises, statement: str) -> None:
    promises.begin()
    with pytest.raises(DBAPIError, match="append-only"), committed() as session:
        session.execute(sa.text(statement))


#: Midnight there, and a few minutes before: as long as a test takes. New York's 8 March had 23 hours.
@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("Asia/Amman", "2026-03-30T20:55:00+00:00", "2026-03-30"),
        ("Asia/Amman", "2026-03-30T21:00:00+00:00", "2026-03-31"),
        ("America/New_York", "2026-03-08T04:55:00+00:00", "2026-03-07"),
        ("America/New_York", "2026-03-08T05:00:00+00:00", "2026-03-08"),
        ("America/New_York", "2026-03-09T03:55:00+00:00", "2026-03-08"),
        ("America/New_York", "2026-03-09T04:00:00+00:00", "2026-03-09"),
    ],
)
def test_a_movement_is_on_the_newsrooms_day_in_winter_and_summer(
    promises: Promises, zone: str, moment: str, day: str
) -> None:
    with committed():
        get_newsroom().time_zone = zone
    promises.box.advance(to=datetime.fromisoformat(moment).timestamp())
    promises.begin()
    assert moved_on() == [("new", day)]


def _pause_in_dashboard(dashboard: stripe.StripeClient, promise: RecurringDonation) -> None:
    dashboard.v1.subscriptions.update(str(promise.stripe_subscription_id), {"pause_collection": {"behavior": "void"}})
