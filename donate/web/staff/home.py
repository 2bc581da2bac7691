"""The desk's first page: who you are here, and what your role allows."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from donate.appeals.pause_bound import called
from donate.appeals.queries import list_resting
from donate.reports.stories import count_open_proposals
from donate.team.permissions import PERMISSIONS, ROLES, may
from donate.web.access import needs
from donate.web.language import current_language
from donate.web.staff.articles_words import desk_path_of
from donate.web.staff.door import staff
from donate.web.staff.words import say_permission, say_role
from donate.web.who import colleague


@staff.get("")
@needs("enter_desk")
def home() -> ResponseReturnValue:
    """Show what the staff member may do."""
    role = colleague().staff.role
    allowed = [name for name in PERMISSIONS if may(role, name) and name != "enter_desk"]
    return render_template(
        "staff/home.html",
        role=say_role(role),
        allowed=[say_permission(name) for name in allowed],
        proposals=count_open_proposals() if may(role, "edit_articles") else 0,
        resting=_resting_by_story() if may(role, "resume_appeals") else [],
        **frame(),
    )


def frame() -> dict[str, Any]:
    """Give what stands round every page of the desk."""
    here = colleague().staff
    return {"who_email": here.email, "who_role": say_role(here.role), "who_may": ROLES[here.role]}


def _resting_by_story() -> list[dict[str, str]]:
    """Give the appeals that rest because a story changed: a person's own pause is nobody's task."""
    return [
        {"name": called(appeal, current_language()), "path": desk_path_of(appeal)}
        for appeal in list_resting()
        if appeal.paused_why.get("article")
    ]
