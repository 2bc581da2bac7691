"""Why an ask stands where it does, in words: by the page's facts, and by what is known of its reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel import Locale
from flask_babel import gettext as _
from flask_babel import ngettext

from donate.appeals.campaign import Ask
from donate.appeals.filters import closeness
from donate.appeals.situation import MOST_VIEWS, PageFacts, ReaderFacts
from donate.articles.queries import find_topic
from donate.web.asking import asked
from donate.web.language import current_language, say
from donate.web.once import MOST_PARTS
from donate.web.reader import counting_here, country_here, is_counted, kept_here, reader_facts, signed_in_here
from donate.web.reading import long_date
from donate.web.shelf import shelf


@dataclass(frozen=True)
class ReaderWords:
    """What is known of a reader, and what they can do about it.

    Args:
        facts: In words, the same that asks were chosen by.
        counting: ``off`` where nobody is counted, ``on`` where this reader is, else ``asked``.
    """

    facts: tuple[str, ...]
    counting: str


def why_here(ask: Ask) -> tuple[str, ...]:
    """Say by which facts of the page an ask was chosen; nothing of a page that chose none, such as a preview.

    Args:
        ask: What asks.
    """
    found = asked()
    if found is None:
        return ()
    page, out = found.page, shelf().out_now()
    is_made_for_it = ("article", page.article) in out.index.targets_of(ask.slug)
    # Which story it is matters to no word beyond that: the next of its section and topics has the same.
    key = (ask.slug, bool(page.article), is_made_for_it, page.section, page.topics, page.language, current_language())
    words = out.reasons.get(key)
    if words is None:
        said = (_where(page), _tie(ask.slug, page), str(_("today, %(day)s", day=long_date(page.on))))
        words = tuple(each for each in said if each)
        if len(out.reasons) < MOST_PARTS:
            out.reasons[key] = words
    return words


def reader_words(today: date) -> ReaderWords:
    """Say what is known of the reader who asks now.

    Args:
        today: The newsroom's day.
    """
    known_by = country_here(signed_in_here())[1]
    counting = counting_words(is_counted=is_counted(kept_here()))
    return _written(reader_facts(today), known_by, counting, current_language())


@lru_cache(maxsize=1024)
def _written(facts: ReaderFacts, known_by: str, counting: str, _language: str) -> ReaderWords:
    # Kept for the next page of this reader, and for others of whom the same is known.
    words = [_standing(facts.standing, facts.gave_on), *_counted(facts), _country(facts.country, known_by)]
    if facts.source:
        words.append(_("you came by a link that calls itself “%(source)s”", source=facts.source))
    if facts.referrer:
        words.append(_("you came from %(site)s", site=facts.referrer))
    if facts.bucket is not None:
        words.append(
            _(
                "number %(number)s of 100, drawn once: where two versions of an ask run, it says which one you see",
                number=facts.bucket,
            )
        )
    return ReaderWords(tuple(words), counting)


def _counted(facts: ReaderFacts) -> Iterator[str]:
    if facts.read is None:
        yield _("the stories you open are not counted")
    else:
        yield ngettext(
            "%(num)s story opened in the last 30 days", "%(num)s stories opened in the last 30 days", facts.read
        )
    if facts.read is not None or facts.views:
        yield ngettext(
            "%(num)s ask shown in the last 30 days; we stop at %(most)s",
            "%(num)s asks shown in the last 30 days; we stop at %(most)s",
            len(facts.views),
            most=MOST_VIEWS,
        )


def counting_words(*, is_counted: bool) -> str:
    """Name how a reader's counting stands: ``off``, ``on`` or ``asked``.

    Args:
        is_counted: Whether this reader is counted.
    """
    if counting_here() == "off":
        return "off"
    return "on" if is_counted else "asked"


def guest_counting() -> str:
    """Name what a page for everybody offers: to allow counting where readers are asked first, else to stop it."""
    setting = shelf().out_now().newsroom.counting
    return {"off": "off", "opt_out": "on"}.get(setting, "asked")


def _where(page: PageFacts) -> str:
    language = Locale.parse(current_language()).languages[page.language]
    section = next((each for each in shelf().out_now().sections if each.slug == page.section), None)
    if page.article and section is not None:
        name = say(section.names) or section.name
        return str(_("a story in %(section)s, in %(language)s", section=name, language=language))
    if page.article:
        return str(_("a story in %(language)s", language=language))
    return str(_("a page that lists stories, in %(language)s", language=language))


def _tie(appeal: str, page: PageFacts) -> str:
    campaign = shelf().out_now().index.find(appeal)
    if campaign is None:
        return ""
    close = closeness(campaign, page)
    if close == 4:
        return str(_("an appeal made for this very story"))
    if close == 3:
        slug = next(topic for topic in sorted(page.topics) if ("topic", topic) in campaign.targets)
        topic = find_topic(slug)
        return str(_("an appeal for stories on %(topic)s", topic=(say(topic.names) or topic.name) if topic else slug))
    if close == 2:
        return str(_("an appeal for stories in this section"))
    return str(_("an appeal that stands beside every story"))


def _standing(standing: str, gave_on: date | None) -> str:
    if standing == "one_off" and gave_on is not None:
        return str(_("you gave on %(day)s, so you are left alone for 90 days", day=long_date(gave_on)))
    words = {
        "failed_card": _("your card was refused for a gift you promised"),
        "member": _("you are a member"),
        "recurring": _("you give regularly"),
        "lapsed": _("you were a member"),
        "donor": _("you have given before"),
    }
    return str(words.get(standing) or _("no gift that we know of"))


def _country(code: str, known_by: str) -> str:
    if not code:
        return str(_("a country we don’t know"))
    name = Locale.parse(current_language()).territories.get(code, code)
    if known_by == "gift":
        return str(_("%(country)s, as your last gift says", country=name))
    return str(_("%(country)s, by the network you are in", country=name))
