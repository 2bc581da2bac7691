"""flask export: files for finance, from the command line."""

from __future__ import annotations

import os
import shutil
import sys
from calendar import monthrange
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

import click
from flask.cli import with_appcontext

from donate.db import committed
from donate.errors import ExportRefused, JournalRefused, NotFound
from donate.newsroom.queries import get_newsroom
from donate.reports.export import KINDS, SHAPES, Manifest, Period, write_export, write_parts
from donate.reports.register import register_export

_DAY = click.DateTime(["%Y-%m-%d"])
_REFUSALS = {
    "accounts_unmapped": "No journal was written: {names} have no account of yours. Name each in the [accounts] table "
    "of the newsroom’s file, and load it: flask newsroom load FILE.toml",
    "codes_missing": "No journal was written: Xero takes accounts by code, and “{names}” has none in [accounts].",
    "other_currency": "No journal was written: it holds {currency}, and this shape takes {home} only. "
    "Choose --shape generic, which names each line’s currency.",
    "journal_unbalanced": "No journal was written: {number} does not balance. Run flask check, and tell whoever keeps "
    "this system.",
    "csv_only": "No file was written: {shape} takes CSV. Choose --format csv, or --shape generic for a workbook.",
    "too_many_rows": "No file was written: an XLSX sheet holds {limit:,} rows with its head, and this would have "
    "{rows:,} below it. Choose --format csv, or fewer days.",
    "cell_too_long": "No file was written: an XLSX cell holds {limit:,} characters, and {column} of row {row:,} has "
    "more. Choose --format csv.",
    "sheet_too_large": "No file was written: an XLSX sheet may come to 2 GB before it is packed, and this is more. "
    "Choose --format csv, or fewer days.",
}


@click.command()
@click.argument("kind", type=click.Choice(sorted(KINDS)))
@click.option("--from", "since", type=_DAY, help="First day.")
@click.option("--to", "until", type=_DAY, help="First day left out.")
@click.option("--month", help="A whole month, YYYY-MM.")
@click.option("--year", type=click.IntRange(2000, 2200), help="A whole year.")
@click.option("--format", "form", type=click.Choice(["csv", "xlsx", "jsonl"]), default="csv", show_default=True)
@click.option("--shape", type=click.Choice(list(SHAPES)), help="Of a journal: which accounting reads it.")
@click.option(
    "--offline", is_flag=True, help="In a journal: also gifts that never passed Stripe and are not yet booked."
)
@click.option("--fund", help="Only this fund's code.")
@click.option("--appeal", help="Only this appeal's slug; none is gifts to no appeal.")
@click.option("--out", required=True, help="A file, or - for standard output.")
@with_appcontext
def export(
    kind: str,
    since: datetime | None,
    until: datetime | None,
    month: str | None,
    year: int | None,
    form: str,
    shape: str | None,
    offline: bool,
    fund: str | None,
    appeal: str | None,
    out: str,
) -> None:
    """Write KIND as a file, with a manifest beside it."""
    if kind != "journal" and (shape or offline):
        raise click.UsageError("--shape and --offline are for a journal.")
    period = _period(since, until, month, year, fund, appeal, offline)
    try:
        words = period.words(get_newsroom().time_zone)
    except NotFound as error:
        raise click.ClickException("Load the newsroom's facts first: flask newsroom load FILE.toml") from error
    try:
        made = (
            _to_output(kind, period, form, shape or "")
            if out == "-"
            else _to_files(kind, period, form, shape or "", Path(out))
        )
    except (JournalRefused, ExportRefused) as refused:
        raise click.ClickException(_REFUSALS[refused.message].format(**refused.values)) from refused
    with committed():
        register_export(made, "command")
    sums = "; ".join(f"{code} {each[KINDS[kind].summed[0]]}" for code, each in made.sums.items())
    files = f" in {len(made.parts)} files" if made.parts else ""
    click.echo(f"{kind}: {words}. {made.rows} rows{files}{'; ' + sums if sums else ''}.", err=True)


def _to_output(kind: str, period: Period, form: str, shape: str) -> Manifest:
    if form != "xlsx":
        made = write_export(kind, period, form, sys.stdout.buffer, shape=shape)
    else:
        # A workbook can be refused when half of it is written, and half of one is none.
        with TemporaryFile() as whole:
            made = write_export(kind, period, form, whole, shape=shape)
            whole.seek(0)
            shutil.copyfileobj(whole, sys.stdout.buffer)
    sys.stdout.buffer.flush()
    return made


def _to_files(kind: str, period: Period, form: str, shape: str, path: Path) -> Manifest:
    """Write whole files or none: each stands under its name only when all of them are written."""
    written: list[Path] = []
    try:
        with ExitStack() as files:

            def open_part(number: int) -> BinaryIO:
                part = path.with_name(f"{path.name}.{number}.part")
                written.append(part)
                return files.enter_context(part.open("wb"))

            made = write_parts(kind, period, form, open_part, shape=shape)
    except OSError as error:
        _drop(written)
        raise click.ClickException(f"{path} can't be written: {error.strerror}.") from error
    except BaseException:
        _drop(written)
        raise
    for number, part in enumerate(written, 1):
        os.replace(part, path if len(written) == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}"))
    path.with_name(path.name + ".manifest.json").write_text(made.as_json())
    return made


def _drop(parts: list[Path]) -> None:
    for part in parts:
        part.unlink(missing_ok=True)


def _period(
    since: datetime | None,
    until: datetime | None,
    month: str | None,
    year: int | None,
    fund: str | None,
    appeal: str | None,
    offline: bool,
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
    return Period(first, last, fund, appeal, offline)
