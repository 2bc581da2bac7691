"""Gifts of any kind and day as rows, booked by the ledger itself: for what is read from the books, not from Stripe."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from donate import clock
from donate.appeals.queries import find_appeal
from donate.articles.queries import list_every_article
from donate.db import committed, db, lock
from donate.donors.find_or_create import find_or_create_donor
from donate.fulfillment.apply_transaction import our_books
from donate.giving.models import Donation
from donate.ledger.post import post_offline, post_transaction
from donate.money import Money
from donate.newsroom.queries import get_general_fund, get_newsroom
from donate.payments.values import BalanceTransaction, TransactionSource
from donate.recurring.begin import begin_recurring
from donate.recurring.models import RecurringDonation
from donate.references import reference_from
from tests.make.gifts import WORDS
from tests.people import AMAL, Person

#: Stripe's type of a movement, and which way the money goes.
MOVES = {
    "charge": ("charge", 1),
    "refund": ("refund", -1),
    "refund_failure": ("refund_failure", 1),
    "dispute": ("adjustment", -1),
    "dispute_reversal": ("adjustment", 1),
}


class Booked:
    """Gives gifts and moves them, as many as a test needs."""

    def __init__(self) -> None:
        self._numbers: Iterator[int] = iter(range(1, 1_000_000))
        self.story = list_every_article()[0]
        self.books = our_books()

    def give(
        self,
        minor: int = 2500,
        person: Person = AMAL,
        *,
        cover: int = 0,
        currency: str = "USD",
        kind: str = "one_time",
        frequency: str = "once",
        on: date = date(2026, 3, 2),
        appeal: str | None = "misinformation",
        story: bool = True,
        of: Donation | None = None,
        fee: int = 0,
        at: datetime | None = None,
        **more: Any,
    ) -> Donation:
        """Write a gift that arrived and book it, a promise with it where it is the first of one.

        Args:
            minor: Charged, the covered fee included.
            kind: As in the row; a ``frequency`` other than ``once`` makes it recurring.
            on: The newsroom's day.
            appeal: Its slug; None for none.
            story: Whether it came from a story.
            of: The first gift of the promise that it is a later one of.
            fee: What Stripe kept of it.
            at: Its very moment, where a day is not enough.
        """
        moment = at or datetime(on.year, on.month, on.day, 10, tzinfo=UTC)
        on = clock.on(moment, self.books.zone) if at is not None else on
        frequency = of.frequency if of is not None else frequency
        found = find_appeal(appeal) if appeal is not None else None
        with committed():
            gift = Donation(
                reference=reference_from("booked", str(next(self._numbers))),
                status="succeeded", kind="recurring" if frequency != "once" else kind, frequency=frequency,
                livemode=False, amount_minor=minor, fee_cover_minor=cover, currency=currency, email=person.email,
                first_name=person.first_name, last_name=person.last_name, language=person.language,
                country=person.country,
                appeal_id=found.id if found is not None else None,
                article_id=self.story.id if story else None,
                recurring_id=of.recurring_id if of is not None else None,
                created_at=moment, received_at=moment, received_on=on, ended_at=moment,
                **{
                    "article_slug": self.story.slug if story else "", "placement": "end", "source": "newsletter",
                    "fund_id": get_general_fund().id,
                    **more,
                },
            )  # fmt: skip
            gift.donor_id = find_or_create_donor(person.email, person.first_name, person.last_name, "en").id
            db.session.add(gift)
            db.session.flush()
            if frequency != "once" and of is None:
                promise = begin_recurring(gift, WORDS)
                promise.status, promise.created_at, promise.started_at = "active", moment, moment
            if kind == "offline":
                post_offline(self.books, gift)
        if kind != "offline":
            self.move(gift, "charge", minor, on=on, fee=fee, at=at)
        return gift

    def move(
        self,
        gift: Donation,
        kind: str,
        minor: int,
        *,
        on: date | None = None,
        fee: int = 0,
        at: datetime | None = None,
    ) -> None:
        """Book a movement of a gift.

        Args:
            gift: Which.
            kind: One of ``MOVES``.
            minor: Above zero, in its currency.
            on: The newsroom's day; the day after the gift where none is named.
            fee: What Stripe kept of it.
            at: Its very moment, where a day is not enough.
        """
        day = on or gift.received_on + timedelta(days=1)  # type: ignore[operator]
        stripes, sign = MOVES[kind]
        money, moment = Money(minor, gift.currency), at or datetime(day.year, day.month, day.day, 11, tzinfo=UTC)
        source = TransactionSource(
            "dispute" if kind.startswith("dispute") else stripes, f"x_{next(self._numbers)}", money, None, None
        )
        told = BalanceTransaction(
            f"txn_{next(self._numbers)}", stripes, "", Money(sign * minor, gift.currency), Money(fee, gift.currency),
            moment, moment, "", "", source,
        )  # fmt: skip
        with committed():
            post_transaction(self.books, told, lock(Donation, gift.id))

    def stop(self, gift: Donation, on: date) -> None:
        """End the promise that a gift began."""
        with committed():
            promise = lock(RecurringDonation, gift.recurring_id or 0)
            promise.status, promise.ended_at = "canceled", datetime(on.year, on.month, on.day, 9, tzinfo=UTC)

    def today(self) -> date:
        """Give the newsroom's day."""
        return clock.today(get_newsroom().time_zone)


@pytest.fixture
def booked(app: Flask, newsroom: None) -> Booked:
    """Return a maker of booked gifts to the sample newsroom."""
    return Booked()


@pytest.fixture
def of_every_kind(booked: Booked) -> Booked:
    """Give one gift of every kind, parts of some gone back; give the maker."""
    booked.give(2600, cover=100)
    first = booked.give(1500, frequency="month")
    booked.move(booked.give(1500, of=first, on=date(2026, 4, 2)), "refund", 500)
    booked.give(1500, of=first, on=date(2026, 5, 2))
    booked.give(40000, kind="offline")
    booked.move(booked.give(5000), "dispute", 5000)
    return booked
