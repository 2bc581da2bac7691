"""``flask newsroom``: the newsroom's own settings, from a file it keeps and into one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from donate.commands.read_toml import explain, read_toml
from donate.commands.write_toml import write_toml
from donate.db import committed
from donate.errors import NotFound, Unreadable
from donate.records.change_settings import load_settings
from donate.records.settings_differences import Difference
from donate.records.settings_file import tell_settings
from donate.team.history import SYSTEM

newsroom = AppGroup("newsroom", help="The newsroom's own settings.")
_LONGEST_SHOWN = 60


class _OnlyTried(Exception):
    """Takes everything back that a trial has written."""


@newsroom.command("load")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what it would change, and change nothing.")
def load(file: Path, *, dry_run: bool) -> None:
    """Load name, words, funds, levels, sections, topics and texts from FILE.toml; appeals too where it holds some.

    What was changed at the desk since becomes again what the file says: each key that it changes is named.
    """
    try:
        data = read_toml(file)
        changed = load_facts(data, dry_run=dry_run)
    except Unreadable as problem:
        raise click.ClickException(explain(problem, file)) from problem
    for each in changed:
        click.echo(f"  {each.key}: {_shown(each.before)} -> {_shown(each.after)}")
    if dry_run:
        click.echo(f"would load {data['name']}: {len(changed)} settings would change, nothing was written")
        return
    click.echo(f"loaded {data['name']}: {len(data['funds'])} funds, {len(data.get('sections', []))} sections")


@newsroom.command("show")
@click.option("--out", type=click.Path(path_type=Path), help="A file; else it is printed.")
def show(out: Path | None) -> None:
    """Write every setting as the TOML that `newsroom load` takes: what it holds loads back unchanged."""
    try:
        text = write_toml(tell_settings(is_whole=True))
    except NotFound as missing:
        raise click.ClickException("Load the newsroom's facts first: flask newsroom load FILE.toml") from missing
    if out is None:
        click.echo(text, nl=False)
        return
    out.write_text(text, encoding="utf-8")
    click.echo(f"wrote {out}")


def load_facts(data: dict[str, Any], *, dry_run: bool = False) -> list[Difference]:
    """Write what a newsroom's file says, all of it or nothing.

    Args:
        data: The file's contents.
        dry_run: Whether it is taken back again.

    Returns:
        What it changed of what was there.

    Raises:
        Unreadable: ``key_missing`` or ``value_wrong``.
    """
    changed: list[Difference] = []
    try:
        with committed():
            changed = load_settings(data, SYSTEM)
            if dry_run:
                raise _OnlyTried
    except _OnlyTried:
        pass
    return changed


def _shown(value: Any) -> str:
    text = "nothing" if value is None else f"“{value}”" if isinstance(value, str) else str(value).lower()
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
