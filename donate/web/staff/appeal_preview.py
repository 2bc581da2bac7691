"""An ask as it would stand beside a real story, drawn from what a form holds; nothing is saved."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup

from donate import clock
from donate.appeals.campaign import Ask, Campaign, ask_from, presets_from
from donate.appeals.contents import Contents
from donate.appeals.filters import PARAGRAPHS_AFTER_INLINE
from donate.appeals.tally import Tally
from donate.articles.body import count_paragraphs, part_after, set_dateline
from donate.articles.plain import PlainArticle
from donate.articles.queries import read_article
from donate.money import Money
from donate.newsroom.models import Newsroom
from donate.reports.matching import find_newest_match
from donate.web.language import LANGUAGES
from donate.web.shelf import shelf
from donate.web.staff.appeal_reading import addresses
from donate.web.staff.appeal_words import say_language

# Of a story's body, so much is drawn round the inline ask.
_BEFORE, _AFTER = 1, 1


@dataclass(frozen=True)
class Preview:
    """What is drawn.

    Args:
        language: Of the story, and so of the ask.
        article: The story it is tried beside; None where there is none in the language.
        ask: None where the appeal has no words in the language.
        before: The paragraphs above the inline ask.
        after: Those below it; empty where the story is too short for one.
        places: Where it may stand.
        tally: Of its goal.
        problem: Why nothing can be drawn.
    """

    language: str
    article: PlainArticle | None
    ask: Ask | None
    before: Markup
    after: Markup
    places: frozenset[str]
    tally: Tally | None
    problem: str = ""


def preview_of(
    contents: Contents, newsroom: Newsroom, *, language: str = "", article: str = "", copy: str = "a"
) -> Preview:
    """Draw an appeal beside a story.

    Args:
        contents: As far as a form could be read.
        newsroom: Whose usual currency its amounts are in.
        language: Of the story; empty is the first it is written in.
        article: The story's address, in whatever form it was copied; empty is the newest that fits.
        copy: Which copy.
    """
    campaign = _campaign(contents)
    named = addresses(article)[:1]
    if named:
        story = read_article(named[0])
    else:
        wanted = language if language in LANGUAGES else next(iter(campaign.languages), newsroom.language)
        found = find_newest_match(campaign, wanted)
        story = read_article(found.slug) if found is not None else None
    if story is None:
        problem = (
            _("There is no story with this address: %(address)s", address=named[0])
            if named
            else _("There is no story in this language yet to try it beside.")
        )
        return Preview(
            language or newsroom.language, None, None, Markup(), Markup(), campaign.placements, None, problem
        )
    words = campaign.words(story.language, "b" if copy == "b" else "a")
    ask = ask_from(campaign, words, newsroom.default_currency) if words is not None else None
    before, after = _around(story, contents.paragraph)
    return Preview(
        language=story.language,
        article=story,
        ask=ask,
        before=before,
        after=after,
        places=campaign.placements,
        tally=_tally(contents),
        problem=""
        if ask is not None
        else _(
            "The story is in %(language)s, and the appeal has no words in it yet.",
            language=say_language(story.language),
        ),
    )


def _campaign(contents: Contents) -> Campaign:
    return Campaign(
        slug=contents.slug,
        status="draft",
        is_evergreen=False,
        starts_on=contents.starts_on,
        ends_on=contents.ends_on,
        priority=contents.priority,
        paragraph=contents.paragraph,
        goal=contents.goal,
        targets=contents.targets,
        texts=tuple((language, copy, words) for (language, copy), words in contents.texts.items()),
        presets=tuple(presets_from(contents.amounts)),
        excluded=contents.excluded,
        placements=contents.placements,
    )


def _tally(contents: Contents) -> Tally | None:
    """Give what the appeal has raised; a new one has raised nothing, and its bar is drawn all the same."""
    if contents.goal is None:
        return None
    raised = shelf().out_now().tallies.get((contents.slug, contents.goal.currency))
    return raised or Tally(Money(0, contents.goal.currency), 0, clock.now())


def _around(story: PlainArticle, paragraph: int) -> tuple[Markup, Markup]:
    """Give the paragraphs round the inline ask; of a story too short for one, its beginning and nothing after."""
    body = set_dateline(story.body_html, story.dateline)
    if count_paragraphs(body) < paragraph + PARAGRAPHS_AFTER_INLINE:
        # Sanitised when it came in.
        return Markup(part_after(body, _BEFORE)[0]), Markup()  # noqa: S704
    before, rest = part_after(body, paragraph)
    if paragraph > _BEFORE:
        before = part_after(before, paragraph - _BEFORE)[1]
    return Markup(before), Markup(part_after(rest, _AFTER)[0])  # noqa: S704
