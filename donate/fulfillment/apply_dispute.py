"""Apply a dispute: a giver's bank asks for a gift back, takes it, and sometimes returns it."""

from __future__ import annotations

from donate.connections.tell import tell_dispute
from donate.db import committed, lock
from donate.fulfillment.apply_checkout import TRIES, MovedMeanwhile
from donate.fulfillment.apply_transaction import book, our_books
from donate.fulfillment.letters import dispute_letter
from donate.fulfillment.paid_gift import trace_payment
from donate.fulfillment.staff_mail import tell_staff_of_dispute
from donate.giving.dispute import note_dispute
from donate.giving.models import Dispute, Donation
from donate.giving.queries import find_dispute_of_stripe
from donate.giving.status import CLOSED_DISPUTES, is_inquiry
from donate.ledger.post import Books
from donate.mail.queue import queue_mail
from donate.members.renew import renew_membership
from donate.payments.charges import retrieve_dispute
from donate.payments.values import DisputeState
from donate.receipts.correct import correct_receipt


def apply_dispute(dispute_id: str) -> bool:
    """Ask Stripe for a dispute and apply it to its gift and the books; call outside ``committed()``.

    Args:
        dispute_id: Any of the account; others' are booked as money from outside.

    Returns:
        Whether it is ours.

    Raises:
        MovedMeanwhile: Others kept changing the row.
    """
    books = our_books()
    reference = ""
    for _ in range(TRIES):
        version = _version(find_dispute_of_stripe(dispute_id))
        seen = retrieve_dispute(dispute_id)
        whose = trace_payment(seen.charge_id, seen.payment_intent_id)
        gift = whose.gift
        if gift is None:
            with committed():
                for transaction in seen.transactions:
                    book(books, transaction, None, whose.marked_for)
            return False
        reference = gift.reference
        if _apply(books, gift.id, seen, version):
            return True
    raise MovedMeanwhile(reference)


def _apply(books: Books, donation_id: int, seen: DisputeState, version: int | None) -> bool:
    with committed():
        donation = lock(Donation, donation_id)
        if _version(find_dispute_of_stripe(seen.dispute_id)) != version:
            return False
        dispute, before = note_dispute(donation, seen, zone=books.zone)
        for transaction in seen.transactions:
            book(books, transaction, donation)
        if donation.donor_id is not None:
            renew_membership(donation.donor_id)
        correct_receipt(donation, "dispute", zone=books.zone)
        _tell(donation, dispute, before)
    return True


def _tell(donation: Donation, dispute: Dispute, before: str) -> None:
    if dispute.status in CLOSED_DISPUTES:
        if dispute.status != before:
            queue_mail(dispute_letter(donation, dispute, "closed"))
            tell_staff_of_dispute(donation, dispute, "closed")
            tell_dispute(donation, dispute, is_closed=True)
    elif not before or (is_inquiry(before) and not is_inquiry(dispute.status)):
        # An inquiry that becomes a dispute is news: now the money is gone.
        queue_mail(dispute_letter(donation, dispute, "opened"))
        tell_staff_of_dispute(donation, dispute, "opened")
        tell_dispute(donation, dispute, is_closed=False)


def _version(dispute: Dispute | None) -> int | None:
    return dispute.version if dispute is not None else None
