"""flask stripe adopt: subscriptions that another system began on this account are kept here from now on."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click
from flask.cli import with_appcontext

from donate.appeals.queries import find_appeal
from donate.errors import NotFound
from donate.fulfillment.adopt_promise import Adopted, adopt_promise
from donate.money import Money
from donate.newsroom.queries import find_fund, get_general_fund
from donate.payments.errors import StripeRefused, StripeUnanswered
from donate.records.imports.sentences import sentence_for
from donate.records.imports.subscription_list import read_subscriptions
from donate.records.imports.table import FileRefused
from donate.team.history import SYSTEM

_WHY = {
    "no_id": "no subscription stands on this line: Stripe’s begin with sub_",
    "several_ids": "several subscriptions stand on this line",
    "resource_missing": "this Stripe account has no such subscription: is the key of the same account and mode?",
    "other_mode": "it is of the other mode, live or test, than the key in use",
    "not_live": "it charges no more, or not yet: only active, past_due and trialing ones are taken over",
    "begun_here": "it was begun here, and its row is missing: restore the newest backup",
    "other_site": "another site of this desk keeps it",
    "several_items": "it charges several prices at once",
    "quantity": "its quantity is not 1",
    "price": "its price is no plain amount",
    "interval": "it charges neither each month nor each year",
    "currency": "its currency is none of the newsroom’s: add it to currencies in the newsroom’s file",
    "by_hand": "its invoices are sent to be paid by hand",
    "discount": "a discount is on it: take it off at Stripe first, with its giver’s consent",
    "no_address": "its customer at Stripe has no e-mail address: add it there",
    "forgotten": "its giver asked to be forgotten here: end it at Stripe",
    "charged_soon": "Stripe is charging it now or within the hour: run this again in two hours",
}
_OUTCOMES = {
    "new": "taken over", "marked": "taken over before, and marked at Stripe now", "known": "taken over before",
    "ours": "begun here", "refused": "left where they are",
}  # fmt: skip
_ORDER = (
    "In the old plugin, in this order. Nothing is cancelled there or at Stripe: that would end the reader’s gift.",
    "1. Take its donation forms off the site, so that nobody begins a new gift there.",
    "2. Switch off its own reminders, renewal receipts and failed-payment mails: they come from here now.",
    "3. At Stripe, under Developers, Webhooks: disable the old plugin’s endpoint, and leave ours enabled.",
    "4. Export its gifts once more and import them again; what is known changes nothing, the last ones are added.",
    "5. Run this command again with a fresh list of its subscriptions: it should say “taken over: 0”.",
    "6. Wait one whole month, with “flask check” and “flask reconcile” agreeing, before anything of it is removed.",
    "7. Deactivate the plugin without deleting its data, and never press its “cancel subscription”.",
)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Look and tell; write nothing here or at Stripe.")
@click.option("--fund", default="", help="The code of the fund their gifts are for; default: the general one.")
@click.option("--appeal", default="", help="The address of the appeal they are credited to; default: none.")
@with_appcontext
def adopt(file: Path, dry_run: bool, fund: str, appeal: str) -> None:
    """Keep the live subscriptions that FILE names here from now on: our mark is written, and nothing is charged.

    FILE has one subscription a line, or is a CSV file with a subscription in each row. A second time changes nothing.
    """
    fund_id, appeal_id = _cause(fund, appeal)
    counted: Counter[str] = Counter()
    sums: Counter[tuple[str, str]] = Counter()
    try:
        for line, subscription_id, wrong in read_subscriptions(file):
            outcome, found = _one(subscription_id, wrong, line, fund_id, appeal_id, dry_run=dry_run)
            counted[outcome] += 1
            if found is not None and outcome == "new":
                sums[found.seen.state.interval, found.seen.state.amount.currency] += found.seen.state.amount.minor
            if counted.total() % 100 == 0:
                click.echo(f"{counted.total():,} subscriptions", err=True)
    except FileRefused as refused:
        raise click.ClickException(sentence_for(refused)) from refused
    except StripeUnanswered as error:
        raise click.ClickException(
            f"Stripe did not answer: {error.values['said']}. Run this again: it goes on where it stopped."
        ) from error
    _print(counted, sums, dry_run=dry_run)


def _cause(fund: str, appeal: str) -> tuple[int, int | None]:
    try:
        general = get_general_fund().id
    except NotFound as error:
        raise click.ClickException("Load the newsroom's facts first: flask newsroom load FILE.toml") from error
    found_fund = find_fund(fund) if fund else None
    found_appeal = find_appeal(appeal) if appeal else None
    if fund and found_fund is None:
        raise click.ClickException(f"No fund here has the code {fund}.")
    if appeal and found_appeal is None:
        raise click.ClickException(f"No appeal here has the address {appeal}.")
    return found_fund.id if found_fund is not None else general, found_appeal.id if found_appeal is not None else None


def _one(
    subscription_id: str, wrong: str, line: int, fund_id: int, appeal_id: int | None, *, dry_run: bool
) -> tuple[str, Adopted | None]:
    if wrong:
        click.echo(f"line {line}: {_WHY[wrong]}")
        return "refused", None
    try:
        found = adopt_promise(subscription_id, fund_id=fund_id, appeal_id=appeal_id, is_dry=dry_run, who=SYSTEM)
    except StripeRefused as refused:
        click.echo(f"{subscription_id}: {_WHY.get(refused.code, refused.values['said'])}")
        return "refused", None
    if found.why:
        click.echo(f"{subscription_id}: {_WHY[found.why]}")
    elif found.outcome == "new" and found.seen.fee_percent:
        click.echo(f"{subscription_id}: a platform goes on to keep {found.seen.fee_percent} % of each of its charges")
    return found.outcome, found


def _print(counted: Counter[str], sums: Counter[tuple[str, str]], *, dry_run: bool) -> None:
    if dry_run:
        click.echo("Dry run: nothing was written, here or at Stripe.")
    for outcome, words in _OUTCOMES.items():
        if counted[outcome] or outcome in ("new", "refused"):
            click.echo(f"{words}: {counted[outcome]:,}")
    for (interval, currency), minor in sorted(sums.items()):
        click.echo(f"{currency} {Money(minor, currency).plain()} each {interval}")
    if counted.total() > counted["refused"]:
        click.echo("")
        for step in _ORDER:
            click.echo(step)
