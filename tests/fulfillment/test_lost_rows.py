"""Gifts whose rows are gone, as after a backup that is too old: their money is never quietly somebody else's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
import stripe
from flask import Flask

from donate.commands.worker import JOBS
from donate.db import committed, db
from donate.giving.models import Donation
from donate.ledger.models import LedgerEntry
from donate.reports.check import check_everything
from donate.sandbox.app import Sandbox
from tests.make.books import DAY, assert_books_equal_stripe
from tests.make.gifts import Gifts
from tests.make.outbox import Outbox, text_of
from tests.make.rows import count, every
from tests.make.signing_in import Comings

Settle = Callable[..., None]


def lose(donation: Donation) -> str:
    """Take a gift's rows away, as a restored backup does; give its reference."""
    reference: str = donation.reference
    with committed() as session:
        for table in ("donation", "recurring_donation"):
            session.execute(sa.text(f"DELETE FROM {table}"))  # of the two above
    db.session.expire_all()
    return reference


def raised() -> dict[str, tuple[str, ...]]:
    return {each.name: each.rows for each in check_everything()}


@pytest.mark.parametrize("frequency", ["once", "month"])
def test_money_that_bears_our_mark_and_has_no_row_is_raised_and_never_called_somebody_elses(
    app: Flask, gifts: Gifts, box: Sandbox, settle: Settle, outbox: Outbox, comings: Comings, frequency: str
) -> None:
    reference = lose(gifts.paid(frequency=frequency))
    settle()
    box.advance(seconds=60)
    settle()
    (entry,) = every(LedgerEntry)
    assert (count(Donation), entry.entry_type, entry.marked_for) == (0, "unclassified", reference)
    assert raised() == {"no_gift_of_ours_is_lost": (f"{entry.source_key} (charge) of gift {reference}",)}
    # What Stripe holds is in the books all the same, to the cent.
    assert_books_equal_stripe()
    comings.hire("owner")
    JOBS["check"](slot="1")
    JOBS["look"](slot="1")
    settle()
    assert "1 rule of the books does not hold." in text_of(outbox.to("owner@newsroom.example")[-1])
    result = app.test_cli_runner().invoke(args=["reconcile"])
    assert result.exit_code == 1
    said = f"DIFFERENCE {entry.source_key}: bears the mark of our gift {reference}, which is not here"
    assert said in result.output
    assert "0 of 1 lines differ, 1 differences named. Difference 0.00 USD." in result.output


def test_its_refund_and_its_dispute_are_raised_too_and_its_payout_still_proves(
    gifts: Gifts, box: Sandbox, settle: Settle
) -> None:
    shop = stripe.StripeClient("sk_test_shop", http_client=box.http_client(), max_network_retries=0)
    reference = lose(gifts.paid(amount="60.00"))
    settle()
    box.advance(seconds=60)
    (charge,) = shop.v1.charges.list({"limit": 9}).data
    shop.v1.refunds.create({"charge": charge.id, "amount": 1500})
    box.dispute(charge.id, "fraudulent")
    box.advance(seconds=5 * DAY)
    settle()
    JOBS["catch_up"](slot="1")
    marked = [(each.entry_type, each.stripe_type, each.marked_for) for each in every(LedgerEntry)]
    kinds = {kind for _, kind, _ in marked}
    assert kinds >= {"charge", "refund", "adjustment"}
    assert {(kind, mark) for kind, _, mark in marked} <= {("unclassified", reference), ("payout", "")}
    assert set(raised()) == {"no_gift_of_ours_is_lost"}
    assert_books_equal_stripe()


@pytest.mark.parametrize("mark", [
    {}, {"donate_ref": "AAAAAAAAAAAAAAAA", "donate_site": "https://another.example"}, {"donate_ref": "not one of ours"},
])  # fmt: skip
def test_money_of_another_site_or_without_a_mark_stays_somebody_elses(
    gifts: Gifts, box: Sandbox, settle: Settle, mark: dict[str, str]
) -> None:
    shop = stripe.StripeClient("sk_test_shop", http_client=box.http_client(), max_network_retries=0)
    price: dict[str, Any] = {"currency": "usd", "product": shop.v1.products.create({"name": "A magazine"}).id}
    asked: Any = {
        "mode": "payment", "success_url": "http://127.0.0.1:5999/thanks", "payment_intent_data": {"metadata": mark},
        "line_items": [{"price_data": {**price, "unit_amount": 900}, "quantity": 1}],
    }  # fmt: skip
    box.complete(shop.v1.checkout.sessions.create(asked).id, email="reader@example.org")
    settle()
    box.advance(seconds=60)
    settle()
    assert [(each.entry_type, each.marked_for) for each in every(LedgerEntry)] == [("outside", "")]
    assert raised() == {}
