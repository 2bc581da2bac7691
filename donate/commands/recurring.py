"""flask recurring: the sums kept of what promises count, made anew from their movements."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from donate.db import committed
from donate.recurring.rebuild_sums import rebuild_movement_days

recurring = AppGroup("recurring", help="Monthly and yearly promises.")


@recurring.command("rebuild-sums")
def rebuild_sums() -> None:
    """Sum up the movements of MRR by day anew, name each sum that differed, and put it right."""
    with committed():
        differed = rebuild_movement_days()
    for each in differed:
        click.echo(f"DIFFERED {each}")
    click.echo(f"{len(differed)} sums were put right. The sums by day equal the movements.")
