"""What we ask of Stripe and what it told us: frozen values, none of its own objects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

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
        ui_mode: ``hosted_page``, or ``elements`` for the Payment Element on our own page.
        back_url: Where Checkout leads after payment, and where it leads when the reader turns back.
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
    ui_mode: str
    back_url: str
    expires_at: datetime
    statement_suffix: str = ""


@dataclass(frozen=True)
class Payment:
    """Money that moved, or tried to: a PaymentIntent with its latest charge."""

    payment_intent_id: str
    status: str
    amount: Money
    charge_id: str | None
    #: When the charge was made; None for a bank debit, whose money comes days after.
    charged_at: datetime | None
    method: str
    card_brand: str
    card_last4: str
    #: Decline or error code of the last try; empty when there was none.
    failure_code: str


@dataclass(frozen=True)
class Mark:
    """What we write into the metadata of each payment: the gift's reference, and the site it was given on."""

    reference: str = ""
    site: str = ""


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
    #: Of the hosted page; empty with Elements.
    url: str
    #: What Elements on our page begins with; empty on the hosted page. For the payer's browser only, and never kept.
    client_secret: str
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
    amount_due: Money
    #: How often a bank was asked, and when Stripe asks again; none when it does not.
    attempts: int
    next_attempt_at: datetime | None
    #: Why the bank refused last, where the invoice is open and was tried.
    failure_code: str


@dataclass(frozen=True)
class Card:
    """The card that repeated charges go to.

    Args:
        good_until: The last day it is good on.
    """

    brand: str
    last4: str
    good_until: date


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
    #: Stripe's ``cancellation_details.reason``: who or what ended it; empty while it lives.
    ended_because: str
    anchor_at: datetime
    #: ``pause_collection``: charges that fall due are voided; until when, where an end is set.
    is_paused: bool
    resumes_at: datetime | None
    #: The one item and its product, which a change of the price needs.
    item_id: str
    product: str
    card: Card | None


@dataclass(frozen=True)
class SubscriptionElsewhere:
    """A subscription that another system began, with all that decides whether it can be kept here.

    Args:
        state: As any of ours is seen.
        promise: ``donate_promise``: the reference of the promise here that it was marked with; empty before.
        email: Its customer's.
        name: The same.
        started_at: When it began.
        items: How many prices it charges at once.
        quantity: How often the one price is charged.
        interval_count: How many intervals lie between two charges.
        has_plain_price: Whether its price is one whole amount.
        charges_by_itself: Whether Stripe charges it, and no invoice is sent to be paid by hand.
        has_discount: Whether less is charged than its price.
        charged_soon: Whether Stripe is charging it now, or will within the hour.
        fee_percent: What a platform keeps of each charge; empty for nothing.
    """

    state: SubscriptionState
    promise: str
    email: str
    name: str
    started_at: datetime
    items: int
    quantity: int
    interval_count: int
    has_plain_price: bool
    charges_by_itself: bool
    has_discount: bool
    charged_soon: bool
    fee_percent: str


@dataclass(frozen=True)
class SubscriptionChange:
    """What shall be different about a subscription; what is None stays as it is.

    https://docs.stripe.com/api/subscriptions/update

    Args:
        price: (amount, interval) from the next charge on; nothing is charged or given back for the time until then.
        next_charge_at: When the next charge falls due.
        paused_until: Charges before it are voided.
        resumes: Charges are made again.
        cancel_at_period_end: Whether it ends instead of charging again.
    """

    price: tuple[Money, str] | None = None
    next_charge_at: datetime | None = None
    paused_until: datetime | None = None
    resumes: bool = False
    cancel_at_period_end: bool | None = None


@dataclass(frozen=True)
class CardRequest:
    """One visit to Stripe's page that keeps another card.

    Args:
        reference: Our row's: metadata and idempotency key.
        currency: Of the charges to come, ISO.
    """

    reference: str
    site: str
    customer_id: str
    currency: str
    language: str
    return_url: str
    expires_at: datetime


@dataclass(frozen=True)
class CardState:
    """How such a visit stands.

    Args:
        status: The session's: ``open``, ``complete`` or ``expired``.
        payment_method_id: The card that was kept.
    """

    session_id: str
    status: str
    url: str
    reference: str
    payment_method_id: str | None


@dataclass(frozen=True)
class OpenInvoice:
    """An invoice that waits for its payment."""

    invoice_id: str
    amount: Money
    created_at: datetime


@dataclass(frozen=True)
class EventSeen:
    """An event as Stripe lists it."""

    event_id: str
    type: str
    object_id: str
    created_at: datetime
    payload: bytes


@dataclass(frozen=True)
class TransactionSource:
    """What a balance transaction is about, as far as it is about a payment.

    Args:
        kind: Stripe's ``object``: ``charge``, ``refund``, ``dispute``, ``payout`` …; empty where none is named.
        source_id: Its id.
        amount: In the payer's currency, above zero; None where the source has none.
    """

    kind: str = ""
    source_id: str = ""
    amount: Money | None = None
    charge_id: str | None = None
    payment_intent_id: str | None = None


@dataclass(frozen=True)
class BalanceTransaction:
    """One movement of the account's balance: https://docs.stripe.com/api/balance_transactions/object.

    Args:
        amount: Gross in the settlement currency, signed: money in is positive.
        fee: What Stripe kept of it, positive; a fee given back is negative.
        exchange_rate: From the payer's currency, as Stripe wrote it; empty where nothing was exchanged.
    """

    transaction_id: str
    type: str
    reporting_category: str
    amount: Money
    fee: Money
    created_at: datetime
    available_at: datetime
    exchange_rate: str
    description: str
    source: TransactionSource

    @property
    def net(self) -> Money:
        """What it changed the balance by."""
        return self.amount - self.fee


@dataclass(frozen=True)
class ChargeState:
    """A charge as Stripe holds it now."""

    charge_id: str
    livemode: bool
    #: ``succeeded``, ``pending`` or ``failed``.
    status: str
    amount: Money
    payment_intent_id: str | None
    created_at: datetime
    #: What it brought and cost; None until Stripe has reckoned it.
    transaction: BalanceTransaction | None


@dataclass(frozen=True)
class RefundState:
    """A refund as Stripe holds it now."""

    refund_id: str
    #: ``pending``, ``requires_action``, ``succeeded``, ``failed`` or ``canceled``.
    status: str
    amount: Money
    reason: str
    failure_reason: str
    charge_id: str | None
    payment_intent_id: str | None
    created_at: datetime
    #: ``donate_refund``: the reference of our own row, where we asked for it.
    mark: str
    #: What it moved in the balance: the refund itself, and its return where it failed later.
    transactions: tuple[BalanceTransaction, ...]


@dataclass(frozen=True)
class DisputeState:
    """A dispute as Stripe holds it now."""

    dispute_id: str
    livemode: bool
    #: Stripe's: ``needs_response``, ``under_review``, ``won``, ``lost``, ``warning_…``, ``prevented``.
    status: str
    amount: Money
    reason: str
    charge_id: str | None
    payment_intent_id: str | None
    created_at: datetime
    evidence_due_at: datetime | None
    transactions: tuple[BalanceTransaction, ...]


@dataclass(frozen=True)
class PayoutState:
    """A payout as Stripe holds it now."""

    payout_id: str
    livemode: bool
    #: ``pending``, ``in_transit``, ``paid``, ``failed`` or ``canceled``.
    status: str
    amount: Money
    automatic: bool
    created_at: datetime
    arrival_at: datetime
    #: Its own movements: out, and back where it failed.
    transactions: tuple[BalanceTransaction, ...]
    failure_code: str
    #: Whether Stripe says which transactions it holds: ``completed``, ``in_progress`` or ``not_applicable``.
    reconciliation: str
