"""Invariants of the books: each gift booked once, sums that agree, closed months, proved payouts, honest goals."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import BigInteger, case, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from donate.appeals.models import AppealSupporter, AppealTally
from donate.db import db
from donate.giving.models import Donation
from donate.giving.queries import given_here
from donate.ledger.accounts import BY_HAND, OF_A_GIFT
from donate.ledger.close import month_totals
from donate.ledger.models import LedgerEntry, LedgerPeriod, LedgerPosting, Payout, PayoutItem
from donate.ledger.queries import find_donors_month
from donate.ledger.rebuild import compare_month, compare_span, months_to_rebuild, spans_to_rebuild
from donate.ledger.rebuild_donors import compare_donors, donors_wait
from donate.reports.gift_lines import later_of_a_promise
from donate.reports.invariants import BOOKED_WITHIN, PROVED_WITHIN, SETTLED_WITHIN, ago, names, rows, rule


@rule
def each_gift_is_booked_once() -> Iterator[str]:
    """Each gift that arrived here has one entry, of its very sum, and no other gift has one."""
    charges = (
        select(
            LedgerEntry.donation_id,
            func.count(LedgerEntry.id).label("many"),
            func.sum(LedgerEntry.gross_minor).label("sum"),
            func.max(LedgerEntry.currency).label("currency"),
        )
        .where(LedgerEntry.entry_type.in_(("charge", "offline")))
        .group_by(LedgerEntry.donation_id)
        .subquery()
    )
    wrong = (
        select(Donation.reference)
        .outerjoin(charges, charges.c.donation_id == Donation.id)
        .where(
            Donation.status == "succeeded",
            given_here(),
            or_(
                (charges.c.many.is_(None)) & (Donation.received_at < ago(BOOKED_WITHIN)),
                charges.c.many > 1,
                charges.c["sum"] != Donation.amount_minor,
                charges.c.currency != Donation.currency,
            ),
        )
    )
    yield from names(wrong)
    yield from names(
        select(Donation.reference)
        .join(charges, charges.c.donation_id == Donation.id)
        .where(Donation.status != "succeeded")
    )


@rule
def past_gifts_are_in_no_books_of_ours() -> Iterator[str]:
    """A gift that came before this desk was booked then: it has no entry here, of whatever kind."""
    booked = exists().where(LedgerEntry.donation_id == Donation.id)
    yield from names(select(Donation.reference).where(~given_here(), booked))


@rule
def nothing_of_ours_is_outside() -> Iterator[str]:
    """No money of one of our gifts is booked as money from outside."""
    yield from names(
        select(LedgerEntry.reference)
        .join(Donation, Donation.stripe_charge_id == LedgerEntry.stripe_charge_id)
        .where(LedgerEntry.entry_type == "outside")
    )


@rule
def entries_of_gifts_name_them() -> Iterator[str]:
    """Entries about a gift name the gift and its fund."""
    yield from names(
        select(LedgerEntry.reference).where(
            LedgerEntry.entry_type.in_((*OF_A_GIFT, *BY_HAND)),
            or_(LedgerEntry.donation_id.is_(None), LedgerEntry.fund_id.is_(None)),
        )
    )


@rule
def postings_say_what_the_entry_says() -> Iterator[str]:
    """What an entry's postings move on the clearing account is its net; nothing, where it passed no Stripe."""
    signed = case(
        (LedgerPosting.debit == "clearing", LedgerPosting.amount_minor),
        (LedgerPosting.credit == "clearing", -LedgerPosting.amount_minor),
        else_=0,
    )
    moved = (
        select(
            LedgerPosting.entry_id,
            func.sum(signed).label("sum"),
            func.min(LedgerPosting.currency).label("low"),
            func.max(LedgerPosting.currency).label("high"),
        )
        .group_by(LedgerPosting.entry_id)
        .subquery()
    )
    should = case((LedgerEntry.entry_type.in_(BY_HAND), 0), else_=LedgerEntry.settlement_net_minor)
    yield from names(
        select(LedgerEntry.reference)
        .outerjoin(moved, moved.c.entry_id == LedgerEntry.id)
        .where(
            or_(
                func.coalesce(moved.c["sum"], 0) != should,
                moved.c.low != LedgerEntry.settlement_currency,
                moved.c.high != LedgerEntry.settlement_currency,
            )
        )
    )


@rule
def nothing_is_unclassified() -> Iterator[str]:
    """No movement is of a type that nobody knows."""
    yield from (
        f"{key} ({kind})"
        for key, kind in rows(
            select(LedgerEntry.source_key, LedgerEntry.stripe_type).where(
                LedgerEntry.entry_type == "unclassified", LedgerEntry.marked_for == ""
            )
        )
    )


@rule
def no_gift_of_ours_is_lost() -> Iterator[str]:
    """No payment bears our mark and names a gift that is not here: a row was lost, or a backup is too old."""
    yield from (
        f"{key} ({kind}) of gift {reference}"
        for key, kind, reference in rows(
            select(LedgerEntry.source_key, LedgerEntry.stripe_type, LedgerEntry.marked_for).where(
                LedgerEntry.marked_for != ""
            )
        )
    )


@rule
def sums_by_day_agree() -> Iterator[str]:
    """The sums kept by day are the sums of the entries."""
    for month in months_to_rebuild():
        yield from (str(difference) for difference, _model in compare_month(month))


@rule
def sums_of_stories_agree() -> Iterator[str]:
    """The sums of stories and sources kept by month and year are the sums of the entries."""
    for span in spans_to_rebuild():
        yield from map(str, compare_span(span))


@rule
def donors_are_counted_by_the_books() -> Iterator[str]:
    """What is kept of each donor by fiscal year, and how many stand how, is what the entries of their gifts say."""
    if donors_wait():
        yield "no donor: counting them anew by the newsroom's fiscal years has not been done"
        return
    yield from map(str, compare_donors(find_donors_month() or 1))


@rule
def closed_months_never_change() -> Iterator[str]:
    """A closed month's totals are still those it was closed with."""
    for period in db.session.scalars(select(LedgerPeriod).order_by(LedgerPeriod.month)):
        if month_totals(period.month) != period.totals:
            yield f"{period.month}, closed on {period.closed_at:%Y-%m-%d}"


@rule
def payouts_are_proved() -> Iterator[str]:
    """Each payout is the sum of what it is made of, to the cent."""
    parts = (
        select(PayoutItem.payout_id, func.sum(LedgerEntry.settlement_net_minor).label("sum"))
        .join(LedgerEntry, LedgerEntry.id == PayoutItem.entry_id)
        .group_by(PayoutItem.payout_id)
        .subquery()
    )
    yield from names(
        select(Payout.stripe_payout_id)
        .outerjoin(parts, parts.c.payout_id == Payout.id)
        .where(
            or_(
                Payout.proof == "differs",
                (Payout.proof == "open") & (Payout.status == "paid") & (Payout.created_at < ago(PROVED_WITHIN)),
                (Payout.proof == "proved") & (func.coalesce(parts.c["sum"], 0) != Payout.amount_minor),
            )
        )
    )


@rule
def payouts_are_booked() -> Iterator[str]:
    """What went to the bank is in the books, once, and what came back as well."""
    out, back = aliased(LedgerEntry), aliased(LedgerEntry)
    yield from names(
        select(Payout.stripe_payout_id)
        .outerjoin(out, (out.stripe_payout_id == Payout.stripe_payout_id) & (out.entry_type == "payout"))
        .outerjoin(back, (back.stripe_payout_id == Payout.stripe_payout_id) & (back.entry_type == "payout_failure"))
        .where(
            Payout.created_at < ago(SETTLED_WITHIN),
            or_(
                out.id.is_(None) & Payout.status.in_(("in_transit", "paid")),
                out.settlement_net_minor != -Payout.amount_minor,
                Payout.status.in_(("failed", "canceled")) & back.id.is_(None) & out.id.is_not(None),
            ),
        )
    )


@rule
def appeals_say_what_the_books_say() -> Iterator[str]:
    """What an appeal is said to have raised, by how many and how, is what its givers' gifts are worth by the books."""
    kept = (
        select(
            AppealSupporter.appeal_id,
            AppealSupporter.currency,
            func.sum(AppealSupporter.kept_minor).label("sum"),
            func.sum(case((AppealSupporter.kept_minor > 0, 1), else_=0)).label("people"),
        )
        .group_by(AppealSupporter.appeal_id, AppealSupporter.currency)
        .subquery()
    )
    same = (kept.c.appeal_id == AppealTally.appeal_id) & (kept.c.currency == AppealTally.currency)
    wrong = (
        select(AppealTally.appeal_id, AppealTally.currency)
        .outerjoin(kept, same)
        .where(
            or_(
                func.coalesce(kept.c["sum"], 0) != AppealTally.raised_minor,
                func.coalesce(kept.c.people, 0) != AppealTally.people,
            )
        )
    )
    yield from (f"appeal {appeal} in {currency}" for appeal, currency in rows(wrong))
    yield from _appeals_by_the_books()


def _appeals_by_the_books() -> Iterator[str]:
    of_gift = (
        select(LedgerEntry.donation_id, func.sum(LedgerEntry.gross_minor).label("kept"))
        .join(Donation, Donation.id == LedgerEntry.donation_id)
        .where(Donation.appeal_id.is_not(None), LedgerEntry.currency == Donation.currency)
        .group_by(LedgerEntry.donation_id)
        .subquery()
    )
    # Sums are wide numbers in PostgreSQL; made whole, both databases divide alike.
    booked = cast(of_gift.c.kept, BigInteger)
    kept = case((booked > 0, booked), else_=0)
    # Rounded down for each gift, as the tally does.
    part = kept * (Donation.amount_minor - Donation.fee_cover_minor) // Donation.amount_minor
    real = {
        (appeal, currency): tuple(int(str(total)) for total in totals)
        for appeal, currency, *totals in rows(
            select(
                Donation.appeal_id,
                Donation.currency,
                func.sum(part),
                func.sum(case((later_of_a_promise(), part), else_=0)),
                func.sum(case((Donation.kind == "offline", part), else_=0)),
            )
            .join(of_gift, of_gift.c.donation_id == Donation.id)
            .group_by(Donation.appeal_id, Donation.currency)
        )
    }
    said = {
        (appeal, currency): tuple(parts)
        for appeal, currency, *parts in rows(
            select(
                AppealTally.appeal_id,
                AppealTally.currency,
                AppealTally.raised_minor,
                AppealTally.renewals_minor,
                AppealTally.offline_minor,
            )
        )
    }
    nothing = (0, 0, 0)
    for key in sorted(real.keys() | said.keys(), key=str):
        pairs = zip(_PARTS, said.get(key, nothing), real.get(key, nothing), strict=True)
        wrong = [f"{name}: said {kept}, booked {booked}" for name, kept, booked in pairs if kept != booked]
        if wrong:
            yield f"appeal {key[0]} in {key[1]}: {'; '.join(wrong)}"


#: The sums of a tally: all, and of that what renewals and gifts that passed no Stripe brought.
_PARTS = ("raised", "renewals", "offline")
