"""flask import: past gifts from the system a newsroom leaves."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from donate.errors import DonateError
from donate.money import Money
from donate.records.imports.bring_in import Asked, bring_in
from donate.records.imports.formats import FORMATS
from donate.records.imports.report import Report
from donate.records.imports.sentences import sentence_for
from donate.records.imports.table import FileRefused
from donate.records.imports.targets import Mapped
from donate.team.history import SYSTEM

imports = AppGroup("import", help="Bring in what another system has.")

_WORDS = {
    "new": "new", "known": "imported before", "ours": "here already by Stripe’s id",
    "updated": "imported before, and more of it went back since", "refused": "left out",
}  # fmt: skip


@imports.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--from", "system", type=click.Choice(list(FORMATS)), required=True, help="Whose file it is.")
@click.option("--dry-run", is_flag=True, help="Match and count; write nothing.")
@click.option("--fund", "funds", multiple=True, metavar="NAME=CODE", help="The file's NAME is the fund CODE here.")
@click.option("--other-funds", metavar="CODE", default="", help="The fund of every name that is not here.")
@click.option("--appeal", "appeals", multiple=True, metavar="NAME=ADDRESS", help="The file's NAME is this appeal.")
@click.option("--other-appeals", metavar="ADDRESS", default="", help="The appeal of every other name, or none.")
@click.option("--currency", default="", help="Of amounts that name none, such as USD.")
@click.option("--dates", type=click.Choice(["dmy", "mdy"]), help="Which number comes first in 03/04/2024.")
@click.option("--decimal", type=click.Choice(["point", "comma"]), default="point", show_default=True)
@click.option("--zone", default="", help="Of times that name none; default: Stripe's are UTC, others the newsroom's.")
@click.option("--encoding", default="", help="Of the file's letters; default: found out.")
@click.option("--errors", type=click.Path(path_type=Path), help="For what is left out; default: FILE.errors.csv.")
def donations(
    file: Path,
    system: str,
    dry_run: bool,
    funds: tuple[str, ...],
    other_funds: str,
    appeals: tuple[str, ...],
    other_appeals: str,
    currency: str,
    dates: str | None,
    decimal: str,
    zone: str,
    encoding: str,
    errors: Path | None,
) -> None:
    """Bring in the past gifts of FILE; a second time changes nothing.

    They are not booked, and nobody is written to. Rows that are left out stand in FILE.errors.csv, each with its
    reason; a dry run writes that file only where --errors names it.
    """
    mapped = Mapped(_pairs(funds, "--fund"), _pairs(appeals, "--appeal"), other_funds, other_appeals)
    asked = Asked(system, mapped, zone, dates or "", decimal, currency, encoding)
    if errors is None and not dry_run:
        errors = file.with_name(file.name + ".errors.csv")
    try:
        report = bring_in(file, asked, is_dry=dry_run, who=SYSTEM, errors=errors, tell=_tell)
    except FileRefused as refused:
        raise click.ClickException(sentence_for(refused)) from refused
    except DonateError as error:
        raise click.ClickException("Load the newsroom's facts first: flask newsroom load FILE.toml") from error
    except OSError as error:
        raise click.ClickException(f"{error.filename} can't be written: {error.strerror}.") from error
    _print(report, errors if report.gifts["refused"] else None)


def _pairs(given: tuple[str, ...], option: str) -> dict[str, str]:
    pairs = {}
    for each in given:
        name, equals, value = each.rpartition("=")
        if not equals or not name.strip() or not value.strip():
            raise click.UsageError(f"{option} is written {option} “name in the file=what it is here”.")
        pairs[name.strip()] = value.strip()
    return pairs


def _tell(rows: int, done: int, size: int) -> None:
    """Say how far it is: over and over on one line of a terminal, every ten thousand rows elsewhere."""
    percent = min(100, 100 * done // size) if size else 100
    if sys.stderr.isatty():
        click.echo(f"\r{rows:,} rows, {percent} %", err=True, nl=done >= size)
    elif rows % 10_000 == 0:
        click.echo(f"{rows:,} rows, {percent} %", err=True)


def _print(report: Report, errors: Path | None) -> None:
    if report.is_dry:
        click.echo("Dry run: nothing was written.")
    click.echo(f"{report.rows:,} rows, read as {report.encoding}")
    for name, words in _WORDS.items():
        if report.gifts[name] or name in ("new", "known", "refused"):
            click.echo(f"gifts {words}: {report.gifts[name]:,}")
    click.echo(f"donors new: {report.donors['new']:,}")
    click.echo(f"donors known: {report.donors['known']:,}")
    for (currency, year), (gifts, minor, back) in sorted(report.totals.items()):
        went_back = f", of which {Money(back, currency).plain()} went back" if back else ""
        click.echo(f"{currency} {year}: {gifts:,} new gifts, {Money(minor, currency).plain()}{went_back}")
    for reason, many in report.reasons.most_common(20):
        click.echo(f"left out {many:,}, the first on line {report.first_lines[reason]:,}: {reason}")
    if len(report.reasons) > 20:
        click.echo(f"and {len(report.reasons) - 20} more reasons")
    if errors is not None:
        click.echo(f"what was left out, each with its reason: {errors}")
