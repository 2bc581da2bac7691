"""Record what was done, in the transaction that does it; nothing is ever changed there, and nothing personal kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from donate import clock
from donate.db import db, in_committed
from donate.team.models import History

Plain = int | bool | str | None

# Ids, states, codes and addresses of pages; no letters outside ASCII, no spaces and no @, so no name and no e-mail.
_PLAIN = re.compile(r"[A-Za-z0-9_.:+/=-]{0,80}")


@dataclass(frozen=True)
class Who:
    """Who does something, and from where.

    Args:
        kind: ``staff``, ``member`` or ``system``.
        row_id: Of the staff member or donor; none for the system.
        network: A keyed hash of the network, where there is one.
    """

    kind: str
    row_id: int | None = None
    network: str = ""


#: The worker, a schedule, a command.
SYSTEM = Who("system")


def is_plain(value: str) -> bool:
    """Tell whether the history takes a value: an id, a state, a code, an address of a page in plain letters."""
    return _PLAIN.fullmatch(value) is not None


def record_history(
    who: Who,
    act: str,
    object_kind: str,
    object_reference: str,
    *,
    before: Mapping[str, Plain] | None = None,
    after: Mapping[str, Plain] | None = None,
) -> None:
    """Write what is being done; call inside ``committed()``, so that the deed and its record are one.

    Args:
        who: Who does it.
        act: The verb, such as ``refund_donation``.
        object_kind: What it is done to, such as ``donation``.
        object_reference: Which one.
        before: What changes, as it was: ids and plain values, never a name, an address or a free text.
        after: As it is then.

    Raises:
        ValueError: When a value is not plain.
    """
    if not in_committed():
        raise RuntimeError("history is written inside committed(), with what it tells of")
    for name, value in {**dict(before or {}), **dict(after or {}), "reference": object_reference}.items():
        if isinstance(value, str) and not is_plain(value):
            raise ValueError(f"history keeps nothing personal, and {name} may be: use an id")
    db.session.add(
        History(
            at=clock.real_now(),
            who_kind=who.kind,
            who_id=who.row_id,
            act=act,
            object_kind=object_kind,
            object_reference=object_reference,
            before=dict(before or {}),
            after=dict(after or {}),
            network=who.network,
        )
    )
