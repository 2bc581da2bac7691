"""What stands round every page: the newsroom's name, its sections, its own pages, the fonts to fetch first."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from flask import request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from donate.appeals.campaign import Ask
from donate.articles.models import Section
from donate.money import currency_name
from donate.newsroom.supporters import listing_of
from donate.web import once
from donate.web.asking import asked, page_asks
from donate.web.cookies import is_somebodys
from donate.web.goal_words import rule_words
from donate.web.headers import site_url
from donate.web.kept import page_number
from donate.web.language import LANGUAGES, current_language, prefixed, say
from donate.web.news.door import news
from donate.web.personal import follows, is_for_all, kind_of_reader, press_of, rested_note, thanked, to_mend, why_reader
from donate.web.reading import STATIC, asset, found_newsroom, language_links, languages_offered
from donate.web.shelf import shelf
from donate.web.why import why_here

# Headlines and labels show first; the reading face may follow.
_FIRST_FONTS = {
    "en": ("newsreader-display-latin.woff2", "public-sans-latin.woff2"),
    "ar": ("markazi-text-arabic.woff2", "vazirmatn-arabic.woff2"),
    "he": ("frank-ruhl-hebrew.woff2", "heebo-hebrew.woff2"),
}
_PATH = "donate.path_here"
# Of the language switcher: (code, name, address).
Link = tuple[str, str, str]
# Open Graph has a short list of its own.
_SHARE_LOCALES = {"en": "en_GB", "ar": "ar_AR", "he": "he_IL"}


@news.app_template_global("site_name")
def site_name() -> str:
    """Name the newsroom in the page's language; nothing before its facts are loaded."""
    row = found_newsroom()
    return (say(row.words.get("name")) or row.name) if row else ""


news.add_app_template_global(page_asks, "page_asks")
news.add_app_template_global(rule_words, "rule_words")
news.add_app_template_global(thanked, "thanked_member")
news.add_app_template_global(to_mend, "to_mend")
news.add_app_template_global(why_here, "why_here")
news.add_app_template_global(why_reader, "why_reader")
news.add_app_template_global(rested_note, "rested_note")
news.add_app_template_global(follows, "follows")


@news.app_template_global("press_of")
def press_shown(kind: str, slug: str) -> Markup:
    """Write what of a button says whether the reader follows something."""
    return Markup(press_of(kind, slug, is_on=follows(kind, slug)))  # noqa: S704  # both are escaped there


@news.app_template_global("here_path")
def here_path() -> str:
    """Give this page's own path, for a form that leads back to it."""
    return once.PATH if once.is_for_many() else _here()


def _here() -> str:
    path: str | None = request.environ.get(_PATH)
    if path is None:
        page = f"?page={page_number()}" if page_number() > 1 else ""
        path = request.environ[_PATH] = prefixed(quote(request.path), current_language()) + page
    return path


@news.app_template_global("story_here")
def story_here(article: str) -> str:
    """Give the story that an ask is credited to.

    Args:
        article: The address of the page's story; empty on a page that lists stories.
    """
    return once.STORY if article and once.is_for_many() else article


def _story() -> str:
    found = asked()
    return found.page.article if found is not None else ""


once.fill_with(once.PATH, _here)
once.fill_with(once.STORY, _story)


@news.app_template_global("shared")
def shared(ask: Ask, article: str, *more: object) -> object:
    """Name what an ask's drawn words are kept by: every page of the edition that shows the same shares them.

    Args:
        ask: What asks.
        article: The address of the page's story; empty where none.
        more: What else its words depend on.
    """
    found = asked()
    # A desk's preview is of words that are not out.
    if found is None or not found.asks.has(ask) or not _fits(article):
        return once.ALONE
    return (ask.slug, ask.variant, bool(article), is_somebodys(request.environ), why_here(ask), *more)


@news.app_template_global("shared_by")
def shared_by(*values: object) -> object:
    """Name what a drawn part is kept by, where no reader's own sign stands in it.

    Args:
        values: What it depends on.
    """
    return values if is_for_all() else once.ALONE


@news.app_template_global("shared_head")
def shared_head(
    ask: Ask | None, article: str, appeal: str | None, links: Sequence[Link] | None, *more: object
) -> object:
    """Name what a drawn masthead is kept by.

    Args:
        ask: Whom its line credits, if any.
        article: The address of the page's story; empty where none.
        appeal: Credited instead.
        links: The language switcher's.
        more: What else it shows.
    """
    if not _fits(article):
        return once.ALONE
    credit = ask and (appeal or ask.slug, ask.variant)
    kind = kind_of_reader() if is_somebodys(request.environ) else ""
    return (credit, bool(article), tuple(links or ()), kind, *more)


def _fits(article: str) -> bool:
    """Tell whether what is drawn here may be shown on other pages: an address written in two ways fits no slot."""
    return is_for_all() and article in ("", _story()) and quote(article) == article


@news.app_template_global("sections")
def sections() -> tuple[Section, ...]:
    """List the sections, in the newsroom's order."""
    return shelf().out_now().sections if found_newsroom() else ()


@news.app_template_global("own_pages")
def own_pages() -> list[tuple[str, str]]:
    """List (address, name) of the newsroom's own pages that have a text."""
    row = found_newsroom()
    names = {
        "privacy": _("Privacy"),
        "terms": _("Terms of giving"),
        "accessibility": _("Accessibility"),
        "contact": _("Write to us"),
    }
    pages = [(url_for(f"news.{slug}"), name) for slug, name in names.items() if row and row.texts.get(slug)]
    if row and listing_of(row) is not None:
        pages.append((url_for("news.supporters"), _("Our supporters")))
    return pages


@news.app_template_global("fonts_first")
def fonts_first() -> tuple[str, ...]:
    """Name the two font files that a page of this language shows first."""
    return _FIRST_FONTS[current_language()]


@news.app_template_global("picture")
def picture(address: str) -> str:
    """Give a picture's address for the page: our own files are marked by their content, others stay as they are.

    Args:
        address: ``/static/…`` or ``https://…``.
    """
    name = address.removeprefix("/static/")
    return asset(name) if name != address and (STATIC / name).is_file() else address


@news.app_template_global("whole_address")
def whole_address(address: str) -> str:
    """Give the whole address of what may stand under ours, for links that are followed elsewhere.

    Args:
        address: ``/static/…`` or ``https://…``; empty stays so.
    """
    return site_url() + address if address.startswith("/") else address


@news.app_template_global("story_path")
def story_path(slug: str, language: str) -> str:
    """Give a story's path in its own language, whatever the page's.

    Args:
        slug: The story's.
        language: Likewise.
    """
    return prefixed(f"/articles/{slug}", language if language in LANGUAGES else current_language())


@news.app_template_global("share_locale")
def share_locale() -> str:
    """Name the page's language as Open Graph does."""
    return _SHARE_LOCALES[current_language()]


@news.app_template_global("currency_name")
def name_currency(code: str) -> str:
    """Name a currency in the page's language."""
    return currency_name(code, current_language())


@news.app_template_global("site_address")
def site_address() -> str:
    """Give this page's whole address: its path and page of a list, without what a link added for counting."""
    path = prefixed(request.path, current_language())
    page = request.args.get("page", "")
    return site_url() + path + (f"?page={page}" if page.isdigit() and page != "1" else "")


@news.app_template_global("page_links")
def page_links() -> list[tuple[str, str, str]]:
    """List (code, name, address) of this page in each language, without what a link added for counting."""
    page = f"?page={page_number()}" if page_number() > 1 else ""
    return [(code, name, prefixed(request.path + page, code)) for code, name in languages_offered().items()]


@news.app_template_global("site_links")
def site_links() -> list[tuple[str, str, str]]:
    """List (code, name, whole address) of this page in each language, for search engines."""
    return [(code, name, site_url() + prefixed(request.path, code)) for code, name, _address in language_links()]
