"""Look-ups of levels, memberships and supporters, and of the gifts that earn them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, ScalarSelect, case, func, or_, select

from donate.db import db
from donate.donors.models import Donor
from donate.giving.models import Dispute, Donation, Refund
from donate.giving.status import GIVING_BACK, TAKEN_DISPUTES
from donate.members.models import Level, Membership, MembershipPeriod, Supporter


def list_levels() -> list[Level]:
    """List the levels that are offered, the lowest first."""
    return list(db.session.scalars(select(Level).where(Level.is_offered).order_by(Level.rank)))


def list_all_levels() -> list[Level]:
    """List every level there ever was."""
    return list(db.session.scalars(select(Level).order_by(Level.id)))


def get_level(level_id: int) -> Level:
    """Give a level by its key."""
    return db.session.get_one(Level, level_id)


def find_membership(donor_id: int) -> Membership | None:
    """Find a donor's membership."""
    return db.session.scalars(select(Membership).where(Membership.donor_id == donor_id)).first()


def find_membership_to_write(donor_id: int) -> Membership | None:
    """Find a donor's membership as it is now, and take its lock."""
    asked = select(Membership).where(Membership.donor_id == donor_id).with_for_update()
    return db.session.scalars(asked.execution_options(populate_existing=True)).first()


def is_kept() -> ColumnElement[bool]:
    """Write what is true of a gift that stays: what went back whole, or was taken by a bank, has earned nothing."""
    returned, disputed = _gone()
    return Donation.amount_minor > returned + disputed


def _gone() -> tuple[ScalarSelect[int], ScalarSelect[int]]:
    """Write what went back of a gift, and what a bank took of it."""
    returned = select(func.coalesce(func.sum(Refund.amount_minor), 0)).where(
        Refund.donation_id == Donation.id, or_(*(Refund.status == each for each in GIVING_BACK))
    )
    disputed = select(func.coalesce(func.sum(Dispute.amount_minor), 0)).where(
        Dispute.donation_id == Donation.id, or_(*(Dispute.status == each for each in TAKEN_DISPUTES))
    )
    return returned.scalar_subquery(), disputed.scalar_subquery()


def list_gifts_without_period(donor_id: int) -> list[Donation]:
    """List a donor's gifts that were kept and have earned nothing so far."""
    return list(
        db.session.scalars(
            select(Donation)
            .outerjoin(MembershipPeriod, MembershipPeriod.donation_id == Donation.id)
            .where(
                Donation.donor_id == donor_id,
                Donation.status == "succeeded",
                MembershipPeriod.id.is_(None),
                is_kept(),
            )
        )
    )


def list_kept_periods(donor_id: int) -> list[tuple[int, int, str, date, date, int | None]]:
    """List what a donor's kept gifts earned: (level, its rank, currency, first day, day it ends, promise)."""
    rows = db.session.execute(
        select(
            MembershipPeriod.level_id,
            Level.rank,
            Donation.currency,
            MembershipPeriod.begins_on,
            MembershipPeriod.until_on,
            Donation.recurring_id,
        )
        .join(Donation, Donation.id == MembershipPeriod.donation_id)
        .join(Level, Level.id == MembershipPeriod.level_id)
        .where(Donation.donor_id == donor_id, is_kept())
    )
    return [(level, rank, currency, first, until, promise) for level, rank, currency, first, until, promise in rows]


def list_periods_of(donor_id: int) -> list[tuple[int, int, date]]:
    """List (gift, level, day) of what a donor's kept gifts have earned, the oldest first."""
    rows = db.session.execute(
        select(MembershipPeriod.donation_id, MembershipPeriod.level_id, MembershipPeriod.begins_on)
        .join(Donation, Donation.id == MembershipPeriod.donation_id)
        .where(Donation.donor_id == donor_id, is_kept())
        .order_by(MembershipPeriod.begins_on, MembershipPeriod.donation_id)
    )
    return [(gift, level, day) for gift, level, day in rows]


def find_newest_gift(donor_id: int) -> tuple[str, str]:
    """Tell how a donor's newest kept gift was given, and its country; both are empty where there is none."""
    asked = (
        select(Donation.frequency, Donation.country)
        .where(Donation.donor_id == donor_id, Donation.status == "succeeded", is_kept())
        .order_by(Donation.received_on.desc(), Donation.id.desc())
    )
    row = db.session.execute(asked.limit(1)).first()
    return (row[0], row[1]) if row is not None else ("", "")


def find_last_single_gift(donor_id: int) -> date | None:
    """Tell the day of a donor's last single gift that was kept."""
    return db.session.scalar(
        select(func.max(Donation.received_on)).where(
            Donation.donor_id == donor_id,
            Donation.status == "succeeded",
            Donation.frequency == "once",
            is_kept(),
        )
    )


def has_gifts() -> bool:
    """Tell whether any gift ever arrived."""
    return db.session.scalar(select(Donation.id).where(Donation.status == "succeeded").limit(1)) is not None


def list_run_out_donor_ids(today: date, after: int, at_most: int) -> list[int]:
    """List whose membership is carried no further and has not lapsed, by donors' keys from one on."""
    return list(
        db.session.scalars(
            select(Membership.donor_id)
            .where(Membership.donor_id > after, Membership.until_on <= today, Membership.lapsed_on.is_(None))
            .order_by(Membership.donor_id)
            .limit(at_most)
        )
    )


def list_giver_ids(after: int, at_most: int) -> list[int]:
    """List donors of whom a gift arrived, by their keys from one on."""
    return list(
        db.session.scalars(
            select(Donation.donor_id)
            .where(Donation.donor_id > after, Donation.status == "succeeded")
            .distinct()
            .order_by(Donation.donor_id)
            .limit(at_most)
        )
    )


@dataclass(frozen=True)
class AgreedSum:
    """What one donor's gifts of a year come to that were made under one sentence about being named.

    Args:
        currency: Of the gifts.
        said_minor: The sum that the sentence named.
        minor: What is kept of the gifts, without covered fees, in minor units.
        newest: The newest of them that was given by a name, by its row; 0 where none was.
    """

    donor_id: int
    currency: str
    said_minor: int
    minor: int
    newest: int


def list_agreed_sums(first: date, after: date, donor_id: int | None = None) -> list[AgreedSum]:
    """Sum the gifts of a year whose givers were told of the page of supporters and did not stop it.

    Args:
        first: The year's first day.
        after: The day after its last.
        donor_id: Of one donor only.
    """
    returned, disputed = _gone()
    left = Donation.amount_minor - returned - disputed
    # As goals count it: of what is kept, the share that is not the covered fee.
    given = left * (Donation.amount_minor - Donation.fee_cover_minor) // Donation.amount_minor
    named = case((Donation.first_name + Donation.last_name != "", Donation.id), else_=0)
    asked = (
        select(Donation.donor_id, Donation.currency, Donation.listing_minor, func.sum(given), func.max(named))
        .where(
            Donation.listing_minor.is_not(None),
            Donation.anonymous.is_(False),
            Donation.status == "succeeded",
            Donation.received_on >= first,
            Donation.received_on < after,
            Donation.donor_id.is_not(None) if donor_id is None else Donation.donor_id == donor_id,
            is_kept(),
        )
        .group_by(Donation.donor_id, Donation.currency, Donation.listing_minor)
    )
    return [
        AgreedSum(int(donor), currency, int(said), int(minor), int(newest))
        for donor, currency, said, minor, newest in db.session.execute(asked)
    ]


def list_gift_names(donation_ids: list[int]) -> dict[int, str]:
    """Give the names that gifts were given by; a gift without a name is not among them."""
    rows = db.session.scalars(select(Donation).where(Donation.id.in_(donation_ids)))
    return {gift.id: gift.donor_name for gift in rows if gift.donor_name}


def list_all_named() -> list[Supporter]:
    """List who is named, every year."""
    return list(db.session.scalars(select(Supporter)))


def list_named_donors() -> list[tuple[str, int, str]]:
    """List (name, year, the donor's reference) of everybody who is named."""
    rows = db.session.execute(
        select(Supporter.name, Supporter.year, Donor.reference).join(Donor, Donor.id == Supporter.donor_id)
    )
    return [(name, year, reference) for name, year, reference in rows]


def list_named(donor_id: int) -> list[Supporter]:
    """List the years a donor is named for, the newest first."""
    return list(
        db.session.scalars(select(Supporter).where(Supporter.donor_id == donor_id).order_by(Supporter.year.desc()))
    )


def list_existing(donor_ids: list[int]) -> list[int]:
    """List those of some donors' keys that still have a row."""
    return list(db.session.scalars(select(Donor.id).where(Donor.id.in_(donor_ids)).order_by(Donor.id)))
