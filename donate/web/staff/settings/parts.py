"""The parts of the settings: what each is called, which fields it has, and what a change of it does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from flask_babel import gettext as _

from donate.articles.flags import FLAGS
from donate.web.language import LANGUAGES
from donate.web.staff.appeal_words import say_flag_briefly
from donate.web.staff.settings.fields import Field
from donate.web.staff.settings.parts_of_books import Made, accounts, currencies, fiscal, funds, levels, tax
from donate.web.staff.settings.parts_of_texts import disclosures, greetings, lines, pages

#: Parts whose change moves what books and receipts say.
MONEY = frozenset({"tax", "currencies", "fiscal", "funds", "accounts", "levels"})
#: Parts that are words for readers: changed by whoever may change texts.
TEXTS = ("lines", "greetings", "pages", "disclosures")
FACTS = ("facts", "tax", "look", "zone", "currencies", "fiscal", "funds", "accounts", "levels", "reading", "sections",
         "topics")  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One page of the settings.

    Args:
        title: Its headline.
        lead: What it is for, in a sentence or two.
        effects: What a change of it does, and what it does not.
        fields: Of its form.
    """

    title: str
    lead: str
    effects: Sequence[str]
    fields: tuple[Field, ...]


def part_called(name: str, settings: dict[str, Any]) -> Part:
    """Give a part by its name.

    Args:
        name: One of ``FACTS`` or ``TEXTS``.
        settings: All there are now, whose currencies and texts have fields.
    """
    makers: dict[str, Callable[[dict[str, Any]], Made]] = {
        "facts": _facts, "tax": tax, "look": _look, "zone": _zone, "currencies": currencies, "fiscal": fiscal,
        "funds": funds, "accounts": accounts, "levels": levels, "reading": _reading, "sections": _sections,
        "topics": _topics, "lines": lines, "greetings": greetings, "pages": pages, "disclosures": disclosures,
    }  # fmt: skip
    return Part(*makers[name](settings))


def _facts(settings: dict[str, Any]) -> Made:
    others = tuple(code for code in LANGUAGES if code != settings["language"])
    return (
        _("Name and contact"),
        _("What the newsroom is called, and the person whom letters and pages name."),
        [_("Receipts that were sent keep the name they were sent with; those sent from now on have the new one.")],
        (
            Field("name", "line", _("Name"), _("As it stands over every page.")),
            Field("names", "words", _("Name in other languages"), _("Left empty, it is as above."), keys=others),
            Field(
                "country", "line", _("Country"),
                _("Its code in two letters, such as US or JO: receipts follow its law."),
            ),
            Field("contact_name", "line", _("Contact person"), _("Answers questions about gifts, by name.")),
            Field("phone", "line", _("Telephone"), _("Left empty, pages and letters name none.")),
            Field("reply_address", "line", _("Address for replies"), _("An address that somebody reads.")),
            Field(
                "statement_descriptor", "line", _("On card statements"),
                _("5 to 22 plain Latin letters: what a bank writes beside the gift."),
            ),
            Field(
                "statement_suffix", "line", _("After it, on single gifts"),
                _("Such as GIFT. Stripe shortens both together to 22 letters."),
            ),
        ),
    )  # fmt: skip


def _look(_settings: dict[str, Any]) -> Made:
    return (
        _("Logo and colour"),
        _("What is the newsroom’s own of the look of pages, forms and receipts."),
        [_("Colour means giving here: the accent stands on buttons, brackets and the mark, and nowhere else.")],
        (
            Field("look", "table", "", fields=(
                Field("logo", "picture", _("Logo"),
                      _("PNG or SVG of up to 300 KB, at least 24 pixels high. What isn’t picture is taken out of the "
                        "file.")),
                Field("logo_has_name", "tick", _("The logo shows our name"),
                      _("Then the name isn’t written beside it.")),
                Field("accent", "line", _("Accent colour"),
                      _("Such as #5b1d4d. Left empty, it is the house’s own. Letters must stay readable in it.")),
            )),
        ),
    )  # fmt: skip


def _zone(_settings: dict[str, Any]) -> Made:
    zones = [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]
    return (
        _("Zone and languages"),
        _("On which day a gift falls, and which languages pages are offered in."),
        [
            _("A gift keeps the day that was written when it arrived; a new zone counts for gifts from now on."),
            _("Pages in the main language have addresses without a prefix. When it changes, links that carry none "
              "lead to the new language."),
            _("A language that is no longer offered leaves the switcher and the lists of search engines; pages in it "
              "still open for who has their address."),
        ],
        (
            Field("time_zone", "choice", _("Time zone"), options=zones),
            Field("language", "choice", _("Main language"), options=[*LANGUAGES.items()]),
            Field("languages", "ticks", _("Languages offered"), _("None ticked: all of them."),
                  options=[*LANGUAGES.items()]),
        ),
    )  # fmt: skip


def _reading(_settings: dict[str, Any]) -> Made:
    counting = {
        "off": _("Off: nobody’s reading is counted"),
        "opt_in": _("Only of readers who said yes"),
        "opt_out": _("Of readers who did not say no, where the law lets us"),
    }
    return (
        _("Reading and stories"),
        _("How reading is counted, where search engines find stories, and which tags are flags."),
        [],
        (
            Field("counting", "choice", _("Stories that a reader opens are counted"),
                  _("In the reader’s own browser, for appeals that ask after some stories."),
                  options=[*counting.items()]),
            Field("main_site", "tick", _("This is the stories’ own site now"),
                  _("Search engines are sent here, and not to where imported stories came from.")),
            Field("flag_words", "pairs", _("Tags and categories that are flags here"),
                  _("Beside the usual ones in three languages."), one=_("a tag"), fields=(
                Field("value", "choice", _("Flag"), options=[
                    *((each, say_flag_briefly(each)) for each in FLAGS),
                    ("false", _("No flag, though it usually is one")),
                ]),
            )),
        ),
    )  # fmt: skip


def _sections(_settings: dict[str, Any]) -> Made:
    return (
        _("Sections"),
        _("The parts of the coverage, in the order of the masthead."),
        [_("A section is not taken out here: its stories stand in it.")],
        (_named("sections", _("Sections"), _("a section"), is_ordered=True),),
    )


def _topics(_settings: dict[str, Any]) -> Made:
    return (
        _("Topics"),
        _("Topics come with the stories; here they get their names in each language."),
        [_("A topic is not taken out here: its stories stand in it.")],
        (_named("topics", _("Topics"), _("a topic"), is_ordered=False),),
    )


def _named(name: str, label: str, one: str, *, is_ordered: bool) -> Field:
    return Field(name, "rows", label, one=one, may_go=False, is_ordered=is_ordered, fields=(
        Field("slug", "line", _("Address"), _("The last part of its page’s address. Stays once saved."), is_fixed=True),
        Field("name", "words", _("Name"), keys=tuple(LANGUAGES)),
    ))  # fmt: skip
