"""What a giver received for a gift: what their level brings, once in each year of it."""

from __future__ import annotations

from datetime import date

from donate.giving.models import Donation
from donate.members.queries import get_level, list_periods_of
from donate.money import Money
from donate.receipts.wording import Benefit


def benefits_of(donation: Donation, language: str) -> tuple[Benefit, ...]:
    """Tell what was given in return for a gift.

    What a level brings in a year belongs to the gift that begins that year; instalments that follow bring nothing more,
    so that no part of twelve gifts is called undeductible twelve times. A gift that went back whole begins nothing: the
    next one that is kept does, and its receipt may not say that nothing was given.

    Args:
        donation: The gift; what it earned is noted already.
        language: Of the names.
    """
    if donation.donor_id is None:
        return ()
    periods = list_periods_of(donation.donor_id)
    level_id = next((level for gift, level, _day in periods if gift == donation.id), None)
    if level_id is None or not _begins_a_year(donation.id, [each for each in periods if each[1] == level_id]):
        return ()
    return tuple(
        _benefit(each["names"], each.get("value") or {}, donation.currency, language)
        for each in get_level(level_id).benefits
    )


def _begins_a_year(donation_id: int, periods: list[tuple[int, int, date]]) -> bool:
    ends: date | None = None
    for gift, _level, day in periods:
        if ends is None or day >= ends:
            ends = _year_after(day)
            if gift == donation_id:
                return True
    return False


def _year_after(day: date) -> date:
    return date(day.year + 1, 3, 1) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)


def _benefit(names: dict[str, str], value: dict[str, int], currency: str, language: str) -> Benefit:
    name = names.get(language) or names.get("en") or next(iter(names.values()))
    return Benefit(name, Money(value[currency], currency) if value.get(currency) else None)
