"""What stands round every page of the desk: who reads it, and what they may do."""

from __future__ import annotations

from typing import Any

from donate.team.permissions import ROLES
from donate.web.staff.words import say_role
from donate.web.who import colleague


def frame() -> dict[str, Any]:
    """Give what stands round every page of the desk."""
    here = colleague().staff
    return {"who_email": here.email, "who_role": say_role(here.role), "who_may": ROLES[here.role]}
