"""flask articles: stories come in, from a file that holds a page."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click
from flask.cli import AppGroup

from donate.articles.import_story import ImportResult, Skipped, import_stories
from donate.articles.importers.capture import read_capture
from donate.articles.story import Story
from donate.db import committed
from donate.errors import Unreadable

articles = AppGroup("articles", help="Bring stories in.")

SENTENCES = {
    "file_missing": "there is no such file",
    "too_large": "it is larger than {most}; a page’s text never is, so this is surely another file",
    "empty": "it is empty",
    "binary": "it is not text; save the page’s text and import that",
    "encoding_unknown": "line {line} is not UTF-8; it may be {guess}. Convert it, then import the new file: {command}",
    "headline_missing": "no headline was found: a capture prints it above the story, usually twice",
    "body_missing": "there is a headline but no story under it",
    "field_too_long": "its {field} is longer than {most} characters",
}


@articles.command("import")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…")
def import_sources(sources: tuple[str, ...]) -> None:
    """Bring in stories from SOURCE…: files that hold the text of a page. Known stories are updated."""
    if addresses := [source for source in sources if source.lower().startswith(("http://", "https://"))]:
        click.echo(f"Reading from an address comes with a later format; save the page’s text: {addresses[0]}", err=True)
        sys.exit(2)
    stories, skipped = _read(sources)
    with committed():
        result = import_stories(stories)
    result.skipped[:0] = skipped
    _report(result)
    if not result.imported and not result.updated:
        sys.exit(1)


def explain(skipped: Skipped) -> str:
    """Put why a story was left out into the sentence an operator reads."""
    return f"skipped {skipped.what}: {SENTENCES[skipped.why.message].format(**skipped.why.values)}"


def _read(sources: Iterable[str]) -> tuple[list[Story], list[Skipped]]:
    stories: list[Story] = []
    skipped: list[Skipped] = []
    for source in sources:
        try:
            stories.append(read_capture(Path(source)))
        except Unreadable as why:
            skipped.append(Skipped(source, why))
    return stories, skipped


def _report(result: ImportResult) -> None:
    for each in result.skipped:
        click.echo(explain(each))
    click.echo(f"imported {result.imported}, updated {result.updated}, skipped {len(result.skipped)}")
