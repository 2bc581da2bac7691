"""The fields of an appeal's form: those every appeal has, its words in each language, its amounts in each currency."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, Form, FormField, SelectMultipleField, StringField, TextAreaField

from donate.appeals.contents import Contents
from donate.appeals.rules import FREQUENCIES, PLACEMENTS, STANDINGS
from donate.money import Money
from donate.reports.narrowed import NO_APPEAL
from donate.web.language import LANGUAGES

COPIES = ("a", "b")
#: Whose card failed is asked to mend it and nothing else, so no appeal can be written for them.
ASKABLE = tuple(each for each in STANDINGS if each != "failed_card")
#: Never an appeal's address: pages of the desk stand there.
RESERVED = frozenset({"new", "calendar", "simulator", "places", "switches", "report", "reports", "gifts", "donors"}) | {
    NO_APPEAL
}

# What no keyboard types and PostgreSQL refuses.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def _line(value: Any) -> Any:
    return re.sub(r"[\r\n\t]+", " ", _CONTROL.sub("", value)).strip() if isinstance(value, str) else value


def _lines(value: Any) -> Any:
    return _CONTROL.sub("", value).replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _text() -> StringField:
    return StringField(default="", filters=[_line])


def _area() -> TextAreaField:
    return TextAreaField(default="", filters=[_lines])


def _several() -> SelectMultipleField:
    return SelectMultipleField(choices=[], validate_choice=False)


class TextForm(Form):  # type: ignore[misc]  # WTForms carries no types
    """An appeal's words in one language and copy."""

    kicker = _text()
    headline = _text()
    inline = _area()
    body_html = _area()
    signed_name = _text()
    signed_role = _text()
    button = _text()
    form_title = _text()
    thanks = _area()


class OfferForm(Form):  # type: ignore[misc]
    """An appeal's amounts in one currency: several and the usual one, for each frequency."""

    once = _text()
    once_default = _text()
    month = _text()
    month_default = _text()
    year = _text()
    year_default = _text()


class AppealForm(Form):  # type: ignore[misc]
    """What every appeal has; its words and amounts are added for the newsroom's languages and currencies."""

    version = _text()
    name = _text()
    slug = _text()
    fund = _text()
    starts_on = _text()
    ends_on = _text()
    priority = _text()
    paragraph = _text()
    placements = _several()
    everywhere = BooleanField(false_values=(False, "false", "", "0"))
    sections = _several()
    topics = _area()
    articles = _area()
    never_sections = _several()
    never_topics = _area()
    never_articles = _area()
    goal = _text()
    goal_currency = _text()
    goal_counts_renewals = BooleanField(false_values=(False, "false", "", "0"))
    share_b = _text()
    holdback = _text()
    audience = _several()
    given = _several()
    countries = _text()
    not_countries = _text()
    read_least = _text()
    read_most = _text()
    views_most = _text()
    rests_days = _text()
    sources = _text()
    not_sources = _text()
    referrers = _text()
    not_referrers = _text()
    allowed_flags = _several()
    #: Beside what, in which language and with which copy it is tried.
    preview_article = _text()
    preview_language = _text()
    preview_copy = _text()


def text_field(language: str, copy: str) -> str:
    """Name the part of the form that holds one language's words of one copy."""
    return f"text_{language}_{copy}"


def offer_field(currency: str) -> str:
    """Name the part of the form that holds one currency's amounts."""
    return f"offer_{currency}"


def form_for(currencies: Sequence[str]) -> type[Form]:
    """Make the form of a newsroom that takes gifts in these currencies.

    Args:
        currencies: ISO 4217 codes.
    """
    parts: dict[str, Any] = {
        text_field(language, copy): FormField(TextForm) for language in LANGUAGES for copy in COPIES
    }
    parts |= {offer_field(currency): FormField(OfferForm) for currency in currencies}
    made: type[Form] = type("AppealForm", (AppealForm,), parts)
    return made


def fill_form(contents: Contents, currencies: Sequence[str], **further: str) -> Form:
    """Fill the form with an appeal as it is.

    Args:
        contents: The appeal's.
        currencies: The newsroom's; amounts in others are not shown, and stay.
        further: Fields that are not the appeal's, such as ``version``.
    """
    rules, goal = contents.rules, contents.goal
    values: dict[str, Any] = {
        "name": contents.name,
        "slug": contents.slug,
        "fund": contents.fund,
        "starts_on": contents.starts_on.isoformat() if contents.starts_on else "",
        "ends_on": contents.ends_on.isoformat() if contents.ends_on else "",
        "priority": str(contents.priority),
        "paragraph": str(contents.paragraph),
        "placements": [each for each in PLACEMENTS if each in contents.placements],
        "everywhere": ("all", "") in contents.targets,
        **_fill_places("", contents.targets),
        **_fill_places("never_", contents.excluded),
        "goal": goal.short() if goal else "",
        "goal_currency": goal.currency if goal else currencies[0],
        "goal_counts_renewals": contents.goal_counts_renewals,
        "share_b": str(contents.share_b),
        "holdback": str(contents.holdback),
        **{name: [*getattr(rules, name)] for name in ("audience", "given", "allowed_flags")},
        **{name: " ".join(sorted(getattr(rules, name))) for name in WORD_RULES},
        **{name: "" if (value := getattr(rules, name)) is None else str(value) for name in NUMBER_RULES},
        **{
            text_field(language, copy): {name: getattr(words, name) for name in words.__dataclass_fields__}
            for (language, copy), words in contents.texts.items()
        },
        **{
            offer_field(currency): _fill_offer(contents.amounts[currency], currency)
            for currency in currencies
            if currency in contents.amounts
        },
    }
    return form_for(currencies)(data={**values, **further})


#: Rules that hold several words, and those that hold a number.
WORD_RULES = ("countries", "not_countries", "sources", "not_sources", "referrers", "not_referrers")
NUMBER_RULES = ("read_least", "read_most", "views_most", "rests_days")


def _fill_places(prefix: str, places: frozenset[tuple[str, str]]) -> dict[str, Any]:
    def slugs(kind: str) -> list[str]:
        return sorted(slug for each, slug in places if each == kind)

    return {
        f"{prefix}sections": slugs("section"),
        f"{prefix}topics": "\n".join(slugs("topic")),
        f"{prefix}articles": "\n".join(slugs("article")),
    }


def _fill_offer(offered: Any, currency: str) -> dict[str, str]:
    filled: dict[str, str] = {}
    for frequency in FREQUENCIES:
        if frequency in offered:
            presets = offered[frequency]
            filled[frequency] = " ".join(Money(minor, currency).short() for minor in presets["amounts"])
            filled[f"{frequency}_default"] = Money(presets["default"], currency).short()
    return filled


def label_of(name: str) -> str:
    """Name a field, for the summary of what there is to put right.

    Args:
        name: As the form has it, such as ``text_en_a-headline``.
    """
    part, _dash, inner = name.partition("-")
    if inner and part.startswith("text_"):
        _kind, language, copy = part.split("_")
        said = f"{_labels()[inner]}, {LANGUAGES[language]}"
        return said if copy == "a" else _("%(field)s, second copy", field=said)
    if inner:
        return f"{_labels()[inner.removesuffix('_default')]}, {part.removeprefix('offer_')}"
    return _labels()[name]


def _labels() -> dict[str, str]:
    return {
        "name": _("Name at the desk"),
        "slug": _("Address"),
        "fund": _("Fund"),
        "starts_on": _("First day"),
        "ends_on": _("Last day"),
        "priority": _("Priority"),
        "paragraph": _("Paragraph"),
        "placements": _("Placements"),
        "ties": _("Tied to"),
        "never": _("Never on"),
        "sections": _("Sections"),
        "topics": _("Topics"),
        "articles": _("Stories"),
        "never_sections": _("Never in these sections"),
        "never_topics": _("Never on these topics"),
        "never_articles": _("Never beside these stories"),
        "goal": _("Goal"),
        "goal_currency": _("Currency of the goal"),
        "goal_counts_renewals": _("Renewals count towards the goal"),
        "share_b": _("Readers who see the second copy"),
        "holdback": _("Readers who see none"),
        "audience": _("Whom it asks"),
        "given": _("How they give"),
        "countries": _("Only in these countries"),
        "not_countries": _("Not in these countries"),
        "read_least": _("Articles read, at least"),
        "read_most": _("Articles read, at most"),
        "views_most": _("Times shown to one reader"),
        "rests_days": _("Days of rest after it was closed"),
        "sources": _("Only after links called"),
        "not_sources": _("Not after links called"),
        "referrers": _("Only from these sites"),
        "not_referrers": _("Not from these sites"),
        "allowed_flags": _("May stand beside"),
        "preview_article": _("Try it beside"),
        "kicker": _("Line above"),
        "headline": _("Headline"),
        "inline": _("Two sentences between paragraphs"),
        "body_html": _("Letter at the story’s end"),
        "signed_name": _("Signed by"),
        "signed_role": _("Their role"),
        "button": _("Words of the button"),
        "form_title": _("Title of the form"),
        "thanks": _("Where the money goes"),
        "once": _("One time"),
        "month": _("Monthly"),
        "year": _("Yearly"),
    }
