"""Record an offline gift: one row for its reference, as received on its own day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError

from donate import clock
from donate.db import db
from donate.donors.models import Donor
from donate.errors import OfflineRefused
from donate.giving.models import Donation
from donate.giving.offline.entry import OfflineEntry, lacks
from donate.giving.offline.models import OfflineGift
from donate.giving.offline.queries import find_last_address
from donate.giving.queries import find_donation

_ADDRESS = ("address_line1", "address_line2", "city", "region", "postcode", "country")


def find_recorded(entry: OfflineEntry, received_on: date) -> Donation | None:
    """Find the gift that was recorded from this very form before.

    Args:
        entry: As typed.
        received_on: The newsroom's day.

    Raises:
        OfflineRefused: ``offline_changed`` (reference) where the same form recorded something else.
    """
    found = find_donation(entry.reference)
    if found is not None and found.content_hash != entry.content_hash(received_on):
        raise OfflineRefused("offline_changed", reference=entry.reference)
    return found


def record_offline(
    entry: OfflineEntry,
    donor: Donor,
    email: str,
    received_on: date,
    *,
    livemode: bool,
    zone: str,
    place: tuple[int, int] | None = None,
) -> Donation | None:
    """Write an offline gift that arrived, once for its reference; call inside ``committed()``.

    Args:
        entry: Lacking nothing but, maybe, a donor, who is given here.
        donor: Who gave.
        email: Where they are written to; empty where no address is known.
        received_on: The newsroom's day; not in the future.
        livemode: Whether our key moves real money: all money here is of one mode.
        zone: The newsroom's.
        place: The batch and its line, where it came in one.

    Returns:
        The new row; None where somebody recorded the same reference a moment ago.

    Raises:
        OfflineRefused: ``entry_lacks`` (fields), or ``day_in_future``.
    """
    missing = [name for name in lacks(entry) if name != "donor"]
    if missing:
        raise OfflineRefused("entry_lacks", fields=missing)
    if received_on > clock.today(zone):
        raise OfflineRefused("day_in_future")
    donation = _row(entry, donor, email, received_on, livemode=livemode, zone=zone)
    try:
        with db.session.begin_nested():
            db.session.add(donation)
            db.session.flush()
            db.session.add(_beside(entry, donation, place))
            db.session.flush()
    except IntegrityError:
        if find_donation(entry.reference) is None:
            raise
        return None
    return donation


def moment_on(day: date, zone: str) -> datetime:
    """Give a moment of a day that has begun: its noon, or now where noon is still to come.

    Args:
        day: The newsroom's; today or earlier.
        zone: The newsroom's.
    """
    return min(datetime.combine(day, time(12), ZoneInfo(zone)).astimezone(UTC), clock.now())


def _row(entry: OfflineEntry, donor: Donor, email: str, received_on: date, *, livemode: bool, zone: str) -> Donation:
    address = {name: getattr(entry, name) for name in _ADDRESS}
    if not entry.address_line1 and entry.donor_id is not None:
        address |= find_last_address(entry.donor_id)
    # Whom we know is named as we know them; a fund's grant by whoever recommended it.
    first, last = (donor.first_name, donor.last_name) if entry.donor_id is not None else entry.names
    at, now = moment_on(received_on, zone), clock.now()
    return Donation(
        reference=entry.reference,
        status="succeeded",
        kind="offline",
        frequency="once",
        livemode=livemode,
        content_hash=entry.content_hash(received_on),
        amount_minor=entry.amount.minor,
        currency=entry.amount.currency,
        email=email,
        first_name=first,
        last_name=last,
        note=entry.note,
        language=donor.language,
        fund_id=entry.fund_id,
        appeal_id=entry.appeal_id,
        donor_id=donor.id,
        payment_method=entry.method,
        created_at=now,
        received_at=at,
        received_on=received_on,
        ended_at=now,
        **address,
    )


def _beside(entry: OfflineEntry, donation: Donation, place: tuple[int, int] | None) -> OfflineGift:
    batch_id, line_no = place if place is not None else (None, None)
    return OfflineGift(
        donation_id=donation.id,
        giver=entry.giver,
        organisation=entry.organisation,
        number=entry.number,
        described=entry.described,
        batch_id=batch_id,
        line_no=line_no,
    )
