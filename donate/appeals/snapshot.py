"""Keep an appeal as it is after a change, so that history can compare versions and go back to one."""

from __future__ import annotations

from donate import clock
from donate.appeals.contents import contents_of, contents_to_json
from donate.appeals.models import Appeal, AppealVersion
from donate.appeals.queries import find_newest_version
from donate.db import db
from donate.team.history import Who


def keep_version(appeal: Appeal, who: Who) -> None:
    """Keep a snapshot under the appeal's version; call inside ``committed()``, after the change.

    Args:
        appeal: As it is now, its ``version`` already raised.
        who: Whose change it was; the name stands with the version where it was a staff member's.
    """
    db.session.flush()
    db.session.add(
        AppealVersion(
            appeal_id=appeal.id,
            number=appeal.version,
            # Real time, as everything history keeps.
            at=clock.real_now(),
            staff_id=who.row_id if who.kind == "staff" else None,
            contents=contents_to_json(contents_of(appeal)),
        )
    )
    db.session.flush()


def keep_first_version(appeal: Appeal, who: Who) -> None:
    """Keep an appeal as it stands where nothing of it was kept yet, before it is changed; inside ``committed()``.

    Args:
        appeal: One that may be older than versions are.
        who: Who is known to have made it; the system where nobody is.
    """
    if find_newest_version(appeal.id) is None:
        keep_version(appeal, who)
