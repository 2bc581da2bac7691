"""The connections desk's first page: every hook and every token, and how each goes."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from donate import clock
from donate.connections.models import Hook
from donate.connections.queries import count_by_state, find_hook, list_hooks, list_tokens
from donate.connections.tokens import is_working
from donate.errors import NotFound
from donate.web.access import needs
from donate.web.staff.connections.words import say_hook, say_scope
from donate.web.staff.door import staff
from donate.web.staff.home import frame


@staff.get("/connections")
@needs("manage_hooks")
def connections() -> ResponseReturnValue:
    """List hooks and tokens."""
    at = clock.real_now()
    tokens = list_tokens()
    return render_template(
        "staff/connections/list.html",
        hooks=list_hooks(),
        counts=count_by_state(),
        tokens=tokens,
        working={each.id for each in tokens if is_working(each, at)},
        say_hook=say_hook,
        say_scope=say_scope,
        **frame(),
    )


def the_hook(reference: str) -> Hook:
    """Give the hook of an address.

    Raises:
        NotFound: ``hook_missing``.
    """
    found = find_hook(reference)
    if found is None:
        raise NotFound("hook_missing", reference=reference[:20])
    return found
