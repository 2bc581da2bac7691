"""Bring in many stories: read outside, write in small transactions, and go on after a bad one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from donate.articles.import_story import ImportResult, Skipped, import_stories
from donate.articles.story import Story
from donate.db import committed
from donate.errors import Unreadable

#: How many stories, or characters of their bodies, one transaction writes at most.
BATCH = 200
_BATCH_CHARACTERS = 4_000_000


def bring_in(
    stories: Iterable[Story | Skipped], what: str, *, on_progress: Callable[[int], None] = lambda _count: None
) -> ImportResult:
    """Read stories and write them, a batch a transaction; called outside ``committed()``.

    Args:
        stories: Read lazily, between the transactions: reading may wait for a file or a site.
        what: The source's name, for the line that says where it broke off.
        on_progress: Told after each batch how many were written in it.

    Returns:
        What came of it; a source that breaks off in the middle keeps what stood before.
    """
    result = ImportResult()
    for batch in _batches(_until_broken(stories, what)):
        with committed() as session:
            import_stories(batch, result)
            # Ten thousand articles must not stay in this process's memory.
            session.flush()
            session.expunge_all()
        on_progress(len(batch))
    return result


def _until_broken(stories: Iterable[Story | Skipped], what: str) -> Iterator[Story | Skipped]:
    try:
        yield from stories
    except Unreadable as why:
        yield Skipped(what, why)


def _batches(stories: Iterable[Story | Skipped]) -> Iterator[list[Story | Skipped]]:
    batch: list[Story | Skipped] = []
    characters = 0
    for story in stories:
        batch.append(story)
        characters += len(story.body_html) if isinstance(story, Story) else 0
        if len(batch) == BATCH or characters > _BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch
