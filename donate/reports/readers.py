"""Who reads, with all that their pages and asks depend on: one query, since every page of theirs asks it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import String, bindparam, cast, func, or_, select

from donate import references
from donate.db import db
from donate.donors.come_in import LIFE
from donate.donors.models import Donor, Follow, MemberSession
from donate.entry.sessions import is_live
from donate.giving.models import Donation
from donate.members.models import Membership
from donate.members.queries import is_kept
from donate.members.standing import Giving
from donate.recurring.acts import LIVE
from donate.recurring.models import FailedCharge, RecurringDonation
from donate.recurring.status import TERMINAL


@dataclass(frozen=True)
class SignedIn:
    """A donor who is signed in.

    Args:
        member_since: The day their membership began; none of a donor who is no member now.
        follows: (``section`` or ``topic``, address), as they were chosen.
        giving: How they give, as ``members.standing`` reads it.
    """

    donor: Donor
    session: MemberSession
    member_since: date | None
    follows: tuple[tuple[str, str], ...]
    giving: Giving


_CHOSEN = cast(Follow.id, String) + ":" + Follow.kind + "/" + Follow.slug
_ARRIVED = (Donation.donor_id == Donor.id, Donation.status == "succeeded", is_kept())
# Written once: every page of a reader who is signed in asks it. What it says of their giving is what
# ``standing_of`` says, and a test holds one against the other. No IN stands in it: a list of values is written into the
# statement again each time it is asked.
_ASKED = (
    select(
        Donor,
        MemberSession,
        Membership.since_on,
        Membership.lapsed_on,
        select(func.aggregate_strings(_CHOSEN, " ")).where(Follow.donor_id == Donor.id).scalar_subquery(),
        select(RecurringDonation.reference + "/" + RecurringDonation.interval)
        .join(FailedCharge, FailedCharge.recurring_id == RecurringDonation.id)
        .where(
            RecurringDonation.donor_id == Donor.id,
            *(RecurringDonation.status != each for each in TERMINAL),
            FailedCharge.state == "open",
        )
        .order_by(FailedCharge.id.desc())
        .limit(1)
        .scalar_subquery(),
        select(func.min(RecurringDonation.interval))
        .where(
            RecurringDonation.donor_id == Donor.id,
            or_(*(RecurringDonation.status == each for each in LIVE)),
            RecurringDonation.cancel_at_period_end.is_(False),
        )
        .scalar_subquery(),
        select(func.max(Donation.received_on)).where(*_ARRIVED, Donation.frequency == "once").scalar_subquery(),
        select(Donation.frequency + "/" + Donation.country)
        .where(*_ARRIVED)
        .order_by(Donation.received_on.desc(), Donation.id.desc())
        .limit(1)
        .scalar_subquery(),
    )
    .join(MemberSession, MemberSession.owner_id == Donor.id)
    .outerjoin(Membership, Membership.donor_id == Donor.id)
    .where(MemberSession.id_hash == bindparam("id_hash"))
)


def find_signed_in(secret: str) -> SignedIn | None:
    """Find whose session a cookie's secret is; none when it has ended."""
    if not secret:
        return None
    row = db.session.execute(_ASKED, {"id_hash": references.fingerprint(secret)}).first()
    if row is None or not is_live(row[1], LIFE):
        return None
    donor, session, since_on, lapsed_on, chosen, refused, promised, single_on, newest = row
    reference, _, interval = (refused or "").partition("/")
    given, _, country = (newest or "").partition("/")
    is_member = since_on is not None and lapsed_on is None
    giving = Giving(is_member, lapsed_on is not None, reference, interval, promised or "", single_on, given, country)
    return SignedIn(donor, session, since_on if is_member else None, _read(chosen or ""), giving)


def _read(told: str) -> tuple[tuple[str, str], ...]:
    chosen = sorted((int(number), each) for number, _, each in (one.partition(":") for one in told.split()))
    return tuple((kind, slug) for kind, _, slug in (each.partition("/") for _number, each in chosen))
