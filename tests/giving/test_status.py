"""The life of a donation: only named edges, ends that absorb, and what a session amounts to."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from donate.giving.status import EDGES, TERMINAL, next_status, status_of_checkout
from donate.money import Money
from donate.payments.values import CheckoutState, Payment

STATES = ("pending", "processing", "succeeded", "failed", "canceled", "expired")
PAYMENT = Payment("pi_1", "succeeded", Money(2500, "USD"), "ch_1", None, "card", "visa", "4242", "")
SESSION = CheckoutState("cs_1", False, "open", "unpaid", "R", "S", "u", "", "payment", None, None, None, None)


@pytest.mark.parametrize(("current", "wanted"), list(product(STATES, STATES)))
def test_a_gift_moves_along_named_edges_only(current: str, wanted: str) -> None:
    assert next_status(current, wanted) == (wanted if (current, wanted) in EDGES else current)


@pytest.mark.parametrize("end", sorted(TERMINAL))
def test_nothing_leads_out_of_an_end(end: str) -> None:
    assert not [edge for edge in EDGES if edge[0] == end]


def test_every_state_that_is_no_start_is_reached_and_every_edge_says_why() -> None:
    assert {to for _, to in EDGES} == set(STATES) - {"pending"}
    assert all(EDGES.values())


@pytest.mark.parametrize(
    ("status", "payment_status", "payment", "amounts_to"),
    [
        ("open", "unpaid", None, "pending"),
        ("expired", "unpaid", None, "expired"),
        ("complete", "paid", PAYMENT, "succeeded"),
        ("complete", "unpaid", None, "processing"),
        ("complete", "unpaid", replace(PAYMENT, status="processing"), "processing"),
        ("complete", "unpaid", replace(PAYMENT, status="requires_payment_method"), "failed"),
        ("complete", "unpaid", replace(PAYMENT, status="canceled"), "failed"),
    ],
)
def test_a_complete_session_is_money_only_when_it_is_paid(
    status: str, payment_status: str, payment: Payment | None, amounts_to: str
) -> None:
    session = replace(SESSION, status=status, payment_status=payment_status, payment=payment)
    assert status_of_checkout(session) == amounts_to
