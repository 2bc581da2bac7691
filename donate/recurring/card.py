"""Another card for a promise: the visit's row before Stripe's page opens, and what the visit brought."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from donate import clock, references
from donate.db import db
from donate.errors import ChangeRefused
from donate.payments.values import OpenInvoice
from donate.recurring.acts import acts_open
from donate.recurring.models import CardChange, RecurringDonation
from donate.recurring.queries import find_open_card_change

PAGE_MINUTES = 60
#: Stripe opens no page that ends in under half an hour: https://docs.stripe.com/api/checkout/sessions/create
OPENS_WITHIN = timedelta(minutes=31)


def start_card_change(
    promise: RecurringDonation, *, failed_charge_id: int | None, language: str, return_url: Callable[[str], str]
) -> CardChange:
    """Write the row of a visit, or give the one that is open; call inside ``committed()`` with the promise locked.

    Args:
        promise: The locked row.
        failed_charge_id: Whose letter led here; none for a signed-in member.
        language: The page's.
        return_url: Gives where Stripe leads back, for the visit's reference.

    Raises:
        ChangeRefused: ``change_not_open`` where no card is charged any more.
    """
    if "card" not in acts_open(promise, now=clock.now()):
        raise ChangeRefused("change_not_open", act="card")
    found = find_open_card_change(promise.id)
    if found is not None:
        return found
    reference = references.new_reference()
    now = clock.now()
    visit = CardChange(
        reference=reference,
        recurring_id=promise.id,
        failed_charge_id=failed_charge_id,
        state="open",
        language=language,
        return_url=return_url(reference),
        opened_at=now,
        expires_at=(now + timedelta(minutes=PAGE_MINUTES)).replace(microsecond=0),
    )
    db.session.add(visit)
    db.session.flush()
    return visit


def keep_card(visit: CardChange, payment_method_id: str, newest: OpenInvoice | None) -> None:
    """Note the card that was kept and the charge it is asked for, before either is used; call inside ``committed()``.

    Args:
        visit: The locked row.
        payment_method_id: Stripe's.
        newest: The newest open invoice; older ones are voided.
    """
    if visit.state == "open":
        visit.state = "kept"
        visit.stripe_payment_method_id = payment_method_id
        if newest is not None:
            visit.stripe_invoice_id, visit.collect_minor = newest.invoice_id, newest.amount.minor


def end_card_change(visit: CardChange, state: str, collected: str = "") -> None:
    """End a visit; call inside ``committed()``.

    Args:
        visit: The locked row.
        state: ``done`` or ``expired``.
        collected: What became of the open charge.
    """
    visit.state, visit.collected, visit.ended_at = state, collected, clock.now()
