"""Apply a refund: what the desk's button, the event, the sweep and Stripe's own dashboard all lead to."""

from __future__ import annotations

from donate import clock
from donate.connections.tell import tell_refund
from donate.db import committed, lock
from donate.fulfillment.apply_checkout import TRIES, MovedMeanwhile
from donate.fulfillment.apply_transaction import book, our_books
from donate.fulfillment.letters import refund_failed_letter, refunded_letter
from donate.fulfillment.paid_gift import trace_payment
from donate.fulfillment.staff_mail import tell_staff_of_refund
from donate.giving.models import Donation, Refund
from donate.giving.queries import find_refund_by_reference, find_refund_of_stripe
from donate.giving.refund import note_refund
from donate.ledger.post import Books
from donate.mail.queue import queue_mail
from donate.members.renew import renew_membership
from donate.payments.refunds import retrieve_refund
from donate.payments.values import RefundState
from donate.receipts.correct import correct_receipt


def apply_refund(refund_id: str) -> bool:
    """Ask Stripe for a refund and apply it to its gift, the books and the giver; call outside ``committed()``.

    Args:
        refund_id: Any of the account; others' are booked as money from outside.

    Returns:
        Whether it is ours.

    Raises:
        MovedMeanwhile: Others kept changing the row.
    """
    books = our_books()
    reference = ""
    for _ in range(TRIES):
        version = _version(find_refund_of_stripe(refund_id))
        seen = retrieve_refund(refund_id)
        whose = trace_payment(seen.charge_id, seen.payment_intent_id)
        gift = whose.gift
        if gift is None:
            _book_strange(books, seen, whose.marked_for)
            return False
        reference = gift.reference
        if _apply(books, gift.id, seen, version):
            return True
    raise MovedMeanwhile(reference)


def _apply(books: Books, donation_id: int, seen: RefundState, version: int | None) -> bool:
    with committed():
        donation = lock(Donation, donation_id)
        known = find_refund_of_stripe(seen.refund_id)
        if _version(known) != version:
            return False
        if known is None and seen.mark and (asked := find_refund_by_reference(seen.mark)) is not None:
            lock(Refund, asked.id)
        refund, before = note_refund(donation, seen, zone=books.zone)
        for transaction in seen.transactions:
            book(books, transaction, donation)
        if donation.donor_id is not None:
            renew_membership(donation.donor_id)
        if refund.status == "succeeded" != before:
            queue_mail(refunded_letter(donation, refund))
            tell_staff_of_refund(donation, refund)
        elif refund.status == "failed" != before:
            queue_mail(refund_failed_letter(donation, refund))
        correct_receipt(donation, "refund", zone=books.zone)
        # What went back is of the gift, for whoever reads what changed since a moment.
        donation.updated_at = clock.now()
        if refund.status in ("succeeded", "failed") and refund.status != before:
            tell_refund(donation, refund)
    return True


def _book_strange(books: Books, seen: RefundState, marked_for: str) -> None:
    with committed():
        for transaction in seen.transactions:
            book(books, transaction, None, marked_for)


def _version(refund: Refund | None) -> int | None:
    return refund.version if refund is not None else None
