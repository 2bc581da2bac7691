"""The desk's first page: what waits for your role today, how things stand, and what your role allows."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from donate.team.permissions import PERMISSIONS, may
from donate.web.access import needs
from donate.web.staff.door import staff
from donate.web.staff.home import frame
from donate.web.staff.today import tasks_of
from donate.web.staff.words import say_permission, say_role
from donate.web.who import colleague


@staff.get("")
@needs("enter_desk")
def home() -> ResponseReturnValue:
    """Show what waits for the staff member, and what they may do."""
    role = colleague().staff.role
    tasks = tasks_of(role)
    allowed = [name for name in PERMISSIONS if may(role, name) and name != "enter_desk"]
    return render_template(
        "staff/home.html",
        role=say_role(role),
        allowed=[say_permission(name) for name in allowed],
        waits=[task for task in tasks if task.does_wait],
        stands=[task for task in tasks if not task.does_wait],
        **frame(),
    )
