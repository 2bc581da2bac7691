"""Recount whom an appeal's supporters are, when gifts come to another donor."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from donate.appeals.models import AppealSupporter, AppealTally
from donate.appeals.queries import list_supporting
from donate.db import db
from donate.newsroom.edition import note_change


def recount_supporter(donor_id: int, kept: Mapping[tuple[int, str], int]) -> None:
    """Count a donor for what is kept of their gifts, and for nothing else; call inside ``committed()``.

    Args:
        donor_id: Whose gifts came or went with an address.
        kept: Minor units by (appeal, currency) of the gifts that are theirs now, without covered fees.
    """
    counted = list_supporting(donor_id)
    for appeal_id, currency in sorted(counted.keys() | kept.keys()):
        before, after = (each.get((appeal_id, currency), 0) for each in (counted, kept))
        row = db.session.get(AppealSupporter, (appeal_id, currency, donor_id), populate_existing=True)
        if (appeal_id, currency) not in kept:
            db.session.delete(row)
        elif row is None:
            db.session.add(AppealSupporter(appeal_id=appeal_id, currency=currency, donor_id=donor_id, kept_minor=after))
        else:
            row.kept_minor = after
        _change_people(appeal_id, currency, int(after > 0) - int(before > 0))
    db.session.flush()


def _change_people(appeal_id: int, currency: str, by: int) -> None:
    if not by:
        return
    note_change(db.session())
    db.session.execute(
        sa.update(AppealTally)
        .where(AppealTally.appeal_id == appeal_id, AppealTally.currency == currency)
        .values(people=AppealTally.people + by)
    )
