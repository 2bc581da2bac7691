"""Another card: row, commit, Stripe's page; and what follows when a card was kept there."""

from __future__ import annotations

from collections.abc import Callable

from donate import clock
from donate.db import committed, lock
from donate.fulfillment.apply_invoice import apply_invoice
from donate.fulfillment.apply_subscription import apply_subscription
from donate.mail.queue import queue_mail
from donate.payments.billing import retrieve_invoice
from donate.payments.cards import charge_to_card, close_card_page, open_card_page, retrieve_card_page
from donate.payments.changing import list_open_invoices, pay_invoice, void_invoice
from donate.payments.errors import StripeRefused
from donate.payments.values import CardRequest
from donate.recurring.card import OPENS_WITHIN, end_card_change, keep_card, start_card_change
from donate.recurring.dun import end_failed_charges
from donate.recurring.letters import card_changed_letter
from donate.recurring.models import CardChange, RecurringDonation
from donate.recurring.queries import find_open_card_change, get_card_change, get_recurring


def open_card_change(
    promise_id: int, *, failed_charge_id: int | None, site: str, language: str, return_url: Callable[[str], str]
) -> CardChange:
    """Open Stripe's page for another card, one at a time for a promise; call outside ``committed()``.

    Args:
        promise_id: Whose card.
        failed_charge_id: Whose letter led here; none for a signed-in member.
        site: Our site's address, for the mark.
        language: The page's.
        return_url: Gives where Stripe leads back, for the visit's reference.

    Raises:
        ChangeRefused: Where no card is charged any more.
        StripeRefused: Stripe's no.
        StripeUnanswered: The page could not be opened; the same press asks again.
    """
    _close_stale(promise_id)
    with committed():
        promise = lock(RecurringDonation, promise_id)
        visit = start_card_change(promise, failed_charge_id=failed_charge_id, language=language, return_url=return_url)
        visit_id, request = visit.id, _request(promise, visit, site)
    if visit.stripe_checkout_session_id is not None:
        return get_card_change(visit_id)
    page = open_card_page(request)
    with committed():
        visit = lock(CardChange, visit_id)
        visit.stripe_checkout_session_id, visit.checkout_url = page.session_id, page.url
    return get_card_change(visit_id)


def _close_stale(promise_id: int) -> None:
    """End a visit that nobody can finish any more, and one whose card was kept while nobody looked."""
    visit = find_open_card_change(promise_id)
    if visit is not None:
        apply_card_change(visit.id)


def _request(promise: RecurringDonation, visit: CardChange, site: str) -> CardRequest:
    assert promise.stripe_customer_id is not None
    return CardRequest(
        reference=visit.reference,
        site=site,
        customer_id=promise.stripe_customer_id,
        currency=promise.currency,
        language=visit.language,
        return_url=visit.return_url,
        expires_at=visit.expires_at,
    )


def apply_card_change(visit_id: int) -> CardChange:
    """Ask Stripe how a visit ended and let it take effect; call outside ``committed()``.

    A kept card is charged from now on. Of the charges that were refused only the newest is collected, and the older
    ones are voided: nobody pays for several months at once because a card ran out.

    Args:
        visit_id: Of a visit; one that has ended is returned as it is.

    Raises:
        StripeUnanswered: Nobody knows yet; the same call goes on where it was.
    """
    visit = get_card_change(visit_id)
    if visit.state == "open":
        visit = _look(visit)
    if visit.state == "kept":
        _use(visit)
    return get_card_change(visit_id)


def _look(visit: CardChange) -> CardChange:
    if visit.stripe_checkout_session_id is None:
        # Its opening was never answered; whatever Stripe made of it, nobody has the address of that page.
        return _give_up(visit, is_due=clock.now() >= visit.expires_at - OPENS_WITHIN)
    page = retrieve_card_page(visit.stripe_checkout_session_id)
    if page.reference != visit.reference:
        raise ValueError(f"{page.session_id} does not belong to the visit {visit.reference}")
    if page.status == "open" and clock.now() >= visit.expires_at:
        page = close_card_page(page.session_id)
    if page.payment_method_id is None:
        return _give_up(visit, is_due=page.status == "expired")
    subscription_id = _subscription_of(visit)
    invoices = list_open_invoices(subscription_id)
    with committed():
        keep_card(lock(CardChange, visit.id), page.payment_method_id, invoices[0] if invoices else None)
    return get_card_change(visit.id)


def _give_up(visit: CardChange, *, is_due: bool) -> CardChange:
    if is_due:
        with committed():
            locked = lock(CardChange, visit.id)
            if locked.state == "open":
                end_card_change(locked, "expired")
    return get_card_change(visit.id)


def _use(visit: CardChange) -> None:
    """Do what the noted card is for; every step may be repeated."""
    subscription_id, method_id = _subscription_of(visit), visit.stripe_payment_method_id
    assert method_id is not None
    charge_to_card(subscription_id, method_id, visit.reference)
    for invoice in list_open_invoices(subscription_id):
        if invoice.invoice_id != visit.stripe_invoice_id:
            void_invoice(invoice.invoice_id)
    collected = _collect(visit, method_id)
    apply_subscription(subscription_id)
    with committed():
        promise = lock(RecurringDonation, visit.recurring_id)
        visit = lock(CardChange, visit.id)
        if visit.state == "kept":
            end_failed_charges(promise, but=visit.stripe_invoice_id)
            end_card_change(visit, "done", collected)
            queue_mail(card_changed_letter(promise, visit))


def _collect(visit: CardChange, method_id: str) -> str:
    invoice_id = visit.stripe_invoice_id
    if invoice_id is None:
        return ""
    try:
        pay_invoice(invoice_id, method_id, visit.reference)
        outcome = "processing"
    except StripeRefused:
        outcome = "refused"
    # Whatever was answered, the invoice tells: it may have been paid a moment before.
    if retrieve_invoice(invoice_id).status == "paid":
        outcome = "paid"
    apply_invoice(invoice_id)
    return outcome


def _subscription_of(visit: CardChange) -> str:
    subscription_id = get_recurring(visit.recurring_id).stripe_subscription_id
    assert subscription_id is not None
    return subscription_id
