"""What stands round every page of the operations desk."""

from __future__ import annotations

from typing import Any

from donate.operations.causes import really
from donate.operations.plain_error import plain_error
from donate.team.permissions import may
from donate.web.staff.home import frame
from donate.web.staff.operations.words import ago, lasting, say_event_state, say_job, say_job_state
from donate.web.who import colleague


def operations_frame(here: str) -> dict[str, Any]:
    """Give what every page of the operations desk needs.

    Args:
        here: Which page it is.
    """
    return {
        "page_here": here,
        "may_replay": may(colleague().staff.role, "replay_events"),
        "ago": ago,
        "lasting": lasting,
        "really": really,
        "plain_error": plain_error,
        "say_job": say_job,
        "say_job_state": say_job_state,
        "say_event_state": say_event_state,
        **frame(),
    }
