"""Changes to a promise, proved over months of clock: each date and each amount that follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from donate.sandbox.app import Sandbox

Asked = Callable[..., dict[str, Any]]
Begin = Callable[..., str]
Promise = Callable[..., str]
Update = Callable[..., stripe.Subscription]
Paid = Callable[[], list[tuple[str, int]]]


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.fixture
def promise(box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin) -> Promise:
    """Return a verb that begins a gift of $25.00 at a moment."""

    def make(moment: str, interval: str = "month") -> str:
        box.reset(at=at(moment))
        client.v1.products.create({"id": "donate_general", "name": "General fund"})
        return begin(asked(interval))

    return make


@pytest.fixture
def update(client: stripe.StripeClient) -> Update:
    """Return a verb that changes a subscription; a price is given by its amount and interval."""

    def change(identifier: str, price: tuple[int, str] | None = None, **more: Any) -> stripe.Subscription:
        if price is not None:
            item = client.v1.subscriptions.retrieve(identifier)["items"].data[0].id
            data = {"currency": "usd", "product": "donate_general", "unit_amount": price[0],
                    "recurring": {"interval": price[1]}}  # fmt: skip
            more["items"] = [{"id": item, "price_data": data}]
        if price is not None or "trial_end" in more:
            more["proration_behavior"] = "none"
        return client.v1.subscriptions.update(identifier, more)  # type: ignore[arg-type]

    return change


@pytest.fixture
def paid(client: stripe.StripeClient) -> Paid:
    """Return a reader of the days and amounts that were charged, oldest first; the first is the beginning."""

    def read() -> list[tuple[str, int]]:
        charges = [one for one in client.v1.charges.list({"limit": 100}).data if one.paid]
        return [(datetime.fromtimestamp(one.created, UTC).strftime("%y-%m-%d"), one.amount) for one in charges[::-1]]

    return read


def days(*dates: str, amount: int = 2500) -> list[tuple[str, int]]:
    return [(date, amount) for date in dates]


# -- skipped and paused --------------------------------------------------------------------------------------------


def test_a_skipped_month_is_void_and_the_dates_stay(
    box: Sandbox, client: stripe.StripeClient, promise: Promise, update: Update, paid: Paid
) -> None:
    identifier = promise("2026-01-31T10:00")
    box.advance(to=at("2026-02-10T00:00"))
    skipped = client.v1.subscriptions.retrieve(identifier)["items"].data[0].current_period_end
    update(identifier, pause_collection={"behavior": "void", "resumes_at": skipped + 1})
    box.advance(to=at("2026-05-31T12:00"))
    assert paid() == days("26-01-31", "26-03-31", "26-04-30", "26-05-31")
    assert [one.amount_due for one in client.v1.invoices.list({"status": "void"}).data] == [2500]
    subscription = client.v1.subscriptions.retrieve(identifier)
    assert (subscription.status, subscription.pause_collection) == ("active", None)


def test_a_pause_lasts_to_the_chosen_date(
    box: Sandbox, client: stripe.StripeClient, promise: Promise, update: Update, paid: Paid
) -> None:
    identifier = promise("2026-01-15T10:00")
    update(identifier, pause_collection={"behavior": "void", "resumes_at": at("2026-05-01T00:00")})
    box.advance(to=at("2026-06-20T00:00"))
    assert paid() == days("26-01-15", "26-05-15", "26-06-15")
    assert len(client.v1.invoices.list({"status": "void"}).data) == 3


def test_a_pause_can_be_lifted_and_laid_again(
    box: Sandbox, client: stripe.StripeClient, promise: Promise, update: Update, paid: Paid
) -> None:
    identifier = promise("2026-01-15T10:00")
    update(identifier, pause_collection={"behavior": "void", "resumes_at": at("2026-09-01T00:00")})
    box.advance(to=at("2026-03-01T00:00"))
    update(identifier, pause_collection="")
    box.advance(to=at("2026-04-01T00:00"))
    update(identifier, pause_collection={"behavior": "void", "resumes_at": at("2026-10-01T00:00")})
    box.advance(to=at("2026-10-20T00:00"))  # the first pause's end, 1 September, ends the second no more
    assert paid() == days("26-01-15", "26-03-15", "26-10-15")


# -- ended and taken back ------------------------------------------------------------------------------------------


def test_an_end_taken_back_leaves_the_dates_as_they_were(
    box: Sandbox, client: stripe.StripeClient, promise: Promise, update: Update, paid: Paid
) -> None:
    identifier = promise("2026-01-31T10:00")
    for month in (2, 3):
        box.advance(to=at(f"2026-0{month}-20T00:00"))
        update(identifier, cancel_at_period_end=True)
        update(identifier, cancel_at_period_end=False)
    box.advance(to=at("2026-05-10T00:00"))
    assert paid() == days("26-01-31", "26-02-28", "26-03-31", "26-04-30")


def test_an_end_at_the_periods_end_holds_through_a_moved_date(
    box: Sandbox, client: stripe.StripeClient, promise: Promise, update: Update, paid: Paid
) -> None:
    identifier = promise("2026-01-15T10:00")
    update(identifier, cancel_at_period_end=True)
    assert update(identifier, trial_end=at("2026-03-01T10:00")).cancel_at == at("2026-03-01T10:00")
    box.advance(to=at("2026-06-01T00:00"))
    ended = client.v1.subscriptions.retrieve(identifier)
    assert (ended.status, ended.ended_at) == ("canceled", at("2026-03-01T10:00"))
    assert paid() == days("26-01-15")


# -- another amount, date or frequency -----------------------------------------------------------------------------


def test_another_amount_holds_from_the_next_date_on(
    box: Sandbox, client: stripe.StripeClient, promise: Promise, update: Update, paid: Paid
) -> None:
    identifier = promise("2026-01-31T10:00")
    box.advance(to=at("2026-03-05T00:00"))
    update(identifier, (4000, "month"))
    assert paid() == days("26-01-31", "26-02-28")
    box.advance(to=at("2026-05-31T12:00"))
    assert paid()[2:] == days("26-03-31", "26-04-30", "26-05-31", amount=4000)


@pytest.mark.parametrize(
    ("moved", "dates"),
    [
        ("2026-02-20T10:00", ["26-02-20", "26-03-20", "26-04-20", "26-05-20"]),
        ("2026-03-31T10:00", ["26-03-31", "26-04-30", "26-05-31", "26-06-30"]),
    ],
)
def test_a_moved_date_is_the_day_of_all_months_that_follow(
    box: Sandbox, promise: Promise, update: Update, paid: Paid, moved: str, dates: list[str]
) -> None:
    identifier = promise("2026-02-05T10:00")
    assert update(identifier, trial_end=at(moved)).status == "trialing"
    box.advance(to=at("2026-12-01T00:00"))
    assert paid()[:5] == days("26-02-05", *dates)


def test_a_date_moved_twice_is_charged_once(box: Sandbox, promise: Promise, update: Update, paid: Paid) -> None:
    identifier = promise("2026-02-05T10:00")
    update(identifier, trial_end=at("2026-02-20T10:00"))
    update(identifier, trial_end=at("2026-02-25T10:00"))
    box.advance(to=at("2026-04-01T00:00"))
    assert paid() == days("26-02-05", "26-02-25", "26-03-25")


def test_from_months_to_years_at_the_next_date(box: Sandbox, promise: Promise, update: Update, paid: Paid) -> None:
    identifier = promise("2027-11-29T10:00")
    box.advance(to=at("2028-02-10T00:00"))
    update(identifier, (25000, "year"), trial_end=at("2028-02-29T10:00"))
    box.advance(to=at("2032-03-10T00:00"))
    assert paid() == [
        *days("27-11-29", "27-12-29", "28-01-29"),
        *days("28-02-29", "29-02-28", "30-02-28", "31-02-28", "32-02-29", amount=25000),
    ]


def test_from_years_to_months_at_the_next_date(box: Sandbox, promise: Promise, update: Update, paid: Paid) -> None:
    identifier = promise("2026-03-31T10:00", "year")
    update(identifier, (300, "month"), trial_end=at("2027-03-31T10:00"))
    box.advance(to=at("2027-07-01T00:00"))
    assert paid() == [*days("26-03-31"), *days("27-03-31", "27-04-30", "27-05-31", "27-06-30", amount=300)]


def test_a_yearly_gift_of_29_february_falls_on_the_28th_between_leap_years(
    box: Sandbox, promise: Promise, paid: Paid
) -> None:
    promise("2028-02-29T10:00", "year")
    box.advance(to=at("2032-03-01T00:00"))
    assert paid() == days("28-02-29", "29-02-28", "30-02-28", "31-02-28", "32-02-29")
