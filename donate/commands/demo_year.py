"""A year of gifts for the demo: the sandbox runs from a past date to now, and our books with it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

from flask import current_app

from donate import clock, references
from donate.appeals.count import Counted, Sums, count_asks
from donate.appeals.models import Appeal
from donate.appeals.queries import list_appeals
from donate.articles.models import Article
from donate.articles.queries import list_every_article
from donate.commands.worker import JOBS, drain
from donate.db import committed
from donate.giving.fee_cover import fee_cover
from donate.giving.open_checkout import Ways, open_checkout
from donate.giving.start import GiftRequest, start_donation
from donate.money import Money
from donate.newsroom.models import Fund
from donate.newsroom.queries import get_newsroom, list_funds
from donate.payments.setup import product_id
from donate.queue.work import Worker
from donate.recurring.begin import Authorisation, begin_recurring
from donate.sandbox.app import CardDeclined, Sandbox
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
                begin_recurring(donation, Authorisation(_AUTHORISATION, "sample", "en"))
            donation_id, fund = donation.id, self.funds[donation.fund_id]
        donation = open_checkout(donation_id, _ways(donation.reference, fund))
        assert donation.stripe_checkout_session_id is not None
        card = self.dice.choices(
            ("pm_card_visa", "pm_card_mastercard", "pm_card_amex", "pm_card_chargeDeclinedInsufficientFunds"),
            (60, 24, 10, 6),
        )[0]
        try:
            self.box.complete(donation.stripe_checkout_session_id, payment_method=card)
        except CardDeclined:
            pass  # this reader turns back; the session expires by itself

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
                store_event(delivery.body)
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
