"""flask settings: what the environment decides, and what it is now."""

from __future__ import annotations

import dataclasses

import click
from flask import current_app
from flask.cli import with_appcontext

from donate.settings import Settings


@click.command()
@with_appcontext
def settings() -> None:
    """Print every setting, its default and what it is now."""
    chosen: Settings = current_app.config["DONATE"]
    for each in dataclasses.fields(Settings):
        value = getattr(chosen, each.name)
        secret = each.metadata["secret"]
        shown = "(set, hidden)" if secret and value and value != each.default else (value if value != "" else "(empty)")
        default = each.default if each.default != "" else "(empty)"
        click.echo(f"{each.name.upper()}\n    {each.metadata['says']}\n    default: {default}\n    now:     {shown}")
