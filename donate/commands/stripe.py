"""flask stripe: what the account needs once, and what to do when events were missed."""

from __future__ import annotations

from datetime import datetime

import click
from flask import current_app
from flask.cli import AppGroup

from donate import clock
from donate.commands.adopt import adopt
from donate.errors import NotFound
from donate.fulfillment.fund_products import ensure_fund_products
from donate.newsroom.queries import list_funds
from donate.payments.errors import StripeRefused, StripeUnanswered
from donate.payments.setup import replace_endpoint
from donate.webhooks.catch_up import KEPT, catch_up_events, catch_up_transactions
from donate.webhooks.replay import replay as replay_event
from donate.webhooks.replay import replay_failed

stripe = AppGroup("stripe", help="Speak to the Stripe account.")
stripe.add_command(adopt)


@stripe.command()
def setup() -> None:
    """Make the webhook endpoint and the fund products; print the signing secret once."""
    if not list_funds():
        raise click.ClickException("Load the newsroom's facts first: flask newsroom load FILE.toml")
    try:
        for code, is_new in ensure_fund_products().items():
            click.echo(f"product for {code}: {'made' if is_new else 'stands'}")
        endpoint = replace_endpoint(current_app.config["DONATE"].site_url + "/webhooks/stripe")
    except (StripeRefused, StripeUnanswered) as error:
        raise click.ClickException(f"Stripe did not do it: {error.values['said']}") from error
    click.echo(f"endpoint {endpoint.endpoint_id} at {endpoint.url}, version {endpoint.api_version}")
    click.echo(f"STRIPE_WEBHOOK_SECRET={endpoint.secret}")


@stripe.command()
@click.argument("event_id", required=False)
@click.option("--failed", is_flag=True, help="Every event whose job gave up.")
def replay(event_id: str | None, failed: bool) -> None:
    """Let EVENT_ID take effect again, or every failed event."""
    if bool(event_id) == failed:
        raise click.UsageError("Name one event, or --failed.")
    if failed:
        ended = replay_failed()
        for name, state in ended.items():
            click.echo(f"{name}: {state}")
        click.echo(f"{len(ended)} replayed")
        return
    assert event_id is not None
    try:
        click.echo(f"{event_id}: {replay_event(event_id)}")
    except NotFound as error:
        raise click.ClickException(
            f"{event_id} is not in the inbox. Fetch what was never delivered: flask stripe catch-up"
        ) from error


@stripe.command("catch-up")
@click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), help="In UTC; default: 30 days ago.")
def catch_up(since: datetime | None) -> None:
    """Fetch events that were never delivered, and book movements of the balance nobody told us of."""
    start = since.replace(tzinfo=clock.real_now().tzinfo) if since else clock.now() - KEPT
    try:
        click.echo(f"{catch_up_events(start)} events were missing and are stored now; the worker applies them")
        click.echo(f"{catch_up_transactions(start)} movements of the balance were missing and are booked now")
    except (StripeRefused, StripeUnanswered) as error:
        raise click.ClickException(f"Stripe did not answer: {error.values['said']}") from error
