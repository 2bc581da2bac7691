"""Gifts that arrived and are booked, and ways to give them back and to look at what went."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from donate.appeals.queries import list_tallies
from donate.fulfillment.refund_gift import refund_gift
from donate.giving.models import Donation, Refund
from donate.giving.refund import left_to_refund
from donate.money import Money, from_major
from donate.sandbox.app import Sandbox
from tests.make.gifts import Gifts
from tests.make.rows import fresh
from tests.people import AMAL

Settle = Callable[..., None]
Given = Callable[..., Donation]


@pytest.fixture
def given(gifts: Gifts, box: Sandbox, settle: Settle) -> Given:
    """Return a maker of gifts of $25.00 that arrived and are booked with their fee."""

    def make(card: str = "pm_card_visa", person: Any = AMAL, **more: Any) -> Donation:
        donation = gifts.begin(person, **more)
        gifts.pay(donation, card)
        settle()
        box.advance(seconds=10)
        settle()
        return fresh(donation)

    return make


@pytest.fixture
def dashboard(box: Sandbox) -> stripe.StripeClient:
    """Return a client of somebody who works in Stripe's dashboard, past us."""
    return stripe.StripeClient("sk_test_dashboard", http_client=box.http_client(), max_network_retries=0)


def usd(text: str) -> Money:
    """Give dollars."""
    return from_major(text, "USD")


def give_back(donation: Donation, amount: str, left: str | None = None) -> Refund:
    """Give back a part of a gift as the desk does, seeing what is left of it or what a test says was seen."""
    seen = left_to_refund(donation) if left is None else usd(left)
    return refund_gift(donation.id, usd(amount), left_seen=seen, reason="requested_by_customer", asked_by="command")


def tally(gifts: Gifts) -> tuple[int, int]:
    """Tell what the appeal has raised, in cents, and from how many."""
    found = list_tallies()[gifts.appeal.slug, "USD"]
    return found.raised.minor, found.people


def lose(box: Sandbox, kind: str, path: str, method: str, times: int = 1) -> None:
    """Let the sandbox misbehave at one operation."""
    box.faults.replace([{"kind": kind, "match": {"path": path, "method": method}, "times": times}])


def refunds_at_stripe(box: Sandbox) -> list[int]:
    """Give the sums of the refunds at Stripe, but for those that failed, oldest first."""
    return [one["amount"] for one in box.store.select("refund", order="ASC") if one["status"] != "failed"]
