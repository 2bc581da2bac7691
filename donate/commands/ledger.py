"""flask ledger: keep the sums of the books equal to their entries."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from donate.db import committed
from donate.ledger.rebuild import months_to_rebuild, rebuild_month

ledger = AppGroup("ledger", help="The books.")


@ledger.command("rebuild")
def rebuild() -> None:
    """Compute the sums by day anew from the entries, and name each that differed."""
    months, wrong = months_to_rebuild(), 0
    for month in months:
        with committed():
            differences = rebuild_month(month)
        for difference in differences:
            click.echo(f"DIFFERENCE {difference}")
        wrong += len(differences)
    if wrong:
        click.echo(f"{wrong} sums differed in {len(months)} months. They now say what the entries say.")
    else:
        click.echo(f"{len(months)} months: every sum is what its entries say.")
