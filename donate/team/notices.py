"""What staff are mailed: chosen by each for themselves, and only what their role may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from donate.db import db
from donate.money import Money
from donate.team.history import Who, record_history
from donate.team.models import Staff, StaffNotices
from donate.team.permissions import may
from donate.team.queries import find_notices, find_working_staff

#: Kinds of notices, and which permissions let somebody have them: one of these is enough.
NEEDS: dict[str, tuple[str, ...]] = {
    "gifts": ("see_gifts",),
    "promises": ("see_gifts",),
    "refunds": ("see_gifts",),
    "disputes": ("refund_gifts", "see_ledger"),
    "digest": ("see_gifts",),
}


@dataclass(frozen=True)
class Choice:
    """What somebody wants to be mailed.

    Args:
        every_gift: Each that arrives.
        above: Those of so much and more in this currency; None for none.
        promises: Recurring gifts that begin or end.
        disputes: With the day until which to answer.
        refunds: That went back.
        digest_hour: From which hour of the newsroom's day the day before is summed up; None for never.
        language: Of the letters.
    """

    every_gift: bool = False
    above: Money | None = None
    promises: bool = False
    disputes: bool = False
    refunds: bool = False
    digest_hour: int | None = None
    language: str = "en"


def may_have(role: str, kind: str) -> bool:
    """Tell whether a role may be mailed a kind of notice.

    Args:
        role: One of ``ROLES``.
        kind: One of ``NEEDS``.
    """
    return any(may(role, permission) for permission in NEEDS[kind])


def may_still_have(staff_id: int, kind: str) -> bool:
    """Tell whether somebody works here now and may be mailed a kind of notice."""
    staff = find_working_staff(staff_id)
    return staff is not None and may_have(staff.role, kind)


def choose_notices(staff: Staff, choice: Choice, who: Who) -> None:
    """Write down what somebody wants to be mailed; call inside ``committed()``.

    What their role may not have is not taken.

    Args:
        staff: Whose choice.
        choice: What they want.
        who: For the history.
    """
    row = find_notices(staff.id)
    before = _plain(row) if row is not None else {}
    if row is None:
        row = StaffNotices(staff_id=staff.id)
        db.session.add(row)
    gifts = may_have(staff.role, "gifts")
    above = choice.above if gifts else None
    row.every_gift = choice.every_gift and gifts
    row.above_minor, row.above_currency = (above.minor, above.currency) if above is not None else (None, "")
    row.promises = choice.promises and may_have(staff.role, "promises")
    row.disputes = choice.disputes and may_have(staff.role, "disputes")
    row.refunds = choice.refunds and may_have(staff.role, "refunds")
    row.digest_hour = choice.digest_hour if may_have(staff.role, "digest") else None
    row.language = choice.language
    after = _plain(row)
    if after != before:
        record_history(who, "choose_notices", "staff", staff.reference, before=before, after=after)


def _plain(row: StaffNotices) -> dict[str, Any]:
    names = ("every_gift", "above_minor", "above_currency", "promises", "disputes", "refunds", "digest_hour")
    return {name: getattr(row, name) for name in names}
