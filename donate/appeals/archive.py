"""Take an appeal that asks no more out of the desk's list, and bring it back."""

from __future__ import annotations

from donate import clock
from donate.appeals.models import Appeal
from donate.errors import AppealRefused
from donate.team.history import Who, record_history


def archive_appeal(appeal: Appeal, who: Who) -> None:
    """Leave a draft or an ended appeal out of the list; its page and its gifts stay. Call inside ``committed()``.

    Args:
        appeal: Which.
        who: Who does it.

    Raises:
        AppealRefused: ``appeal_still_runs`` (slug); ``appeal_in_archive`` (slug).
    """
    if appeal.status not in ("draft", "ended"):
        raise AppealRefused("appeal_still_runs", slug=appeal.slug)
    if appeal.archived_at is not None:
        raise AppealRefused("appeal_in_archive", slug=appeal.slug)
    appeal.archived_at = clock.now()
    appeal.version += 1
    record_history(who, "archive_appeal", "appeal", appeal.slug)


def bring_back_appeal(appeal: Appeal, who: Who) -> None:
    """Show an archived appeal in the list again, as what it was; call inside ``committed()``.

    Args:
        appeal: Which.
        who: Who does it.

    Raises:
        AppealRefused: ``appeal_not_archived`` (slug).
    """
    if appeal.archived_at is None:
        raise AppealRefused("appeal_not_archived", slug=appeal.slug)
    appeal.archived_at = None
    appeal.version += 1
    record_history(who, "bring_back_appeal", "appeal", appeal.slug)
