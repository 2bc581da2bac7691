"""The letters a promise brings its donor: changed, refused by a bank, ended, charged soon, once a year."""

from __future__ import annotations

from datetime import date
from typing import Any

from donate import clock, references
from donate.db import db
from donate.donors.models import Donor
from donate.donors.preferences import way_out
from donate.donors.queries import find_main_email
from donate.mail.queue import Letter
from donate.newsroom.letters import letter_from_newsroom
from donate.newsroom.models import Fund
from donate.newsroom.queries import get_newsroom
from donate.recurring.models import CardChange, FailedCharge, RecurringChange, RecurringDonation
from donate.recurring.schedule import schedule
from donate.recurring.terms import terms_from, terms_of


def changed_letter(promise: RecurringDonation, change: RecurringChange) -> Letter:
    """Tell what changed, with the very lines that were agreed to."""
    after = terms_from(change.after)
    return _letter(
        promise,
        f"promise-changed:{change.reference}",
        "promise_changed",
        act=change.act,
        by_stripe=change.asked_by == "stripe",
        lines=change.lines,
        amount_minor=after.amount.minor,
        interval=after.interval,
    )


def charge_failed_letter(promise: RecurringDonation, failed: FailedCharge) -> Letter:
    """Tell that a bank refused, what happens next, and where another card is given without signing in."""
    zone = get_newsroom().time_zone
    again = failed.next_attempt_at
    return _letter(
        promise,
        f"charge-failed:{failed.reference}:{failed.attempts}",
        "charge_failed",
        failed_minor=failed.amount_minor,
        again_on=clock.on(again, zone).isoformat() if again is not None else None,
        failed=failed.reference,
        card_key=references.sign("card", failed.reference),
        failure_code=failed.failure_code,
    )


def ended_letter(promise: RecurringDonation) -> Letter:
    """Tell that a gift ended because no charge went through, and how to take it up again."""
    return _letter(promise, f"promise-ended:{promise.reference}", "promise_ended")


def card_link_letter(promise: RecurringDonation, failed: FailedCharge | None, cause: str) -> Letter:
    """Show the way to another card, as its donor asked the desk.

    Args:
        promise: Whose card.
        failed: The open charge it would collect, whose page needs no signing in; None where nothing is open.
        cause: What makes the letter one.
    """
    return _letter(
        promise,
        f"card-link:{cause}",
        "card_link",
        failed=failed.reference if failed is not None else "",
        card_key=references.sign("card", failed.reference) if failed is not None else "",
    )


def card_changed_letter(promise: RecurringDonation, visit: CardChange) -> Letter:
    """Tell which card is charged from now on, and what became of the charge that was open."""
    return _letter(
        promise,
        f"card-changed:{visit.reference}",
        "card_changed",
        collected=visit.collected,
        collected_minor=visit.collect_minor,
    )


def charge_ahead_letter(promise: RecurringDonation, on: date, why: str) -> Letter:
    """Announce a charge: a yearly one, or one that is not like the last.

    Args:
        promise: Whose.
        on: The day of the charge.
        why: ``yearly``, ``changed`` or ``rested``.
    """
    return _letter(
        promise, f"charge-ahead:{promise.reference}:{on.isoformat()}", "charge_ahead", on=on.isoformat(), why=why
    )


def card_expires_letter(promise: RecurringDonation) -> Letter:
    """Tell that the card will not be good any more."""
    assert promise.card_good_until is not None
    good_until = promise.card_good_until.isoformat()
    return _letter(
        promise,
        f"card-expires:{promise.reference}:{promise.card_last4}:{good_until}",
        "card_expires",
        kind="card_expiring",
        good_until=good_until,
    )


def yearly_letter(promise: RecurringDonation, anniversary: date, total_minor: int) -> Letter:
    """Remind a giver once a year that they give, what it came to, and how to stop.

    Args:
        promise: One that goes on.
        anniversary: The day it began, this year.
        total_minor: What arrived by it in the year before.
    """
    return _letter(
        promise,
        f"yearly:{promise.reference}:{anniversary.year}",
        "yearly_reminder",
        kind="yearly_reminder",
        total_minor=total_minor,
        since_on=_since(promise),
    )


def ask_again_letter(promise: RecurringDonation) -> Letter:
    """Ask again, as its donor wished when they stopped."""
    return _letter(promise, f"ask-again:{promise.reference}", "ask_again", kind="ask_again")


def second_promise_letter(promise: RecurringDonation, first: RecurringDonation) -> Letter:
    """Ask whether a second recurring gift was meant, only in the mailbox of who gave both.

    Args:
        promise: The new one.
        first: The one that was there.
    """
    return _letter(
        promise,
        f"second-promise:{promise.reference}",
        "second_promise",
        first_minor=first.amount_minor,
        first_currency=first.currency,
        first_interval=first.interval,
    )


def _letter(promise: RecurringDonation, key: str, template: str, *, kind: str = "charges", **values: Any) -> Letter:
    fund = db.session.get_one(Fund, promise.fund_id)
    donor = db.session.get(Donor, promise.donor_id) if promise.donor_id is not None else None
    lines = schedule(terms_of(promise), zone=get_newsroom().time_zone)
    return letter_from_newsroom(
        key,
        template,
        address_of(promise),
        promise.language,
        to_name=" ".join(part for part in (promise.first_name, promise.last_name) if part),
        unsubscribe=way_out(donor, kind) if donor is not None else "",
        promise=promise.reference,
        first_name=promise.first_name,
        currency=promise.currency,
        interval=values.pop("interval", promise.interval),
        amount_minor=values.pop("amount_minor", promise.amount_minor),
        fund=fund.names.get(promise.language, fund.name),
        card_last4=promise.card_last4,
        lines=values.pop("lines", [line.plain() for line in lines]),
        **values,
    )


def address_of(promise: RecurringDonation) -> str:
    """Tell where a promise's donor is written to: the address they chose and proved, else the one they gave with."""
    main = find_main_email(promise.donor_id) if promise.donor_id is not None else None
    return main.email if main is not None and main.proven_at is not None else promise.email


def _since(promise: RecurringDonation) -> str:
    started = promise.started_at or promise.created_at
    return clock.on(started, get_newsroom().time_zone).isoformat()
