"""The life of a promise: Stripe's own states, ours before it has any, ends that absorb."""

from __future__ import annotations

from itertools import product

import pytest

from donate.recurring.status import EDGES, TERMINAL, next_status

STRIPES = ("incomplete", "incomplete_expired", "trialing", "active", "past_due", "canceled", "unpaid", "paused")


@pytest.mark.parametrize("status", STRIPES)
def test_from_pending_every_state_of_stripes_is_taken_over(status: str) -> None:
    assert next_status("pending", status) == status


@pytest.mark.parametrize(("end", "wanted"), list(product(sorted(TERMINAL), STRIPES)))
def test_an_ended_promise_stays_ended(end: str, wanted: str) -> None:
    assert next_status(end, wanted) == end


def test_a_promise_comes_back_from_past_due_and_never_back_to_incomplete() -> None:
    assert next_status("past_due", "active") == "active"
    assert next_status("active", "incomplete") == "active"


def test_a_living_promise_is_not_abandoned() -> None:
    assert next_status("active", "abandoned") == "active"
    assert next_status("pending", "abandoned") == "abandoned"
    assert all(EDGES.values())
