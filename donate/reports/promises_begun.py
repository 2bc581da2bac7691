"""What became of the promises that some gifts began: how many still run, how many were stopped soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from donate import clock
from donate.db import db
from donate.recurring.models import RecurringDonation
from donate.reports.gift_lines import Which, chosen, gift_lines

#: A promise that ends within so many days was hardly meant to last.
SOON = timedelta(days=60)


@dataclass(frozen=True)
class Begun:
    """The promises of one interval in one currency.

    Args:
        interval: ``month`` or ``year``.
        begun: How many had their first gift.
        running: How many of them have not ended.
        stopped_soon: How many ended within 60 days.
    """

    interval: str
    currency: str
    begun: int
    running: int
    stopped_soon: int


def count_promises_begun(which: Which, zone: str) -> list[Begun]:
    """Count the promises that gifts began, by currency and interval.

    Args:
        which: Which gifts; what ended on or after its ``until`` still runs.
        zone: The newsroom's.
    """
    line = gift_lines(which.until)
    rows = db.session.execute(
        select(
            RecurringDonation.interval,
            line.c.currency,
            line.c.received_at,
            RecurringDonation.ended_at,
        )
        .join(line, line.c.recurring_id == RecurringDonation.id)
        .where(*chosen(line, which), line.c.kind == "recurring", ~line.c.is_renewal)
    ).all()
    counted: dict[tuple[str, str], list[int]] = {}
    for interval, currency, began_at, ended_at in rows:
        is_over = ended_at is not None and (which.until is None or clock.on(ended_at, zone) < which.until)
        each = counted.setdefault((currency, interval), [0, 0, 0])
        each[0] += 1
        each[1] += not is_over
        each[2] += is_over and ended_at - began_at <= SOON
    return [Begun(interval, currency, *numbers) for (currency, interval), numbers in sorted(counted.items())]
