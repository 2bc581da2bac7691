"""The terms of a promise: how much, how often, when next, and whether it rests or ends. Plain values, pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from donate.money import Money
from donate.payments.values import SubscriptionChange, SubscriptionState
from donate.recurring.models import RecurringDonation


@dataclass(frozen=True)
class Terms:
    """What a promise says at a moment.

    Args:
        amount: Charged each time, the covered fee included.
        fee_cover: The part of it that covers the card fee.
        interval: ``month`` or ``year``.
        next_at: When the next charge falls due; none after the end.
        anchor_at: From when periods are counted.
        is_paused: Whether charges that fall due are left out,
        resumes_at: and until when; none where no end is set.
        ends: Whether it ends instead of charging again.
        is_over: Whether it has ended.
    """

    amount: Money
    fee_cover: Money
    interval: str
    next_at: datetime | None
    anchor_at: datetime | None
    is_paused: bool = False
    resumes_at: datetime | None = None
    ends: bool = False
    is_over: bool = False

    def plain(self) -> dict[str, Any]:
        """Write them as JSON keeps them."""
        return {
            "amount_minor": self.amount.minor,
            "fee_cover_minor": self.fee_cover.minor,
            "currency": self.amount.currency,
            "interval": self.interval,
            "next_at": _iso(self.next_at),
            "anchor_at": _iso(self.anchor_at),
            "is_paused": self.is_paused,
            "resumes_at": _iso(self.resumes_at),
            "ends": self.ends,
            "is_over": self.is_over,
        }


def terms_from(plain: dict[str, Any]) -> Terms:
    """Read them from JSON."""
    currency = plain["currency"]
    return Terms(
        amount=Money(plain["amount_minor"], currency),
        fee_cover=Money(plain["fee_cover_minor"], currency),
        interval=plain["interval"],
        next_at=_moment(plain["next_at"]),
        anchor_at=_moment(plain["anchor_at"]),
        is_paused=plain["is_paused"],
        resumes_at=_moment(plain["resumes_at"]),
        ends=plain["ends"],
        is_over=plain["is_over"],
    )


def terms_of(promise: RecurringDonation) -> Terms:
    """Read the terms of a promise's row."""
    return Terms(
        amount=promise.amount,
        fee_cover=Money(promise.fee_cover_minor, promise.currency),
        interval=promise.interval,
        next_at=promise.next_charge_at,
        anchor_at=promise.anchor_at,
        is_paused=promise.is_paused,
        resumes_at=promise.resumes_at,
        ends=promise.cancel_at_period_end,
        is_over=promise.ended_at is not None,
    )


def terms_seen(promise: RecurringDonation, seen: SubscriptionState) -> Terms:
    """Read the terms that a subscription has at Stripe; what only we know is the promise's.

    The covered fee is a part of an amount: with another amount from elsewhere nothing is known of it.
    """
    known = promise.fee_cover_minor if seen.amount == promise.amount else 0
    return Terms(
        amount=seen.amount,
        fee_cover=Money(known, seen.amount.currency),
        interval=seen.interval or promise.interval,
        next_at=seen.next_charge_at,
        anchor_at=seen.anchor_at,
        is_paused=seen.is_paused,
        resumes_at=seen.resumes_at,
        ends=seen.cancel_at_period_end,
        is_over=seen.ended_at is not None,
    )


def change_between(before: Terms, after: Terms) -> SubscriptionChange:
    """Write what Stripe is asked for so that one becomes the other."""
    price = (after.amount, after.interval)
    costs_the_same = price == (before.amount, before.interval)
    moves = after.next_at != before.next_at or after.interval != before.interval
    rests = after.is_paused and (before.is_paused, before.resumes_at) != (True, after.resumes_at)
    return SubscriptionChange(
        price=None if costs_the_same else price,
        next_charge_at=after.next_at if moves else None,
        paused_until=after.resumes_at if rests else None,
        resumes=before.is_paused and not after.is_paused,
        cancel_at_period_end=after.ends if after.ends != before.ends else None,
    )


def is_as_wanted(seen: Terms, before: Terms, wanted: Terms) -> bool:
    """Tell whether Stripe holds what a change asked for, whatever else happened since.

    Args:
        seen: At Stripe now.
        before: When it was asked for.
        wanted: What was asked for.
    """
    if wanted.is_over:
        return seen.is_over
    asked = change_between(before, wanted)
    return not seen.is_over and all((
        asked.price is None or (seen.amount, seen.interval) == asked.price,
        asked.next_charge_at is None or seen.anchor_at == asked.next_charge_at,
        asked.paused_until is None or (seen.is_paused and seen.resumes_at == asked.paused_until),
        not asked.resumes or not seen.is_paused,
        asked.cancel_at_period_end is None or seen.ends == asked.cancel_at_period_end,
    ))  # fmt: skip


def act_seen(before: Terms, after: Terms) -> str:
    """Name what somebody changed at Stripe itself; empty where only time went on.

    Args:
        before: As our row knew it.
        after: As Stripe has it.
    """
    if after.is_over:
        # An announced end is no news; neither is one that the bank's refusals brought: that has its own letter.
        return "" if before.is_over or before.ends else "cancel_now"
    if after.ends != before.ends:
        return "cancel" if after.ends else "reactivate"
    if (after.amount, after.interval) != (before.amount, before.interval) or _was_moved(before, after):
        return "change"
    if after.is_paused and (before.is_paused, before.resumes_at) != (True, after.resumes_at):
        return "pause"
    # A rest that ran out by itself has let the last charge it left out pass by. No clock tells this: ours may lag.
    ran_out = None not in (before.resumes_at, after.next_at) and after.next_at > before.resumes_at  # type: ignore[operator]
    return "resume" if before.is_paused and not after.is_paused and not ran_out else ""


def with_known_fee(seen: Terms, wanted: Terms) -> Terms:
    """Keep the covered fee that was asked for with an amount."""
    return replace(seen, fee_cover=wanted.fee_cover) if seen.amount == wanted.amount else seen


def _was_moved(before: Terms, after: Terms) -> bool:
    return before.anchor_at is not None and after.anchor_at != before.anchor_at


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
