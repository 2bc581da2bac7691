"""flask seed: a large, deterministic database for measuring: rows only, nothing of it is at Stripe."""

from __future__ import annotations

from datetime import datetime, timedelta

import click
from flask.cli import with_appcontext

from donate import clock
from donate.commands.samples import load_samples
from donate.db import committed
from donate.giving.queries import count_all
from donate.newsroom.edition import new_edition
from donate.newsroom.queries import find_newsroom
from donate.records.seed import Plan, seed


@click.command("seed")
@click.option("--donors", type=click.IntRange(1, 10_000_000), required=True)
@click.option("--donations", type=click.IntRange(1, 50_000_000), required=True)
@click.option("--years", type=click.IntRange(1, 30), default=3, show_default=True)
@click.option("--seed", "dice", type=int, default=1, show_default=True, help="Another number gives other rows.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day; default: yesterday.")
@with_appcontext
def seed_command(donors: int, donations: int, years: int, dice: int, until: datetime | None) -> None:
    """Fill an empty database with gifts, their receipts and their books; `flask check` holds afterwards."""
    if count_all():
        raise click.ClickException("There are gifts in this database: seed an empty one (DATABASE_URL).")
    if find_newsroom() is None:
        load_samples()
    last = until.date() if until is not None else clock.today("UTC") - timedelta(days=1)
    with committed() as session:
        seed(Plan(donors, donations, years, dice, last))
        new_edition(session)
    click.echo(f"{donations} gifts of {donors} givers over {years} years, up to {last}.")
