"""Join one donor with another whole: gifts, promises, statements, consents and notes go along, and their row goes."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import sqlalchemy as sa

from donate.appeals.recount import recount_supporter
from donate.db import db
from donate.donors.follow import follow, unfollow
from donate.donors.models import (
    AddressChange,
    Donor,
    DonorNote,
    DonorOldId,
    DonorStripeCustomer,
    MailChoice,
    MemberSession,
)
from donate.donors.queries import list_followed
from donate.donors.words import move_words
from donate.entry.sessions import end_sessions
from donate.giving.models import Donation
from donate.giving.offline.models import OfflineLine
from donate.ledger.donors import count_donors
from donate.ledger.post import gift_part
from donate.ledger.queries import list_kept_of_donor
from donate.members.renew import renew_membership
from donate.members.supporters import relist
from donate.newsroom.queries import get_newsroom
from donate.receipts.models import Receipt
from donate.receipts.statement import issue_statements, renew_statements, void_statements
from donate.records.consents import adopt_consent
from donate.recurring.models import RecurringDonation

#: What goes along as it is.
_THEIRS = (
    DonorStripeCustomer, DonorOldId, RecurringDonation, MailChoice, DonorNote, AddressChange, OfflineLine,
)  # fmt: skip


def bring_along(other: Donor, donor: Donor) -> int:
    """Move all that is another donor's, but for their addresses; call inside ``committed()``, both locked.

    Args:
        other: Who goes.
        donor: Who stays.

    Returns:
        How many gifts came along.
    """
    gifts = move(Donation, other, donor)
    _join_statements(other, donor)
    for model in (
        DonorStripeCustomer,
        RecurringDonation,
        MailChoice,
        DonorNote,
        AddressChange,
        OfflineLine,
        DonorOldId,
    ):
        move(model, other, donor)
    follow(donor.id, list_followed(other.id))
    unfollow(other.id)
    move_words(other.id, donor.id)
    return gifts


def settle(other: Donor, donor: Donor) -> None:
    """Bring what is counted by donors to what each has now; call inside ``committed()``, after gifts moved."""
    adopt_consent(donor.id)
    end_sessions(MemberSession, other.id)
    count_donors([other.id, donor.id])
    for each in (other.id, donor.id):
        recount_supporter(each, _kept(each))
        renew_membership(each)
        relist(each)
        renew_statements(each, zone=get_newsroom().time_zone)


def remove(other: Donor) -> None:
    """Let go of a donor nothing belongs to any more; a table that still names them refuses."""
    db.session.delete(other)
    db.session.flush()


def move(model: type[Any], other: Donor, donor: Donor, *which: Any) -> int:
    """Give rows of one donor to another; call inside ``committed()``.

    Args:
        model: Their class.
        other: Whose they were.
        donor: Whose they are from now on.
        which: Conditions, where not all of them go.

    Returns:
        How many there were.
    """
    moved = db.session.execute(
        sa.update(model)
        .where(model.donor_id == other.id, *which)
        .values(donor_id=donor.id)
        .execution_options(synchronize_session="fetch")
    )
    return int(moved.rowcount)  # type: ignore[attr-defined]


def _join_statements(other: Donor, donor: Donor) -> None:
    """End the other's statements: whoever has the gifts now has one of each of those years instead."""
    zone = get_newsroom().time_zone
    years = void_statements(other.id, zone=zone)
    move(Receipt, other, donor)
    for year in years:
        issue_statements([donor.id], year, zone=zone)


def _kept(donor_id: int) -> dict[tuple[int, str], int]:
    """Sum what is kept of a donor's gifts by (appeal, currency), as the appeals' tallies count it."""
    kept: dict[tuple[int, str], int] = defaultdict(int)
    for donation, minor in list_kept_of_donor(donor_id):
        assert donation.appeal_id is not None
        kept[(donation.appeal_id, donation.currency)] += gift_part(donation, minor)
    return kept
