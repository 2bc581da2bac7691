"""flask reconcile: our books beside Stripe's list, its balance and its payouts; exit 1 with each difference named."""

from __future__ import annotations

from datetime import datetime, timedelta

import click
from flask.cli import with_appcontext

from donate import clock
from donate.errors import NotFound
from donate.ledger.hold_against import hold_against_stripe
from donate.ledger.queries import find_first_occurred_on
from donate.ledger.reconcile import Comparison, Side
from donate.money import Money
from donate.newsroom.queries import get_newsroom
from donate.payments.errors import StripeRefused, StripeUnanswered

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--from", "since", type=_DAY, help="First day; default: the first of the books.")
@click.option("--to", "until", type=_DAY, help="First day left out; default: tomorrow.")
@with_appcontext
def reconcile(since: datetime | None, until: datetime | None) -> None:
    """Compare counts and sums by day, kind and currency with Stripe's, and prove the payouts."""
    try:
        zone = get_newsroom().time_zone
    except NotFound as error:
        raise click.ClickException("Load the newsroom's facts first: flask newsroom load FILE.toml") from error
    last = until.date() if until else clock.today(zone) + timedelta(days=1)
    first = since.date() if since else find_first_occurred_on() or last - timedelta(days=1)
    if first >= last:
        raise click.UsageError("--to is the first day left out, so it comes after --from.")
    click.echo(f"{first} to {last - timedelta(days=1)}, both included, days of {zone}")
    try:
        held = hold_against_stripe(first, last, zone, with_balance=until is None)
    except (StripeRefused, StripeUnanswered) as error:
        raise click.ClickException(f"Stripe did not answer: {error.values['said']}") from error
    for payout in held.payouts:
        amount = f"{payout.amount.plain():>12} {payout.currency}"
        click.echo(f"payout {payout.stripe_payout_id}  {payout.arrival_on}  {amount}  {payout.status}, {payout.proof}")
    _show(held.compared)
    for each in held.differences:
        click.echo(f"DIFFERENCE {each}")
    click.echo(_verdict(held.compared, held.differences))
    if not held.agrees:
        raise SystemExit(1)


def _show(compared: Comparison) -> None:
    click.echo(f"{'day':10}  {'kind':9}  cur   {'count':>12}  {'gross':>26}  {'fees':>22}")
    for (day, kind, currency), line in compared.lines.items():
        mark = " " if line.agrees else "!"
        ours, stripes = _words(line.ours, currency), _words(line.stripes, currency)
        shown = [one if one == other else f"{one} / {other}" for one, other in zip(ours, stripes, strict=True)]
        click.echo(f"{day}  {kind:9}  {currency} {mark} {shown[0]:>12}  {shown[1]:>26}  {shown[2]:>22}")


def _words(side: Side, currency: str) -> tuple[str, str, str]:
    return str(side.count), Money(side.gross, currency).plain(), Money(side.fees, currency).plain()


def _verdict(compared: Comparison, differences: list[str]) -> str:
    totals: dict[str, int] = {}
    for (_, _, currency), line in compared.lines.items():
        net = line.ours.gross - line.ours.fees - line.stripes.gross + line.stripes.fees
        totals[currency] = totals.get(currency, 0) + net
    sums = ", ".join(f"{Money(minor, currency).plain()} {currency}" for currency, minor in sorted(totals.items()))
    wrong = sum(not line.agrees for line in compared.lines.values())
    if not wrong and not differences:
        return f"All {len(compared.lines)} lines agree. Difference {sums or '0.00'}."
    return f"{wrong} of {len(compared.lines)} lines differ, {len(differences)} differences named. Difference {sums}."
