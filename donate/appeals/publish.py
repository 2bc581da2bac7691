"""Let a draft go live, and let an appeal end for good."""

from __future__ import annotations

from datetime import date

from donate import clock
from donate.appeals.campaign import campaign_from
from donate.appeals.models import Appeal
from donate.appeals.ready import list_obstacles
from donate.errors import AppealRefused
from donate.team.history import Who, record_history


def publish_appeal(appeal: Appeal, who: Who, today: date) -> None:
    """Let a draft ask from now on, or from its first day; whoever does it has looked its stories over.

    Call inside ``committed()``, the row locked.

    Args:
        appeal: Which.
        who: Who publishes it.
        today: The newsroom's day.

    Raises:
        AppealRefused: ``appeal_not_draft`` (slug); ``appeal_not_ready`` (slug, first: the obstacle's name).
    """
    if appeal.status != "draft":
        raise AppealRefused("appeal_not_draft", slug=appeal.slug)
    obstacles = list_obstacles(campaign_from(appeal), today)
    if obstacles:
        raise AppealRefused("appeal_not_ready", slug=appeal.slug, first=obstacles[0])
    appeal.status, appeal.checked_at, appeal.archived_at = "live", clock.now(), None
    appeal.version += 1
    record_history(who, "publish_appeal", "appeal", appeal.slug, before={"status": "draft"}, after={"status": "live"})


def end_appeal(appeal: Appeal, who: Who) -> None:
    """End a live or resting appeal for good; its page and its gifts stay. Call inside ``committed()``, the row locked.

    Args:
        appeal: Which.
        who: Who ends it.

    Raises:
        AppealRefused: ``evergreen_never_ends`` (slug); ``appeal_not_running`` (slug).
    """
    if appeal.is_evergreen:
        raise AppealRefused("evergreen_never_ends", slug=appeal.slug)
    if appeal.status not in ("live", "paused"):
        raise AppealRefused("appeal_not_running", slug=appeal.slug)
    before = appeal.status
    appeal.status, appeal.paused_at, appeal.paused_why = "ended", None, {}
    appeal.version += 1
    record_history(who, "end_appeal", "appeal", appeal.slug, before={"status": before}, after={"status": "ended"})
