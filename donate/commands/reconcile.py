"""flask reconcile: our books beside Stripe's list, its balance and its payouts; exit 1 with each difference named."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import click
from flask.cli import with_appcontext

from donate import clock
from donate.errors import NotFound
from donate.ledger.models import Payout
from donate.ledger.queries import find_first_occurred_on, list_entries, list_payouts, total_account
from donate.ledger.reconcile import Comparison, Side, compare, compare_balance
from donate.money import Money
from donate.newsroom.queries import get_newsroom
from donate.payments.balance import iterate_transactions, total_balance
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
        compared = _compare(first, last, zone)
        differences = [*compared.differences, *_payouts(first, last)]
        if until is None:
            # Stripe tells its balance of this moment only.
            differences += compare_balance(total_account("clearing"), total_balance())
    except (StripeRefused, StripeUnanswered) as error:
        raise click.ClickException(f"Stripe did not answer: {error.values['said']}") from error
    _show(compared)
    for each in differences:
        click.echo(f"DIFFERENCE {each}")
    click.echo(_verdict(compared, differences))
    if differences or not compared.agrees:
        raise SystemExit(1)


def _compare(first: date, last: date, zone: str) -> Comparison:
    starts, ends = (datetime.combine(day, time(), ZoneInfo(zone)) for day in (first, last))
    return compare(list_entries(first, last), iterate_transactions(starts, ends), zone=zone, since=first, until=last)


def _payouts(first: date, last: date) -> list[str]:
    payouts = list_payouts(first, last)
    for payout in payouts:
        amount = f"{payout.amount.plain():>12} {payout.currency}"
        click.echo(f"payout {payout.stripe_payout_id}  {payout.arrival_on}  {amount}  {payout.status}, {payout.proof}")
    return [words for payout in payouts for words in _differs(payout)]


def _differs(payout: Payout) -> list[str]:
    if payout.proof != "differs":
        return []
    named = [
        f"payout {payout.stripe_payout_id}: {each['id']} {each['what']}"
        f" ({Money(each['amount_minor'], payout.currency).plain()} {payout.currency})"
        for each in payout.differences
    ]
    total = Money(payout.difference_minor, payout.currency).plain()
    return [*named, f"payout {payout.stripe_payout_id}: {total} {payout.currency} between it and its parts"]


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
