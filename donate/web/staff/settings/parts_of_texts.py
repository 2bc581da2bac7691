"""The parts of the settings that are words for readers: lines, greetings, texts of our own pages, disclosures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from donate.web.language import LANGUAGES
from donate.web.staff.settings.fields import Field

OWN_PAGES = ("privacy", "terms", "accessibility", "contact")
_ALL = tuple(LANGUAGES)


def lines(_settings: dict[str, Any]) -> tuple[str, str, Sequence[str], tuple[Field, ...]]:
    """Give the sentences that stand on every page, and where gifts go."""
    return (
        _("Lines on pages"),
        _("The sentences under the name, beside the button and at the foot, and where gifts go."),
        [_("A line that is empty in a language stands there in the main one, else not at all.")],
        (
            Field("mission", "words", _("Under the name"), _("What the newsroom is for."), keys=_ALL, is_wide=True),
            Field("support_line", "words", _("Beside the button"), _("Who pays for it."), keys=_ALL, is_wide=True),
            Field("footer_ask", "areas", _("At the foot, with a button"), keys=_ALL, is_wide=True),
            Field("legal_line", "areas", _("At the very end"), _("What the newsroom is in law."),
                  keys=_ALL, is_wide=True),
            Field("where_it_goes", "rows", _("Where gifts go"), _("Shares of a hundred that add up to it."),
                  one=_("a share"), rank=lambda row: -row.get("percent", 0), fields=(
                Field("percent", "number", _("Of a hundred")),
                Field("label", "words", _("For what"), keys=_ALL),
            )),
        ),
    )  # fmt: skip


def greetings(_settings: dict[str, Any]) -> tuple[str, str, Sequence[str], tuple[Field, ...]]:
    """Give the greetings with their dates."""
    return (
        _("Greetings"),
        _("A line under the masthead from its first day to its last, both included, every year. Feasts that move "
          "with the moon get new days each year."),
        [_("Where two fall on one day, the shorter shows: a feast inside a season is seen.")],
        (
            Field("greetings", "rows", _("Greetings"), one=_("a greeting"), fields=(
                Field("from", "line", _("First day"), _("Month and day, such as 12-24."), is_half=True),
                Field("until", "line", _("Last day"), _("May fall in the next year."), is_half=True),
                Field("text", "words", _("What it says"), keys=_ALL, is_wide=True),
            )),
        ),
    )  # fmt: skip


def pages(settings: dict[str, Any]) -> tuple[str, str, Sequence[str], tuple[Field, ...]]:
    """Give the texts of the newsroom's own pages."""
    names = {
        "privacy": _("Privacy"),
        "terms": _("Terms of giving"),
        "accessibility": _("Accessibility"),
        "contact": _("Write to us"),
    }
    text = (
        Field("title", "line", _("Title")),
        Field("body_html", "area", _("Text"), rows=10, hint=_(
            "An empty line makes a paragraph. Tags such as h2, ul, a and strong may be used; anything that can run is "
            "taken out."
        )),
    )  # fmt: skip
    return (
        _("Texts of our own pages"),
        _("What stands under /privacy, /terms, /accessibility and /contact; form and letters link to them."),
        [_("A page without a text in a language shows the main one’s; without any, it isn’t linked.")],
        (
            Field("texts", "table", "", fields=tuple(
                Field(slug, "table", names.get(slug, f"/{slug}"), may_be_missing=True, fields=tuple(
                    Field(code, "table", LANGUAGES.get(code, code), fields=text, may_be_missing=True)
                    for code in dict.fromkeys((*LANGUAGES, *settings["texts"].get(slug, {})))
                ))
                for slug in dict.fromkeys((*OWN_PAGES, *settings["texts"]))
            )),
        ),
    )  # fmt: skip


def disclosures(_settings: dict[str, Any]) -> tuple[str, str, Sequence[str], tuple[Field, ...]]:
    """Give the sentences that states ask to be said wherever somebody is asked to give."""
    return (
        _("Disclosures"),
        _("Sentences that states ask to be shown wherever somebody is asked to give: on the form, beside letters "
          "that ask."),
        [],
        (
            Field("tax", "table", "", fields=(
                Field("disclosures", "rows", _("Disclosures"), one=_("a disclosure"), fields=(
                    Field("region", "line", _("Whose law asks for it"), _("Such as US-NJ.")),
                    Field("text", "areas", _("What it says"), keys=_ALL, is_wide=True),
                )),
            )),
        ),
    )  # fmt: skip
