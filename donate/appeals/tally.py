"""What an appeal has raised: counted with each gift, shown where a goal is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal
from typing import Literal

import sqlalchemy as sa

from donate import clock
from donate.appeals.models import AppealSupporter, AppealTally
from donate.db import db, insert_of
from donate.money import Money
from donate.newsroom.edition import note_change


@dataclass(frozen=True)
class Tally:
    """The sum credited to an appeal.

    Args:
        raised: After refunds; renewals count, covered fees don't.
        people: How many gave.
        as_of: When it was counted.
        renewals_minor: Of the sum, what the later gifts of promises brought.
        offline_minor: Of the sum, what came by cheque, transfer or cash.
    """

    raised: Money
    people: int
    as_of: datetime
    renewals_minor: int = 0
    offline_minor: int = 0

    @property
    def offline(self) -> Money:
        """What came by cheque, transfer or cash."""
        return Money(self.offline_minor, self.raised.currency)

    def counts_towards(self, goal: Money) -> bool:
        """Tell whether the sum and the goal are in one currency, so that one can be measured by the other."""
        return self.raised.currency == goal.currency

    def percent(self, goal: Money, *, counts_renewals: bool = True) -> Decimal:
        """Tell how full the bar is, from 0 to 100, rounded down so that a goal is never called reached early.

        Args:
            goal: In the same currency.
            counts_renewals: The appeal's declared rule.
        """
        counted = towards_goal(self, counts_renewals=counts_renewals)
        share = Decimal((counted - Money(0, goal.currency)).minor) * 100 / goal.minor
        return min(Decimal(100), max(Decimal(0), share)).quantize(Decimal("0.1"), ROUND_FLOOR)


def towards_goal(tally: Tally, *, counts_renewals: bool) -> Money:
    """Tell how much of what was raised counts for the goal, by the appeal's declared rule.

    Args:
        tally: After refunds and disputes, offline gifts with it.
        counts_renewals: Whether the later gifts of promises count, or only what each began with.
    """
    return tally.raised if counts_renewals else tally.raised - Money(tally.renewals_minor, tally.raised.currency)


def move_tally(
    appeal_id: int, donor_id: int, change: Money, gifts: int, *, of: Literal["", "renewals", "offline"] = ""
) -> None:
    """Move what an appeal has raised; call inside ``committed()``, in the transaction that books the movement.

    Args:
        appeal_id: What it is credited to.
        donor_id: Who gave; one person is counted once for an appeal and currency, while something of it is kept.
        change: Without the covered fee; negative where something went back.
        gifts: 1 for a new gift, -1 for one that went back whole, 0 for a part.
        of: Which part of the sum the gift is of besides.
    """
    who = {"appeal_id": appeal_id, "currency": change.currency}
    kept = db.session.execute(
        insert_of(AppealSupporter)
        .values(**who, donor_id=donor_id, kept_minor=change.minor)
        .on_conflict_do_update(
            index_elements=["appeal_id", "currency", "donor_id"],
            set_={"kept_minor": AppealSupporter.kept_minor + change.minor},
        )
        .returning(AppealSupporter.kept_minor)
    ).scalar_one()
    people = int(kept > 0) - int(kept - change.minor > 0)
    note_change(db.session())
    # A row of noughts first: PostgreSQL holds what would be inserted to the table's checks, also where it then updates.
    db.session.execute(
        insert_of(AppealTally)
        .values(**who, raised_minor=0, renewals_minor=0, offline_minor=0, gifts=0, people=0, counted_at=clock.now())
        .on_conflict_do_nothing()
    )
    db.session.execute(
        sa.update(AppealTally)
        .where(AppealTally.appeal_id == appeal_id, AppealTally.currency == change.currency)
        .values(
            raised_minor=AppealTally.raised_minor + change.minor,
            renewals_minor=AppealTally.renewals_minor + (change.minor if of == "renewals" else 0),
            offline_minor=AppealTally.offline_minor + (change.minor if of == "offline" else 0),
            gifts=AppealTally.gifts + gifts,
            people=AppealTally.people + people,
            counted_at=clock.now(),
        )
        .execution_options(synchronize_session=False)
    )
