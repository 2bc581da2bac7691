"""Whatever order events come in, early, late, twice or never: the same rows in the end."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import stripe
from flask.testing import FlaskClient

from donate.appeals.models import AppealTally
from donate.commands.worker import JOBS
from donate.fulfillment import apply_dispute
from donate.giving.models import Dispute, Donation, Refund
from donate.ledger.models import LedgerEntry, Payout, PayoutItem
from donate.mail.models import MailMessage
from donate.receipts.models import Receipt
from donate.recurring.models import RecurringDonation
from donate.reports.check import check_everything
from donate.sandbox.app import Sandbox
from donate.sandbox.deliveries import Delivery
from tests.make.books import DAY
from tests.make.gifts import Gifts
from tests.make.rows import every

Work = Callable[[], int]
Due = Callable[[], None]

#: What the season below comes to, in cents and days: once, whatever is told of it and when.
IN_THE_END: dict[str, list[tuple[str, ...]]] = {
    "gifts": [
        ("succeeded", "one_time", "2620", "120", "2026-03-02"),
        ("succeeded", "one_time", "4000", "0", "2026-03-02"),
        ("succeeded", "one_time", "6000", "0", "2026-03-02"),
        ("succeeded", "recurring", "1500", "0", "2026-03-02"),
        ("succeeded", "recurring", "1500", "0", "2026-04-02"),
        ("succeeded", "recurring", "1500", "0", "2026-05-02"),
    ],
    "promises": [("active", "1500")],
    "receipts": [("1500",), ("1500",), ("1500",), ("2500",), ("2620",), ("6000",)],
    "refunds": [("succeeded", "1500", "2026-03-02")],
    "disputes": [("won", "6000", "2026-03-02")],
    "entries": [
        ("charge", "1500", "1426", "2026-03-02", "2026-03-02"),
        ("charge", "1500", "1426", "2026-04-02", "2026-04-02"),
        ("charge", "1500", "1426", "2026-05-02", "2026-05-02"),
        ("charge", "2620", "2514", "2026-03-02", "2026-03-02"),
        ("charge", "4000", "3854", "2026-03-02", "2026-03-02"),
        ("charge", "6000", "5796", "2026-03-02", "2026-03-02"),
        ("dispute", "-6000", "-7500", "2026-03-02", "2026-03-02"),
        ("dispute_reversal", "6000", "6000", "2026-03-06", "2026-03-06"),
        ("outside", "900", "844", "2026-03-02", "2026-03-02"),
        ("payout", "-1426", "-1426", "2026-04-05", "2026-04-05"),
        ("payout", "-1426", "-1426", "2026-05-05", "2026-05-05"),
        ("payout", "-5434", "-5434", "2026-03-05", "2026-03-05"),
        ("payout", "-6000", "-6000", "2026-03-07", "2026-03-07"),
        ("refund", "-1500", "-1500", "2026-03-02", "2026-03-02"),
    ],
    "payouts": [
        ("paid", "1426", "proved"), ("paid", "1426", "proved"), ("paid", "5434", "proved"), ("paid", "6000", "proved"),
    ],
    "parts": [("10",)],
    "goals": [("15500", "6", "1")],
    "letters": [("dispute_closed",), *[("receipt",)] * 6, ("refunded",)],
}  # fmt: skip


def season(gifts: Gifts, box: Sandbox) -> Iterator[None]:
    """Live through a season at Stripe, stage by stage."""
    shop = stripe.StripeClient("sk_test_shop", http_client=box.http_client(), max_network_retries=0)
    gifts.paid(amount="25.00", cover="1.20")
    gifts.paid(frequency="month", amount="15.00")
    yield
    gifts.paid(amount="40.00")
    gifts.paid(amount="60.00")
    box.advance(seconds=60)
    yield
    charges = {charge.amount: charge for charge in shop.v1.charges.list({"limit": 100}).data}
    shop.v1.refunds.create({"charge": charges[4000].id, "amount": 1500})
    opened = box.dispute(charges[6000].id, "fraudulent")
    box.outside_charge(900, "usd")
    yield
    box.advance(seconds=4 * DAY)
    yield
    box.decide(opened, "win")
    yield
    box.advance(seconds=33 * DAY)
    yield
    box.advance(seconds=32 * DAY)
    yield


class Teller:
    """Tells what Stripe has to tell, in an order of its own."""

    def __init__(self, box: Sandbox, client: FlaskClient, work: Work, seed: int | None) -> None:
        self.box, self.client, self.work = box, client, work
        self.dice = None if seed is None else random.Random(seed)
        self.kept_back: list[Delivery] = []

    def tell(self) -> None:
        """Tell of the stage that was lived through; by dice, lose a part, double a part, keep a part for later."""
        told = [*self.kept_back, *self.box.pull_deliveries()]
        self.kept_back = []
        if self.dice is not None:
            dice = self.dice
            told = [each for each in told if dice.random() > 0.2]
            self.kept_back = [each for each in told if dice.random() < 0.4]
            told += [each for each in told if dice.random() < 0.3]
            dice.shuffle(told)
        for delivery in told:
            answer = self.client.post("/webhooks/stripe", data=delivery.body, headers=delivery.headers)
            assert answer.status_code in (200, 400)  # one that was kept back for long is signed too long ago
            if self.dice is None or self.dice.random() < 0.3:
                self.work()


def live(gifts: Gifts, box: Sandbox, teller: Teller, now_due: Due) -> dict[str, list[tuple[str, ...]]]:
    """Live through the season, then let pauses run out and the schedules run; give what the rows say."""
    for _ in season(gifts, box):
        teller.tell()
    for _ in range(3):
        now_due()
        teller.work()
        JOBS["catch_up"](slot="1")
        JOBS["sweep"](slot="1")
        teller.work()
    return facts()


def facts() -> dict[str, list[tuple[str, ...]]]:
    """Give what the rows say, without numbers, references and times of writing."""

    def sums(model: type[Any], *names: str) -> list[tuple[str, ...]]:
        return sorted(tuple(str(getattr(row, name)) for name in names) for row in every(model))

    return {
        "gifts": sums(Donation, "status", "kind", "amount_minor", "fee_cover_minor", "received_on"),
        "promises": sums(RecurringDonation, "status", "amount_minor"),
        # Those that hold: one that was replaced is there or not, by what its gift's receipt already knew.
        "receipts": [(amount,) for status, amount in sums(Receipt, "status", "amount_minor") if status == "issued"],
        "refunds": sums(Refund, "status", "amount_minor", "refunded_on"),
        "disputes": sums(Dispute, "status", "amount_minor", "opened_on"),
        "entries": sums(LedgerEntry, "entry_type", "gross_minor", "settlement_net_minor", "occurred_on", "booked_on"),
        "payouts": sums(Payout, "status", "amount_minor", "proof"),
        "parts": [(str(len(every(PayoutItem))),)],
        "goals": sums(AppealTally, "raised_minor", "gifts", "people"),
        # Whoever hears of a dispute only when it is over is not told first that it was opened.
        # A receipt that already knew what went back is not corrected.
        "letters": [
            each for each in sums(MailMessage, "template") if each not in (("dispute_opened",), ("receipt_corrected",))
        ],
    }


@pytest.mark.parametrize("seed", [None, *range(7)])
def test_any_order_any_copies_and_any_losses_end_in_the_same_rows(
    gifts: Gifts, box: Sandbox, client: FlaskClient, work: Work, now_due: Due, seed: int | None
) -> None:
    assert live(gifts, box, Teller(box, client, work, seed), now_due) == IN_THE_END
    assert check_everything() == []


def test_what_a_payload_says_taken_for_what_is_ends_elsewhere(
    gifts: Gifts, box: Sandbox, client: FlaskClient, work: Work, now_due: Due, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: without looking at Stripe, a dispute stands as its first event said."""
    real = apply_dispute.retrieve_dispute
    first: dict[str, Any] = {}
    monkeypatch.setattr(
        apply_dispute, "retrieve_dispute", lambda dispute_id: first.setdefault(dispute_id, real(dispute_id))
    )
    found = live(gifts, box, Teller(box, client, work, None), now_due)
    assert found["disputes"] == [("needs_response", "6000", "2026-03-02")]
    assert found != IN_THE_END
    assert "disputes_are_in_the_books" in {each.name for each in check_everything()}


def test_without_the_look_for_an_invoices_gift_the_key_alone_keeps_it_one(
    gifts: Gifts, box: Sandbox, client: FlaskClient, work: Work, now_due: Due, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("donate.recurring.collect.find_donation_of_invoice", lambda *given, **named: None)
    assert live(gifts, box, Teller(box, client, work, 1), now_due) == IN_THE_END
