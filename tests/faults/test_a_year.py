"""A whole year of everything a newsroom's account lives through, in two currencies: the books close to the cent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Literal

import stripe
from flask import Flask

from donate.commands.worker import JOBS
from donate.fulfillment.refund_gift import refund_gift
from donate.giving.models import Dispute, Donation, Refund
from donate.giving.refund import left_to_refund
from donate.ledger.models import LedgerEntry, Payout
from donate.money import Money
from donate.recurring.models import RecurringDonation
from donate.sandbox.app import Sandbox
from tests.make.books import DAY, assert_books_equal_stripe
from tests.make.gifts import Gifts
from tests.make.journal import assert_journal_closes
from tests.make.rows import every, fresh

Settle = Callable[..., None]
_CURRENCIES = ("USD", "EUR")
_OUTCOMES: tuple[Literal["win", "lose"], ...] = ("win", "lose")


class Year:
    """Lives through it, month by month."""

    def __init__(self, gifts: Gifts, box: Sandbox, settle: Settle) -> None:
        self.gifts, self.box, self.settle = gifts, box, settle
        self.dashboard = stripe.StripeClient("sk_test_dashboard", http_client=box.http_client(), max_network_retries=0)

    def begin(self) -> None:
        """Let promises begin: two that go well, one whose card fails for good, one whose giver brings a new card."""
        for currency in _CURRENCIES:
            self.gifts.paid(frequency="month", amount="15.00", currency=currency, cover="0.75")
        for amount in ("11.00", "12.00"):
            self.gifts.pay(self.gifts.begin(frequency="month", amount=amount), "pm_card_chargeCustomerFail")
        self.wait(4)

    def month(self, number: int) -> None:
        """Live through a month: gifts, refunds by the desk and in the dashboard, disputes, another product's sale."""
        currency = _CURRENCIES[number % 2]
        whole, part, failing = (
            self.gifts.begin(amount=amount, currency=currency) for amount in ("20.00", "30.00", "40.00")
        )
        for donation in (whole, part):
            self.gifts.pay(donation)
        self.gifts.pay(failing, "pm_card_refundFail")
        disputed = [self.gifts.paid(amount=amount, currency=currency) for amount in ("50", "60") if number % 3 == 0]
        self.box.outside_charge(900, currency.lower())
        self.wait(2)
        for donation in (whole, failing):
            self.give_back(donation)
        self.give_back(part, minor=1000)
        intent = str(fresh(part).stripe_payment_intent_id)
        self.dashboard.v1.refunds.create({"payment_intent": intent, "amount": 500})
        opened = [self.box.dispute(str(fresh(donation).stripe_charge_id)) for donation in disputed]
        self.wait(4)  # no longer: a dispute that nobody answers is lost
        for dispute, outcome in zip(opened, _OUTCOMES, strict=False):
            self.box.decide(dispute, outcome)
        self.wait(24)

    def give_back(self, donation: Donation, minor: int | None = None) -> None:
        """Give back a gift, or a part of it, as the desk's button does."""
        left = left_to_refund(fresh(donation))
        amount = left if minor is None else Money(minor, donation.currency)
        refund_gift(donation.id, amount, left_seen=left, reason="", asked_by="desk")

    def bring_a_new_card(self) -> None:
        """Let the giver of twelve dollars give a card that works; Stripe's next try takes it."""
        (late,) = [each for each in every(RecurringDonation) if each.amount_minor == 1200]
        assert late.status == "past_due"
        card = self.dashboard.v1.payment_methods.attach("pm_card_visa", {"customer": str(late.stripe_customer_id)})
        self.dashboard.v1.subscriptions.update(str(late.stripe_subscription_id), {"default_payment_method": card.id})
        self.settle()

    def wait(self, days: int) -> None:
        """Let days pass, and the schedules with them."""
        self.settle()
        self.box.advance(seconds=days * DAY)
        self.settle()
        for job in ("catch_up", "sweep"):
            JOBS[job](slot="1")
        self.settle()


def test_a_year_with_refunds_disputes_failed_cards_and_payouts_in_two_currencies_reconciles_to_the_cent(
    app: Flask, gifts: Gifts, box: Sandbox, settle: Settle
) -> None:
    year = Year(gifts, box, settle)
    year.begin()
    for number in range(12):
        year.month(number)
        if number == 0:
            year.bring_a_new_card()
    year.wait(12)

    runner = app.test_cli_runner()
    reconciled, checked = runner.invoke(args=["reconcile"]), runner.invoke(args=["check"])
    print(reconciled.output, checked.output, sep="\n")  # noqa: T201  # the table, for whoever asks with -s
    assert reconciled.exit_code == 0, reconciled.output
    assert reconciled.output.rstrip().endswith("Difference 0.00 EUR, 0.00 USD.")
    assert checked.exit_code == 0, checked.output
    assert_books_equal_stripe()
    assert_journal_closes()

    assert Counter(each.status for each in every(RecurringDonation)) == {"active": 3, "canceled": 1}
    assert Counter((each.status, each.currency) for each in every(Refund)) == {
        ("succeeded", "USD"): 18, ("succeeded", "EUR"): 18, ("failed", "USD"): 6, ("failed", "EUR"): 6,
    }  # fmt: skip
    assert Counter((each.status, each.currency) for each in every(Dispute)) == {
        ("won", "USD"): 2, ("won", "EUR"): 2, ("lost", "USD"): 2, ("lost", "EUR"): 2,
    }  # fmt: skip
    assert {each.proof for each in every(Payout)} == {"proved"}
    assert {each.currency for each in every(Payout)} == set(_CURRENCIES)
    kinds = {each.entry_type for each in every(LedgerEntry)}
    assert kinds >= {"charge", "refund", "refund_failure", "dispute", "dispute_reversal", "payout", "outside"}
    months = Counter(each.received_on.strftime("%Y-%m") for each in every(Donation) if each.kind == "recurring")
    assert len(months) >= 12
