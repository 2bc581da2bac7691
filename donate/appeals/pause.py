"""Let an appeal rest and run again: by a person, or by itself when a story it was made for changes."""

from __future__ import annotations

from collections.abc import Mapping

from donate import clock
from donate.appeals.models import Appeal
from donate.articles.flag import name_in_history
from donate.articles.queries import find_article
from donate.errors import AppealRefused
from donate.team.history import Who, record_history


def pause_appeal(appeal: Appeal, who: Who, why: Mapping[str, str] | None = None) -> None:
    """Let a live appeal rest, everywhere and at once; call inside ``committed()``.

    Args:
        appeal: Which.
        who: Who does it; the system where a story changed.
        why: ``flag`` and ``article`` where a story changed; None for a person's own reason.

    Raises:
        AppealRefused: ``appeal_not_live`` (slug), where it is not live; ``evergreen_never_rests``.
    """
    if appeal.is_evergreen:
        raise AppealRefused("evergreen_never_rests", slug=appeal.slug)
    if appeal.status != "live":
        raise AppealRefused("appeal_not_live", slug=appeal.slug)
    appeal.status, appeal.paused_at, appeal.paused_why = "paused", clock.now(), dict(why or {})
    appeal.version += 1
    record_history(who, "pause_appeal", "appeal", appeal.slug, before={"status": "live"}, after=_for_history(why or {}))


def resume_appeal(appeal: Appeal, who: Who) -> None:
    """Let a resting appeal run again; whoever does it has looked its stories over. Call inside ``committed()``.

    Args:
        appeal: Which.
        who: The editor or owner.

    Raises:
        AppealRefused: ``appeal_not_resting`` (slug).
    """
    if appeal.status != "paused":
        raise AppealRefused("appeal_not_resting", slug=appeal.slug)
    why = _for_history(appeal.paused_why)
    appeal.status, appeal.paused_at, appeal.paused_why, appeal.checked_at = "live", None, {}, clock.now()
    appeal.version += 1
    record_history(who, "resume_appeal", "appeal", appeal.slug, before=why, after={"status": "live"})


def _for_history(why: Mapping[str, str]) -> dict[str, str]:
    told = {name: value for name, value in why.items() if name == "flag"}
    article = find_article(why["article"]) if "article" in why else None
    return {**told, "article": name_in_history(article)} if article is not None else told
