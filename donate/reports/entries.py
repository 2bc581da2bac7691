"""The entries behind a figure of the finance desk, chosen as the figure is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, func, select

from donate.appeals.models import Appeal
from donate.db import db
from donate.giving.models import Donation
from donate.ledger.accounts import FACETS
from donate.ledger.models import LedgerEntry, Payout, PayoutItem
from donate.newsroom.models import Fund
from donate.reports.income import TYPES


@dataclass(frozen=True)
class Chosen:
    """Which entries: an empty word asks nothing, ``None`` neither; of what a gift came by, an empty word is none of it.

    Args:
        since: First day they are booked on.
        until: First day left out.
        currency: The settlement currency.
        fund: A fund's code.
        appeal: An appeal's slug; empty is of gifts to none.
        by: What ``key`` is a value of: one of ``FACETS``.
        part: One of ``TYPES``: which sum they make.
        entry_type: One type alone.
        payout: Stripe's id of the payout they left with.
    """

    since: date | None = None
    until: date | None = None
    currency: str = ""
    fund: str = ""
    appeal: str | None = None
    by: str = ""
    key: str = ""
    part: str = ""
    entry_type: str = ""
    payout: str = ""


@dataclass(frozen=True)
class Sums:
    """What entries add up to, in minor units of one settlement currency."""

    currency: str
    entries: int
    gross: int
    fees: int
    net: int


def list_entries(chosen: Chosen, *, skip: int, at_most: int) -> list[RowMapping]:
    """List entries, the newest first."""
    asked = _from(
        select(
            LedgerEntry.reference,
            LedgerEntry.entry_type,
            LedgerEntry.booked_on,
            LedgerEntry.occurred_on,
            LedgerEntry.settlement_currency.label("currency"),
            LedgerEntry.settlement_gross_minor.label("gross"),
            LedgerEntry.settlement_fee_minor.label("fee"),
            LedgerEntry.settlement_net_minor.label("net"),
            LedgerEntry.source_key,
            LedgerEntry.note,
            Donation.reference.label("donation"),
            Donation.kind,
            Fund.code.label("fund"),
            Appeal.slug.label("appeal"),
            func.coalesce(LedgerEntry.stripe_payout_id, Payout.stripe_payout_id, "").label("payout"),
        ),
        chosen,
    )
    newest = asked.order_by(LedgerEntry.booked_on.desc(), LedgerEntry.id.desc())
    return list(db.session.execute(newest.offset(skip).limit(at_most)).mappings())


def total_entries(chosen: Chosen) -> list[Sums]:
    """Sum entries, one sum a settlement currency."""
    sums = [func.sum(getattr(LedgerEntry, f"settlement_{name}_minor")) for name in ("gross", "fee", "net")]
    asked = _from(select(LedgerEntry.settlement_currency, func.count(LedgerEntry.id), *sums), chosen)
    rows = db.session.execute(asked.group_by(LedgerEntry.settlement_currency).order_by(LedgerEntry.settlement_currency))
    return [Sums(row[0], int(row[1]), int(row[2]), -int(row[3]), int(row[4])) for row in rows]


def _from(asked: Select[*tuple[Any, ...]], chosen: Chosen) -> Select[*tuple[Any, ...]]:
    joined = (
        asked.outerjoin(Donation, Donation.id == LedgerEntry.donation_id)
        .outerjoin(Fund, Fund.id == LedgerEntry.fund_id)
        .outerjoin(Appeal, Appeal.id == Donation.appeal_id)
        .outerjoin(PayoutItem, PayoutItem.entry_id == LedgerEntry.id)
        .outerjoin(Payout, Payout.id == PayoutItem.payout_id)
    )
    return joined.where(*conditions(chosen))


def conditions(chosen: Chosen) -> list[ColumnElement[bool]]:
    """Write a choice as conditions on an entry joined with its gift, fund, appeal and payout.

    Args:
        chosen: Which entries.
    """
    asked: list[ColumnElement[bool]] = []
    if chosen.since is not None:
        asked.append(LedgerEntry.booked_on >= chosen.since)
    if chosen.until is not None:
        asked.append(LedgerEntry.booked_on < chosen.until)
    equal = (
        (LedgerEntry.settlement_currency, chosen.currency),
        (Fund.code, chosen.fund),
        (LedgerEntry.entry_type, chosen.entry_type),
        (Payout.stripe_payout_id, chosen.payout),
    )
    asked += [column == value for column, value in equal if value]
    if chosen.part:
        asked.append(LedgerEntry.entry_type.in_(TYPES[chosen.part]))
    if chosen.appeal is not None:
        # What is of no gift is of no appeal either, and not meant.
        none = LedgerEntry.donation_id.is_not(None) & Donation.appeal_id.is_(None)
        asked.append(Appeal.slug == chosen.appeal if chosen.appeal else none)
    if chosen.by:
        asked.append(getattr(Donation, FACETS[chosen.by]) == chosen.key)
    return asked
