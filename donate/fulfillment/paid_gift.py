"""The gift a payment was for: traced to our row, and brought to what Stripe holds before anything hangs on it."""

from __future__ import annotations

from dataclasses import dataclass

from donate import references
from donate.errors import DonateError
from donate.fulfillment.apply_checkout import apply_checkout
from donate.fulfillment.apply_invoice import apply_invoice
from donate.giving.models import Donation
from donate.giving.queries import (
    find_donation,
    find_donation_of_charge,
    find_donation_of_payment_intent,
)
from donate.payments import gateway
from donate.payments.billing import retrieve_invoice
from donate.payments.charges import find_invoice_of_payment
from donate.payments.checkout import retrieve_payment_mark
from donate.payments.values import Mark


class NotSettledYet(DonateError):
    """Money moved for a gift that Stripe's session still calls unpaid: look again in a moment."""

    def __init__(self, reference: str) -> None:
        super().__init__("not_settled_yet", reference=reference)


@dataclass(frozen=True)
class Whose:
    """Whose a payment is.

    Args:
        gift: Ours, brought up to date; None where it is somebody else's.
        marked_for: The reference that our own mark on it names, where no row here has it: a row was lost.
    """

    gift: Donation | None
    marked_for: str = ""


def trace_payment(charge_id: str | None, payment_intent_id: str | None) -> Whose:
    """Tell whose a payment is, the gift brought up to date; call outside ``committed()``.

    Args:
        charge_id: Any of the account.
        payment_intent_id: The one it belongs to, where there is one.

    Raises:
        NotSettledYet: Ours, but not at its end yet.
    """
    donation = _known(charge_id, payment_intent_id) or _traced(payment_intent_id)
    if donation is None:
        return Whose(None, _stray_mark(payment_intent_id))
    if donation.status in ("pending", "processing"):
        donation = apply_checkout(donation.id)
    if donation.status in ("pending", "processing"):
        raise NotSettledYet(donation.reference)
    return Whose(donation)


def _known(charge_id: str | None, payment_intent_id: str | None) -> Donation | None:
    donation = find_donation_of_charge(charge_id) if charge_id else None
    if donation is None and payment_intent_id:
        donation = find_donation_of_payment_intent(payment_intent_id)
    return donation


def _traced(payment_intent_id: str | None) -> Donation | None:
    """Ask Stripe what the payment belongs to and apply that: our row names it afterwards, or it isn't ours."""
    if payment_intent_id is None:
        return None
    invoice_id = find_invoice_of_payment(payment_intent_id)
    if invoice_id is not None:
        apply_invoice(invoice_id)
    else:
        marked = find_donation(retrieve_payment_mark(payment_intent_id).reference)
        if marked is None or marked.stripe_checkout_session_id is None:
            return None
        apply_checkout(marked.id)
    return find_donation_of_payment_intent(payment_intent_id)


def _stray_mark(payment_intent_id: str | None) -> str:
    """Give the reference of a gift of ours that is gone: the payment bears our mark, and no row has it."""
    if payment_intent_id is None:
        return ""
    invoice_id = find_invoice_of_payment(payment_intent_id)
    if invoice_id is not None:
        invoice = retrieve_invoice(invoice_id)
        mark = Mark(invoice.reference, invoice.site)
    else:
        mark = retrieve_payment_mark(payment_intent_id)
    is_ours = mark.site == gateway.site() and references.is_reference(mark.reference)
    return mark.reference if is_ours and find_donation(mark.reference) is None else ""
