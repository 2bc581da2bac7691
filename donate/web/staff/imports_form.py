"""The form that hands in a file of past gifts: how the file is written, and what its funds and appeals are here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

from donate.appeals.queries import list_appeals
from donate.money import is_currency
from donate.newsroom.queries import list_funds
from donate.records.imports.bring_in import Asked
from donate.records.imports.formats import FORMATS
from donate.records.imports.targets import NONE, Mapped

_FIELDS = ("system", "currency", "dates", "decimal", "funds", "appeals", "other_funds", "other_appeals")
_LONGEST = 20_000


@dataclass
class Form:
    """What was typed, and what is wrong with it.

    Args:
        typed: By field.
        problems: {field: the sentence that names the repair}.
        asked: How the file is read; none where something is wrong.
    """

    typed: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)
    asked: Asked | None = None


def empty_form() -> Form:
    """Give the form as it is first shown."""
    return Form({"system": "givewp", "decimal": "point", "other_appeals": NONE})


def read_form(sent: Mapping[str, str], *, has_file: bool) -> Form:
    """Read what was sent.

    Args:
        sent: Its fields.
        has_file: Whether a file came with it.
    """
    form = Form({name: sent.get(name, "")[:_LONGEST].strip() for name in _FIELDS})
    typed, wrong = form.typed, form.problems
    codes = {fund.code for fund in list_funds()}
    slugs = {appeal.slug for appeal in list_appeals()} | {NONE}
    if not has_file:
        wrong["file"] = _("Choose the file. What else you typed is still here.")
    if typed["system"] not in FORMATS:
        wrong["system"] = _("Choose which system the file is from.")
    if typed["currency"] and not is_currency(typed["currency"].upper()):
        wrong["currency"] = _("Write the currency as three letters, such as USD.")
    funds = _pairs("funds", typed, codes, wrong, _("No fund here has the code “%(name)s”."))
    appeals = _pairs("appeals", typed, slugs, wrong, _("No appeal here has the address “%(name)s”."))
    for name, known in (("other_funds", codes), ("other_appeals", slugs)):
        if typed[name] and typed[name] not in known:
            wrong[name] = _("Choose one from the list.")
    if not wrong:
        form.asked = Asked(
            typed["system"],
            Mapped(funds, appeals, typed["other_funds"], typed["other_appeals"]),
            dates=typed["dates"] if typed["dates"] in ("dmy", "mdy") else "",
            decimal="comma" if typed["decimal"] == "comma" else "point",
            currency=typed["currency"].upper(),
        )
    return form


def _pairs(name: str, typed: Mapping[str, str], known: set[str], wrong: dict[str, str], unknown: str) -> dict[str, str]:
    """Read lines of “name in the file = what it is here”."""
    pairs = {}
    for line in filter(str.strip, typed[name].splitlines()):
        there, equals, here = (part.strip() for part in line.rpartition("="))
        if not equals or not there or not here:
            wrong[name] = _(
                "Write each line as: name in the file = code here. This one is not: %(line)s", line=line[:60]
            )
        elif here not in known:
            wrong[name] = unknown % {"name": here[:60]}
        else:
            pairs[there] = here
    return pairs
