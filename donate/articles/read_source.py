"""Read any source that a newsroom names, a file or an address, by what it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from donate.articles.fetch import Fetched, Limits, fetch
from donate.articles.importers.capture import read_capture
from donate.articles.importers.detect import detect
from donate.articles.importers.feed import read_feed
from donate.articles.importers.html_page import read_html_page
from donate.articles.importers.wordpress_rest import is_rest_address, read_wordpress_rest, read_wordpress_site
from donate.articles.importers.wxr import read_wxr
from donate.articles.story import Skipped, Story
from donate.errors import Unreadable


@dataclass(frozen=True)
class Opened:
    """What is known of a source that has been opened: where it came from and what its answer's header said."""

    what: str
    address: str = ""
    told: str = ""


def read_source(source: str, *, zone: str, limits: Limits | None = None) -> Iterator[Story | Skipped]:
    """Read the stories of a file or an address, lazily; called outside ``committed()``.

    Args:
        source: A path, or an http or https address.
        zone: The newsroom's.
        limits: Of what is fetched.

    Raises:
        Unreadable: What opening, fetching and the format's own reader say.
    """
    if not is_address(source):
        yield from _read_file(Path(source), zone)
    elif is_rest_address(source):
        yield from read_wordpress_site(source, lambda address: fetch(address, limits=limits), zone=zone)
    else:
        answer = fetch(source, limits=limits)
        with answer.file:
            yield from read_answer(answer, zone=zone)


def read_answer(answer: Fetched, *, zone: str) -> Iterator[Story | Skipped]:
    """Read the stories of an answer, whatever its header says it is."""
    opened = Opened(answer.url, answer.url, answer.charset)
    yield from _read_format(detect(answer.file, answer.url), answer.file, opened, zone)


def is_address(source: str) -> bool:
    """Tell an address from a file's path."""
    return source.lower().startswith(("http://", "https://"))


def _read_file(path: Path, zone: str) -> Iterator[Story | Skipped]:
    if not path.is_file():
        raise Unreadable("file_missing")
    with path.open("rb") as file:
        kind = detect(file, path)
        if kind == "capture":
            yield read_capture(path)
        else:
            yield from _read_format(kind, file, Opened(str(path)), zone)


def _read_format(kind: str, file: BinaryIO, opened: Opened, zone: str) -> Iterator[Story | Skipped]:
    if kind == "wxr":
        yield from read_wxr(file, opened.what, zone=zone)
    elif kind == "feed":
        yield from read_feed(file, opened.what, address=opened.address, told=opened.told)
    elif kind == "wordpress_rest":
        yield from read_wordpress_rest(file, opened.what, zone=zone)
    elif kind == "html_page":
        yield from read_html_page(file, opened.what, zone=zone, address=opened.address, told=opened.told)
    else:
        # A page's text is what someone saved by hand; no site answers with one.
        raise Unreadable("format_unknown")
