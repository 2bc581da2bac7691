"""What was changed in a part of the settings, by whom and when, from the history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from donate.team.models import History
from donate.team.queries import list_newest_history, name_of_staff
from donate.web.staff.settings.fields import Field
from donate.web.staff.settings.words import label_of, say_value

_MOST = 10
_MOST_VALUES = 12


@dataclass(frozen=True)
class Changed:
    """One change.

    Args:
        at: When.
        who: Whose address; words for a file.
        values: What was changed: (name, before, after).
        more: How many further values it changed.
    """

    at: datetime
    who: str
    values: list[tuple[str, str, str]]
    more: int


def list_changes(part: str, fields: Sequence[Field]) -> list[Changed]:
    """List the newest changes of a part.

    Args:
        part: Its name.
        fields: Of its form, which say what the values are called.
    """
    return [_changed(row, fields) for row in list_newest_history("settings", part, _MOST)]


def say_who(row: History | None) -> str:
    """Say who changed something."""
    if row is None:
        return ""
    return name_of_staff(row.who_id) if row.who_kind == "staff" else str(_("the newsroom’s file"))


def _changed(row: History, fields: Sequence[Field]) -> Changed:
    keys = [*row.after]
    values = [
        (label_of(fields, key), say_value(row.before.get(key)), say_value(row.after[key]))
        for key in keys[:_MOST_VALUES]
    ]
    return Changed(row.at, say_who(row), values, len(keys) - len(values))
