"""``flask staff``: who works here, and their first way in."""

from __future__ import annotations

from datetime import datetime

import click
from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask.cli import AppGroup

from donate.db import committed
from donate.entry.address import normalise_email
from donate.errors import NotFound
from donate.team.hire import add_staff, disable_staff
from donate.team.history import SYSTEM
from donate.team.permissions import ROLES
from donate.team.queries import get_staff, list_staff, real_today

staff = AppGroup("staff", help="Who works here.")


@staff.command("add")
@click.argument("email")
@click.option("--role", type=click.Choice(sorted(ROLES)), required=True)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day they may come in, as for an auditor.")
@click.option("--forget-second-factor", is_flag=True, help="For a lost authenticator without recovery codes.")
def add(email: str, role: str, until: datetime | None, forget_second_factor: bool) -> None:
    """Add EMAIL, or give a known one this role; prints a link that signs in once, within a day."""
    address = _checked(email)
    last = until.date() if until else None
    if last is not None and last < real_today():
        raise click.UsageError(f"{last} is over: --until is the last day {email} may come in.")
    with committed():
        _added, token = add_staff(address, role, SYSTEM, forget_factor=forget_second_factor, ends_on=last)
    click.echo(
        f"{address} is {role}{f', until {last} with that day' if last else ''}. This link signs in once, within a day:"
    )
    click.echo(f"{current_app.config['DONATE'].site_url}/signin/link/{token}")


@staff.command("list")
def show() -> None:
    """List everybody, with role and whether a second factor is set."""
    for each in list_staff():
        until = f"  until {each.ends_on}" if each.ends_on else ""
        state = "disabled" if each.disabled_at else "second factor set" if each.totp_since else "no second factor yet"
        click.echo(f"{each.email}  {each.role}  {state}{until}")


@staff.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Let nobody in as EMAIL any more, at once. What they did stays in the history."""
    try:
        with committed():
            disable_staff(get_staff(normalise_email(email)), SYSTEM)
    except NotFound as problem:
        raise click.ClickException(f"Nobody works here as {email}. See: flask staff list") from problem
    click.echo(f"{normalise_email(email)} is disabled and signed out everywhere.")


def _checked(email: str) -> str:
    chosen = current_app.config["DONATE"]
    try:
        found = validate_email(
            email.strip(), check_deliverability=False, allow_smtputf8=False, test_environment=not chosen.livemode
        )
    except EmailNotValidError as problem:
        raise click.ClickException(f"{email} is no e-mail address: {problem}") from problem
    return normalise_email(found.ascii_email or found.normalized)
