"""The queue: what waits, runs or was given up, and running again what was given up."""

from __future__ import annotations

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from donate.db import committed
from donate.errors import NotFound
from donate.operations.again import run_dead_again, run_job_again
from donate.operations.queries import JOB_STATES, count_dead_errors, count_jobs, count_jobs_in, list_jobs
from donate.web.access import needs
from donate.web.reading import url_for
from donate.web.staff.door import staff
from donate.web.staff.operations.events_page import AT_ONCE, group_errors
from donate.web.staff.operations.frame import operations_frame
from donate.web.staff.paging import read_page
from donate.web.who import colleague


@staff.get("/operations/jobs")
@needs("see_operations")
def jobs() -> ResponseReturnValue:
    """List jobs of one state, newest first, without what they are about."""
    state, name = request.args.get("state", ""), request.args.get("name", "")
    state = state if state in JOB_STATES else "dead"
    counted = count_jobs()
    paging = read_page(request.args, count_jobs_in(state, name), AT_ONCE)
    asked = request.args.get("asked", "")
    return render_template(
        "staff/operations/jobs.html",
        state=state,
        states=JOB_STATES,
        name=name,
        names=sorted(each for each, states in counted.items() if states.get(state)),
        lines=list_jobs(state, name, skip=paging.skip, at_most=AT_ONCE),
        kinds=_kinds(name) if state == "dead" else [],
        paging=paging,
        asked=int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else None,
        **operations_frame("jobs"),
    )


@staff.post("/operations/jobs/<job_id>/again")
@needs("replay_events")
def job_again(job_id: str) -> ResponseReturnValue:
    """Let one job run again that was given up."""
    if not (job_id.isascii() and job_id.isdigit() and len(job_id) < 16):
        raise NotFound("job_missing", job=job_id[:20])
    with committed():
        done = run_job_again(int(job_id), colleague().as_who())
    return redirect(url_for("staff.jobs", state="dead", asked=int(done)), 303)


@staff.post("/operations/jobs/again")
@needs("replay_events")
def jobs_again() -> ResponseReturnValue:
    """Let all jobs of a name run again that were given up by one kind of error."""
    name, kind = request.form.get("name", ""), request.form.get("error", "")
    with committed():
        number = run_dead_again(name, kind, colleague().as_who())
    return redirect(url_for("staff.jobs", state="dead", asked=number), 303)


def _kinds(name: str) -> list[tuple[str, str, int, str]]:
    """Give each name and kind of error: both, how many jobs, and the words of the most common."""
    by_name: dict[str, dict[str, int]] = {}
    for (each, error), many in count_dead_errors().items():
        if name in ("", each):
            by_name.setdefault(each, {})[error] = many
    return [(each, *kind) for each, counted in sorted(by_name.items()) for kind in group_errors(counted)]
