"""Where a gift's pages are: its own, and where its payment page leads."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from donate import references
from donate.giving.models import Donation
from donate.giving.open_checkout import Ways
from donate.newsroom.models import Fund, Newsroom
from donate.payments.setup import product_id
from donate.web.headers import site_url
from donate.web.language import prefixed
from donate.web.surface import pay_path


def gift_path(reference: str, language: str, **more: str) -> str:
    """Write the address of a gift's own page, with the key that shows it to whoever holds it.

    Args:
        reference: The gift's.
        language: Of the page.
        more: Further arguments.
    """
    query = urlencode({"key": references.sign("gift", reference), **more})
    return prefixed(f"/gifts/{reference}?{query}", language)


def change_path(reference: str, language: str) -> str:
    """Write the address of the form filled as a gift's form was sent."""
    query = urlencode({"gift": reference, "key": references.sign("gift", reference)})
    return prefixed(f"/donate?{query}", language)


def ways_for(fund: Fund, newsroom: Newsroom) -> Callable[[Donation], Ways]:
    """Tell for any donation where its payment page leads.

    Args:
        fund: What the money is for.
        newsroom: Whose name stands on the statement.
    """
    product, suffix = product_id(fund.code), newsroom.statement_suffix

    def ways(donation: Donation) -> Ways:
        return Ways(
            site=site_url(),
            gift_url=site_url() + gift_path(donation.reference, donation.language),
            pay_url=site_url() + pay_path(donation.reference, donation.language),
            product=product,
            statement_suffix=suffix,
        )

    return ways
