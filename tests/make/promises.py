"""Promises that charge already, changed as their pages change them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from donate import clock
from donate.db import db
from donate.fulfillment.change_promise import change_promise
from donate.giving.models import Donation
from donate.newsroom.queries import get_newsroom
from donate.recurring.models import RecurringChange, RecurringDonation
from donate.recurring.queries import get_recurring
from donate.recurring.schedule import Line, schedule
from donate.recurring.terms import Terms, terms_of
from donate.sandbox.app import Sandbox
from donate.team.history import Who
from tests.make.gifts import Gifts
from tests.make.rows import every
from tests.people import AMAL, Person

DAY = 86400
Settle = Callable[..., None]


class Promises:
    """Begins promises, changes them, and lets time pass."""

    def __init__(self, gifts: Gifts, box: Sandbox, settle: Settle) -> None:
        self.gifts = gifts
        self.box = box
        self.settle = settle

    def begin(self, person: Person = AMAL, *, card: str = "pm_card_visa", **more: str) -> RecurringDonation:
        """Begin a promise whose first gift has arrived."""
        donation = self.gifts.begin(person, **{"frequency": "month", "amount": "15.00", **more})
        self.gifts.pay(donation, card)
        self.settle()
        db.session.expire_all()
        assert donation.recurring_id is not None
        return get_recurring(donation.recurring_id)

    def lines(self, promise: RecurringDonation, charges: int = 3) -> list[Line]:
        """Write what a promise does next."""
        return schedule(terms_of(promise), zone=get_newsroom().time_zone, charges=charges)

    def change(self, promise: RecurringDonation, act: str, wanted: Terms) -> RecurringChange:
        """Change a promise as its member does, who saw the schedule."""
        shown = schedule(wanted, zone=get_newsroom().time_zone)
        return change_promise(
            promise.id, act, wanted, shown=shown, based_on=terms_of(promise), who=Who("member", promise.donor_id)
        )

    def pass_days(self, days: int) -> None:
        """Let days pass, a few at a time, so that events are applied as they come."""
        while days > 0:
            self.box.advance(seconds=min(days, 5) * DAY)
            self.settle()
            days -= 5
        db.session.expire_all()

    def now(self, promise: RecurringDonation) -> RecurringDonation:
        """Read a promise again."""
        db.session.expire_all()
        return get_recurring(promise.id)

    def charged(self, promise: RecurringDonation) -> list[tuple[str, int]]:
        """List what was charged for a promise: (day, minor units), the oldest first."""
        return [
            (str(gift.received_on), gift.amount_minor)
            for gift in sorted(every(Donation), key=lambda gift: gift.id)
            if gift.recurring_id == promise.id and gift.status == "succeeded"
        ]

    def seen(self, promise: RecurringDonation) -> dict[str, object]:
        """Give the subscription as the sandbox has it."""
        assert promise.stripe_subscription_id is not None
        found = self.box.store.get("subscription", promise.stripe_subscription_id)
        assert found is not None
        return found

    def today(self) -> str:
        """Give the newsroom's day."""
        return clock.today(get_newsroom().time_zone).isoformat()


def charges_of(lines: list[Line]) -> list[tuple[str, int]]:
    """List what a schedule promises to charge: (day, minor units)."""
    return [(line.on.isoformat(), line.amount.minor) for line in lines if line.what == "charge"]


@pytest.fixture
def promises(gifts: Gifts, box: Sandbox, settle: Settle) -> Promises:
    """Return a maker of promises."""
    return Promises(gifts, box, settle)
