"""flask ledger: keep the sums of the books equal to their entries."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from donate.db import committed
from donate.ledger.rebuild import Difference, months_to_rebuild, rebuild_month, rebuild_span, spans_to_rebuild
from donate.ledger.rebuild_donors import recount_donors

ledger = AppGroup("ledger", help="The books.")


@ledger.command("rebuild")
def rebuild() -> None:
    """Compute all sums anew from the entries, and name each that differed."""
    months, wrong = months_to_rebuild(), 0
    for month in months:
        with committed():
            wrong += _tell(rebuild_month(month))
    for span in spans_to_rebuild():
        with committed():
            wrong += _tell(rebuild_span(span))
    with committed():
        recount = recount_donors()
    wrong += _tell(recount.differences)
    if recount.is_anew:
        click.echo("Donors were counted anew, by the newsroom's fiscal years.")
    if wrong:
        click.echo(f"{wrong} sums differed in {len(months)} months. They now say what the entries say.")
    else:
        click.echo(f"{len(months)} months: every sum is what its entries say.")


def _tell(differences: list[Difference]) -> int:
    for difference in differences:
        click.echo(f"DIFFERENCE {difference}")
    return len(differences)
