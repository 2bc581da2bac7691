"""Walk the main flow on a real Stripe test account, as far as it goes without a card: ``make live-check``.

It makes one product, opens a page for a gift once and a monthly one with the parameters the desk itself sends, looks
at them, finds one by its reference, closes both and lists events. Nothing is charged; nothing is left open.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta

from donate import clock, payments, references
from donate.money import Money
from donate.payments.checkout import expire_session, find_session, open_session, retrieve_session
from donate.payments.errors import StripeRefused, StripeUnanswered
from donate.payments.events import list_events
from donate.payments.setup import ensure_product, product_id
from donate.payments.values import CheckoutRequest

SITE = "https://live-check.example.org"
FUND = "live-check"


def main() -> int:
    """Run every step; give the exit code."""
    key = os.environ.get("STRIPE_SECRET_KEY", "")
    if not key:
        print("skipped: STRIPE_SECRET_KEY is not set (it needs a key that begins with sk_test_)")
        return 0
    if not key.startswith(("sk_test_", "rk_test_")):
        print("STRIPE_SECRET_KEY is no test key; this check never speaks to a live account.")
        return 1
    payments.connect(key, os.environ.get("STRIPE_API_BASE") or "https://api.stripe.com")
    try:
        walk()
    except (StripeRefused, StripeUnanswered, AssertionError) as error:
        print(f"FAILED: {error}")
        return 1
    print("Every step went as the desk expects.")
    return 0


def walk() -> None:
    """Do each step and say it."""
    print(f"API version {payments.API_VERSION}")
    made = ensure_product(FUND, "Live check (may be archived)")
    print(f"product {product_id(FUND)}: {'made' if made else 'stands'}")
    began = clock.real_now()
    for frequency, mode in (("once", "payment"), ("month", "subscription")):
        asked = _request(frequency)
        session = open_session(asked)
        assert (session.status, session.mode, session.reference) == ("open", mode, asked.reference), session
        assert not session.livemode
        assert open_session(asked).session_id == session.session_id, "the same request made a second page"
        found = find_session(asked.reference, began - timedelta(minutes=5), clock.real_now() + timedelta(minutes=5))
        assert found is not None, "the page was not found by its reference"
        assert found.session_id == session.session_id
        assert retrieve_session(session.session_id).payment_status == "unpaid"
        assert expire_session(session.session_id).status == "expired"
        print(f"{frequency}: page opened, repeated, found, looked at and closed ({session.session_id[:16]}…)")
    print(f"events since: {len(list_events(began - timedelta(minutes=1), clock.now() + timedelta(minutes=1)))}")


def _request(frequency: str) -> CheckoutRequest:
    reference = references.new_reference()
    return CheckoutRequest(
        reference=reference,
        site=SITE,
        frequency=frequency,
        amount=Money(2500, "USD"),
        product=product_id(FUND),
        email="live-check@example.org",
        customer_id=None,
        language="en",
        ui_mode="hosted_page",
        back_url=f"{SITE}/gifts/{reference}",
        expires_at=(clock.real_now() + timedelta(minutes=60)).replace(microsecond=0),
        statement_suffix="GIFT" if frequency == "once" else "",
    )


if __name__ == "__main__":
    sys.exit(main())
