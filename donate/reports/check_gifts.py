"""Invariants of gifts: whole, ended, told of, never given back twice; and of the work that follows them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import case, exists, func, or_, select

from donate import clock
from donate.donors.models import Donor, DonorEmail, Erasure
from donate.giving.models import Dispute, Donation, Refund
from donate.giving.queries import given_here
from donate.giving.status import GIVING_BACK, TAKEN_DISPUTES
from donate.ledger.models import LedgerEntry
from donate.mail.models import MailMessage
from donate.payments.gateway import is_live
from donate.queue.models import Job
from donate.recurring.models import RecurringDonation
from donate.recurring.status import TERMINAL
from donate.reports.invariants import BANK_WITHIN, BOOKED_WITHIN, ERASED_WITHIN, SETTLED_WITHIN, ago, names, rows, rule


@rule
def gifts_that_arrived_are_whole() -> Iterator[str]:
    """A gift that arrived knows its day, its giver and, unless it passed no Stripe of ours, what was taken."""
    by_stripe = (Donation.kind != "offline") & given_here()
    yield from names(
        select(Donation.reference).where(
            Donation.status == "succeeded",
            or_(
                Donation.received_on.is_(None),
                Donation.donor_id.is_(None),
                by_stripe & Donation.stripe_payment_intent_id.is_(None),
                by_stripe & Donation.stripe_charge_id.is_(None),
            ),
        )
    )


@rule
def gifts_come_to_an_end() -> Iterator[str]:
    """No gift stays open long after its payment page is over or its bank had time."""
    yield from names(
        select(Donation.reference).where(
            or_(
                (Donation.status == "pending") & (Donation.checkout_expires_at < ago(SETTLED_WITHIN)),
                (Donation.status == "processing") & (Donation.created_at < ago(BANK_WITHIN)),
            )
        )
    )


@rule
def instalments_belong_to_promises() -> Iterator[str]:
    """Each repeated gift is tied to its promise, in its currency, and each promise that began here has a gift."""
    alone = (Donation.kind == "recurring") & Donation.recurring_id.is_(None)
    yield from names(select(Donation.reference).where(alone, given_here()))
    yield from names(
        select(Donation.reference)
        .join(RecurringDonation, RecurringDonation.id == Donation.recurring_id)
        .where(Donation.currency != RecurringDonation.currency)
    )
    given = exists().where(Donation.recurring_id == RecurringDonation.id)
    yield from names(select(RecurringDonation.reference).where(~given, RecurringDonation.adopted_at.is_(None)))


@rule
def one_charge_a_period() -> Iterator[str]:
    """No promise is charged twice on one day."""
    twice = (
        select(RecurringDonation.reference, Donation.received_on)
        .join(Donation, Donation.recurring_id == RecurringDonation.id)
        .where(Donation.status == "succeeded")
        .group_by(RecurringDonation.reference, Donation.received_on)
        .having(func.count(Donation.id) > 1)
    )
    yield from (f"{reference} on {day}" for reference, day in rows(twice))


@rule
def live_and_test_never_mix() -> Iterator[str]:
    """All money here is of one mode, live or test: that of our key."""
    live = is_live()
    for model, name in ((Donation, "gift"), (RecurringDonation, "promise"), (LedgerEntry, "entry")):
        for reference in names(select(model.reference).where(model.livemode != live)):
            yield f"{name} {reference}"


@rule
def each_gift_has_its_letter() -> Iterator[str]:
    """Each gift that arrived here has its receipt's letter queued; the unique key keeps it from going twice."""
    letter = exists().where(MailMessage.key == "receipt:" + Donation.reference)
    # Without an address its giver was forgotten while it was on its way.
    arrived = (Donation.status == "succeeded") & (Donation.email != "") & given_here()
    yield from names(select(Donation.reference).where(arrived, ~letter))


@rule
def the_forgotten_are_forgotten() -> Iterator[str]:
    """Of whoever was erased no gift, promise or address says who they were, and nobody waits a month for it."""
    gone = select(Donor.id).where(Donor.erased_at.is_not(None))
    nameless = (
        (Donation.email == "") & (Donation.last_name == "") & (Donation.address_line1 == "") & (Donation.note == "")
    )
    yield from names(select(Donation.reference).where(Donation.donor_id.in_(gone), ~nameless))
    yield from names(
        select(RecurringDonation.reference).where(
            RecurringDonation.donor_id.in_(gone),
            or_(
                RecurringDonation.email != "",
                RecurringDonation.last_name != "",
                RecurringDonation.status.not_in(TERMINAL),
            ),
        )
    )
    yield from names(select(Donor.reference).join(DonorEmail).where(Donor.erased_at.is_not(None)))
    waiting = Erasure.erased_at.is_(None) & (Erasure.asked_at < clock.real_now() - ERASED_WITHIN)
    yield from names(select(Erasure.reference).where(waiting))


@rule
def never_more_goes_back_than_came() -> Iterator[str]:
    """Refunds never give back more than the gift, and only of gifts that arrived."""
    given_back = (
        select(Refund.donation_id, func.sum(Refund.amount_minor).label("back"))
        .where(Refund.status.in_(GIVING_BACK))
        .group_by(Refund.donation_id)
        .subquery()
    )
    yield from names(
        select(Donation.reference)
        .join(given_back, given_back.c.donation_id == Donation.id)
        .where(or_(given_back.c.back > Donation.amount_minor, Donation.status != "succeeded"))
    )


@rule
def refunds_come_to_an_end() -> Iterator[str]:
    """No refund waits for Stripe's answer longer than a day."""
    yield from names(
        select(Refund.reference).where(
            Refund.status == "requested", Refund.requested_at < ago(timedelta(days=1, hours=2))
        )
    )


@rule
def refunds_are_in_the_books() -> Iterator[str]:
    """What the books have of a refund is what it gave back; of a failed one, nothing is left."""
    booked = (
        select(LedgerEntry.stripe_refund_id, func.sum(LedgerEntry.gross_minor).label("sum"))
        .where(LedgerEntry.stripe_refund_id.is_not(None), LedgerEntry.donation_id.is_not(None))
        .group_by(LedgerEntry.stripe_refund_id)
        .subquery()
    )
    should = case((Refund.status == "succeeded", -Refund.amount_minor), else_=0)
    differs = (
        select(Refund.reference)
        .join(Donation, Donation.id == Refund.donation_id)
        .outerjoin(booked, booked.c.stripe_refund_id == Refund.stripe_refund_id)
        .where(
            Donation.kind != "offline",
            given_here(),
            Refund.status.in_(("succeeded", "failed", "canceled")),
            func.coalesce(booked.c["sum"], 0) != should,
            # Stripe reckons some refunds only after a while.
            or_(booked.c["sum"].is_not(None), Refund.requested_at < ago(BOOKED_WITHIN)),
        )
    )
    yield from names(differs)
    unknown = (
        select(LedgerEntry.reference)
        .outerjoin(Refund, Refund.stripe_refund_id == LedgerEntry.stripe_refund_id)
        .where(
            LedgerEntry.entry_type.in_(("refund", "refund_failure")),
            LedgerEntry.stripe_refund_id.is_not(None),
            LedgerEntry.occurred_at < ago(SETTLED_WITHIN),
            Refund.id.is_(None),
        )
    )
    yield from names(unknown)


@rule
def disputes_are_in_the_books() -> Iterator[str]:
    """A lost dispute's money is gone from the books, a won one's is back."""
    booked = (
        select(LedgerEntry.stripe_dispute_id, func.sum(LedgerEntry.gross_minor).label("sum"))
        .where(LedgerEntry.stripe_dispute_id.is_not(None))
        .group_by(LedgerEntry.stripe_dispute_id)
        .subquery()
    )
    should = case((Dispute.status.in_(TAKEN_DISPUTES), -Dispute.amount_minor), else_=0)
    yield from names(
        select(Dispute.stripe_dispute_id)
        .outerjoin(booked, booked.c.stripe_dispute_id == Dispute.stripe_dispute_id)
        .where(func.coalesce(booked.c["sum"], 0) != should, Dispute.opened_at < ago(SETTLED_WITHIN))
    )


@rule
def no_work_was_given_up() -> Iterator[str]:
    """No job was given up; each says why, and ``flask stripe replay --failed`` tries its event again."""
    yield from (
        f"{name} {key}: {error}"
        for name, key, error in rows(select(Job.name, Job.key, Job.error).where(Job.state == "dead").order_by(Job.id))
    )
