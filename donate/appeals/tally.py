"""What an appeal has raised: counted with each gift, shown where a goal is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal

from sqlalchemy.dialects import postgresql, sqlite

from donate import clock
from donate.appeals.models import AppealSupporter, AppealTally
from donate.db import db
from donate.money import Money
from donate.newsroom.edition import note_change


@dataclass(frozen=True)
class Tally:
    """The sum credited to an appeal.

    Args:
        raised: After refunds; renewals count, covered fees don't.
        people: How many gave.
        as_of: When it was counted.
    """

    raised: Money
    people: int
    as_of: datetime

    def counts_towards(self, goal: Money) -> bool:
        """Tell whether the sum and the goal are in one currency, so that one can be measured by the other."""
        return self.raised.currency == goal.currency

    def percent(self, goal: Money) -> Decimal:
        """Tell how full the bar is, from 0 to 100, rounded down so that a goal is never called reached early.

        Args:
            goal: In the same currency.
        """
        share = Decimal((self.raised - Money(0, goal.currency)).minor) * 100 / goal.minor
        return min(Decimal(100), max(Decimal(0), share)).quantize(Decimal("0.1"), ROUND_FLOOR)


def count_gift(appeal_id: int, donor_id: int, gift: Money) -> None:
    """Count a gift towards its appeal; call inside ``committed()``, in the transaction that makes it succeed.

    Args:
        appeal_id: What it is credited to.
        donor_id: Who gave; one person is counted once for an appeal and currency.
        gift: Without the covered fee.
    """
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    who = {"appeal_id": appeal_id, "currency": gift.currency}
    new = db.session.execute(
        insert(AppealSupporter)
        .values(**who, donor_id=donor_id)
        .on_conflict_do_nothing()
        .returning(AppealSupporter.donor_id)
    ).first()
    people = 1 if new is not None else 0
    counted_at = clock.now()
    note_change(db.session())
    db.session.execute(
        insert(AppealTally)
        .values(**who, raised_minor=gift.minor, gifts=1, people=people, counted_at=counted_at)
        .on_conflict_do_update(
            index_elements=["appeal_id", "currency"],
            set_={
                "raised_minor": AppealTally.raised_minor + gift.minor,
                "gifts": AppealTally.gifts + 1,
                "people": AppealTally.people + people,
                "counted_at": counted_at,
            },
        )
    )
