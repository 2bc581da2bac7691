"""The letter that says that a hook was switched off by itself."""

from __future__ import annotations

from donate.connections.models import Hook
from donate.mail.queue import Letter
from donate.newsroom.letters import letter_from_newsroom
from donate.newsroom.queries import get_newsroom
from donate.team.models import Staff


def hook_off_letter(hook: Hook, keeper: Staff) -> Letter:
    """Write to somebody who looks after hooks.

    Args:
        hook: Just switched off; each time has one letter.
        keeper: Whom it goes to.
    """
    assert hook.off_since is not None
    return letter_from_newsroom(
        f"hook-off:{hook.reference}:{int(hook.off_since.timestamp())}:{keeper.reference}",
        "hook_off",
        keeper.email,
        get_newsroom().language,
        name=hook.name,
        because=hook.off_because,
        path=f"/staff/connections/hooks/{hook.reference}",
    )
