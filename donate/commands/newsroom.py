"""``flask newsroom``: the newsroom's own facts, from a file it keeps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from donate import clock
from donate.appeals.load import load_appeals
from donate.articles.flag_words import load_flag_words
from donate.articles.load_sections import load_sections, load_topics
from donate.articles.sanitise import sanitise
from donate.commands.read_toml import explain, read_toml
from donate.db import committed
from donate.errors import Unreadable
from donate.ledger.accounts import ACCOUNTS
from donate.members.load_levels import load_levels
from donate.newsroom.accounts import DEFERRED, read_accounts
from donate.newsroom.load import load_newsroom
from donate.newsroom.queries import get_newsroom

newsroom = AppGroup("newsroom", help="The newsroom's own facts.")


@newsroom.command("load")
@click.argument("file", type=click.Path(path_type=Path))
def load(file: Path) -> None:
    """Load name, words, funds, levels, sections, topics and texts from FILE.toml; appeals too where it holds some."""
    try:
        data = read_toml(file)
        load_facts(data)
    except Unreadable as problem:
        raise click.ClickException(explain(problem, file)) from problem
    click.echo(f"loaded {data['name']}: {len(data['funds'])} funds, {len(data.get('sections', []))} sections")


def load_facts(data: dict[str, Any]) -> None:
    """Write what a newsroom's file says, all of it or nothing.

    Args:
        data: The file's contents.

    Raises:
        Unreadable: ``key_missing`` or ``value_wrong``.
    """
    language = data.get("language", "en")
    with committed():
        load_newsroom(_with_clean_texts(data))
        get_newsroom().accounts = read_accounts(data, (*ACCOUNTS, DEFERRED))
        load_flag_words(data.get("flag_words", {}))
        load_levels(data.get("levels", []), data["currencies"])
        for key, write in (("sections", load_sections), ("topics", load_topics)):
            items = data.get(key, [])
            _check_named(key, items)
            write(items, language)
        if "appeals" in data:
            load_appeals(data, clock.today(data["time_zone"]))


def _check_named(key: str, items: Any) -> None:
    for at, item in enumerate(items, 1):
        for part in ("slug", "name"):
            if not isinstance(item, dict) or not item.get(part):
                raise Unreadable("key_missing", key=f"{key}[{at}].{part}")
        if not isinstance(item["name"], dict):
            raise Unreadable(
                "value_wrong", key=f"{key}[{at}].name", value=item["name"], should='words by language: { en = "…" }'
            )


def _with_clean_texts(data: dict[str, Any]) -> dict[str, Any]:
    def clean(part: Any) -> Any:
        if not isinstance(part, dict):
            return part
        return {name: sanitise(text) if name == "body_html" else clean(text) for name, text in part.items()}

    return {**data, "texts": clean(data.get("texts", {}))}
