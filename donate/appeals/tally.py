"""What an appeal has raised, as a value: the goal bar stands only where it is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal

from donate.money import Money


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
