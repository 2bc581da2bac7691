"""What an operator watches: work that waits, work that gave up."""

from __future__ import annotations

from donate.giving.queries import count_pending
from donate.reports.queries import count_jobs_by_state, count_unsent_mail


def measure() -> dict[str, tuple[str, float]]:
    """Count what waits, by name: (what it is, how many)."""
    jobs = count_jobs_by_state()
    return {
        "jobs_waiting": ("Jobs that wait for the worker", jobs.get("waiting", 0)),
        "jobs_running": ("Jobs a worker holds", jobs.get("running", 0)),
        "jobs_dead": ("Jobs that were given up", jobs.get("dead", 0)),
        "mail_unsent": ("Messages queued and not sent", count_unsent_mail()),
        "donations_open": ("Gifts whose end is not known yet", count_pending()),
    }
