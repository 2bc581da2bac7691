"""Read who wrote a story and when, from the lines that say only that."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan يناير كانون-الثاني ינואר",
            "february feb فبراير شباط פברואר",
            "march mar مارس آذار מרץ",
            "april apr أبريل نيسان אפריל",
            "may مايو أيار מאי",
            "june jun يونيو حزيران יוני",
            "july jul يوليو تموز יולי",
            "august aug أغسطس آب אוגוסט",
            "september sept sep سبتمبر أيلول ספטמבר",
            "october oct أكتوبر تشرين-الأول אוקטובר",
            "november nov نوفمبر تشرين-الثاني נובמבר",
            "december dec ديسمبر كانون-الأول דצמבר",
        ),
        1,
    )
    for name in (each.replace("-", " ") for each in names.split())
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY_FIRST = re.compile(rf"(?i)\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+ב?(?P<month>{_MONTH})\.?,?\s+(?P<year>\d{{4}})\b")
_MONTH_FIRST = re.compile(rf"(?i)\b(?P<month>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})\b")
_ISO = re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})\b")
_NUMBERS = re.compile(r"\b(?P<first>\d{1,2})[./](?P<second>\d{1,2})[./](?P<year>\d{4})\b")
_BY = re.compile(r"(?:(?:Written\s+)?[Bb]y|BY|بقلم|تقرير|كتب(?:ت)?|מאת)\s*:?\s+(?P<names>\S.*)")
# What may stand beside a date on its line: labels, weekday, time, zone, separators.
_BESIDE_DATE = re.compile(
    r"(?i)(first |last )?(published|updated|posted|modified|date|on|at|am|pm|utc|gmt|[a-z]{2,3}t"
    r"|(mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun|نُشر|نشر|آخر تحديث|פורסם|עודכן"
    r"|\d{1,2}:\d{2}(:\d{2})?|[\s,|·•:()–—/-])"
)
_SEPARATOR = re.compile(r"\s+[|·•–—/]\s+|\s*\|\s*")


def read_byline(line: str) -> tuple[str, date | None] | None:
    """Read a line that says who wrote the story, with or without its date.

    Args:
        line: Such as ``By Leila Haddad | 3 March 2024``.

    Returns:
        The names without "By", and the date if one stands there; None for any other line.
    """
    found = _BY.fullmatch(line)
    if found is None or len(line) > 200 or re.search(r"[.!?]['\"”’]*$", re.sub(r"\b(Jr|Sr|[A-Z])\.$", "", line)):
        return None
    parts = _SEPARATOR.split(found["names"])
    names, day = [], None
    for part in parts:
        if is_date_line(part):
            day = day or find_date(part)
        else:
            names.append(part.strip(" ,"))
    if not names or not _are_names(names[0]):
        return None
    return " | ".join(names), day


def is_date_line(line: str) -> bool:
    """Tell whether a line says nothing but when: a date, with a weekday, a time or a label beside it."""
    rest = line
    for pattern in (_ISO, _DAY_FIRST, _MONTH_FIRST, _NUMBERS):
        rest, count = pattern.subn("", rest)
        if count:
            return not _BESIDE_DATE.sub("", rest).strip(" T.Z")
    return False


def find_date(line: str) -> date | None:
    """Find a line's date; none where day and month could be either."""
    for pattern in (_ISO, _DAY_FIRST, _MONTH_FIRST):
        if found := pattern.search(line):
            month = found["month"].casefold()
            return _date(found["year"], _MONTHS.get(month) or month, found["day"])
    if found := _NUMBERS.search(line):
        first, second = int(found["first"]), int(found["second"])
        if first > 12 >= second:
            return _date(found["year"], second, first)
        if second > 12 >= first or first == second:
            return _date(found["year"], first, second)
    return None


def at_noon(day: date | None) -> datetime | None:
    """Give a day without a time a moment that is that day in nearly every zone: noon, UTC."""
    return datetime.combine(day, time(12), UTC) if day else None


def _are_names(text: str) -> bool:
    words = re.findall(r"[^\W\d_][\w.'’-]*", text)
    small = {"and", "with", "in", "for", "of", "the", "al", "bin", "ibn", "van", "von", "de", "da", "el", "staff"}
    if not words or len(words) > 14:
        return False
    return not any(word.islower() and word not in small and word.isascii() for word in words) and words[0] not in {
        "The", "A", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    }  # fmt: skip


def _date(year: str, month: int | str, day: int | str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
