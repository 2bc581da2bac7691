"""What we ask of Stripe and what it told us: frozen values, none of its own objects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from donate.money import Money


@dataclass(frozen=True)
class CheckoutRequest:
    """One Checkout Session to open.

    Args:
        reference: Our gift's reference: metadata, client reference and idempotency key.
        site: Our site's address, so that several sites may share one account.
        frequency: ``once``, ``month`` or ``year``.
        amount: What is charged each time.
        product: The fund's product id.
        email: Where the payer is reached; Checkout fills it in.
        customer_id: A proven donor's customer; then no e-mail is sent along.
        language: Ours; sent only where Checkout speaks it.
        success_url: Where Checkout leads after payment.
        cancel_url: Where it leads when the reader turns back.
        expires_at: When the session ends by itself.
        statement_suffix: What follows the account's name on the card statement of a one-time gift.
    """

    reference: str
    site: str
    frequency: str
    amount: Money
    product: str
    email: str
    customer_id: str | None
    language: str
    success_url: str
    cancel_url: str
    expires_at: datetime
    statement_suffix: str = ""


@dataclass(frozen=True)
class Payment:
    """Money that moved, or tried to: a PaymentIntent with its latest charge."""

    payment_intent_id: str
    status: str
    amount: Money
    charge_id: str | None
    #: When the charge was made.
    charged_at: datetime | None
    method: str
    card_brand: str
    card_last4: str
    #: Decline or error code of the last try; empty when there was none.
    failure_code: str


@dataclass(frozen=True)
class CheckoutState:
    """A Checkout Session as Stripe holds it now."""

    session_id: str
    livemode: bool
    #: ``open``, ``complete`` or ``expired``.
    status: str
    #: ``paid``, ``unpaid`` or ``no_payment_required``.
    payment_status: str
    reference: str
    site: str
    url: str
    mode: str
    payment: Payment | None
    invoice_id: str | None
    subscription_id: str | None
    customer_id: str | None


@dataclass(frozen=True)
class InvoiceState:
    """An invoice of a subscription as Stripe holds it now."""

    invoice_id: str
    livemode: bool
    status: str
    billing_reason: str
    amount_paid: Money
    subscription_id: str | None
    #: ``donate_ref`` and ``donate_site`` of the subscription's metadata.
    reference: str
    site: str
    paid_at: datetime | None
    payment: Payment | None


@dataclass(frozen=True)
class SubscriptionState:
    """A subscription as Stripe holds it now."""

    subscription_id: str
    livemode: bool
    status: str
    customer_id: str
    reference: str
    site: str
    amount: Money
    interval: str
    next_charge_at: datetime | None
    cancel_at_period_end: bool
    ended_at: datetime | None


@dataclass(frozen=True)
class EventSeen:
    """An event as Stripe lists it."""

    event_id: str
    type: str
    object_id: str
    payload: bytes
