"""Collect an instalment: each paid invoice after the first is a donation of its own."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from donate import clock, references
from donate.db import db
from donate.giving.complete import move_donation
from donate.giving.models import Donation
from donate.giving.queries import find_donation_of_invoice
from donate.payments.values import InvoiceState
from donate.recurring.begin import CARRIED
from donate.recurring.models import RecurringDonation


def collect_instalment(promise: RecurringDonation, invoice: InvoiceState, *, zone: str) -> Donation | None:
    """Write the donation of a paid invoice, once for the invoice; call inside ``committed()``.

    Args:
        promise: The locked promise.
        invoice: Paid, above zero, not the first.
        zone: The newsroom's.

    Returns:
        The new donation; None where the invoice had made one before.
    """
    if find_donation_of_invoice(invoice.invoice_id, livemode=invoice.livemode) is not None:
        return None
    carried = {name: getattr(promise, name) for name in CARRIED}
    # Stripe's invoice is what was paid; the promise may have changed since it was made.
    carried |= {"amount_minor": invoice.amount_paid.minor, "currency": invoice.amount_paid.currency}
    if invoice.amount_paid != promise.amount:
        carried["fee_cover_minor"] = 0
    try:
        with db.session.begin_nested():
            donation = Donation(
                reference=references.new_reference(),
                status="pending",
                version=0,
                kind="recurring",
                frequency=promise.interval,
                created_at=clock.now(),
                recurring_id=promise.id,
                stripe_invoice_id=invoice.invoice_id,
                **carried,
            )
            db.session.add(donation)
            db.session.flush()
    except IntegrityError:
        return None
    move_donation(donation, "succeeded", invoice.payment, zone=zone, paid_at=invoice.paid_at)
    return donation
