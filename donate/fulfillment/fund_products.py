"""Fund products: what a gift to a fund is called at Stripe, made there when the fund is new and renamed with it."""

from __future__ import annotations

from donate.db import committed
from donate.newsroom.queries import find_fund, list_funds
from donate.payments.setup import ensure_product


def ensure_fund_products() -> dict[str, bool]:
    """Make every fund's product or bring its name up to date, and note that it stands.

    Returns:
        By the fund's code, whether it was made now.

    Raises:
        StripeRefused: When Stripe answered no.
        StripeUnanswered: When nobody knows; asked again, nothing is doubled.
    """
    made = {}
    for code, name in [(fund.code, fund.name) for fund in list_funds()]:
        made[code] = ensure_product(code, name)
        with committed():
            fund = find_fund(code)
            if fund is not None:
                fund.name_at_stripe = name
    return made
