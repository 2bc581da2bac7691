"""flask articles: stories come in, from files and addresses, once or every quarter of an hour."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click
from flask.cli import AppGroup

from donate.articles.bring_in import bring_in
from donate.articles.follow import follow_source, unfollow_source
from donate.articles.import_story import ImportResult
from donate.articles.queries import list_sources
from donate.articles.read_source import read_source
from donate.articles.sentences import say_why
from donate.articles.story import Skipped
from donate.errors import Unreadable
from donate.newsroom.queries import find_newsroom

articles = AppGroup("articles", help="Bring stories in.")
_LINE_EACH = 500


@articles.command("import")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…")
def import_sources(sources: tuple[str, ...]) -> None:
    """Bring in stories from SOURCE…: files or addresses. Known stories are updated.

    A source is a WordPress export (WXR), WordPress REST JSON, an RSS or Atom feed, an HTML page, or a file with the
    text of a page; what it is, its content tells.
    """
    total = ImportResult()
    for source in sources:
        result = bring_in(read_source(source, zone=_zone()), source, on_progress=_progress())
        total.imported += result.imported
        total.updated += result.updated
        total.skipped += result.skipped
    _report(total)


@articles.command("follow")
@click.argument("url")
def follow(url: str) -> None:
    """Read URL, a feed or a WordPress REST address, now and then every 15 minutes."""
    try:
        result = follow_source(url, zone=_zone(), on_progress=_progress())
    except Unreadable as why:
        raise click.ClickException(f"{url}: {say_why(why)}") from why
    click.echo(f"following {url}")
    _report(result, may_be_empty=True)


@articles.command("unfollow")
@click.argument("url")
def unfollow(url: str) -> None:
    """Read URL no more; its stories stay."""
    try:
        unfollow_source(url)
    except Unreadable as why:
        raise click.ClickException(f"{url}: {say_why(why)}") from why
    click.echo(f"no longer following {url}")


@articles.command("sources")
def show_sources() -> None:
    """List what is followed: address, format, when it was last read, and what went wrong then."""
    rows = list_sources()
    for row in rows:
        read = row.last_read_at.strftime("%Y-%m-%d %H:%M UTC") if row.last_read_at else "never"
        click.echo("\t".join((row.url, row.format, read, row.last_error or "ok")))
    if not rows:
        click.echo("Nothing is followed. Begin with: flask articles follow URL")


def explain(skipped: Skipped) -> str:
    """Put why a story was left out into the sentence an operator reads."""
    return f"skipped {skipped.what}: {say_why(skipped.why)}"


def _zone() -> str:
    newsroom = find_newsroom()
    return newsroom.time_zone if newsroom else "UTC"


def _progress() -> Callable[[int], None]:
    """Show how far an import is, on stderr: counting in place on a terminal, else a line each 500."""
    done = 0

    def show(count: int) -> None:
        nonlocal done
        lines_before, done = done // _LINE_EACH, done + count
        if sys.stderr.isatty():
            click.echo(f"\r{done} stories", err=True, nl=False)
        elif done // _LINE_EACH > lines_before:
            click.echo(f"{done} stories", err=True)

    return show


def _report(result: ImportResult, *, may_be_empty: bool = False) -> None:
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", err=True, nl=False)
    for each in result.skipped:
        click.echo(explain(each))
    click.echo(f"imported {result.imported}, updated {result.updated}, skipped {len(result.skipped)}")
    if not result.imported and not result.updated and not may_be_empty:
        sys.exit(1)
