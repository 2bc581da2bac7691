"""The clock moves forward and does on the way what falls due; a reset may begin in the past."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import stripe

from donate.sandbox.app import ApiError, Sandbox

DAY = 86400


def test_the_clock_is_told_and_moved_over_http(box: Sandbox) -> None:
    caller = box.wsgi.test_client()
    before = caller.get("/_sandbox/clock").json
    assert before == {"offset": 0.0, "now": pytest.approx(time.time(), abs=10)}
    moved = caller.post("/_sandbox/advance", data={"seconds": 3 * DAY}).json
    assert moved["offset"] == pytest.approx(3 * DAY, abs=10)
    there = caller.post("/_sandbox/advance", json={"to": before["now"] + 5 * DAY}).json
    assert there["now"] == pytest.approx(before["now"] + 5 * DAY, abs=10)
    assert caller.post("/_sandbox/advance", data={"seconds": "soon"}).status_code == 400


def test_the_clock_never_goes_back(box: Sandbox) -> None:
    box.advance(seconds=DAY)
    with pytest.raises(ApiError, match="forward only"):
        box.advance(to=time.time())


def test_a_year_begun_in_the_past_ends_in_the_present(box: Sandbox, asked: Callable[..., dict[str, Any]]) -> None:
    box.reset(at=time.time() - 365 * DAY)
    client = stripe.StripeClient("sk_test_x", http_client=box.http_client())
    client.v1.products.create({"id": "donate_general", "name": "General fund"})
    session = client.v1.checkout.sessions.create(asked("month"))
    assert session.created == pytest.approx(time.time() - 365 * DAY, abs=5)
    box.complete(session.id)
    box.advance(to=time.time())
    assert box.offset() == 0
    assert len(client.v1.invoices.list({"limit": 100}).data) in (12, 13)


def test_reset_drops_all_but_endpoints_where_asked(box: Sandbox, client: stripe.StripeClient) -> None:
    box.add_endpoint("http://127.0.0.1:5000/hook", secret="whsec_mine")
    client.v1.customers.create({})
    caller = box.wsgi.test_client()
    caller.post("/_sandbox/reset", data={"keep_endpoints": "1", "at": str(time.time() - DAY)})
    assert client.v1.customers.list().data == []
    assert len(client.v1.webhook_endpoints.list().data) == 1
    assert box.offset() == pytest.approx(-DAY, abs=10)
    client.v1.customers.create({})
    assert len(box.pull_deliveries()) == 1
    caller.post("/_sandbox/reset")
    assert client.v1.webhook_endpoints.list().data == []
    assert box.offset() == 0


def test_each_thing_is_stamped_at_its_own_moment(
    box: Sandbox, client: stripe.StripeClient, asked: Callable[..., dict[str, Any]]
) -> None:
    for _ in range(3):
        box.complete(client.v1.checkout.sessions.create(asked("month")).id)
        box.advance(seconds=DAY)
    box.advance(seconds=70 * DAY)
    stamps = [event["created"] for event in box.store.select("event", order="ASC")]
    assert stamps == sorted(stamps)
    rows = box.store.run("SELECT created FROM objects WHERE type = 'event' ORDER BY seq")
    assert [row[0] for row in rows] == stamps
