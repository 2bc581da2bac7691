"""What every template may use: the newsroom's words, money, dates, references, links to static files."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

import flask
from babel import support
from babel.dates import format_date, format_skeleton, format_time
from flask import Flask, current_app, request
from flask_babel import get_locale
from markupsafe import Markup, escape
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.local import LocalProxy

from donate import clock, references
from donate.appeals.tally import towards_goal
from donate.errors import NotFound
from donate.money import Money, show
from donate.newsroom.models import Newsroom
from donate.payments.checkout import speaks
from donate.settings import ROOT
from donate.web import once
from donate.web.language import FALLBACK, LANGUAGES, OFFERS, current_language, direction, prefixed, say
from donate.web.shelf import shelf

STATIC = ROOT / "static"
TRANSLATIONS = ROOT / "donate" / "translations"

# Letters a link may carry as they are, as werkzeug writes it: https://url.spec.whatwg.org/#percent-encoded-bytes
_IN_PATH, _IN_QUERY = "!$&'()*+,/:;=@", "!$'()*,/:;?@"
_SLUG = "~slug~"


def newsroom() -> Newsroom:
    """Give the newsroom's row as it is out now; to be read, never written."""
    return shelf().out_now().newsroom


def found_newsroom() -> Newsroom | None:
    """Give the newsroom's row; none before its facts were loaded, or while the database is away."""
    try:
        return newsroom()
    except (NotFound, SQLAlchemyError):
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
    return _sum(amount, current_language(), short)


@lru_cache(maxsize=4096)
def _sum(amount: Money, language: str, short: bool) -> Markup:
    text = show(amount, language, short=short)
    if direction(language) == "rtl":
        return Markup('<bdi class="ltr">{}</bdi>').format(text)
    return escape(text)


def long_date(day: date | datetime, language: str | None = None) -> str:
    """Write a day in full: ``20 March 2026``."""
    if isinstance(day, datetime):
        day = day.astimezone(ZoneInfo(newsroom().time_zone)).date()
    return _written(day, "long", language or current_language())


def short_date(day: date | datetime, language: str | None = None) -> str:
    """Write a day without its year, where a line of them stands: ``20 Mar``."""
    if isinstance(day, datetime):
        day = day.astimezone(ZoneInfo(newsroom().time_zone)).date()
    return format_skeleton("MMMd", day, locale=western(language or current_language()))


def month_name(day: date, language: str | None = None) -> str:
    """Write a month with its year: ``March 2026``."""
    return format_skeleton("yMMMM", day, locale=western(language or current_language()))


def week_date(day: date | datetime, language: str | None = None) -> str:
    """Write a day with its weekday: ``Friday, 20 March 2026``."""
    if isinstance(day, datetime):
        day = day.astimezone(ZoneInfo(newsroom().time_zone)).date()
    return _written(day, "full", language or current_language())


@lru_cache(maxsize=4096)
def _written(day: date, length: Literal["long", "full"], language: str) -> str:
    return format_date(day, length, locale=western(language))


def days_left(last: date) -> int:
    """Count the days after today up to a last one; 0 on that day itself, negative once it is over."""
    return (last - shelf().out_now().day).days


def clock_time(moment: datetime) -> str:
    """Write a time of day in the newsroom's zone: ``14:04``."""
    return format_time(moment.astimezone(ZoneInfo(newsroom().time_zone)), "HH:mm", locale="en")


def western(language: str) -> str:
    """Name the locale that writes a language's dates with the digits of the money beside them."""
    return {"ar": "ar_JO", "he": "he", "en": "en_GB"}[language]


def language_links() -> list[tuple[str, str, str]]:
    """List (code, name, address) of this page in each language."""
    path = request.full_path if request.query_string else request.path
    return [(code, name, prefixed(path, code)) for code, name in languages_offered().items()]


def languages_offered() -> dict[str, str]:
    """Name the languages that pages are offered in: the newsroom's choice, and the one that this page is in."""
    row = found_newsroom()
    chosen = (row.languages or ()) if row is not None else ()
    return {
        code: name for code, name in LANGUAGES.items() if not chosen or code in chosen or code == current_language()
    }


@lru_cache(maxsize=8192)
def _link(root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    given = {name: value for name, value in values if value is not None}
    path = _path(root, endpoint)
    if path is None:
        return flask.url_for(endpoint, **given)
    if _SLUG in path:
        path = path.replace(_SLUG, quote(given.pop("slug"), safe=_IN_PATH))
    return f"{path}?{urlencode(given, safe=_IN_QUERY)}" if given else path


@lru_cache(maxsize=512)
def _path(root: str, endpoint: str) -> str | None:
    """Give an endpoint's path, with a slot where a slug stands; none where other values stand in it."""
    rule = next(current_app.url_map.iter_rules(endpoint))
    inside = rule.arguments - set(rule.defaults or ())
    if not inside <= {"slug"}:
        return None
    return flask.url_for(endpoint, slug=_SLUG) if inside else flask.url_for(endpoint)


def url_for(endpoint: str, **values: Any) -> str:
    """Link to one of our pages in this page's language; the same link is written once a process.

    Args:
        endpoint: Such as ``news.article``.
        values: Of its path and query; None leaves one out.
    """
    return _link(request.script_root, endpoint, tuple(values.items()))


@lru_cache(maxsize=len(LANGUAGES))
def _spoken(language: str) -> support.NullTranslations:
    return support.Translations.load(str(TRANSLATIONS), [language])


def _gettext(message: str) -> str:
    return _spoken(_code()).ugettext(message)


def _ngettext(singular: str, plural: str, number: int) -> str:
    return _spoken(_code()).ungettext(singular, plural, number)


def _code() -> str:
    locale = get_locale()
    return locale.language if locale is not None else FALLBACK


def equip(app: Flask) -> None:
    """Hand these to the application's templates."""
    app.jinja_env.globals.update(url_for=url_for)
    # flask-babel's own look for the catalogue at every word; a page has some thirty.
    app.jinja_env.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.filters.update(money=money, long_date=long_date, week_date=week_date, clock_time=clock_time)
    app.jinja_env.filters.update(short_date=short_date, month_name=month_name, spell=references.spell, say=say)
    app.jinja_env.globals.update(asset=asset, say=say, language_links=language_links, now=clock.now)
    app.jinja_env.globals.update(days_left=days_left, towards_goal=towards_goal, language_offers=OFFERS)
    # Global, so that macros are imported without a page's context: their templates are then read once a process.
    app.jinja_env.globals.update(
        newsroom=LocalProxy(found_newsroom),
        language=LocalProxy(current_language),
        direction=LocalProxy(lambda: direction(current_language())),
        is_stripe_translated=LocalProxy(lambda: speaks(current_language())),
    )
    once.equip(app)
