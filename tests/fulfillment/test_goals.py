"""A goal's bar equals the books after whatever may happen to a gift, by either rule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import stripe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from donate.appeals.queries import list_tallies
from donate.appeals.tally import towards_goal
from donate.fulfillment.refund_gift import refund_gift
from donate.giving.models import Donation
from donate.giving.refund import left_to_refund
from donate.money import from_major
from donate.reports.invariants import RULES
from donate.sandbox.app import Sandbox
from tests.make.in_the_books import Booked
from tests.make.promises import Promises
from tests.make.rows import every

DAY = 86400


def bar(slug: str) -> tuple[int, int]:
    """Tell what stands in an appeal's bar where renewals count, and where they don't."""
    tally = list_tallies()[slug, "USD"]
    counted = [towards_goal(tally, counts_renewals=each).minor for each in (True, False)]
    assert list(RULES["appeals_say_what_the_books_say"]()) == []
    return counted[0], counted[1]


def test_the_bar_follows_the_books_through_renewal_refund_and_disputes(
    promises: Promises, box: Sandbox, booked: Booked, settle: Callable[..., None]
) -> None:
    desk = stripe.StripeClient("sk_test_dashboard", http_client=box.http_client(), max_network_retries=0)
    slug = promises.gifts.appeal.slug
    promises.begin()
    promises.pass_days(1)
    assert bar(slug) == (1500, 1500)
    promises.pass_days(40)
    first, renewal = every(Donation)
    assert bar(slug) == (3000, 1500)
    refund_gift(renewal.id, from_major("5.00", "USD"), left_seen=left_to_refund(renewal), reason="", asked_by="command")
    settle()
    assert bar(slug) == (2500, 1500)
    lost = box.dispute(first.stripe_charge_id or "")
    settle()
    assert bar(slug) == (1000, 0)
    desk.v1.disputes.update(lost, {"evidence": {"uncategorized_text": "losing_evidence"}})
    promises.pass_days(6)
    assert bar(slug) == (1000, 0)
    promises.pass_days(20)
    third = every(Donation)[-1]
    won = box.dispute(third.stripe_charge_id or "")
    settle()
    assert bar(slug) == (1000, 0)
    desk.v1.disputes.update(won, {"evidence": {"uncategorized_text": "winning_evidence"}})
    promises.pass_days(6)
    assert bar(slug) == (2500, 0)
    booked.give(40000, kind="offline", appeal=slug)
    assert bar(slug) == (42500, 40000)
    assert list_tallies()[slug, "USD"].offline_minor == 40000


STEP = st.tuples(
    st.sampled_from(("refund", "refund_failure", "dispute", "dispute_reversal")),
    st.integers(min_value=0, max_value=3),
    st.integers(min_value=1, max_value=100),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amount=st.integers(min_value=101, max_value=90_000), cover=st.integers(min_value=0, max_value=100),
       steps=st.lists(STEP, max_size=8))  # fmt: skip
def test_the_bar_equals_the_books_after_any_movements(
    booked: Booked, amount: int, cover: int, steps: list[tuple[str, int, int]]
) -> None:
    before = list_tallies().get(("misinformation", "USD"))
    base = (before.raised.minor, before.renewals_minor, before.offline_minor) if before is not None else (0, 0, 0)
    first = booked.give(amount, cover=cover, frequency="month")
    gifts = [
        first,
        booked.give(amount, cover=cover, of=first, on=date(2026, 4, 2)),
        booked.give(amount, cover=cover),
        booked.give(amount, kind="offline"),
    ]
    kept = [amount] * 4
    for kind, at, percent in steps:
        minor = max(1, amount * percent // 100)
        booked.move(gifts[at], kind, minor)
        kept[at] += minor if kind in ("refund_failure", "dispute_reversal") else -minor
    parts = [max(0, left) * gift.gift.minor // amount for gift, left in zip(gifts, kept, strict=True)]
    tally = list_tallies()["misinformation", "USD"]
    assert tally.raised.minor == base[0] + sum(parts)
    assert (tally.renewals_minor, tally.offline_minor) == (base[1] + parts[1], base[2] + parts[3])
    assert bar("misinformation") == (tally.raised.minor, tally.raised.minor - tally.renewals_minor)
