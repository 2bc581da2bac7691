"""What can be wrong, by name, and what a look has found of it. The sentences are in ``web/problem_words.py``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from donate import clock

Severity = Literal["bad", "warn"]
Value = int | str

#: Every cause, the gravest first: ``bad`` keeps gifts, letters or books from being right, ``warn`` soon may.
CAUSES: dict[str, Severity] = {
    "worker_silent": "bad",
    "stripe_unanswered": "bad",
    "endpoint_missing": "bad",
    "endpoint_off": "bad",
    "endpoint_events": "bad",
    "deliveries_missing": "bad",
    "events_failed": "bad",
    "events_waiting": "bad",
    "work_given_up": "bad",
    "work_late": "bad",
    "mail_given_up": "bad",
    "mail_failing": "bad",
    "reconcile_differs": "bad",
    "check_broken": "bad",
    "disk_low": "bad",
    "exports_folder": "bad",
    "payouts_differ": "warn",
    "gifts_silent": "warn",
    "work_failing": "warn",
    "schedule_late": "warn",
    "endpoint_version": "warn",
    "events_other_version": "warn",
}
#: What follows by itself when no worker runs, and is not told beside that.
FOLLOWS_SILENCE = frozenset({"events_waiting", "work_late", "schedule_late", "mail_failing", "work_failing"})


@dataclass(frozen=True)
class Found:
    """One thing that is wrong now.

    Args:
        cause: One of ``CAUSES``: the same thing is the same cause however often it is found.
        since: Since when, as far as rows tell; by the real clock.
        path: The page where somebody can act, without a language.
        values: What its sentences name: numbers, ids and names of our own, nothing personal.
    """

    cause: str
    since: datetime
    path: str
    values: Mapping[str, Value] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """How grave it is."""
        return CAUSES[self.cause]


def really(moment: datetime) -> datetime:
    """Give the real time of a moment that was stamped with the time of gifts, which the sandbox moves."""
    return moment - (clock.now() - clock.real_now())
