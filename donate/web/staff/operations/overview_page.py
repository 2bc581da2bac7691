"""The operations page: what is wrong and what to do, then how everything stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from donate import clock
from donate.operations import queries
from donate.operations.causes import Found, really
from donate.operations.find import find_problems
from donate.operations.folders import written_folders
from donate.operations.looks.machine import rooms
from donate.operations.looks.work import is_late
from donate.operations.models import Problem
from donate.payments import API_VERSION
from donate.queue.beat import find_last_beat, list_alive
from donate.queue.schedules import list_schedules
from donate.web.access import needs
from donate.web.language import current_language, prefixed
from donate.web.problem_words import say_remedy, say_wrong
from donate.web.staff.door import staff
from donate.web.staff.operations.frame import operations_frame
from donate.webhooks.queries import count_events_by_state, find_newest_received_at

_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Line:
    """A problem as it is shown.

    Args:
        cause: Its name, for the handbook and for links.
        severity: ``bad`` or ``warn``.
        wrong: What is wrong, in a sentence.
        remedy: What to do.
        since: Real time.
        path: Where somebody can act, in the page's language; empty where that is no page.
        is_told: Whether the owners were mailed about it.
    """

    cause: str
    severity: str
    wrong: str
    remedy: str
    since: datetime
    path: str
    is_told: bool


@staff.get("/operations")
@needs("see_operations")
def operations() -> ResponseReturnValue:
    """Show every problem, and how inbox, work, mail, books and machine stand; nobody outside is asked."""
    folders = written_folders(current_app.config["DONATE"])
    found = find_problems(folders)
    return render_template(
        "staff/operations/overview.html",
        problems=_lines(found),
        closed=[_closed(each) for each in queries.list_closed_problems(10)],
        rooms=rooms(folders),
        looked_at=clock.real_now(),
        ours=API_VERSION,
        **_stands(),
        **operations_frame("overview"),
    )


def _stands() -> dict[str, Any]:
    gift, event, sent = queries.find_last_gift_at(), find_newest_received_at(), queries.find_last_sent_at()
    waits = queries.find_oldest_waiting_event()
    return {
        "last_gift": gift and really(gift),
        "last_event": event and really(event),
        "last_sent": sent and really(sent),
        "oldest_event": waits and really(waits),
        "events": _by_filter(count_events_by_state()),
        "delivered": queries.count_fetched(500, clock.now() - _A_DAY),
        "jobs": queries.count_jobs(),
        "oldest_due": queries.find_oldest_due(),
        "lost": queries.count_lost_leases(),
        "unsent": queries.count_unsent(),
        "sent": queries.count_sent_within(_A_DAY),
        "refused": queries.count_refused(),
        "mail_dead": queries.count_given_up_jobs(mail=True)[0],
        "verdicts": queries.list_verdicts(),
        "last_beat": find_last_beat(),
        "alive": list_alive(),
        "schedules": [(each, is_late(each)) for each in list_schedules()],
    }


def _by_filter(by_state: dict[str, int]) -> dict[str, int]:
    return {name: sum(by_state.get(state, 0) for state in states) for name, states in queries.EVENT_FILTERS.items()}


def _lines(found: list[Found]) -> list[Line]:
    noted = queries.list_problems([each.cause for each in found])
    lines = []
    for each in found:
        row = noted.get(each.cause)
        kept = row if row is not None and row.closed_at is None else None
        lines.append(
            Line(
                cause=each.cause,
                severity=each.severity,
                wrong=say_wrong(each.cause, each.values),
                remedy=say_remedy(each.cause, each.values),
                since=min(each.since, kept.opened_at) if kept is not None else each.since,
                path=prefixed(each.path, current_language()),
                is_told=kept is not None and kept.mailed_at is not None,
            )
        )
    return lines


def _closed(row: Problem) -> tuple[str, datetime, datetime | None]:
    return say_wrong(row.cause, row.values), row.opened_at, row.closed_at
