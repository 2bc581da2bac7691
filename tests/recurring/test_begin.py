"""The promise: begun once with its first gift, carrying all of it over, with the words it was given with."""

from __future__ import annotations

import pytest

from donate.db import committed, db
from donate.giving.models import Donation
from donate.recurring.begin import CARRIED, begin_recurring
from donate.recurring.follow import follow_subscription
from donate.recurring.models import RecurringDonation
from tests.make.gifts import WORDS, Gifts
from tests.make.rows import count, every
from tests.people import YARA


def test_a_promise_takes_everything_over_from_its_first_gift(gifts: Gifts) -> None:
    first = gifts.write(gifts.ask(YARA, frequency="month", cover="0.75", anonymous=True, variant="b"))
    (promise,) = every(RecurringDonation)
    first = db.session.get_one(Donation, first.id)
    assert first.recurring_id == promise.id
    assert {name: getattr(promise, name) for name in CARRIED} == {name: getattr(first, name) for name in CARRIED}
    assert (promise.status, promise.interval) == ("pending", "month")
    assert (promise.authorisation_text, promise.authorisation_version) == (WORDS.text, WORDS.version)
    assert promise.authorised_at is not None


def test_a_second_press_begins_no_second_promise(gifts: Gifts) -> None:
    asked = gifts.ask(frequency="year")
    gifts.write(asked)
    donation = gifts.write(asked)
    with committed():
        begin_recurring(db.session.get_one(Donation, donation.id), WORDS)
    assert count(RecurringDonation) == 1


def test_a_promise_never_changes_to_another_subscription(gifts: Gifts) -> None:
    gifts.write(gifts.ask(frequency="month"))

    class Seen:
        subscription_id = "sub_2"

    with pytest.raises(ValueError, match="stands for"), committed():
        promise = db.session.get_one(RecurringDonation, 1)
        promise.stripe_subscription_id = "sub_1"
        follow_subscription(promise, Seen())  # type: ignore[arg-type]
