"""Apply a Checkout Session: what the return page, the event, the sweeper and a second press all call."""

from __future__ import annotations

from dataclasses import dataclass

from donate.db import committed, lock
from donate.errors import DonateError
from donate.fulfillment.after_gift import after_gift
from donate.fulfillment.follow_promise import follow_promise
from donate.giving.complete import move_donation
from donate.giving.models import Donation
from donate.giving.queries import get_donation
from donate.giving.status import TERMINAL, status_of_checkout
from donate.newsroom.queries import get_newsroom
from donate.payments.billing import retrieve_invoice, retrieve_subscription
from donate.payments.checkout import retrieve_session
from donate.payments.values import CheckoutState, InvoiceState, Payment, SubscriptionState
from donate.recurring.follow import abandon
from donate.recurring.models import RecurringDonation
from donate.recurring.queries import get_recurring

#: Others may change the row while Stripe is asked; so often it is asked again.
TRIES = 5


class MovedMeanwhile(DonateError):
    """The row kept changing while Stripe was asked; the job tries again later."""

    def __init__(self, reference: str) -> None:
        super().__init__("moved_meanwhile", reference=reference)


def apply_checkout(donation_id: int) -> Donation:
    """Ask Stripe how a donation's session stands and apply it; call outside ``committed()``.

    Args:
        donation_id: Of a donation; one without a session or at its end is returned as it is.

    Raises:
        StripeUnanswered: Nobody knows yet; the row is as it was.
        MovedMeanwhile: Others kept changing the gift or its promise.
    """
    for _ in range(TRIES):
        donation = get_donation(donation_id)
        if donation.status in TERMINAL or donation.stripe_checkout_session_id is None:
            return donation
        versions = donation.version, _promise_version(donation)
        session = retrieve_session(donation.stripe_checkout_session_id)
        seen = Seen(
            session,
            retrieve_invoice(session.invoice_id) if session.invoice_id else None,
            retrieve_subscription(session.subscription_id) if session.subscription_id else None,
        )
        if _apply(donation_id, versions, seen):
            return get_donation(donation_id)
    raise MovedMeanwhile(get_donation(donation_id).reference)


@dataclass(frozen=True)
class Seen:
    """What Stripe holds of one attempt, fetched together."""

    session: CheckoutState
    invoice: InvoiceState | None
    subscription: SubscriptionState | None

    @property
    def payment(self) -> Payment | None:
        """The money that moved or tried to."""
        return self.invoice.payment if self.invoice is not None else self.session.payment

    @property
    def status(self) -> str:
        """What it amounts to for the donation.

        A first debit that the bank refused is tried again: the invoice tells whether that brought the money, and
        only its end, or that of its subscription, tells that none will come.
        """
        status = status_of_checkout(self.session)
        if status != "processing" or self.invoice is None:
            return status
        if self.invoice.status == "paid":
            return "succeeded"
        ended = self.subscription is not None and self.subscription.status in ("canceled", "incomplete_expired")
        return "failed" if ended or self.invoice.status in ("void", "uncollectible") else status


def _apply(donation_id: int, versions: tuple[int, int | None], seen: Seen) -> bool:
    zone = get_newsroom().time_zone
    session, invoice = seen.session, seen.invoice
    with committed():
        donation = lock(Donation, donation_id)
        promise = lock(RecurringDonation, donation.recurring_id) if donation.recurring_id else None
        if (donation.version, promise.version if promise is not None else None) != versions:
            return False
        _refuse_strangers(donation, session)
        if invoice is not None:
            donation.stripe_invoice_id = invoice.invoice_id
        if promise is not None and seen.subscription is not None:
            follow_promise(promise, seen.subscription)
        succeeded = move_donation(
            donation,
            seen.status,
            seen.payment,
            zone=zone,
            paid_at=invoice.paid_at if invoice is not None else None,
        )
        if succeeded:
            after_gift(donation, promise, customer_id=session.customer_id)
        elif promise is not None and donation.status in TERMINAL - {"succeeded"}:
            abandon(promise)
    return True


def _promise_version(donation: Donation) -> int | None:
    return get_recurring(donation.recurring_id).version if donation.recurring_id else None


def _refuse_strangers(donation: Donation, session: CheckoutState) -> None:
    # We asked for this session by the id on our own row; its words must agree all the same.
    if session.livemode != donation.livemode or session.reference != donation.reference:
        raise ValueError(f"{session.session_id} does not belong to gift {donation.reference}")
