"""flask check: every invariant over the database; exit 0, or 1 with the rows; and what the operator should know."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from donate.reports.check import check_everything, count_rules
from donate.webhooks.versions import versions_note


@click.command()
@with_appcontext
def check() -> None:
    """Hold the whole database to every invariant and name what breaks one."""
    broken = check_everything()
    for each in broken:
        click.echo(f"BROKEN {each.name}: {each.sentence}")
        for row in each.rows:
            click.echo(f"  {row}")
        if each.count > len(each.rows):
            click.echo(f"  … and {each.count - len(each.rows)} more")
    if note := versions_note():
        click.echo(f"NOTE {note}")
    click.echo(f"{count_rules() - len(broken)} of {count_rules()} invariants hold.")
    if broken:
        raise SystemExit(1)
