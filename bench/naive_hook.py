"""The same application with a second door for events, as the library’s own guide writes one, to measure beside ours."""

from __future__ import annotations

import stripe
from flask import Response, current_app, request
from sqlalchemy.exc import IntegrityError

from donate import clock
from donate.app import create_app
from donate.db import committed
from donate.web import csrf
from donate.web.access import ANYONE, Rule
from donate.webhooks.models import StripeEvent

app = create_app()
# As for our own door: anyone may post, and Stripe's signature is looked at inside.
csrf.EXEMPT["naive"] = "Stripe's signature over the body"


@app.post("/bench/naive-hook")
def naive() -> Response:
    """Build the event as the library does and add it as a row of the ORM."""
    body, header = request.get_data(), request.headers.get("Stripe-Signature", "")
    (secret,) = current_app.config["DONATE"].webhook_secrets
    event = stripe.Webhook.construct_event(body, header, secret)
    try:
        with committed() as session:
            session.add(
                StripeEvent(
                    event_id=event.id,
                    type=event.type,
                    api_version=event.api_version or "",
                    livemode=event.livemode,
                    object_id=event.data.object["id"],
                    payload=body,
                    received_at=clock.now(),
                )
            )
    except IntegrityError:
        return Response("known\n")
    return Response("stored\n")


naive._rule = Rule(ANYONE)  # type: ignore[attr-defined]
