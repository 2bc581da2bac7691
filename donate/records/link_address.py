"""Link one more address to a donor who proved it: what was given with an address goes where the address goes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from donate import clock
from donate.appeals.recount import recount_supporter
from donate.db import db, lock
from donate.donors.change_main import move_main
from donate.donors.follow import follow, unfollow
from donate.donors.models import Donor, DonorEmail, DonorOldId, DonorStripeCustomer, MailChoice, MemberSession
from donate.donors.prove_email import note_proven
from donate.donors.queries import find_email, find_main_email, list_customers, list_emails, list_followed
from donate.entry.address import normalise_email
from donate.entry.sessions import end_sessions
from donate.giving.models import Donation
from donate.ledger.post import gift_part
from donate.ledger.queries import list_kept_of_donor
from donate.members.renew import renew_membership
from donate.newsroom.queries import get_newsroom
from donate.receipts.models import Receipt
from donate.receipts.statement import issue_statements, renew_statements, void_statements
from donate.records.consents import adopt_consent
from donate.recurring.models import RecurringDonation
from donate.recurring.queries import list_recurring_of
from donate.team.history import Who, record_history


@dataclass(frozen=True)
class Linked:
    """What came of it.

    Args:
        outcome: ``new`` (nobody gave with it), ``own`` (it was theirs) or ``joined`` (gifts came with it).
        gifts: How many gifts changed to this donor.
    """

    outcome: str
    gifts: int = 0


def link_address(donor_id: int, email: str, who: Who) -> Linked:
    """Give a proven address to a donor, and with it all that was given with it; call inside ``committed()``.

    Where it was another donor's only address, that donor joins whole and their row goes. Where they have others, only
    the gifts and promises made with this address come along.

    Args:
        donor_id: Who proved it from their own session.
        email: Normalised, and just proven.
        who: For the history.
    """
    donor, row = _locked(donor_id, email)
    if row is None:
        row = _new_email(donor, email)
        if row is None:
            # A gift with this address was confirmed a moment ago, and made it somebody's.
            donor, row = _locked(donor_id, email)
            assert row is not None
        else:
            record_history(who, "link_address", "donor", donor.reference, after={"donor_email_id": row.id})
            return Linked("new")
    if row.donor_id == donor.id:
        if row.proven_at is None:
            note_proven(row, donor, who.network)
        return Linked("own")
    return _join(donor, row, who)


def _locked(donor_id: int, email: str) -> tuple[Donor, DonorEmail | None]:
    """Lock both donors in the order of their numbers, and read the address as it is then."""
    row = find_email(email)
    while True:
        owners = {donor_id, row.donor_id if row is not None else donor_id}
        for each in sorted(owners):
            lock(Donor, each)
        row = find_email(email)
        if row is None or row.donor_id in owners:
            return db.session.get_one(Donor, donor_id), row


def _new_email(donor: Donor, email: str) -> DonorEmail | None:
    has_main = find_main_email(donor.id) is not None
    row = DonorEmail(donor_id=donor.id, email=email, proven_at=clock.real_now(), is_main=not has_main)
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:
        return None
    return row


def _join(donor: Donor, row: DonorEmail, who: Who) -> Linked:
    other = db.session.get_one(Donor, row.donor_id)
    promises = [promise.id for promise in list_recurring_of(other.id) if normalise_email(promise.email) == row.email]
    left = [each for each in list_emails(other.id) if each.id != row.id]
    _take_email(donor, row, left)
    if left:
        gifts = _move(Donation, other, donor, Donation.email_key == row.email)
        _move_customers_of(promises, other, donor)
        _move(RecurringDonation, other, donor, RecurringDonation.id.in_(promises))
    else:
        gifts = _move(Donation, other, donor)
        _join_statements(other, donor)
        _move(DonorStripeCustomer, other, donor)
        _move(DonorOldId, other, donor)
        _move(RecurringDonation, other, donor)
        _move(MailChoice, other, donor)
        follow(donor.id, list_followed(other.id))
        unfollow(other.id)
    adopt_consent(donor.id)
    end_sessions(MemberSession, other.id)
    for each in (other.id, donor.id):
        recount_supporter(each, _kept(each))
        renew_membership(each)
        renew_statements(each, zone=get_newsroom().time_zone)
    record_history(
        who, "link_address", "donor", donor.reference,
        before={"donor_email_id": row.id, "donor_id": other.id},
        after={"donor_email_id": row.id, "donor_id": donor.id, "gifts": gifts, "recurring": len(promises)},
    )  # fmt: skip
    if not left:
        _remove(other)
    return Linked("joined", gifts)


def _join_statements(other: Donor, donor: Donor) -> None:
    """End the other's statements: whoever has the gifts now has one of each of those years instead."""
    zone = get_newsroom().time_zone
    years = void_statements(other.id, zone=zone)
    _move(Receipt, other, donor)
    for year in years:
        issue_statements([donor.id], year, zone=zone)


def _kept(donor_id: int) -> dict[tuple[int, str], int]:
    """Sum what is kept of a donor's gifts by (appeal, currency), as the appeals' tallies count it."""
    kept: dict[tuple[int, str], int] = defaultdict(int)
    for donation, minor in list_kept_of_donor(donor_id):
        assert donation.appeal_id is not None
        kept[(donation.appeal_id, donation.currency)] += gift_part(donation, minor)
    return kept


def _take_email(donor: Donor, row: DonorEmail, left: list[DonorEmail]) -> None:
    was_main = row.is_main
    row.is_main = False
    row.proven_at = row.proven_at or clock.real_now()
    row.donor_id = donor.id
    db.session.flush()
    if was_main and left:
        move_main(None, min(left, key=lambda each: (each.proven_at is None, each.id)))


def _move_customers_of(promises: list[int], other: Donor, donor: Donor) -> None:
    """A customer at Stripe goes along when all promises it pays for do."""
    going: set[str | None] = set()
    staying: set[str | None] = set()
    for promise in list_recurring_of(other.id):
        (going if promise.id in promises else staying).add(promise.stripe_customer_id)
    for customer in list_customers(other.id):
        if customer.stripe_customer_id in going - staying:
            customer.donor_id = donor.id
    db.session.flush()


def _move(model: type[Any], other: Donor, donor: Donor, *which: Any) -> int:
    moved = db.session.execute(
        sa.update(model)
        .where(model.donor_id == other.id, *which)
        .values(donor_id=donor.id)
        .execution_options(synchronize_session="fetch")
    )
    return int(moved.rowcount)  # type: ignore[attr-defined]


def _remove(other: Donor) -> None:
    """Let go of a donor nothing belongs to any more; a table that still names them refuses."""
    db.session.delete(other)
    db.session.flush()
