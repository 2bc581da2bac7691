"""flask export: files for finance, from the command line."""

from __future__ import annotations

import os
import sys
from calendar import monthrange
from datetime import date, datetime, timedelta
from pathlib import Path

import click
from flask.cli import with_appcontext

from donate.errors import NotFound
from donate.newsroom.queries import get_newsroom
from donate.reports.export import KINDS, Period, write_export

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("kind", type=click.Choice(sorted(KINDS)))
@click.option("--from", "since", type=_DAY, help="First day.")
@click.option("--to", "until", type=_DAY, help="First day left out.")
@click.option("--month", help="A whole month, YYYY-MM.")
@click.option("--year", type=click.IntRange(2000, 2200), help="A whole year.")
@click.option("--format", "form", type=click.Choice(["csv", "jsonl"]), default="csv", show_default=True)
@click.option("--fund", help="Only this fund's code.")
@click.option("--appeal", help="Only this appeal's slug.")
@click.option("--out", required=True, help="A file, or - for standard output.")
@with_appcontext
def export(
    kind: str,
    since: datetime | None,
    until: datetime | None,
    month: str | None,
    year: int | None,
    form: str,
    fund: str | None,
    appeal: str | None,
    out: str,
) -> None:
    """Write KIND as a file, with a manifest beside it."""
    period = _period(since, until, month, year, fund, appeal)
    try:
        words = period.words(get_newsroom().time_zone)
    except NotFound as error:
        raise click.ClickException("Load the newsroom's facts first: flask newsroom load FILE.toml") from error
    if out == "-":
        manifest = write_export(kind, period, form, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    else:
        path = Path(out)
        part = path.with_name(path.name + ".part")
        try:
            with part.open("wb") as file:
                manifest = write_export(kind, period, form, file)
        except OSError as error:
            raise click.ClickException(f"{out} can't be written: {error.strerror}.") from error
        os.replace(part, path)
        path.with_name(path.name + ".manifest.json").write_text(manifest.as_json())
    sums = "; ".join(f"{code} {each[KINDS[kind].summed[0]]}" for code, each in manifest.sums.items())
    click.echo(f"{kind}: {words}. {manifest.rows} rows{'; ' + sums if sums else ''}.", err=True)


def _period(
    since: datetime | None,
    until: datetime | None,
    month: str | None,
    year: int | None,
    fund: str | None,
    appeal: str | None,
) -> Period:
    if sum((bool(since or until), bool(month), bool(year))) > 1:
        raise click.UsageError("Choose one of --from/--to, --month and --year.")
    first, last = (since.date() if since else None), (until.date() if until else None)
    if month:
        try:
            start = datetime.strptime(month, "%Y-%m").date()  # noqa: DTZ007  # a month has no zone
        except ValueError:
            raise click.UsageError("Write the month as YYYY-MM, such as 2026-03.") from None
        first, last = start, start + timedelta(days=monthrange(start.year, start.month)[1])
    if year:
        first, last = date(year, 1, 1), date(year + 1, 1, 1)
    if first and last and first >= last:
        raise click.UsageError("--to is the first day left out, so it comes after --from.")
    return Period(first, last, fund, appeal)
