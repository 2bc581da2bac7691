"""Gifts, made through the same verbs as a reader's press: row, commit, payment page, commit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from donate import references
from donate.appeals.queries import list_appeals
from donate.articles.queries import list_every_article
from donate.db import committed, db
from donate.giving.models import Donation
from donate.giving.open_checkout import Ways, open_checkout
from donate.giving.start import GiftRequest, start_donation
from donate.money import from_major
from donate.newsroom.queries import get_general_fund
from donate.payments.setup import product_id
from donate.recurring.begin import Authorisation, begin_recurring
from donate.sandbox.app import Sandbox
from tests.make.application import SITE
from tests.people import AMAL, Person

WORDS = Authorisation("You allow us to charge this until you stop it.", "tests-1", "en")


class Gifts:
    """Makes gifts and pays them, as many as a test needs.

    Args:
        box: The sandbox they are paid in.
    """

    def __init__(self, box: Sandbox) -> None:
        self.box = box
        self.appeal = list_appeals()[0]
        self.article = list_every_article()[0]
        self.fund = get_general_fund()

    def ask(
        self,
        person: Person = AMAL,
        *,
        amount: str = "25.00",
        cover: str = "0",
        currency: str = "USD",
        frequency: str = "once",
        **more: Any,
    ) -> GiftRequest:
        """Fill a form, coming from an article and its appeal."""
        values: dict[str, Any] = {
            "reference": references.new_reference(),
            "frequency": frequency,
            "gift": from_major(amount, currency),
            "fee_cover": from_major(cover, currency),
            "livemode": False,
            "email": person.email,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "language": person.language,
            "country": person.country,
            "fund_id": self.fund.id,
            "appeal_id": self.appeal.id,
            "article_id": self.article.id,
            "article_slug": self.article.slug,
            "placement": "end",
            "source": "newsletter",
        }
        return GiftRequest(**(values | more))

    def write(self, asked: GiftRequest) -> Donation:
        """Write the row, and the promise where the gift repeats."""
        with committed():
            donation = start_donation(asked)
            if asked.frequency != "once":
                begin_recurring(donation, WORDS)
        return donation

    def open(self, donation: Donation) -> Donation:
        """Open the payment page."""
        key = references.sign("gift", donation.reference)
        gift_url = f"{SITE}/gifts/{donation.reference}?key={key}"
        return open_checkout(donation.id, Ways(SITE, gift_url, product_id(self.fund.code)))

    def begin(self, person: Person = AMAL, **more: Any) -> Donation:
        """Go as far as the open payment page."""
        return self.open(self.write(self.ask(person, **more)))

    def pay(self, donation: Donation, card: str = "pm_card_visa") -> str:
        """Pay on the open page; give the address the browser is led to."""
        assert donation.stripe_checkout_session_id is not None
        return self.box.complete(donation.stripe_checkout_session_id, payment_method=card)

    def paid(self, person: Person = AMAL, **more: Any) -> Donation:
        """Begin a gift and pay it; nobody has told us yet."""
        donation = self.begin(person, **more)
        self.pay(donation)
        return donation


@pytest.fixture
def gifts(app: Flask, box: Sandbox, newsroom: None) -> Gifts:
    """Return a maker of gifts to the sample newsroom."""
    return Gifts(box)


@pytest.fixture
def now_due(app: Flask) -> Callable[[], None]:
    """Return a way to let the pauses and leases of all jobs run out."""

    def run() -> None:
        with committed() as session:
            session.execute(sa.text("UPDATE job SET run_at = created_at WHERE state = 'waiting'"))
            session.execute(sa.text("UPDATE job SET lease_until = created_at WHERE state = 'running'"))
        db.session.expire_all()

    return run
