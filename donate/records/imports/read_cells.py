"""Read cells as other systems write them: amounts, moments, addresses, yes and no; never by guessing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from email_validator import EmailNotValidError, validate_email

from donate import clock
from donate.money import Money, decimals, is_currency, symbol
from donate.records.imports.gift import RowRefused

_GROUPED = {"point": re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?|\d+(\.\d+)?|\.\d+"),
            "comma": re.compile(r"\d{1,3}([. ]\d{3})+(,\d+)?|\d+(,\d+)?|,\d+")}  # fmt: skip
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009\u200e\u200f]+")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?=$|[T\s])")
_BARE = re.compile(r"(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?=$|[T\s,])")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?=$|[\s,])")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)? ([A-Za-z]{3,9})\.?,? (\d{4})(?=$|[\s,])")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)? ?([AaPp]\.?[Mm]\.?)? ?(Z|UTC|[+-]\d{2}:?\d{2})?")
_YES = frozenset({"yes", "y", "true", "t", "1", "x"})
_NO = frozenset({"", "no", "n", "false", "f", "0", "-"})
#: No gift of a system that is read here is older, and none is of a day to come.
_OLDEST = date(1990, 1, 1)


@dataclass(frozen=True)
class Habits:
    """How a file writes what can be written in several ways.

    Args:
        zone: Of moments that name none.
        home: The newsroom's zone, by which a gift's day is told.
        dates: ``dmy`` or ``mdy``: which comes first in 03/04/2024; empty refuses such dates.
        decimal: ``point`` or ``comma``: the sign before the cents.
        currency: Of amounts that name none; empty refuses them.
    """

    zone: str
    home: str
    dates: str = ""
    decimal: str = "point"
    currency: str = ""


def read_currency(text: str, habits: Habits) -> str:
    """Read a currency's ISO code, or take the one that stands for the whole file."""
    code = text.strip().upper() or habits.currency
    if not code:
        raise RowRefused("currency_missing")
    if len(code) != 3 or not is_currency(code):
        raise RowRefused("currency_unknown", currency=text.strip()[:20])
    return code


def read_amount(text: str, currency: str, habits: Habits) -> Money:
    """Read an amount of zero or more, exactly.

    Raises:
        RowRefused: ``amount_missing``, ``amount_negative``, ``amount_unreadable``, ``amount_decimals``.
    """
    bare = _SPACES.sub(" ", text.replace("−", "-")).strip()
    if bare.startswith("(") and bare.endswith(")"):
        bare = "-" + bare[1:-1]
    sign, bare = ("-", bare.replace("-", "", 1)) if bare.startswith("-") or bare.endswith("-") else ("", bare)
    for mark in (symbol(currency), currency, "US$", "$", "€", "£", "₪"):
        bare = bare.removeprefix(mark).removesuffix(mark).strip()
    if not bare:
        raise RowRefused("amount_missing")
    if sign:
        raise RowRefused("amount_negative", amount=text.strip()[:40])
    if _GROUPED[habits.decimal].fullmatch(bare) is None:
        other = "comma" if habits.decimal == "point" else "point"
        code = "amount_other_decimal" if _GROUPED[other].fullmatch(bare) else "amount_unreadable"
        raise RowRefused(code, amount=text.strip()[:40], other=other)
    point = "." if habits.decimal == "point" else ","
    whole, _, part = bare.partition(point)
    whole, places = re.sub(r"\D", "", whole), decimals(currency)
    if part[places:].strip("0"):
        raise RowRefused("amount_decimals", amount=text.strip()[:40], currency=currency)
    if len(whole) > 13:
        raise RowRefused("amount_unreadable", amount=text.strip()[:40], other="")
    return Money(int(whole or "0") * 10**places + int(part[:places].ljust(places, "0") or "0"), currency)


def read_moment(text: str, habits: Habits, time_text: str = "") -> tuple[datetime, date]:
    """Read when something was, and on which day of the newsroom's; a day without a time is that very day.

    Args:
        text: The day, with or without its time.
        habits: The file's.
        time_text: The time, where it stands in a column of its own.

    Raises:
        RowRefused: ``date_missing``, ``date_unreadable``, ``date_order_unknown``, ``date_to_come``, ``date_too_old``.
    """
    cleaned = _SPACES.sub(" ", text).strip()
    if not cleaned:
        raise RowRefused("date_missing")
    day, rest = _read_day(cleaned, habits)
    rest = rest.strip().lstrip("T,").removeprefix("at ").strip() or time_text.strip()
    home = ZoneInfo(habits.home)
    if rest:
        moment, day_at_home = _at_time(day, rest, cleaned, habits)
    else:
        moment, day_at_home = datetime.combine(day, time(12), home).astimezone(UTC), day
    if day_at_home > clock.today(habits.home) + timedelta(days=1):
        raise RowRefused("date_to_come", date=cleaned[:40])
    if day_at_home < _OLDEST:
        raise RowRefused("date_too_old", date=cleaned[:40])
    return moment, day_at_home


def _at_time(day: date, rest: str, whole: str, habits: Habits) -> tuple[datetime, date]:
    found = _TIME.fullmatch(rest)
    if found is None:
        raise RowRefused("date_unreadable", date=whole[:40])
    hours, minutes, seconds, half, zone = found.groups()
    hour = int(hours)
    if half:
        hour = hour % 12 + (12 if half[0] in "Pp" else 0)
    try:
        local = datetime.combine(day, time(hour, int(minutes), int(seconds or 0)), _zone(zone, habits.zone))
        moment = local.astimezone(UTC)
    except ValueError:
        raise RowRefused("date_unreadable", date=whole[:40]) from None
    return moment, clock.on(moment, habits.home)


def _zone(written: str | None, usual: str) -> ZoneInfo | timezone:
    if not written:
        return ZoneInfo(usual)
    if written in ("Z", "UTC"):
        return UTC
    hours, minutes = int(written[1:3]), int(written[-2:])
    span = timedelta(hours=hours, minutes=minutes)
    return timezone(-span if written[0] == "-" else span)


def _read_day(text: str, habits: Habits) -> tuple[date, str]:
    """Read the day a text begins with; give it and what follows."""
    try:
        if found := _YEAR_FIRST.match(text):
            return date(int(found[1]), int(found[2]), int(found[3])), text[found.end() :]
        if found := _BARE.fullmatch(text):
            year, month, day, *clocked = found.groups()
            return date(int(year), int(month), int(day)), ":".join(clocked)
        if found := _YEAR_LAST.match(text):
            return _by_order(found, text, habits), text[found.end() :]
        if found := _MONTH_FIRST.match(text):
            return date(int(found[3]), _month(found[1]), int(found[2])), text[found.end() :]
        if found := _DAY_FIRST.match(text):
            return date(int(found[3]), _month(found[2]), int(found[1])), text[found.end() :]
    except ValueError:
        raise RowRefused("date_unreadable", date=text[:40]) from None
    raise RowRefused("date_unreadable", date=text[:40])


def _by_order(found: re.Match[str], text: str, habits: Habits) -> date:
    """Read 03/04/2024 by the file's own order: where it is not known, only what can be nothing else."""
    one, two, year = int(found[1]), int(found[2]), int(found[3])
    year += 2000 if year < 100 else 0
    if habits.dates == "mdy" or (not habits.dates and two > 12):
        return date(year, one, two)
    if habits.dates == "dmy" or one > 12 or one == two:
        return date(year, two, one)
    raise RowRefused("date_order_unknown", date=text[:40])


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def read_email(text: str) -> str:
    """Read an address, or nothing; nobody is asked whether it exists.

    Raises:
        RowRefused: ``email_unreadable``.
    """
    typed = text.strip()
    if not typed:
        return ""
    try:
        found = validate_email(typed, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError:
        raise RowRefused("email_unreadable") from None
    return found.ascii_email or found.normalized


def read_yes(text: str, column: str) -> bool:
    """Read a yes or a no; an empty cell is a no.

    Raises:
        RowRefused: ``yes_or_no``.
    """
    word = text.strip().lower()
    if word not in _YES | _NO:
        raise RowRefused("yes_or_no", column=column, text=text.strip()[:40])
    return word in _YES


def read_interval(text: str) -> str:
    """Read how often something is given, as Stripe and others call it: ``month``, ``year``, or nothing we know."""
    word = text.strip().lower()
    if word in ("month", "monthly", "1 month", "every month"):
        return "month"
    return "year" if word in ("year", "yearly", "annual", "annually", "1 year", "every year") else ""
