"""Stripe's deliveries: signature, one insert, 200. Nothing else."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request

from donate.db import committed
from donate.errors import Unreadable
from donate.payments.events import is_signed
from donate.webhooks.receive import store_event

hooks = Blueprint("hooks", __name__)


@hooks.post("/webhooks/stripe")
def stripe_event() -> Response:
    """Store a signed event; a repeated one is a quiet 200."""
    body = request.get_data()
    secrets = current_app.config["DONATE"].webhook_secrets
    if not is_signed(body, request.headers.get("Stripe-Signature", ""), secrets):
        return Response("The signature does not fit. Is STRIPE_WEBHOOK_SECRET this endpoint's?\n", 400)
    try:
        with committed():
            store_event(body)
    except Unreadable:
        return Response("This is no event of Stripe's.\n", 400)
    return Response("stored\n", 200)
