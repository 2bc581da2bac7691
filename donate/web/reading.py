"""What every template may use: the newsroom's words, money, dates, references, links to static files."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import flask
from babel import support
from babel.dates import format_date, format_time
from flask import Flask, request
from flask_babel import get_locale
from markupsafe import Markup, escape

from donate import clock, references
from donate.errors import NotFound
from donate.money import Money, show
from donate.newsroom.models import Newsroom
from donate.settings import ROOT
from donate.web.language import LANGUAGES, current_language, direction, prefixed, say
from donate.web.shelf import shelf

STATIC = ROOT / "static"
TRANSLATIONS = ROOT / "donate" / "translations"


def newsroom() -> Newsroom:
    """Give the newsroom's row as it is out now; to be read, never written."""
    return shelf().out_now().newsroom


def found_newsroom() -> Newsroom | None:
    """Give the newsroom's row; none before its facts were loaded, for pages that say so."""
    try:
        return newsroom()
    except NotFound:
        return None


@lru_cache(maxsize=1024)
def _marked(name: str) -> str:
    # Read once a process: a release brings its files and its process together.
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]}"


def asset(name: str) -> str:
    """Link to a static file, marked by its content so that it may be kept for ever.

    Args:
        name: Its path below ``static/``.
    """
    return _marked(name)


def money(amount: Money, *, short: bool = False) -> Markup:
    """Write money for the page, isolated so that right-to-left text does not turn it."""
    text = show(amount, current_language(), short=short)
    if direction(current_language()) == "rtl":
        return Markup('<bdi class="ltr">{}</bdi>').format(text)
    return escape(text)


def long_date(day: date | datetime, language: str | None = None) -> str:
    """Write a day in full: ``20 March 2026``."""
    if isinstance(day, datetime):
        day = day.astimezone(ZoneInfo(newsroom().time_zone)).date()
    return format_date(day, "long", locale=_western(language or current_language()))


def week_date(day: date | datetime, language: str | None = None) -> str:
    """Write a day with its weekday: ``Friday, 20 March 2026``."""
    if isinstance(day, datetime):
        day = day.astimezone(ZoneInfo(newsroom().time_zone)).date()
    return format_date(day, "full", locale=_western(language or current_language()))


def clock_time(moment: datetime) -> str:
    """Write a time of day in the newsroom's zone: ``14:04``."""
    return format_time(moment.astimezone(ZoneInfo(newsroom().time_zone)), "HH:mm", locale="en")


def _western(language: str) -> str:
    # Dates carry the same digits as the money beside them.
    return {"ar": "ar_JO", "he": "he", "en": "en_GB"}[language]


def language_links() -> list[tuple[str, str, str]]:
    """List (code, name, address) of this page in each language."""
    path = request.full_path if request.query_string else request.path
    return [(code, name, prefixed(path, code)) for code, name in LANGUAGES.items()]


@lru_cache(maxsize=8192)
def _path(root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return flask.url_for(endpoint, **dict(values))


def url_for(endpoint: str, **values: Any) -> str:
    """Link to one of our pages in this page's language; the same link is written once a process.

    Args:
        endpoint: Such as ``news.article``.
        values: Of its path and query; None leaves one out.
    """
    return _path(request.script_root, endpoint, tuple(values.items()))


@lru_cache(maxsize=len(LANGUAGES))
def _spoken(language: str) -> support.NullTranslations:
    return support.Translations.load(str(TRANSLATIONS), [language])


def _gettext(message: str) -> str:
    return _spoken(str(get_locale())).ugettext(message)


def _ngettext(singular: str, plural: str, number: int) -> str:
    return _spoken(str(get_locale())).ungettext(singular, plural, number)


def equip(app: Flask) -> None:
    """Hand these to the application's templates."""
    app.jinja_env.globals.update(url_for=url_for)
    # flask-babel's own look for the catalogue at every word; a page has some thirty.
    app.jinja_env.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.filters.update(money=money, long_date=long_date, week_date=week_date, clock_time=clock_time)
    app.jinja_env.filters.update(spell=references.spell, say=say)
    app.jinja_env.globals.update(asset=asset, say=say, language_links=language_links, now=clock.now)

    @app.context_processor
    def _page() -> dict[str, object]:
        language = current_language()
        return {
            "newsroom": found_newsroom(),
            "language": language,
            "direction": direction(language),
        }
