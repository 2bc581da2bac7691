"""Where a gift is paid: on Stripe's hosted page, or with the Payment Element on a page of ours."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import current_app

from donate import references
from donate.giving.models import Donation
from donate.payments.checkout import ELEMENTS, HOSTED_PAGE, speaks
from donate.web.language import prefixed


def ui_mode_for(language: str) -> str:
    """Tell where a gift is to be paid.

    Stripe's hosted page lacks languages that its Elements have: https://docs.stripe.com/js/appendix/supported_locales

    Args:
        language: Of the gift.
    """
    settings = current_app.config["DONATE"]
    if not settings.stripe_publishable_key:
        return HOSTED_PAGE
    return ELEMENTS if settings.pay_on_page or not speaks(language) else HOSTED_PAGE


def pay_path(reference: str, language: str) -> str:
    """Write the address of the page of ours where a gift is paid, with the gift's key.

    Args:
        reference: The gift's.
        language: Of the page.
    """
    query = urlencode({"key": references.sign("gift", reference)})
    return prefixed(f"/donate/pay/{reference}?{query}", language)


def leads_on(donation: Donation) -> str:
    """Tell where a gift just begun leads: to be paid, with a word before where the next page is in another language."""
    if donation.ui_mode == HOSTED_PAGE and not speaks(donation.language):
        return pay_path(donation.reference, donation.language)
    return donation.checkout_url
