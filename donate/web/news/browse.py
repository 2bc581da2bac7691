"""Everything there is, by section and by topic, and a search over headlines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import render_template, request

from donate.articles.fold import MOST_LETTERS, fold, words_of
from donate.articles.queries import (
    OnTopic,
    count_found,
    list_sections_with_newest,
    list_topics_with_counts,
    search_articles,
)
from donate.web.kept import drawn_each_time, kept, page_number
from donate.web.language import RIGHT_TO_LEFT, current_language, prefixed, say
from donate.web.news.door import news
from donate.web.reading import languages_offered

# An Arabic index stands by the word, not by its article: otherwise nearly all of it is one letter.
_ARTICLE = "ال"


@dataclass(frozen=True)
class Letter:
    """The topics under one letter."""

    letter: str
    topics: Sequence[OnTopic]


@news.get("/browse")
@kept
def browse() -> str:
    """Show every section with its newest story, and every topic by its letter."""
    language = current_language()
    return render_template(
        "news/browse.html",
        parts=list_sections_with_newest(language),
        letters=by_letter(list_topics_with_counts(language), language),
    )


@news.get("/search")
@drawn_each_time
def search() -> str:
    """Show the stories whose headline or deck holds what was typed."""
    asked, language = request.args.get("q", "").strip(), current_language()
    words = words_of(asked)
    return render_template(
        "news/search.html",
        asked=asked[:MOST_LETTERS],
        is_cut=len(asked) > MOST_LETTERS,
        words=words,
        page=search_articles(words, language, page_number()) if words else None,
        found=count_found(words) if words else 0,
        links=[(code, name, prefixed(_address(asked), code)) for code, name in languages_offered().items()],
    )


@news.app_template_global("most_letters")
def most_letters() -> int:
    """Tell how much of what is typed is searched for."""
    return MOST_LETTERS


def by_letter(topics: Iterable[OnTopic], language: str) -> list[Letter]:
    """Put topics under their first letters, in the order of the language's alphabet.

    Args:
        topics: With names.
        language: Of the page: topics are sorted by their names in it.
    """
    found: dict[str, list[OnTopic]] = {}
    for _place, topic in sorted(((_place_of(topic, language), topic) for topic in topics), key=lambda pair: pair[0]):
        found.setdefault(_word(topic, language)[:1].upper(), []).append(topic)
    return [Letter(letter, topics) for letter, topics in found.items()]


def _place_of(topic: OnTopic, language: str) -> tuple[bool, str, str]:
    word = _word(topic, language)
    # What has no name in the page's own letters comes after them.
    return language in RIGHT_TO_LEFT and word.isascii(), word, topic.topic.slug


def _word(topic: OnTopic, language: str) -> str:
    word = fold(say(topic.topic.names, language) or topic.topic.name)
    is_article = language == "ar" and word.startswith(_ARTICLE) and len(word) > len(_ARTICLE) + 1
    return word.removeprefix(_ARTICLE) if is_article else word


def _address(asked: str) -> str:
    return "/search" + ("?" + urlencode({"q": asked[:MOST_LETTERS]}) if asked else "")
