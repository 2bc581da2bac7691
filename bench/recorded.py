"""Stripe's answers to a renewal, recorded once from the sandbox and given again for every seeded promise.

What is measured with them is our own cost, the library's reading of an answer included; nobody's server is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import stripe

from donate.sandbox.app import Sandbox

_EXPANDED = {"expand": ["data.payment.payment_intent.latest_charge"]}
_MONTH = 32 * 86400


class Recorded(stripe.HTTPClient):
    """Answers what the application asks about renewals ``in_bench_<n>`` and ``ch_bench_<n>``.

    Args:
        promises: The seeded promises' numbers; renewal n is of the promise ``n`` modulo their number.
    """

    name = "recorded"

    def __init__(self, promises: list[int]) -> None:
        super().__init__()
        self.promises = promises
        self.ids, self.answers = _record()

    def request(self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None,
                **more: Any) -> tuple[str, int, Mapping[str, str]]:  # fmt: skip
        """Answer one request with what was recorded, the ids of this renewal in place of the recorded ones."""
        parts = urlsplit(url)
        kind, _, key = parts.path.removeprefix("/v1/").partition("/")
        if kind == "invoice_payments":
            key = parse_qs(parts.query)["invoice"][0]
        number = key.rpartition("_")[2]
        promise = number if kind == "subscriptions" else ""
        if not promise and number.isdigit():
            promise = str(self.promises[int(number) % len(self.promises)])
        answer = self.answers[kind]
        for name, old in self.ids.items():
            of_promise = name in ("sub", "cus")
            answer = answer.replace(old, f"{name}_seeded_{promise}" if of_promise else f"{name}_bench_{number}")
        return answer, 200, {"request-id": "req_bench"}

    def close(self) -> None:
        """Nothing is open."""


def _record() -> tuple[dict[str, str], dict[str, str]]:
    """Let a monthly gift be renewed in a sandbox; give the ids and the answers by kind of object."""
    box = Sandbox(deliver="pull")
    ask = box.http_client()
    shop = stripe.StripeClient("sk_test_for_measuring", http_client=ask, max_network_retries=0)
    product = shop.v1.products.create({"name": "General"})
    price: Any = {"currency": "usd", "unit_amount": 1500, "product": product.id, "recurring": {"interval": "month"}}
    session = shop.v1.checkout.sessions.create({
        "mode": "subscription", "ui_mode": "hosted_page", "line_items": [{"price_data": price, "quantity": 1}],
        "success_url": "https://example.org", "customer_email": "giver@example.org",
    })  # fmt: skip
    box.complete(session.id, payment_method="pm_card_visa")
    box.advance(seconds=_MONTH)
    invoice = shop.v1.invoices.list({"limit": 1}).data[0]
    paid: Any = shop.v1.invoice_payments.list({"invoice": invoice.id, "limit": 1, **_EXPANDED}).data[0]
    intent = paid.payment.payment_intent
    charge: Any = shop.v1.charges.retrieve(intent.latest_charge.id, {"expand": ["balance_transaction"]})
    subscription = invoice.parent.subscription_details.subscription  # type: ignore[union-attr]
    ids = {"in": invoice.id, "sub": str(subscription), "cus": str(invoice.customer), "pi": intent.id,
           "ch": charge.id, "txn": charge.balance_transaction.id}  # fmt: skip

    def said(path: str) -> str:
        headers = {"Authorization": "Bearer sk_test_for_measuring", "Stripe-Version": stripe.api_version}
        return re.sub(r"\s*\n\s*", "", ask.request("get", f"http://127.0.0.1{path}", headers, None)[0])

    answers = {
        "account": said("/v1/account"),
        "invoices": said(f"/v1/invoices/{ids['in']}"),
        "invoice_payments": said(
            f"/v1/invoice_payments?invoice={ids['in']}&status=paid&limit=1"
            "&expand[0]=data.payment.payment_intent.latest_charge"
        ),
        "subscriptions": said(f"/v1/subscriptions/{ids['sub']}"),
        "charges": said(f"/v1/charges/{ids['ch']}?expand[0]=balance_transaction"),
    }
    box.close()
    return ids, answers
