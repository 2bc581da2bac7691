"""``flask receipts``: the annual statements of everybody who gave, one PDF a donor, in one job that can be resumed."""

from __future__ import annotations

import os
from pathlib import Path

import click
from flask.cli import AppGroup

from donate import clock
from donate.db import committed
from donate.mail.queue import queue_mail
from donate.newsroom.queries import get_newsroom
from donate.receipts.draw import draw_pdf
from donate.receipts.letters import statement_letter
from donate.receipts.look import look_on_paper
from donate.receipts.models import Receipt
from donate.receipts.paper_of import paper_of
from donate.receipts.queries import count_donors_of_year, get_receipt, list_donors_of_year
from donate.receipts.statement import issue_statements

receipts = AppGroup("receipts", help="Receipts and annual statements.")

#: Donors of one transaction: their rows are locked while it lasts, so it is short.
_AT_ONCE = 100


@receipts.command("statements")
@click.argument("year", type=click.IntRange(2000, 2200))
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="A folder for the PDFs.")
@click.option("--mail", is_flag=True, help="Also write to each donor, once a statement.")
def statements(year: int, out: Path, mail: bool) -> None:
    """Issue the statements of YEAR and write each as OUT/NUMBER.pdf; a second run writes only what is missing."""
    zone = get_newsroom().time_zone
    if clock.today(zone).year <= year:
        click.echo(f"{year} is not over: later gifts will void and replace these statements.", err=True)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"{out} can't be made: {error.strerror}.") from error
    total, done, written, last = count_donors_of_year(year), 0, 0, 0
    while donor_ids := list_donors_of_year(year, after=last, at_most=_AT_ONCE):
        written += _part(donor_ids, year, out, zone=zone, mail=mail)
        done, last = done + len(donor_ids), donor_ids[-1]
        click.echo(f"{done} of {max(total, done)} donors, {written} files written", err=True)
    click.echo(f"{year}: {done} statements, {written} files written, {done - written} were there already.")


def _part(donor_ids: list[int], year: int, out: Path, *, zone: str, mail: bool) -> int:
    """Issue, mail and write the statements of some donors; tell how many files were written."""
    with committed():
        issued = issue_statements(donor_ids, year, zone=zone)
        if mail:
            for donor, statement in issued:
                letter = statement_letter(donor, statement)
                if letter is not None:
                    queue_mail(letter)
        statement_ids = [statement.id for _, statement in issued]
    # Outside the transaction: drawing takes a while, and nobody's gift should wait for it.
    return sum(_write(get_receipt(statement_id), out) for statement_id in statement_ids)


def _write(statement: Receipt, out: Path) -> bool:
    path = out / f"{statement.number}.pdf"
    if path.exists():
        return False
    part = path.with_name(path.name + ".part")
    try:
        # A person's giving is nobody else's to read.
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(draw_pdf(paper_of(statement), look_on_paper()))
        os.replace(part, path)
        # One file a donor: the void one's goes.
        if statement.content["replaces"]:
            (out / f"{statement.content['replaces']}.pdf").unlink(missing_ok=True)
    except OSError as error:
        raise click.ClickException(f"{path} can't be written: {error.strerror}.") from error
    return True
