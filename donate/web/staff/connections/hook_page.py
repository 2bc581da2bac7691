"""One hook: how it goes, what was sent to it, and what can be done with it."""

from __future__ import annotations

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from donate import clock
from donate.connections.again import send_test
from donate.connections.hooks import remove_hook, renew_hook_secret
from donate.connections.queries import count_deliveries, list_deliveries
from donate.connections.switch import switch_off, switch_on
from donate.db import committed
from donate.team.queries import list_emails, list_history
from donate.web.access import needs
from donate.web.reading import url_for
from donate.web.staff.connections.hook_form import show_secret
from donate.web.staff.connections.list_page import the_hook
from donate.web.staff.connections.words import say_event, say_hook, say_state
from donate.web.staff.door import staff
from donate.web.staff.happened_acts import say_act
from donate.web.staff.home import frame
from donate.web.staff.paging import read_page
from donate.web.who import colleague

STATES = ("waiting", "delivered", "given_up", "held")
_AT_ONCE = 25


@staff.get("/connections/hooks/<reference>")
@needs("manage_hooks")
def hook(reference: str) -> ResponseReturnValue:
    """Show a hook with what was sent to it, the newest first."""
    found = the_hook(reference)
    state = request.args.get("state", "") if request.args.get("state") in STATES else ""
    paging = read_page(request.args, count_deliveries(found.id, state), _AT_ONCE)
    return render_template(
        "staff/connections/hook.html",
        hook=found,
        both=found.old_until is not None and clock.real_now() < found.old_until,
        state=state,
        states=STATES,
        deliveries=list_deliveries(found.id, state, skip=paging.skip, at_most=_AT_ONCE),
        paging=paging,
        history=list_history("hook", reference),
        names=list_emails(),
        say_hook=say_hook,
        say_event=say_event,
        say_state=say_state,
        say_act=say_act,
        **frame(),
    )


@staff.post("/connections/hooks/<reference>/test")
@needs("manage_hooks")
def try_hook(reference: str) -> ResponseReturnValue:
    """Send a test event, and show what came of it."""
    delivery = send_test(the_hook(reference), colleague().as_who())
    return redirect(url_for("staff.hook_delivery", reference=delivery.reference), 303)


@staff.post("/connections/hooks/<reference>/switch")
@needs("manage_hooks")
def switch_hook(reference: str) -> ResponseReturnValue:
    """Switch a hook off or on, whichever the button said."""
    with committed():
        found = the_hook(reference)
        if request.form.get("to") == "off":
            switch_off(found, "person", colleague().as_who())
        else:
            switch_on(found, colleague().as_who())
    return redirect(url_for("staff.hook", reference=reference), 303)


@staff.post("/connections/hooks/<reference>/secret")
@needs("manage_hooks", fresh=True)
def new_hook_secret(reference: str) -> ResponseReturnValue:
    """Give a hook a new secret and show it, once."""
    with committed():
        found = the_hook(reference)
        secret = renew_hook_secret(found, colleague().as_who())
    return show_secret(found, secret, is_new=False)


@staff.post("/connections/hooks/<reference>/remove")
@needs("manage_hooks", fresh=True)
def drop_hook(reference: str) -> ResponseReturnValue:
    """Take a hook away, with what was sent to it; one that is on is switched off first, by its own button."""
    with committed():
        found = the_hook(reference)
        if found.is_on:
            return redirect(url_for("staff.hook", reference=reference), 303)
        remove_hook(found, colleague().as_who())
    return redirect(url_for("staff.connections"), 303)
