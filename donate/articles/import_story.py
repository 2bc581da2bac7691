"""Bring stories in: a new one makes an article, a known one updates it, none is doubled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DataError, IntegrityError

from donate import clock
from donate.articles.body import minutes_to_read
from donate.articles.flag import tell_of_new_flags
from donate.articles.flag_words import flag_words, flags_in, is_flag_word
from donate.articles.flags import flags_after_import
from donate.articles.models import Article, Section, Topic
from donate.articles.propose import correcting_words, proposals_after_import
from donate.articles.queries import (
    find_article,
    find_article_by_canonical_url,
    find_article_by_source,
    find_section,
    find_topic,
    find_topic_by_name,
    list_sections,
    lock_article,
)
from donate.articles.sanitise import sanitise
from donate.articles.slug import numbered, slug_from
from donate.articles.story import Skipped, Story
from donate.db import db
from donate.errors import Unreadable
from donate.newsroom.edition import note_change

__all__ = ["ImportResult", "Skipped", "import_stories", "import_story"]

Flags = dict[str, dict[str, str]]
# What a story says in columns of the same name.
_SAME = ("headline", "language", "deck", "dateline", "byline", "image_alt", "image_caption", "image_credit")


@dataclass
class ImportResult:
    """What came of an import."""

    imported: int = 0
    updated: int = 0
    skipped: list[Skipped] = field(default_factory=list)


def import_stories(stories: Iterable[Story | Skipped], result: ImportResult | None = None) -> ImportResult:
    """Write stories as articles, inside the caller's ``committed()``.

    Args:
        stories: What importers yielded; a bad one is left out with its reason and stops no other, and nothing of
            it stays behind.
        result: What came before, to add to; None begins anew.
    """
    result = result or ImportResult()
    for story in stories:
        if isinstance(story, Skipped):
            result.skipped.append(story)
            continue
        try:
            with db.session.begin_nested():
                is_new = import_story(story)
        except Unreadable as why:
            result.skipped.append(Skipped(_name(story), why))
        except (DataError, IntegrityError, ValueError):
            # A value that the database can't hold; the words of its error may hold the whole story.
            result.skipped.append(Skipped(_name(story), Unreadable("not_storable")))
        else:
            result.imported += is_new
            result.updated += not is_new
    # Savepoints end on their own: what they changed is told when the whole transaction has ended.
    note_change(db.session())
    return result


def import_story(story: Story) -> bool:
    """Write one story as an article.

    Args:
        story: What an importer yielded.

    Returns:
        Whether it is new here.

    Raises:
        Unreadable: ``headline_missing``, ``body_missing``, ``field_too_long`` (field, most).
    """
    body = sanitise(story.body_html)
    _check(story, body)
    article = find_article_by_source(story.source, story.guid) or _find_page(story)
    is_new = article is None
    words = flag_words()
    story = replace(story, flags=(*story.flags, *flags_in((*story.sections, *story.topics), words)))
    if article is None:
        article = Article(source=story.source, source_guid=story.guid, slug=_free_slug(story))
        article.published_at = clock.now()
    elif _is_page(story) and article.source_guid != story.guid:
        story = _with_what_is_known(story, article)
    else:
        article.source, article.source_guid = story.source, story.guid
    if not is_new and _flags_of(article, story, body) != (article.flags, article.proposed_flags):
        # An editor may be setting a flag at this moment: theirs and the source's must both stay.
        lock_article(article.slug)
    known = dict(article.flags or {})
    _write(article, story, body, words)
    if is_new:
        db.session.add(article)
    elif article.flags.keys() - known.keys():
        # Appeals may have been made for it as it was.
        tell_of_new_flags(article, known)
    # The next story's look-ups must see this one.
    db.session.flush()
    return is_new


def _name(story: Story) -> str:
    return story.headline.strip() or story.canonical_url or story.guid


def _is_page(story: Story) -> bool:
    return bool(story.canonical_url) and story.guid == story.canonical_url


def _find_page(story: Story) -> Article | None:
    """Find the article of the same page that came in another way: once from its HTML, once from a feed or export."""
    if not story.canonical_url:
        return None
    if _is_page(story):
        return find_article_by_canonical_url(story.canonical_url)
    return find_article_by_source(story.source, story.canonical_url)


def _with_what_is_known(story: Story, article: Article) -> Story:
    """Keep what a feed or export said and a page's HTML does not."""
    known: dict[str, Any] = {
        "section": article.section.slug if article.section else "",
        "topics": tuple(t.name for t in article.topics),
    }
    known |= {name: getattr(article, name) for name in (*_SAME, "image")}
    # A page names few of its tags or none: what an export said with them stays.
    flags = (*story.flags, *(flag for flag, how in article.flags.items() if how["by"] == "import"))
    silent = [each.name for each in fields(story) if each.name in known and not getattr(story, each.name)]
    if story.sections:
        silent = [name for name in silent if name != "section"]
    return replace(story, **{name: known[name] for name in silent}, flags=flags)


def _write(article: Article, story: Story, body: str, words: Mapping[str, str]) -> None:
    section = find_section(story.section) if story.section else _section(story, words)
    others = () if section is None else tuple(map(slug_from, (section.slug, section.name, *section.names.values())))
    names = [*(name for name in story.sections if slug_from(name) not in others), *story.topics]
    names = [name for name in names if not is_flag_word(name, words)]
    topics = [topic for topic in dict.fromkeys(map(_topic, names)) if topic is not None]
    # Looked up before and written in one go: what is flushed in between no longer counts as a change.
    with db.session.no_autoflush:
        article.topics = topics
        article.section_id = section.id if section else None
        _write_words(article, story, body)
        # A feed is read again and again: what says the same is left alone, and so are the pages that show it.
        if article.id is None or db.session.is_modified(article):
            article.changed_at = clock.now()


def _write_words(article: Article, story: Story, body: str) -> None:
    for name in _SAME:
        setattr(article, name, getattr(story, name))
    article.body_html = body
    article.minutes = minutes_to_read(body)
    article.image = story.image if story.image.startswith(("https://", "/static/")) else ""
    article.record = dict(story.record)
    article.canonical_url = story.canonical_url if story.canonical_url.startswith(("https://", "http://")) else ""
    if story.published_at is not None:
        article.published_at = story.published_at
    article.flags, article.proposed_flags = _flags_of(article, story, body)


def _flags_of(article: Article, story: Story, body: str) -> tuple[Flags, Flags]:
    flags = flags_after_import(article.flags or {}, story.flags, clock.now())
    return flags, proposals_after_import(article.proposed_flags or {}, flags, correcting_words(body, story.record))


def _section(story: Story, words: Mapping[str, str]) -> Section | None:
    """Find the section that one of the story's names calls in any language, or make the first."""
    slugs = [slug for slug in map(slug_from, story.sections) if slug]
    sections = list_sections() if slugs else []
    called = {slug_from(name): each for each in sections for name in (each.slug, each.name, *each.names.values())}
    for slug in slugs:
        if slug in called:
            return called[slug]
    name = next((name for name in story.sections if slug_from(name) and not is_flag_word(name, words)), "")
    if not (name and story.makes_section):
        return None
    if len(name) > 120:
        raise Unreadable("field_too_long", field="section", most=120)
    section = Section(slug=slug_from(name), name=name, names={}, position=len(sections))
    db.session.add(section)
    db.session.flush()
    return section


def _check(story: Story, body: str) -> None:
    if not story.headline.strip():
        raise Unreadable("headline_missing")
    if not body:
        raise Unreadable("body_missing")
    for name in ("source", "headline", "dateline", "byline", "image", "image_credit", "canonical_url"):
        _check_length(name, getattr(story, name), name)
    _check_length("source_guid", story.guid, "guid")
    for topic in (*story.sections, *story.topics):
        if len(topic) > 120:
            raise Unreadable("field_too_long", field="topic", most=120)


def _check_length(column: str, value: str, name: str) -> None:
    kind = Article.__table__.c[column].type
    most = kind.length if isinstance(kind, sa.String) else None
    if most is not None and len(value) > most:
        raise Unreadable("field_too_long", field=name, most=most)


def _free_slug(story: Story) -> str:
    wanted = story.slug or slug_from(story.headline) or "story"
    number = 1
    while find_article(numbered(wanted, number)) is not None:
        number += 1
    return numbered(wanted, number)


def _topic(name: str) -> Topic | None:
    slug = slug_from(name)
    if not slug:
        return None
    topic = find_topic(slug) or find_topic_by_name(name)
    if topic is None:
        topic = Topic(slug=slug, name=name, names={})
        db.session.add(topic)
        db.session.flush()
    return topic
