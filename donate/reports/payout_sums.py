"""Payouts with what they are made of, for the finance desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from donate.db import db
from donate.ledger.models import LedgerEntry, Payout, PayoutItem
from donate.money import Money
from donate.reports.income import TYPES


@dataclass(frozen=True)
class Made:
    """What a payout is made of, in its currency; all of it together is ``total``.

    Args:
        entries: How many left with it.
        rest: Charges of Stripe's, corrections, reserves and what is not the newsroom's.
    """

    entries: int
    gross: Money
    refunds: Money
    disputes: Money
    fees: Money
    rest: Money

    @property
    def total(self) -> Money:
        """All parts together."""
        return self.gross + self.refunds + self.disputes + self.fees + self.rest


def made_of(payouts: list[Payout]) -> dict[int, Made]:
    """Sum what payouts are made of, by their keys.

    Args:
        payouts: Which.
    """
    rows = db.session.execute(
        select(
            PayoutItem.payout_id,
            LedgerEntry.entry_type,
            func.count(LedgerEntry.id),
            func.sum(LedgerEntry.settlement_gross_minor),
            func.sum(LedgerEntry.settlement_fee_minor),
        )
        .join(LedgerEntry, LedgerEntry.id == PayoutItem.entry_id)
        .where(PayoutItem.payout_id.in_([each.id for each in payouts]))
        .group_by(PayoutItem.payout_id, LedgerEntry.entry_type)
    ).all()
    return {payout.id: _made([row for row in rows if row[0] == payout.id], payout.currency) for payout in payouts}


def _made(rows: Sequence[Any], currency: str) -> Made:
    sums = dict.fromkeys(("gross", "refunds", "disputes", "rest"), 0)
    for _payout, kind, _many, gross, _fee in rows:
        name = next((name for name in ("gross", "refunds", "disputes") if kind in TYPES[name]), "rest")
        sums[name] += int(gross)
    return Made(
        entries=sum(int(row[2]) for row in rows),
        fees=Money(-sum(int(row[4]) for row in rows), currency),
        **{name: Money(minor, currency) for name, minor in sums.items()},
    )


def is_all_proved(since: date, until: date, currency: str) -> bool:
    """Tell whether every payout to the bank that arrived in a span is proved by its entries, and there was one.

    Args:
        since: First day of arrival.
        until: First day left out.
        currency: Of the payouts.
    """
    many = func.count(Payout.id)
    rows = db.session.execute(
        select(Payout.proof, many)
        .where(Payout.arrival_on >= since, Payout.arrival_on < until, Payout.currency == currency,
               Payout.status == "paid")
        .group_by(Payout.proof)
    )  # fmt: skip
    proofs = dict(rows.all())
    return proofs.get("proved", 0) > 0 and set(proofs) <= {"proved", "manual"}


def list_payouts_back(since: date, until: date, *, skip: int, at_most: int) -> list[Payout]:
    """List payouts that arrived or will arrive in a span, the newest first."""
    asked = select(Payout).where(Payout.arrival_on >= since, Payout.arrival_on < until)
    newest = asked.order_by(Payout.arrival_on.desc(), Payout.id.desc())
    return list(db.session.scalars(newest.offset(skip).limit(at_most)))


def count_payouts(since: date, until: date) -> int:
    """Count what ``list_payouts_back`` lists."""
    asked = select(func.count(Payout.id)).where(Payout.arrival_on >= since, Payout.arrival_on < until)
    return db.session.scalar(asked) or 0


def list_differing() -> list[Payout]:
    """List payouts that do not agree, oldest first, of whatever day."""
    return list(db.session.scalars(select(Payout).where(Payout.proof == "differs").order_by(Payout.id)))
