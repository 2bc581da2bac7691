"""The roles that somebody may give, each with what it is for."""

from __future__ import annotations

from dataclasses import dataclass

from donate.team.permissions import ROLES, may_grant
from donate.web.staff.words import say_role, say_what_role_does


@dataclass(frozen=True)
class Offered:
    """A role that can be chosen.

    Args:
        role: One of ``ROLES``.
        name: In words.
        does: What it is for, in a line.
    """

    role: str
    name: str
    does: str


def offered_roles(granter: str) -> list[Offered]:
    """Give the roles somebody may give, those that may least last.

    Args:
        granter: The role of whoever gives.
    """
    return [Offered(role, say_role(role), say_what_role_does(role)) for role in ROLES if may_grant(granter, role)]
