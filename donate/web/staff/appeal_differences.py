"""What differs between two versions of an appeal, in words: each field as it was and as it is, changed words marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from donate.appeals.compare import Change, Place, mark_words
from donate.money import Money
from donate.web.reading import long_date
from donate.web.staff.appeal_fields import label_of, offer_field, text_field
from donate.web.staff.appeal_words import join, say_allowed, say_frequency, say_standing
from donate.web.staff.places_words import say_place


@dataclass(frozen=True)
class Difference:
    """One field in two versions.

    Args:
        label: The field's name.
        marked: (``same``, ``gone`` or ``new``, words), in reading order.
        language: Of the words, where they are an appeal's own; empty for the desk's.
    """

    label: str
    marked: list[tuple[str, str]]
    language: str = ""


def say_differences(changes: Iterable[Change]) -> list[Difference]:
    """Put changes into words.

    Args:
        changes: In the order of the form.
    """
    return [_say(each) for each in changes]


def _say(change: Change) -> Difference:
    place = change.place
    before, after = (_written(place, value) for value in (change.before, change.after))
    if place[0] == "texts":
        return Difference(label_of(_name(place)), mark_words(before, after), place[1])
    marked = [("gone", before)] if before else []
    return Difference(label_of(_name(place)), [*marked, *([("new", after)] if after else [])])


def _name(place: Place) -> str:
    """Give the form's field for a place in a version's contents."""
    match place:
        case ("texts", language, copy, word):
            return f"{text_field(language, copy)}-{word}"
        case ("amounts", currency, frequency):
            return f"{offer_field(currency)}-{frequency}"
        case ("rules", rule):
            return rule
        case ("targets",):
            return "ties"
        case ("excluded",):
            return "never"
        case _:
            return place[0]


def _written(place: Place, value: Any) -> str:
    """Write a value as a person reads it; nothing is an empty text."""
    if value is None or value == [] or value == "":
        return ""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if place[0] == "texts" or isinstance(value, int):
        return str(value)
    if place[0] in ("starts_on", "ends_on"):
        return long_date(date.fromisoformat(value))
    if isinstance(value, Mapping):
        return _money(place, value)
    if place[0] in ("targets", "excluded"):
        return join([_place(kind, slug) for kind, slug in value])
    if isinstance(value, list):
        say = _SAY.get(place[-1], str)
        return join([say(each) for each in value])
    return str(value)


def _money(place: Place, value: Mapping[str, Any]) -> str:
    if "minor" in value:
        return f"{Money(value['minor'], value['currency']).plain()} {value['currency']}"
    offered = [Money(minor, place[1]).short() for minor in value["amounts"]]
    return str(
        _(
            "%(amounts)s, ticked first: %(usual)s",
            amounts=" ".join(offered),
            usual=Money(value["default"], place[1]).short(),
        )
    )


def _place(kind: str, slug: str) -> str:
    names = {
        "all": _("all pages"),
        "section": _("section %(address)s", address=slug),
        "topic": _("topic %(address)s", address=slug),
        "article": _("story %(address)s", address=slug),
    }
    return str(names[kind])


_SAY = {
    "placements": say_place,
    "audience": say_standing,
    "given": say_frequency,
    "allowed_flags": say_allowed,
}
