"""What other programs are shown of a gift, a promise, a donor and an appeal, as plain JSON. Pure.

Names and addresses stand in it only where ``personal`` says so; ``schemas.py`` of the API holds it to its document.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from donate.donors.models import Donor
from donate.giving.models import Dispute, Donation, Refund
from donate.money import Money
from donate.recurring.models import RecurringDonation

Json = dict[str, Any]


def show_money(money: Money) -> Json:
    """Write an amount in minor units, and as the decimal that people read."""
    return {"amount_minor": money.minor, "currency": money.currency, "amount": money.plain()}


def show_gift(row: Any, *, personal: bool) -> Json:
    """Write a gift.

    Args:
        row: As ``queries`` gives it.
        personal: Whether its giver's name and address stand in it.
    """
    gift: Donation = row.Donation
    return {
        "id": gift.reference,
        "status": gift.status,
        "kind": gift.kind,
        "frequency": gift.frequency,
        "amount": show_money(gift.amount),
        "fee_covered": show_money(gift.fee_cover),
        "refunded": show_money(Money(int(row.refunded), gift.currency)),
        "disputed": show_money(Money(int(row.disputed), gift.currency)),
        "received_at": moment(gift.received_at),
        "received_on": day(gift.received_on),
        "fund": row.fund,
        "appeal": row.appeal,
        "article": gift.article_slug or None,
        "placement": gift.placement or None,
        "variant": gift.variant or None,
        "source": gift.source or None,
        "recurring": row.recurring,
        "payment_method": gift.payment_method or None,
        "country": gift.country or None,
        "language": gift.language,
        "anonymous": gift.anonymous,
        "donor": show_giver(row.donor, gift, personal=personal),
        "created_at": moment(gift.created_at),
        "updated_at": moment(gift.updated_at or gift.created_at),
    }


def show_promise(row: Any, *, personal: bool) -> Json:
    """Write a recurring gift.

    Args:
        row: As ``queries`` gives it.
        personal: Whether its giver's name and address stand in it.
    """
    promise: RecurringDonation = row.RecurringDonation
    return {
        "id": promise.reference,
        "status": promise.status,
        "interval": promise.interval,
        "amount": show_money(promise.amount),
        "fee_covered": show_money(Money(promise.fee_cover_minor, promise.currency)),
        "next_charge_at": moment(promise.next_charge_at),
        "ends_with_period": promise.cancel_at_period_end,
        "is_paused": promise.is_paused,
        "resumes_at": moment(promise.resumes_at),
        "started_at": moment(promise.started_at),
        "ended_at": moment(promise.ended_at),
        "ended_because": promise.ended_because or None,
        "fund": row.fund,
        "appeal": row.appeal,
        "article": promise.article_slug or None,
        "placement": promise.placement or None,
        "variant": promise.variant or None,
        "source": promise.source or None,
        "country": promise.country or None,
        "language": promise.language,
        "anonymous": promise.anonymous,
        "donor": show_giver(row.donor, promise, personal=personal),
        "created_at": moment(promise.created_at),
        "updated_at": moment(promise.updated_at or promise.created_at),
    }


def show_giver(reference: str | None, given: Donation | RecurringDonation, *, personal: bool) -> Json:
    """Write who gave: the donor's reference, and the name and address as given where that is allowed."""
    shown: Json = {"id": reference}
    return shown | name_of(given) if personal else shown


def name_of(given: Donation | RecurringDonation) -> Json:
    """Write the name and address as given; nothing of somebody who was forgotten."""
    name = f"{given.first_name} {given.last_name}".strip()
    return {"name": name or None, "email": given.email or None}


def show_donor(row: Any, given: Sequence[Any]) -> Json:
    """Write a donor; who asks for donors may see names.

    Args:
        row: As ``queries`` gives it.
        given: Their sums, a currency each.
    """
    donor: Donor = row.Donor
    return {
        "id": donor.reference,
        "first_name": donor.first_name or None,
        "last_name": donor.last_name or None,
        "email": row.email,
        "email_proven_at": moment(row.proven_at),
        "language": donor.language,
        "gifts": sum(int(each.gifts) for each in given),
        "given": [show_money(Money(int(each.minor), each.currency)) for each in given],
        "first_gift_on": day(min((each.first_on for each in given), default=None)),
        "last_gift_on": day(max((each.last_on for each in given), default=None)),
        "erased_at": moment(donor.erased_at),
        "created_at": moment(donor.created_at),
        "updated_at": moment(donor.updated_at or donor.created_at),
    }


def show_appeal(row: Any, titles: Sequence[Any], raised: Sequence[Any]) -> Json:
    """Write an appeal.

    Args:
        row: As ``queries`` gives it.
        titles: Its headlines, a language each.
        raised: Its sums, a currency each.
    """
    appeal = row.Appeal
    has_goal = appeal.goal_minor is not None and appeal.goal_currency
    return {
        "id": appeal.slug,
        "status": appeal.status,
        "name": appeal.name or None,
        "titles": {each.language: each.headline for each in titles},
        "is_evergreen": appeal.is_evergreen,
        "fund": row.fund,
        "starts_on": day(appeal.starts_on),
        "ends_on": day(appeal.ends_on),
        "goal": show_money(Money(appeal.goal_minor, appeal.goal_currency)) if has_goal else None,
        "raised": [
            {"gifts": each.gifts, **show_money(Money(int(each.raised_minor), each.currency))} for each in raised
        ],
    }


def show_refund(refund: Refund) -> Json:
    """Write a refund of a gift."""
    return {
        "id": refund.reference,
        "status": refund.status,
        "amount": show_money(Money(refund.amount_minor, refund.currency)),
        "refunded_at": moment(refund.refunded_at),
        "refunded_on": day(refund.refunded_on),
    }


def show_dispute(dispute: Dispute) -> Json:
    """Write a dispute of a gift."""
    return {
        "id": dispute.stripe_dispute_id,
        "status": dispute.status,
        "reason": dispute.reason or None,
        "amount": show_money(dispute.amount),
        "opened_at": moment(dispute.opened_at),
        "closed_at": moment(dispute.closed_at),
    }


def moment(value: datetime | None) -> str | None:
    """Write a moment in UTC, to the second."""
    if value is None:
        return None
    return value.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def day(value: date | None) -> str | None:
    """Write a day of the newsroom's."""
    return value.isoformat() if value is not None else None
