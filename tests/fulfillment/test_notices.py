"""Letters by the calendar: before a yearly or changed charge, before a card runs out, once a year, when asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import sqlalchemy as sa

from donate import clock
from donate.db import committed
from donate.fulfillment.notices import send_notices
from donate.mail.models import MailMessage
from donate.money import from_major
from donate.recurring.cancel import ask_again, cancel
from donate.recurring.models import RecurringDonation
from donate.recurring.pause import pause
from donate.recurring.terms import terms_of
from tests.make.outbox import Outbox, text_of
from tests.make.promises import Promises
from tests.make.rows import every
from tests.people import AMAL

NOTICES = ("charge_ahead", "card_expires", "yearly_reminder", "ask_again")


def noticed() -> list[str]:
    """List the notices that were queued."""
    return [letter.template for letter in every(MailMessage) if letter.template in NOTICES]


def days(promises: Promises, number: int) -> list[str]:
    """Let days pass with the daily look, and list the notices they brought."""
    before = len(noticed())
    for _ in range(number):
        promises.pass_days(1)
        send_notices()
    promises.settle()
    return noticed()[before:]


def test_a_yearly_charge_is_announced_two_weeks_before_and_once(promises: Promises, outbox: Outbox) -> None:
    promise = promises.begin(frequency="year", amount="120.00")
    promises.pass_days(350)
    assert noticed() == []
    assert days(promises, 5) == ["charge_ahead"]
    letter = text_of(outbox.to(AMAL.email)[-1])
    for words in ("$120.00", "2 March 2027", "/account/recurring/" + promise.reference):
        assert words in letter, letter
    assert days(promises, 3) == []


def test_a_monthly_charge_like_the_last_is_not_announced(promises: Promises) -> None:
    promises.begin()
    assert days(promises, 35) == []


def test_a_changed_charge_is_announced_a_week_before_to_who_changed_it_earlier(promises: Promises) -> None:
    promise = promises.begin()
    promises.change(promise, "change", replace(terms_of(promise), amount=from_major("40.00", "USD")))
    assert days(promises, 20) == []
    assert days(promises, 8) == ["charge_ahead"]
    assert days(promises, 38) == [], "the next one is like the last"


def test_after_a_rest_the_first_charge_is_announced(promises: Promises, outbox: Outbox) -> None:
    promise = promises.begin()
    promises.change(promise, "pause", pause(terms_of(promise), 2))
    assert days(promises, 80) == []
    assert days(promises, 10) == ["charge_ahead"]
    assert "rested" in text_of(outbox.to(AMAL.email)[-1])


def test_what_is_left_out_or_stopped_is_not_announced(promises: Promises) -> None:
    promise = promises.begin(frequency="year", amount="120.00")
    promises.change(promise, "cancel", cancel(terms_of(promise)))
    promises.pass_days(350)
    assert days(promises, 10) == []


def test_a_card_is_told_of_before_its_last_day_and_not_when_the_bank_has_replaced_it(
    promises: Promises, outbox: Outbox
) -> None:
    promise = promises.begin()
    runs_out(promises, promise)
    promises.settle()
    assert days(promises, 2) == ["card_expires"]
    assert "4242" in text_of(outbox.to(AMAL.email)[-1])
    assert days(promises, 2) == []
    with committed() as session:
        session.execute(sa.delete(MailMessage).where(MailMessage.template == "card_expires"))
        # What our row still says; Stripe knows better.
        session.execute(sa.update(RecurringDonation).values(card_good_until=date(2026, 3, 31)))
    runs_out(promises, promise, year=2034)
    assert days(promises, 1) == []


def runs_out(promises: Promises, promise: RecurringDonation, year: int = 2026) -> None:
    """Let the card at the bank run out with March of a year."""
    method = promises.box.store.get("payment_method", str(promises.seen(promise)["default_payment_method"]))
    assert method is not None
    promises.box.store.save({**method, "card": {**method["card"], "exp_month": 3, "exp_year": year}})
    with committed() as session:
        session.execute(sa.update(RecurringDonation).values(card_good_until=date(year, 3, 31)))


def test_once_a_year_a_monthly_giver_is_told_that_they_give_and_how_to_stop(promises: Promises, outbox: Outbox) -> None:
    promises.begin()
    promises.pass_days(364)
    send_notices()
    assert noticed() == []
    assert days(promises, 6) == ["yearly_reminder"]
    told = [text_of(letter) for letter in outbox.to(AMAL.email) if "A year of" in str(letter["Subject"])]
    assert len(told) == 1
    assert "open your account" in told[0]
    assert "$180.00" in told[0], "twelve of the thirteen fell into the last year"
    assert days(promises, 20) == []


def test_who_asked_to_be_asked_again_gets_one_letter_on_that_day(promises: Promises) -> None:
    promise = promises.begin()
    promises.change(promise, "cancel", cancel(terms_of(promise)))
    with committed() as session:
        row = session.get_one(RecurringDonation, promise.id)
        ask_again(row, clock.on(clock.now() + timedelta(days=60), "Asia/Amman"))
    assert days(promises, 58) == []
    assert days(promises, 4) == ["ask_again"]
    assert days(promises, 10) == []
