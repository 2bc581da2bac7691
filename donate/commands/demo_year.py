"""A year of gifts for the demo: the sandbox runs from a past date to now, and our books with it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from flask import current_app

from donate import clock, references
from donate.appeals.count import Counted, Sums, count_asks
from donate.appeals.models import Appeal
from donate.appeals.queries import list_appeals
from donate.articles.models import Article
from donate.articles.queries import list_every_article
from donate.commands.worker import JOBS, drain
from donate.db import committed, db
from donate.fulfillment.change_promise import change_promise
from donate.fulfillment.refund_gift import refund_gift
from donate.giving.fee_cover import fee_cover
from donate.giving.models import Donation
from donate.giving.open_checkout import Ways, open_checkout
from donate.giving.refund import left_to_refund
from donate.giving.start import GiftRequest, start_donation
from donate.money import Money
from donate.newsroom.models import Fund
from donate.newsroom.queries import get_newsroom, list_funds
from donate.payments.setup import product_id
from donate.queue.work import Worker
from donate.recurring.acts import acts_open
from donate.recurring.begin import Authorisation, begin_recurring
from donate.recurring.cancel import cancel
from donate.recurring.models import RecurringDonation
from donate.recurring.pause import pause, pauses_offered
from donate.recurring.schedule import schedule
from donate.recurring.terms import terms_of
from donate.sandbox.app import CardDeclined, Sandbox
from donate.team.history import SYSTEM
from donate.webhooks.receive import store_event

DAYS = 365
_STEP_DAYS = 5
_FIRST = "Amal Boaz Carmen Dalia Elias Farah Gideon Hanan Idan Jumana Karim Lior Maha Noam Omar Petra Rami Salma Tamar Uri Vera Wael Yara Ziv".split()  # noqa: E501, SIM905
_LAST = "Abboud Barak Castellano Darwish Eshel Farhat Golan Haddad Ivri Jaber Kanaan Levin Mansour Nasser Okonjo Peretz Qasim Rosen Saleh Tal".split()  # noqa: E501, SIM905


class Year:
    """Plays a year, the same each time, through the same verbs a reader's press calls.

    Args:
        box: The sandbox, in process.
        seed: Chooses who gives what.
    """

    def __init__(self, box: Sandbox, seed: int = 20) -> None:
        self.box = box
        self.dice = random.Random(seed)  # noqa: S311  # a play, not a secret
        self.hands = Worker(JOBS)
        self.appeals = list_appeals()
        self.articles = list_every_article()
        self.gifts: list[int] = []
        self.promised: list[int] = []
        self.funds = {fund.id: fund for fund in list_funds()}
        self.currency, self.zone = get_newsroom().default_currency, get_newsroom().time_zone

    def play(self, say: Callable[[str], None]) -> int:
        """Play all days up to now; give the number of attempts.

        Args:
            say: Told now and then how far it is.
        """
        attempts = 0
        for day in range(0, DAYS, _STEP_DAYS):
            for _ in range(self.dice.choice((0, 1, 1, 2, 2, 3))):
                self._one_gift()
                attempts += 1
            self._second_thoughts()
            self._move(min(_STEP_DAYS, DAYS - day) * 86400)
            if day % 90 == 0 and day:
                say(f"  {day} of {DAYS} days")
        return attempts

    def _one_gift(self) -> None:
        frequency = self.dice.choices(("once", "month", "year"), (70, 24, 6))[0]
        asked = self._request(frequency)
        with committed():
            donation = start_donation(asked)
            self._count(asked)
            if frequency != "once":
                self.promised.append(begin_recurring(donation, Authorisation(_AUTHORISATION, "sample", "en")).id)
            donation_id, fund = donation.id, self.funds[donation.fund_id]
            self.gifts.append(donation_id)
        donation = open_checkout(donation_id, _ways(donation.reference, fund))
        assert donation.stripe_checkout_session_id is not None
        # Of a promise the bank may refuse a later charge; a single gift it may take back.
        trouble = "pm_card_chargeCustomerFail" if frequency != "once" else "pm_card_createDispute"
        card = self.dice.choices(
            ("pm_card_visa", "pm_card_mastercard", "pm_card_amex", "pm_card_chargeDeclinedInsufficientFunds", trouble),
            (58, 23, 10, 6, 3),
        )[0]
        try:
            self.box.complete(donation.stripe_checkout_session_id, payment_method=card)
        except CardDeclined:
            pass  # this reader turns back; the session expires by itself

    def _second_thoughts(self) -> None:
        """Let a giver now and then ask for their gift back, or change, rest or stop what they promised."""
        if self.gifts and self.dice.random() < 0.1:
            self._give_back(self.dice.choice(self.gifts))
        if self.promised and self.dice.random() < 0.35:
            self._change(self.dice.choice(self.promised))

    def _give_back(self, donation_id: int) -> None:
        donation = db.session.get_one(Donation, donation_id, populate_existing=True)
        if donation.status != "succeeded" or donation.kind == "recurring":
            return
        left = left_to_refund(donation)
        amount = left if self.dice.random() < 0.6 else Money(left.minor // 2, left.currency)
        if amount.minor > 0:
            refund_gift(donation_id, amount, left_seen=left, reason="requested_by_customer", asked_by="command")

    def _change(self, promise_id: int) -> None:
        promise = db.session.get_one(RecurringDonation, promise_id, populate_existing=True)
        act = self.dice.choices(("cancel", "pause", "change"), (25, 30, 45))[0]
        before = terms_of(promise)
        if act not in acts_open(promise, now=clock.now()) or (act == "pause" and not pauses_offered(before)):
            return
        more = Money(before.amount.minor * self.dice.choice((2, 3)) // 2, before.amount.currency)
        wanted = {
            "cancel": lambda: cancel(before),
            "pause": lambda: pause(before, 2),
            "change": lambda: replace(before, amount=more, fee_cover=Money(0, more.currency)),
        }[act]()
        change_promise(promise.id, act, wanted, shown=schedule(wanted, zone=self.zone), based_on=before, who=SYSTEM)

    def _count(self, asked: GiftRequest) -> None:
        """Count how often the ask was seen before somebody gave."""
        slug = next(each.slug for each in self.appeals if each.id == asked.appeal_id)
        views = self.dice.randint(60, 400)
        seen = Sums(views=views, closes=views // self.dice.randint(12, 40), presses=self.dice.randint(1, 6))
        count_asks({Counted(clock.today(self.zone), slug, "", asked.placement, asked.article_slug): seen})

    def _request(self, frequency: str) -> GiftRequest:
        appeal = self.dice.choice(self.appeals)
        amounts = appeal.amounts[self.currency][frequency]["amounts"]
        gift = Money(self.dice.choice(amounts), self.currency)
        first, last = self.dice.choice(_FIRST), self.dice.choice(_LAST)
        article = self._article(appeal)
        return GiftRequest(
            reference=references.new_reference(),
            frequency=frequency,
            gift=gift,
            fee_cover=fee_cover(gift) if self.dice.random() < 0.4 else Money(0, self.currency),
            livemode=False,
            email=f"{first}.{last}@example.org".lower(),
            first_name=first,
            last_name=last,
            fund_id=appeal.fund_id,
            appeal_id=appeal.id,
            article_id=article.id if article else None,
            article_slug=article.slug if article else "",
            placement=self.dice.choice(("inline", "end", "header", "footer")),
            source=self.dice.choice(("", "", "newsletter", "search")),
        )

    def _article(self, appeal: Appeal) -> Article | None:
        # Nobody gives from a story that is not out yet; where an appeal is made for some, its readers come from them.
        out = [article for article in self.articles if article.published_at <= clock.now()]
        its_own = {target.slug for target in appeal.targets if target.kind == "article" and not target.is_excluded}
        fitting = [article for article in out if article.slug in its_own] or out
        return self.dice.choice(fitting) if fitting else None

    def _move(self, seconds: int) -> None:
        self.box.advance(seconds=seconds)
        clock.forget()
        self._take_deliveries()

    def _take_deliveries(self) -> None:
        for delivery in self.box.pull_deliveries():
            with committed():
                # Handed over here, since no site is up yet: nothing was missed.
                store_event(delivery.body, is_fetched=False)
            delivery.answer(200)
        drain(self.hands)


def start_of_year() -> float:
    """Tell the epoch second the year begins at."""
    return (clock.real_now() - timedelta(days=DAYS)).timestamp()


_AUTHORISATION = "Sample data: this promise was made by the demo, not by a person."


def _ways(reference: str, fund: Fund) -> Ways:
    site = current_app.config["DONATE"].site_url
    key = references.sign("gift", reference)
    return Ways(site=site, gift_url=f"{site}/gifts/{reference}?key={key}", product=product_id(fund.code))
