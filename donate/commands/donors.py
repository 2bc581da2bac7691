"""``flask donors``: a person's data, handed out or erased, when they asked for it by letter or phone."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from donate import clock
from donate.cells import csv_line
from donate.db import committed
from donate.donors.find_or_create import find_or_create_donor
from donate.donors.models import Donor
from donate.donors.preferences import wants
from donate.donors.queries import find_donor_by_email, list_main_addresses
from donate.entry.address import normalise_email
from donate.fulfillment.forget_person import forget_person
from donate.members.hint import hint_for, make_hint
from donate.members.standing import standing_of
from donate.newsroom.queries import get_newsroom
from donate.records.erase import ask_erasure
from donate.records.export import export_person
from donate.records.queries import is_any_email_given
from donate.team.history import SYSTEM, record_history

donors = AppGroup("donors", help="A person's data.")

_WAITS = {
    "stripe": "Stripe has not confirmed yet that their gifts have stopped. Nothing was erased; the worker goes on.",
    "payment": "A payment of theirs is still with a bank. Their gifts have stopped; the worker erases when it ends.",
}


@donors.command("export")
@click.argument("email")
@click.option("--format", "form", type=click.Choice(["json", "zip"]), default="json", show_default=True)
@click.option("--out", default="-", show_default=True, help="A file, or - for standard output.")
def export(email: str, form: str, out: str) -> None:
    """Write all that is held about whoever gives as EMAIL: JSON, or a zip of CSV files."""
    donor = _find(email)
    held = export_person(donor, proven_only=False)
    with committed():
        record_history(SYSTEM, "export_person", "donor", donor.reference, after={"format": form})
    content = held.as_json() if form == "json" else held.as_zip()
    _write(out, content)
    if out == "-":
        return
    tables = ", ".join(f"{len(rows)} {name}" for name, rows in held.tables.items() if rows)
    click.echo(f"{out}: {tables}.", err=True)


@donors.command("erase")
@click.argument("email")
def erase(email: str) -> None:
    """Erase whoever gives as EMAIL: gifts stop at Stripe first; the money stays in the books, nameless."""
    donor = _find(email)
    get_newsroom()
    with committed():
        wish_id = ask_erasure(donor, "command", SYSTEM).id
    wish = forget_person(wish_id)
    if wish.erased_at is None:
        raise click.ClickException(_WAITS[wish.waits_for or "stripe"])
    click.echo(f"Erased. {wish.reference} is the proof of it; a last letter goes to the address it was.")


@donors.command("hint")
@click.argument("email")
def hint(email: str) -> None:
    """Write the supporter hint of whoever gives as EMAIL, for links in letters: /from/HINT/articles/…"""
    donor = find_donor_by_email(normalise_email(email))
    if donor is None:
        raise click.ClickException(f"Nobody gives as {email}.")
    found = _hint_of(donor.id)
    if not found:
        raise click.ClickException(f"{email} has given nothing that was kept.")
    click.echo(found)


@donors.command("hints")
@click.option("--out", default="-", show_default=True, help="A file, or - for standard output.")
def hints(out: str) -> None:
    """Write address and supporter hint of each donor who wants the newsletter, as CSV for the program that sends it."""
    columns = ("email", "hint")
    lines = [csv_line(columns, {name: name for name in columns})]
    for donor_id, email in list_main_addresses():
        if wants(donor_id, "newsletter") and (found := _hint_of(donor_id)):
            lines.append(csv_line(columns, {"email": email, "hint": found}))
    _write(out, "".join(lines).encode())
    with committed():
        record_history(SYSTEM, "export_hints", "donors", "all", after={"rows": len(lines) - 1})
    click.echo(f"{len(lines) - 1} hints, each good for 90 days at most. Write them again before each letter.", err=True)


def _hint_of(donor_id: int) -> str:
    found = hint_for(standing_of(donor_id).giving, clock.today(get_newsroom().time_zone))
    return make_hint(found) if found is not None else ""


def _write(out: str, content: bytes) -> None:
    if out == "-":
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    path = Path(out)
    part = path.with_name(path.name + ".part")
    try:
        # A person's data is nobody else's to read.
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
        os.replace(part, path)
    except OSError as error:
        raise click.ClickException(f"{out} can't be written: {error.strerror}.") from error


def _find(email: str) -> Donor:
    address = normalise_email(email)
    donor = find_donor_by_email(address)
    if donor is None and is_any_email_given(address):
        # Only attempts that never became a gift: they hold a name and an address all the same.
        with committed():
            donor = find_or_create_donor(address, "", "", get_newsroom().language)
    if donor is None:
        raise click.ClickException(f"Nobody gives as {email}, and nothing of theirs is here.")
    return donor
