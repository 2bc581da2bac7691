"""What the law of a country asks of receipts, as data by country and year; a country or a year is added as a line."""

from __future__ import annotations

from dataclasses import dataclass

from donate.money import Money


@dataclass(frozen=True)
class Rules:
    """The rules of one country from one year on.

    Args:
        from_year: The first year they hold, by the day a gift was received.
        currency: What the limits are in.
        acknowledge_from: From so much on, a single gift is deducted only with a written acknowledgment.
        disclose_over: Above so much, a payment for which something of value was given needs a disclosure.
    """

    from_year: int
    currency: str
    acknowledge_from: Money
    disclose_over: Money


#: US: Internal Revenue Code § 170(f)(8) (acknowledgment from $250) and § 6115 (disclosure above $75), both since 1994,
#: explained in IRS Publication 1771. What § 6115 lets go unsaid, benefits of insubstantial value, is left out on
#: purpose: its figures change each year, and a disclosure that was not needed harms nobody.
#: Canada (Income Tax Regulations, 3501) and the UK (Gift Aid) are not here yet. They would add, as data: what must
#: stand on the receipt (place of issue, eligible amount, advantage, the tax office's address) and the declaration.
RULES: dict[str, tuple[Rules, ...]] = {
    "US": (Rules(1994, "USD", acknowledge_from=Money(250_00, "USD"), disclose_over=Money(75_00, "USD")),),
}


def rules_for(country: str, year: int) -> Rules | None:
    """Find the rules of a country in a year; none where it has none here, and a plain receipt is written.

    Args:
        country: ISO 3166 code.
        year: In which a gift was received.
    """
    known = [rules for rules in RULES.get(country, ()) if rules.from_year <= year]
    return max(known, key=lambda rules: rules.from_year, default=None)
