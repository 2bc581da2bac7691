"""What machines watch: the numbers of the operations page, as ``/metrics`` gives them."""

from __future__ import annotations

import math
from datetime import datetime

from donate import clock
from donate.operations import queries
from donate.operations.causes import really
from donate.operations.models import Problem
from donate.queue.beat import find_last_beat
from donate.webhooks.queries import find_newest_received_at
from donate.webhooks.versions import count_of_another_version


def measure_operations() -> dict[str, tuple[str, float]]:
    """Count and time what an operator watches, by name: (what it is, how much). What never was is not a number."""
    gift, event = queries.find_last_gift_at(), find_newest_received_at()
    waits, due, sent = queries.find_oldest_waiting_event(), queries.find_oldest_due(), queries.find_last_sent_at()
    return {
        "events_of_another_version": (
            "Events of another API version than ours, of the newest thousand", count_of_another_version()
        ),
        "last_gift_seconds": ("Seconds since a gift arrived", _since(gift and really(gift))),
        "last_event_seconds": ("Seconds since an event of Stripe's came", _since(event and really(event))),
        "last_mail_seconds": ("Seconds since a letter went out", _since(sent and really(sent))),
        "worker_seconds": ("Seconds since a worker showed that it is alive", _since(find_last_beat())),
        "events_failed": ("Events that failed for good", queries.count_given_up_events()[0]),
        "event_oldest_seconds": ("How long the oldest event waits to take effect", _since(waits and really(waits), 0)),
        "job_oldest_seconds": ("How long the oldest due job waits", _since(due, 0)),
        "mail_given_up": ("Letters that were given up", queries.count_given_up_jobs(mail=True)[0]),
        **_problems(),
    }  # fmt: skip


def _problems() -> dict[str, tuple[str, float]]:
    open_now: list[Problem] = queries.list_open_problems()
    return {
        f"problems_{severity}": (
            f"Problems that are open: {words}",
            sum(each.severity == severity for each in open_now),
        )
        for severity, words in (("bad", "what is wrong"), ("warn", "what soon may be"))
    }


def _since(moment: datetime | None, otherwise: float = math.nan) -> float:
    return (clock.real_now() - moment).total_seconds() if moment is not None else otherwise
