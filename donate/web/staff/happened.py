"""What happened to something: its history in words, for its own page at the desk.

A page passes ``happened=happened("appeal", slug)`` to its template, which draws it with the macro of the same name in
``components/happened.html``. The words of an act are in ``happened_words``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from donate.team.history import Plain
from donate.team.models import History
from donate.team.permissions import may
from donate.team.queries import list_newest_history, list_staff
from donate.web.reading import url_for
from donate.web.staff.happened_acts import say_act
from donate.web.staff.happened_words import say_field, say_kind_of_object, say_value
from donate.web.who import colleague

#: So many of the newest acts stand on an object's own page.
SHOWN = 20


@dataclass(frozen=True)
class Change:
    """One value that an act changed or noted.

    Args:
        name: In words.
        before: In words; None where there was none.
        after: Likewise, afterwards.
    """

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Deed:
    """One thing that was done.

    Args:
        at: When.
        who_kind: ``staff``, ``member`` or ``system``.
        who: A colleague's address; empty for everybody else.
        who_id: Their row's key.
        act: As the history keeps it.
        what: The act in words.
        kind: What it was done to, in words.
        object_kind: Likewise, as the history keeps it.
        reference: Which one.
        called: What it is called to a reader: a colleague's address, and the reference of everything else.
        changes: The values that it changed or noted.
    """

    at: datetime
    who_kind: str
    who: str
    who_id: int | None
    act: str
    what: str
    kind: str
    object_kind: str
    reference: str
    called: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Happened:
    """The newest that was done to something.

    Args:
        deeds: Newest first.
        all_path: Where the whole history of it is shown; empty for who may not see that, or where all stands here.
    """

    deeds: Sequence[Deed]
    all_path: str


def happened(object_kind: str, reference: str, *, at_most: int = SHOWN, all_path: str = "") -> Happened:
    """Give the newest that was done to something, for its own page.

    Args:
        object_kind: As ``record_history`` was told, such as ``appeal``.
        reference: Likewise.
        at_most: How many.
        all_path: Where it has a history of its own; else the history is searched for it, by who may see that.
    """
    found = list_newest_history(object_kind, reference, at_most + 1)
    if len(found) <= at_most:
        return Happened(say_deeds(found), "")
    if not all_path and may(colleague().staff.role, "see_history"):
        all_path = url_for("staff.history", kind=object_kind, reference=reference)
    return Happened(say_deeds(found[:at_most]), all_path)


def say_deeds(entries: Sequence[History]) -> list[Deed]:
    """Say what was done, in the order given.

    Args:
        entries: Of the history.
    """
    colleagues = list_staff() if any("staff" in (each.who_kind, each.object_kind) for each in entries) else []
    emails = {each.id: each.email for each in colleagues}
    called = {each.reference: each.email for each in colleagues}
    return [
        Deed(
            at=each.at,
            who_kind=each.who_kind,
            who=emails.get(each.who_id or 0, "") if each.who_kind == "staff" else "",
            who_id=each.who_id,
            act=each.act,
            what=say_act(each.act),
            kind=say_kind_of_object(each.object_kind),
            object_kind=each.object_kind,
            reference=each.object_reference,
            called=called.get(each.object_reference, each.object_reference),
            changes=say_changes(each.before, each.after),
        )
        for each in entries
    ]


def say_changes(before: dict[str, Plain], after: dict[str, Plain]) -> tuple[Change, ...]:
    """Say what an act changed or noted; what it left as it was is left out.

    Args:
        before: As the history keeps it.
        after: Likewise.
    """
    return tuple(
        Change(
            say_field(name),
            say_value(name, before[name]) if name in before else None,
            say_value(name, after[name]) if name in after else None,
        )
        for name in dict.fromkeys([*before, *after])
        if name not in before or name not in after or before[name] != after[name]
    )
