"""Test clocks speak as Stripe's do, and say where one clock for everything is not enough."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from donate.sandbox.app import Sandbox

DAY = 86400
Asked = Callable[..., dict[str, Any]]
Begin = Callable[..., str]
Types = Callable[[], list[str]]


@pytest.fixture
def clock(box: Sandbox, client: stripe.StripeClient) -> stripe.test_helpers.TestClock:
    return client.v1.test_helpers.test_clocks.create({"frozen_time": box.clock.now(), "name": "A year"})


def test_a_clock_moves_the_renewals_of_its_customer(
    box: Sandbox, client: stripe.StripeClient, clock: stripe.test_helpers.TestClock, asked: Asked, begin: Begin,
    event_types: Types,
) -> None:  # fmt: skip
    customer = client.v1.customers.create({"email": "ada@example.org", "test_clock": clock.id})
    subscription = client.v1.subscriptions.retrieve(begin(asked("month", customer=customer.id)))
    assert (customer.test_clock, subscription.test_clock) == (clock.id, clock.id)
    target = clock.frozen_time + 35 * DAY
    moving = client.v1.test_helpers.test_clocks.advance(clock.id, {"frozen_time": target})
    assert moving.status == "advancing"
    assert moving.status_details.advancing is not None
    assert moving.status_details.advancing.target_frozen_time == target
    done = client.v1.test_helpers.test_clocks.retrieve(clock.id)
    assert (done.status, done.frozen_time) == ("ready", target)
    invoices = client.v1.invoices.list({"customer": customer.id}).data
    assert [(one.status, one.test_clock) for one in invoices] == [("paid", clock.id), ("paid", clock.id)]
    types = event_types()
    assert types.index("test_helpers.test_clock.created") < types.index("test_helpers.test_clock.advancing")
    assert types[-1] == "test_helpers.test_clock.ready"


def test_what_is_on_a_clock_is_listed_only_by_its_name(
    client: stripe.StripeClient, clock: stripe.test_helpers.TestClock, asked: Asked, begin: Begin
) -> None:
    customer = client.v1.customers.create({"test_clock": clock.id}).id
    identifier = begin(asked("month", customer=customer))
    assert client.v1.customers.list().data == []
    assert client.v1.subscriptions.list().data == []
    assert [one.id for one in client.v1.customers.list({"test_clock": clock.id}).data] == [customer]
    for params in ({"test_clock": clock.id}, {"customer": customer}):
        assert [one.id for one in client.v1.subscriptions.list(params).data] == [identifier]  # type: ignore[arg-type]
    with pytest.raises(stripe.InvalidRequestError, match="No such test_clock"):
        client.v1.customers.create({"test_clock": "clock_nothing"})


def test_a_deleted_clock_takes_its_customers_with_it(
    client: stripe.StripeClient, clock: stripe.test_helpers.TestClock, asked: Asked, begin: Begin
) -> None:
    customer = client.v1.customers.create({"test_clock": clock.id}).id
    identifier = begin(asked("month", customer=customer))
    other = client.v1.customers.create({}).id
    assert client.v1.test_helpers.test_clocks.delete(clock.id).deleted is True
    assert client.v1.customers.retrieve(customer).deleted is True
    assert client.v1.subscriptions.retrieve(identifier).status == "canceled"
    assert client.v1.customers.retrieve(other).to_dict().get("deleted") is None
    assert client.v1.test_helpers.test_clocks.list().data == []


def test_moving_one_clock_moves_all(
    box: Sandbox, client: stripe.StripeClient, clock: stripe.test_helpers.TestClock
) -> None:
    other = client.v1.test_helpers.test_clocks.create({"frozen_time": box.clock.now()})
    target = clock.frozen_time + DAY
    client.v1.test_helpers.test_clocks.advance(clock.id, {"frozen_time": target})
    assert client.v1.test_helpers.test_clocks.retrieve(other.id).frozen_time == target
    assert box.clock.now() >= target


def test_what_one_clock_cannot_act_out_is_refused(
    box: Sandbox, client: stripe.StripeClient, clock: stripe.test_helpers.TestClock
) -> None:
    clocks, now = client.v1.test_helpers.test_clocks, box.clock.now()
    for moment in (now - 400 * DAY, now + 400 * DAY):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            clocks.create({"frozen_time": moment})
        assert (caught.value.code, caught.value.param) == ("sandbox_not_modelled", "frozen_time")
    with pytest.raises(stripe.InvalidRequestError, match="must be later"):
        clocks.advance(clock.id, {"frozen_time": clock.frozen_time})
    box.advance(seconds=10 * DAY)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        clocks.advance(clock.id, {"frozen_time": clock.frozen_time + DAY})
    assert caught.value.code == "sandbox_not_modelled"
