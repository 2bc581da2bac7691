"""The movements export: one row a movement of what a promise counts in a year, as it was learned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, select

from donate.appeals.models import Appeal
from donate.donors.models import Donor
from donate.newsroom.models import Fund
from donate.recurring.models import RecurringDonation, RecurringMovement
from donate.reports.as_text import amount, day, known, moment
from donate.reports.copy import iterate_texts
from donate.reports.narrowed import narrowed

#: Columns are only ever added at the end.
COLUMNS = (
    "moved_on", "moved_at", "kind", "recurring_id", "number", "interval", "currency", "annual_before", "annual_after",
    "annual_change", "fund", "gl_code", "restriction", "appeal", "donor_id",
)  # fmt: skip


def ask_movements(period: Any) -> Select[Any]:
    """Ask for movements with what they hang on, as texts, in the order they were learned.

    Args:
        period: A ``reports.export.Period`` of the days they moved on.
    """
    row, promise = RecurringMovement, RecurringDonation
    texts: dict[str, Any] = {
        "moved_on": day(row.moved_on),
        "moved_at": moment(row.moved_at),
        "kind": row.kind,
        "recurring_id": promise.reference,
        "number": row.number,
        "interval": promise.interval,
        "currency": row.currency,
        "annual_before": amount(row.annual_before_minor, row.currency),
        "annual_after": amount(row.annual_after_minor, row.currency),
        "annual_change": amount(row.annual_after_minor - row.annual_before_minor, row.currency),
        "fund": Fund.code,
        "gl_code": Fund.gl_code,
        "restriction": Fund.restriction,
        "appeal": known(Appeal.slug),
        "donor_id": known(Donor.reference),
    }
    asked = (
        select(*(texts[column].label(column) for column in COLUMNS))
        .select_from(row)
        .join(promise, promise.id == row.recurring_id)
        .join(Fund, Fund.id == row.fund_id)
        .outerjoin(Appeal, Appeal.id == promise.appeal_id)
        .outerjoin(Donor, Donor.id == promise.donor_id)
        .where(*narrowed(period.fund, period.appeal, promise.id))
        .order_by(row.moved_on, row.id)
    )
    for column, value in ((row.kind, period.moved), (row.currency, period.currency)):
        asked = asked.where(column == value) if value else asked
    if period.since is not None:
        asked = asked.where(row.moved_on >= period.since)
    if period.until is not None:
        asked = asked.where(row.moved_on < period.until)
    return asked


def export_movements(period: Any) -> Iterator[dict[str, Any]]:
    """Give the movements of a period; call inside ``snapshot()``.

    Args:
        period: A ``reports.export.Period``.
    """
    yield from iterate_texts(ask_movements(period))
