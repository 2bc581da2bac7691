"""Everything that happened between a person and the newsroom, newest first: for whoever answers them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from donate.donors.models import AddressChange, Donor, DonorEmail
from donate.donors.queries import list_address_changes, list_emails
from donate.giving.models import Dispute, Donation, Refund
from donate.giving.status import TAKEN_DISPUTES
from donate.money import Money
from donate.newsroom.queries import list_funds
from donate.records import queries
from donate.recurring.models import FailedCharge, RecurringChange, RecurringDonation
from donate.team.models import History

#: Acts that the other parts of the story tell already, and looks at its page, which are many.
_TOLD = frozenset(
    {"view_donor", "ask_new_address", "accept_new_address", "take_back_new_address", "write_note", "remove_note"}
)


@dataclass(frozen=True)
class Event:
    """One thing that happened.

    Args:
        at: When.
        what: Such as ``gift``, ``refund``, ``promise_ended``, ``letter`` or ``act``; the desk has a word for each.
        about: The row that tells the rest of it.
        gift: The gift it belongs to, where there is one.
        amount: What moved, negative where it went back; None where nothing did.
        receipt: The number of the receipt that holds, of a gift.
        fund: The gift's fund: {language: name}, and its plain name.
    """

    at: datetime
    what: str
    about: Any
    gift: Donation | None = None
    amount: Money | None = None
    receipt: str = ""
    fund: tuple[dict[str, str], str] = ({}, "")


@dataclass(frozen=True)
class Story:
    """A person's whole story.

    Args:
        events: The newest first.
        gifts: Theirs, attempts too, oldest first.
        promises: Theirs, oldest first.
        kept: What was kept of their gifts by currency: refunds and disputes taken off, fees not.
    """

    donor: Donor
    emails: list[DonorEmail]
    events: list[Event]
    gifts: list[Donation]
    promises: list[RecurringDonation]
    kept: list[Money]

    @property
    def arrived(self) -> list[Donation]:
        """Their gifts that arrived, oldest first."""
        return [gift for gift in self.gifts if gift.status == "succeeded"]


def story_of(donor: Donor) -> Story:
    """Gather a person's whole story.

    Args:
        donor: Who.
    """
    emails = list_emails(donor.id)
    keys = [each.email for each in emails]
    gifts = queries.list_gifts_of_person(donor.id, keys)
    promises = queries.list_promises_of_person(donor.id, keys)
    by_id = {gift.id: gift for gift in gifts}
    refunds, disputes = queries.list_refunds_of(list(by_id)), queries.list_disputes_of(list(by_id))
    events = [
        *_of_gifts(gifts),
        *_of_refunds(refunds, by_id),
        *_of_disputes(disputes, by_id),
        *_of_promises(promises),
        *_of_letters(keys),
        *_of_addresses(emails, list_address_changes(donor.id)),
        *_of_acts(donor),
    ]
    events.sort(key=lambda event: event.at, reverse=True)
    return Story(donor, emails, events, gifts, promises, _kept(gifts, refunds, disputes))


def _of_gifts(gifts: list[Donation]) -> Iterable[Event]:
    numbers = {
        receipt.donation_id: receipt.number
        for receipt in queries.list_receipts_of([gift.id for gift in gifts])
        if receipt.status == "issued"
    }
    funds = {fund.id: (fund.names, fund.name) for fund in list_funds()}
    for gift in gifts:
        arrived = gift.status == "succeeded"
        at = gift.received_at if arrived and gift.received_at is not None else gift.ended_at or gift.created_at
        yield Event(
            at, "gift" if arrived else f"gift_{gift.status}", gift, gift, gift.amount,
            numbers.get(gift.id, ""), funds[gift.fund_id],
        )  # fmt: skip


def _of_refunds(refunds: list[Refund], gifts: dict[int, Donation]) -> Iterable[Event]:
    for refund in refunds:
        gone = refund.status not in ("failed", "canceled")
        yield Event(
            refund.refunded_at or refund.requested_at, "refund" if gone else "refund_failed", refund,
            gifts[refund.donation_id], -refund.amount if gone else None,
        )  # fmt: skip


def _of_disputes(disputes: list[Dispute], gifts: dict[int, Donation]) -> Iterable[Event]:
    for dispute in disputes:
        gift = gifts[dispute.donation_id]
        amount = Money(dispute.amount_minor, dispute.currency)
        yield Event(dispute.opened_at, "dispute", dispute, gift, -amount)
        if dispute.closed_at is not None:
            won = dispute.status in ("won", "warning_closed", "prevented")
            yield Event(
                dispute.closed_at, "dispute_won" if won else "dispute_lost", dispute, gift, amount if won else None
            )


def _of_promises(promises: list[RecurringDonation]) -> Iterable[Event]:
    keys = [promise.id for promise in promises]
    for promise in promises:
        if promise.started_at is not None:
            yield Event(promise.started_at, "promise_begun", promise, amount=_sum(promise))
        if promise.ended_at is not None and promise.started_at is not None:
            yield Event(promise.ended_at, "promise_ended", promise)
    for change in queries.list_rows(
        RecurringChange, RecurringChange.recurring_id.in_(keys), RecurringChange.status == "done"
    ):
        yield Event(change.ended_at or change.asked_at, f"promise_{change.act}", change)
    for failed in queries.list_rows(FailedCharge, FailedCharge.recurring_id.in_(keys)):
        yield Event(failed.opened_at, "charge_failed", failed)


def _sum(promise: RecurringDonation) -> Money:
    return Money(promise.amount_minor, promise.currency)


def _of_letters(addresses: list[str]) -> Iterable[Event]:
    for letter in queries.list_letters_to(addresses):
        yield Event(letter.sent_at or letter.queued_at, "letter" if letter.sent_at else "letter_waits", letter)


def _of_addresses(emails: list[DonorEmail], changes: list[AddressChange]) -> Iterable[Event]:
    for email in emails:
        if email.proven_at is not None:
            yield Event(email.proven_at, "address_proven", email)
    for change in changes:
        yield Event(change.asked_at, "address_asked", change)
        if change.state == "done" and change.ended_at is not None:
            yield Event(change.ended_at, "address_changed", change)


def _of_acts(donor: Donor) -> Iterable[Event]:
    """What colleagues did to the donor's own row, and what became of it."""
    acts = queries.list_rows(History, History.object_kind == "donor", History.object_reference == donor.reference)
    for each in acts:
        if each.who_kind != "member" and each.act not in _TOLD:
            yield Event(each.at, "act", each)


def _kept(gifts: list[Donation], refunds: list[Refund], disputes: list[Dispute]) -> list[Money]:
    sums: dict[str, Money] = {}
    for gift in gifts:
        if gift.status == "succeeded":
            sums[gift.currency] = sums.get(gift.currency, Money(0, gift.currency)) + gift.amount
    for refund in refunds:
        if refund.status == "succeeded":
            sums[refund.currency] -= refund.amount
    for dispute in disputes:
        if dispute.status in TAKEN_DISPUTES:
            sums[dispute.currency] -= Money(dispute.amount_minor, dispute.currency)
    return sorted(sums.values(), key=lambda each: each.minor, reverse=True)
