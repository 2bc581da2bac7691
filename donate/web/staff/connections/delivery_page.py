"""One delivery: what was sent, every try and its answer, and sending it again."""

from __future__ import annotations

import json

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from donate.connections.again import send_again
from donate.connections.kinds import TEST
from donate.connections.message import message_of
from donate.connections.models import Hook, HookDelivery, HookEvent
from donate.connections.queries import find_delivery, list_tries
from donate.db import db
from donate.errors import NotFound
from donate.team.permissions import may
from donate.web.access import needs
from donate.web.reading import url_for
from donate.web.staff.connections.words import say_event, say_state, say_try
from donate.web.staff.door import staff
from donate.web.staff.home import frame
from donate.web.who import colleague


@staff.get("/connections/deliveries/<reference>")
@needs("manage_hooks")
def hook_delivery(reference: str) -> ResponseReturnValue:
    """Show a delivery with its tries, the newest first."""
    delivery = _the_delivery(reference)
    hook, event = _hook_of(delivery), db.session.get_one(HookEvent, delivery.event_id)
    personal = hook.personal and may(colleague().staff.role, "see_donors")
    return render_template(
        "staff/connections/delivery.html",
        delivery=delivery,
        hook=hook,
        event=event,
        can_send=hook.is_on or event.kind == TEST,
        message=json.dumps(message_of(event, personal=personal), ensure_ascii=False, indent=2),
        tries=list_tries(delivery.id),
        say_event=say_event,
        say_state=say_state,
        say_try=say_try,
        **frame(),
    )


@staff.post("/connections/deliveries/<reference>/again")
@needs("manage_hooks")
def deliver_again(reference: str) -> ResponseReturnValue:
    """Send it once more, now, and show what came of it; a hook that is off is sent nothing."""
    delivery = _the_delivery(reference)
    event = db.session.get_one(HookEvent, delivery.event_id)
    if _hook_of(delivery).is_on or event.kind == TEST:
        send_again(delivery, colleague().as_who())
    return redirect(url_for("staff.hook_delivery", reference=reference), 303)


def _the_delivery(reference: str) -> HookDelivery:
    found = find_delivery(reference)
    if found is None:
        raise NotFound("delivery_missing", reference=reference[:20])
    return found


def _hook_of(delivery: HookDelivery) -> Hook:
    return db.session.get_one(Hook, delivery.hook_id)
