"""Open the payment page for a donation that has its row."""

from __future__ import annotations

from dataclasses import dataclass

from donate.db import committed, lock
from donate.giving.models import Donation
from donate.giving.queries import get_donation
from donate.payments.checkout import expire_session, open_session
from donate.payments.values import CheckoutRequest


@dataclass(frozen=True)
class Ways:
    """Where the payment page leads, and what it needs to know of us.

    Args:
        site: Our site's address.
        gift_url: The gift's own page.
        product: The fund's product at Stripe.
        statement_suffix: For one-time gifts.
        pay_url: Our page with the Payment Element, for gifts that are paid there.
    """

    site: str
    gift_url: str
    product: str
    statement_suffix: str = ""
    pay_url: str = ""


def open_checkout(donation_id: int, ways: Ways, customer_id: str | None = None) -> Donation:
    """Open the Checkout Session of a donation, once, and note it; call outside ``committed()``.

    Args:
        donation_id: Of a committed row.
        ways: Where it leads.
        customer_id: A signed-in, proven donor's customer at Stripe.

    Raises:
        StripeRefused: Stripe's no; nothing was charged.
        StripeUnanswered: Nobody knows; the same call asks again under the same key.
    """
    donation = get_donation(donation_id)
    if donation.stripe_checkout_session_id is not None:
        return donation
    session = open_session(_request(donation, ways, customer_id))
    with committed():
        donation = lock(Donation, donation_id)
        if session.livemode != donation.livemode:
            raise RuntimeError(f"{session.session_id} and its gift are not of one mode, live or test")
        still_wanted = donation.status == "pending"
        if still_wanted:
            donation.stripe_checkout_session_id = session.session_id
            donation.checkout_url = session.url or ways.pay_url
    if not still_wanted:
        # Another press gave this attempt up while its page was being opened: nobody may pay there.
        expire_session(session.session_id)
    return get_donation(donation_id)


def _request(donation: Donation, ways: Ways, customer_id: str | None) -> CheckoutRequest:
    assert donation.checkout_expires_at is not None
    return CheckoutRequest(
        reference=donation.reference,
        site=ways.site,
        frequency=donation.frequency,
        amount=donation.amount,
        product=ways.product,
        email=donation.email,
        customer_id=customer_id,
        language=donation.language,
        ui_mode=donation.ui_mode,
        back_url=ways.gift_url,
        expires_at=donation.checkout_expires_at,
        statement_suffix=ways.statement_suffix,
    )
