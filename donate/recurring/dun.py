"""Dunning: an instalment that the bank refused, until it is collected or given up. Stripe tries again, we never do."""

from __future__ import annotations

from donate import clock, references
from donate.db import db
from donate.payments.values import InvoiceState
from donate.recurring.models import FailedCharge, RecurringDonation
from donate.recurring.queries import find_failed_charge, list_open_failed_charges


def note_failed_charge(promise: RecurringDonation, invoice: InvoiceState) -> FailedCharge | None:
    """Write down what an open invoice says of its attempts; call inside ``committed()`` with the promise locked.

    https://docs.stripe.com/billing/revenue-recovery/smart-retries

    Args:
        promise: The locked row.
        invoice: Just fetched.

    Returns:
        The failed charge where the bank was asked once more since it was last noted, else nothing.
    """
    if invoice.status != "open" or not invoice.attempts or not invoice.failure_code:
        return None
    found = find_failed_charge(invoice.invoice_id, livemode=invoice.livemode)
    if found is None:
        found = FailedCharge(
            reference=references.new_reference(),
            recurring_id=promise.id,
            livemode=invoice.livemode,
            stripe_invoice_id=invoice.invoice_id,
            amount_minor=invoice.amount_due.minor,
            currency=invoice.amount_due.currency,
            attempts=0,
            opened_at=clock.now(),
        )
        db.session.add(found)
    is_news = invoice.attempts > found.attempts
    found.attempts = max(found.attempts, invoice.attempts)
    found.next_attempt_at = invoice.next_attempt_at
    found.failure_code = invoice.failure_code
    db.session.flush()
    return found if is_news and found.state == "open" else None


def settle_failed_charge(invoice: InvoiceState) -> None:
    """End the failed charge of an invoice that is open no more; call inside ``committed()``."""
    found = find_failed_charge(invoice.invoice_id, livemode=invoice.livemode)
    if found is not None and found.state == "open" and invoice.status != "open":
        _end(found, "paid" if invoice.status == "paid" else "ended")


def end_failed_charges(promise: RecurringDonation, *, but: str | None = None) -> None:
    """End what was still to be collected of a promise; call inside ``committed()``.

    Args:
        promise: One that has ended, or whose older charges were voided.
        but: The invoice that is still collected.
    """
    for each in list_open_failed_charges(promise.id):
        if each.stripe_invoice_id != but:
            _end(each, "ended")


def _end(charge: FailedCharge, state: str) -> None:
    charge.state, charge.next_attempt_at, charge.ended_at = state, None, clock.now()
