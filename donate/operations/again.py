"""Ask for failed work again: one event or job, or all that failed by one cause, each written into the history."""

from __future__ import annotations

from donate.errors import NotFound
from donate.operations.queries import find_event, find_job, list_dead_ids, lock_failed_events
from donate.queue.again import revive
from donate.team.history import Who, is_plain, record_history
from donate.webhooks.replay import queue_again

#: So many at one press: what is left is asked for by the next.
AT_ONCE = 500


def process_event_again(event_id: str, who: Who) -> None:
    """Let one event take effect again; call inside ``committed()``. The worker does it within seconds.

    Args:
        event_id: Stripe's, in whatever state: applying twice changes nothing.
        who: For the history.

    Raises:
        NotFound: ``event_missing``.
    """
    event = find_event(event_id)
    if event is None:
        raise NotFound("event_missing", event=event_id[:80])
    before = event.state
    queue_again(event)
    record_history(who, "process_event_again", "stripe_event", event_id, before={"state": before})


def process_failed_again(kind: str, who: Who) -> int:
    """Let all events take effect again that failed for good by one kind of error; call inside ``committed()``.

    Args:
        kind: The exception's name.
        who: For the history.

    Returns:
        How many are asked for.
    """
    events = lock_failed_events(kind, AT_ONCE)
    for event in events:
        queue_again(event)
    if events:
        named = kind if is_plain(kind) else ""
        record_history(who, "process_events_again", "stripe_event", "", after={"error": named, "events": len(events)})
    return len(events)


def run_job_again(job_id: int, who: Who) -> bool:
    """Let one job run again that was given up; call inside ``committed()``.

    Returns:
        Whether it was still given up.

    Raises:
        NotFound: ``job_missing``.
    """
    job = find_job(job_id)
    if job is None:
        raise NotFound("job_missing", job=job_id)
    if not revive([job_id]):
        return False
    record_history(who, "run_job_again", "job", str(job_id), after={"name": job.name})
    return True


def run_dead_again(name: str, kind: str, who: Who) -> int:
    """Let all jobs of a name run again that were given up by one kind of error; call inside ``committed()``.

    Args:
        name: The job's.
        kind: The exception's name.
        who: For the history.

    Returns:
        How many are asked for.
    """
    number = revive(list_dead_ids(name, kind, AT_ONCE))
    if number:
        record_history(who, "run_jobs_again", "job", "", after={"name": name, "error": kind, "jobs": number})
    return number
