"""Load the newsroom's sections and topics from its file; loading again updates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from donate.articles.models import Section, Topic
from donate.articles.queries import find_section, find_topic, list_all_topics, list_sections
from donate.db import db


def tell_sections(language: str) -> list[dict[str, Any]]:
    """Tell the sections as the file has them, in the newsroom's order.

    Args:
        language: Of a name that was given in none.
    """
    return [{"slug": each.slug, "name": dict(each.names) or {language: each.name}} for each in list_sections()]


def tell_topics(language: str) -> list[dict[str, Any]]:
    """Tell the topics as the file has them, by their addresses.

    Args:
        language: Of a name that was given in none.
    """
    return [{"slug": each.slug, "name": dict(each.names) or {language: each.name}} for each in list_all_topics()]


def load_sections(items: Sequence[Mapping[str, Any]], language: str) -> None:
    """Write the sections in the file's order, inside the caller's ``committed()``.

    Args:
        items: Each with a ``slug`` and a ``name`` of ``{language: text}``.
        language: Whose name stands where a page's language has none.
    """
    for position, item in enumerate(items):
        section = find_section(item["slug"])
        if section is None:
            section = Section(slug=item["slug"], name="")
            db.session.add(section)
        section.names = dict(item["name"])
        section.name = _first(item["name"], language)
        section.position = position
        db.session.flush()


def load_topics(items: Sequence[Mapping[str, Any]], language: str) -> None:
    """Write the topics' names in each language, inside the caller's ``committed()``.

    Args:
        items: Each with a ``slug`` and a ``name`` of ``{language: text}``.
        language: Whose name articles call them by.
    """
    for item in items:
        topic = find_topic(item["slug"])
        if topic is None:
            topic = Topic(slug=item["slug"], name="")
            db.session.add(topic)
        topic.names = dict(item["name"])
        topic.name = _first(item["name"], language)
        db.session.flush()


def _first(names: Mapping[str, str], language: str) -> str:
    return names.get(language) or next(iter(names.values()))
