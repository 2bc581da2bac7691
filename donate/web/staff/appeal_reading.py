"""Read an appeal's form into its contents, or name every field to put right with what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from donate.appeals.campaign import Words
from donate.appeals.contents import NEEDED_WORDS, WORDS, Contents
from donate.appeals.load import ADDRESS, LONGEST_ADDRESS, MOST_HELD_BACK
from donate.appeals.read_rules import ALLOWABLE_FLAGS
from donate.appeals.rules import FREQUENCIES, PLACEMENTS, Rules
from donate.articles.sanitise import sanitise
from donate.errors import BadAmount
from donate.money import Money, parse_amount
from donate.newsroom.models import Newsroom
from donate.newsroom.queries import find_fund
from donate.reports.matching import list_unknown
from donate.web.amounts import read_amount
from donate.web.language import LANGUAGES
from donate.web.staff.appeal_fields import ASKABLE, NUMBER_RULES, RESERVED, WORD_RULES, offer_field, text_field
from donate.web.staff.appeal_words import join

#: The donation form's style sheet knows the labels of so many amounts.
MOST_AMOUNTS = 8
# What fits the columns.
_LONGEST = {
    "name": 120, "kicker": 120, "headline": 300, "signed_name": 120, "signed_role": 120, "button": 80,
    "form_title": 200, "inline": 1000, "thanks": 1000, "body_html": 20_000,
}  # fmt: skip
_NUMBERS = {"read_least": 1000, "read_most": 1000, "views_most": 1000, "rests_days": 3650}


@dataclass
class Reading:
    """A form being read.

    Args:
        form: As typed.
        newsroom: Whose currencies count.
        known: The appeal as it is; of a new one, one that has nothing.
        problems: Sentences by field, in the order of the form.
    """

    form: Any
    newsroom: Newsroom
    known: Contents
    problems: dict[str, str] = field(default_factory=dict)

    def typed(self, name: str) -> str:
        """Give what was typed into a field."""
        return str(self.form[name].data or "")

    def chosen(self, name: str, among: Iterable[str]) -> frozenset[str]:
        """Give which of several were ticked; what is not among them was never offered."""
        return frozenset(self.form[name].data or ()) & frozenset(among)

    def refuse(self, name: str, sentence: str) -> None:
        """Name a field to put right; its first sentence stays."""
        self.problems.setdefault(name, sentence)


def read_form(form: Any, newsroom: Newsroom, known: Contents, *, is_fixed: bool) -> tuple[Contents, dict[str, str]]:
    """Read a form; what can't be read is left out.

    Args:
        form: As typed.
        newsroom: Whose currencies count.
        known: The appeal as it is; of a new one, one that has nothing.
        is_fixed: Whether its address stays, because readers may know it.

    Returns:
        The contents, and a sentence for each field to put right, in the order of the form.
    """
    reading = Reading(form, newsroom, known)
    name = _within(reading, "name", reading.typed("name"))
    if not name:
        reading.refuse("name", _("Write what the desk calls it, such as “Winter desk”."))
    if not is_fixed:
        _read_address(reading)
    fund = reading.typed("fund")
    if find_fund(fund) is None:
        reading.refuse("fund", _("Choose what the money is for."))
    texts = read_texts(reading)
    placements = reading.chosen("placements", PLACEMENTS)
    if not placements:
        reading.refuse("placements", _("Choose at least one place where it may stand."))
    paragraph = _number(reading, "paragraph", 1, 100, known.paragraph)
    targets, excluded = _read_ties(reading)
    starts_on, ends_on = _read_day(reading, "starts_on"), _read_day(reading, "ends_on")
    if starts_on and ends_on and ends_on < starts_on:
        reading.refuse("ends_on", _("The last day is before the first. Choose a later one."))
    priority = _number(reading, "priority", 0, 1000, known.priority)
    goal = _read_goal(reading)
    amounts = read_amounts(reading)
    rules = _read_rules(reading)
    share_b = _number(reading, "share_b", 0, 100, 0)
    if share_b and not any(copy == "b" for _language, copy in texts):
        reading.refuse("share_b", _("Write the second copy in at least one language, or put 0 here."))
    contents = Contents(
        slug=known.slug if is_fixed else reading.typed("slug"),
        name=name,
        fund=fund,
        starts_on=starts_on,
        ends_on=ends_on,
        priority=priority or 0,
        paragraph=paragraph or 1,
        placements=placements,
        targets=targets,
        excluded=excluded,
        goal=goal,
        goal_counts_renewals=bool(reading.form["goal_counts_renewals"].data),
        amounts=amounts,
        texts=texts,
        share_b=share_b or 0,
        holdback=_number(reading, "holdback", 0, MOST_HELD_BACK, 0) or 0,
        rules=rules,
    )
    return contents, reading.problems


def _read_address(reading: Reading) -> None:
    slug = reading.typed("slug")
    if not ADDRESS.fullmatch(slug) or len(slug) > LONGEST_ADDRESS:
        reading.refuse(
            "slug", _("Use small letters a to z and digits, with hyphens between words, such as winter-desk.")
        )
    elif slug in RESERVED:
        reading.refuse("slug", _("The desk has a page of this name. Choose another address."))


def _within(reading: Reading, name: str, text: str, label: str = "") -> str:
    over = len(text) - _LONGEST[label or name]
    if over > 0:
        reading.refuse(
            name, _("Make this shorter by %(over)s letters: %(most)s fit.", over=over, most=_LONGEST[label or name])
        )
    return text


def read_texts(reading: Reading) -> dict[tuple[str, str], Words]:
    """Read the words in each language they were written in; the second copy takes from the first what it leaves out.

    Args:
        reading: Whose ``problems`` name what is missing.
    """
    texts: dict[tuple[str, str], Words] = {}
    for language in LANGUAGES:
        for copy in ("a", "b"):
            part = text_field(language, copy)
            typed = {name: str(reading.form[part].data.get(name) or "") for name in WORDS}
            if not any(typed.values()):
                continue
            for name in WORDS:
                _within(reading, f"{part}-{name}", typed[name], name)
            typed["body_html"] = sanitise(paragraphs(typed["body_html"]))
            first = texts.get((language, "a"))
            if copy == "b" and first is None:
                reading.refuse(f"{part}-headline", _("Write the first copy in this language before the second."))
                continue
            for name in NEEDED_WORDS if copy == "a" else ():
                if not typed[name]:
                    reading.refuse(f"{part}-{name}", _("Write this too, or leave the language empty altogether."))
            if first is not None:
                typed = {name: typed[name] or getattr(first, name) for name in WORDS}
            texts[language, copy] = Words(**typed)
    return texts


def paragraphs(text: str) -> str:
    """Make paragraphs of a letter that was typed without any tags: an empty line stands between them."""
    if not text or re.search(r"<(p|ul|ol|h2|h3|blockquote)\b", text, re.IGNORECASE):
        return text
    return "".join(f"<p>{each.strip()}</p>" for each in re.split(r"\n\s*\n", text) if each.strip())


def _read_ties(reading: Reading) -> tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]:
    targets = {("all", "")} if reading.form["everywhere"].data else set()
    excluded: set[tuple[str, str]] = set()
    for prefix, places, before in (("", targets, reading.known.targets), ("never_", excluded, reading.known.excluded)):
        for kind in ("section", "topic", "article"):
            name = f"{prefix}{kind}s"
            typed = reading.form[name].data if kind == "section" else addresses(reading.typed(name))
            # What was tied before stays, also where its story or topic is gone by now.
            unknown = set(list_unknown(kind, typed)) - {slug for each, slug in before if each == kind}
            if unknown:
                reading.refuse(name, _nothing_there(kind, sorted(unknown)))
            places |= {(kind, slug) for slug in typed}
    for kind, slug in sorted(targets & excluded):
        reading.refuse(
            f"never_{kind}s", _("It is tied to %(address)s above. Take it out in one of the two.", address=slug)
        )
    return frozenset(targets), frozenset(excluded - targets)


def _nothing_there(kind: str, unknown: list[str]) -> str:
    sentences = {
        "section": _("There is no section called %(list)s. Choose among those here."),
        "topic": _("There is no topic with this address: %(list)s. Copy it from the topic’s page."),
        "article": _("There is no story with this address: %(list)s. Copy it from the story’s page."),
    }
    return str(sentences[kind].replace("%(list)s", join(unknown)))


def addresses(typed: str) -> list[str]:
    """Read addresses, one a line, as somebody copies them: whole links, paths or the last part alone.

    Args:
        typed: Such as ``https://example.org/ar/articles/lost-water?x=1``.
    """
    found = [re.split(r"[?#]", each)[0].rstrip("/").rpartition("/")[2] for each in typed.split()]
    return list(dict.fromkeys(each for each in found if each))


def _read_day(reading: Reading, name: str) -> date | None:
    text = reading.typed(name)
    if not text:
        return None
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else _no_day()
    except ValueError:
        reading.refuse(name, _("Write the day as year, month and day, such as 2026-04-30."))
        return None


def _no_day() -> date:
    raise ValueError


def _number(reading: Reading, name: str, least: int, most: int, empty: int | None) -> int | None:
    text = reading.typed(name)
    if not text:
        return empty
    if not re.fullmatch(r"\d{1,6}", text) or not least <= int(text) <= most:
        reading.refuse(name, _("Write a whole number from %(least)s to %(most)s.", least=least, most=most))
        return empty
    return int(text)


def _read_goal(reading: Reading) -> Money | None:
    typed, currency = reading.typed("goal"), reading.typed("goal_currency")
    if not typed:
        return None
    if currency not in reading.newsroom.currencies:
        reading.refuse("goal_currency", _("Choose one of the currencies here."))
        return None
    try:
        return parse_amount(typed, currency)
    except BadAmount as error:
        if error.message == "amount_ambiguous":
            # A goal of 48,000 is not one of 48.
            goal: Money = error.values["second"]
            return goal
        reading.refuse("goal", _("Write the goal in digits, such as 48000."))
        return None


def read_amounts(reading: Reading) -> dict[str, dict[str, Any]]:
    """Read the amounts in each currency; those in currencies the form does not show stay as they are.

    Args:
        reading: Whose ``problems`` name what can't be read.
    """
    shown = reading.newsroom.currencies
    amounts: dict[str, dict[str, Any]] = {
        currency: dict(offered) for currency, offered in reading.known.amounts.items() if currency not in shown
    }
    for currency in shown:
        part = offer_field(currency)
        typed = {name: str(value or "") for name, value in reading.form[part].data.items()}
        if not any(typed.values()):
            continue
        offered = {each: _read_offer(reading, part, each, typed, currency) for each in FREQUENCIES}
        amounts[currency] = {frequency: presets for frequency, presets in offered.items() if presets is not None}
    return amounts


def _read_offer(
    reading: Reading, part: str, frequency: str, typed: dict[str, str], currency: str
) -> dict[str, Any] | None:
    name = f"{part}-{frequency}"
    if not typed[frequency]:
        reading.refuse(name, _("Write amounts here too, such as 5 10 25, or leave this currency empty altogether."))
        return None
    minor: list[int] = []
    for each in re.split(r"[\s;]+", typed[frequency]):
        read = read_amount("other", each.rstrip(",،"), currency, cover_fee=False)
        if read.gift is None:
            plain = _("Write amounts in plain digits with spaces between them, such as 5 10 25.")
            reading.refuse(name, plain if read.meant else f"{each}: {read.problem}")
            return None
        minor.append(read.gift.minor)
    if len(minor) > MOST_AMOUNTS or len(set(minor)) < len(minor):
        reading.refuse(name, _("Write up to %(most)s different amounts with spaces between them.", most=MOST_AMOUNTS))
        return None
    usual = read_amount("other", typed[f"{frequency}_default"], currency, cover_fee=False).gift
    if usual is None or usual.minor not in minor:
        reading.refuse(f"{name}_default", _("Write which of these amounts is ticked first."))
        return None
    return {"amounts": minor, "default": usual.minor}


def _read_rules(reading: Reading) -> Rules:
    audience = reading.chosen("audience", ASKABLE) | (reading.known.rules.audience - set(ASKABLE))
    if not audience:
        reading.refuse("audience", _("Choose at least one kind of reader."))
    numbers = {name: _number(reading, name, 0, _NUMBERS[name], None) for name in NUMBER_RULES}
    least, most = numbers["read_least"], numbers["read_most"]
    if least is not None and most is not None and most < least:
        reading.refuse("read_most", _("This is less than the least number beside it, so nobody would be asked."))
    words = {name: frozenset(re.split(r"[\s,،;]+", reading.typed(name))) - {""} for name in WORD_RULES}
    for name in ("countries", "not_countries"):
        words[name] = frozenset(each.upper() for each in words[name])
        if not all(re.fullmatch(r"[A-Z]{2}", each) for each in words[name]):
            reading.refuse(name, _("Write countries by their codes in two letters, such as JO LB."))
    for name in ("referrers", "not_referrers"):
        words[name] = frozenset(re.sub(r"^https?://|/.*$", "", each.lower()) for each in words[name]) - {""}
    for name in ("sources", "not_sources"):
        if not all(re.fullmatch(r"[A-Za-z0-9_.-]{1,60}", each) for each in words[name]):
            reading.refuse(name, _("Use letters, digits and the signs - _ . only, with spaces between names."))
    return Rules(
        audience=audience,
        given=reading.chosen("given", FREQUENCIES),
        allowed_flags=reading.chosen("allowed_flags", ALLOWABLE_FLAGS),
        read_least=least,
        read_most=most,
        views_most=numbers["views_most"],
        rests_days=30 if numbers["rests_days"] is None else numbers["rests_days"],
        **words,
    )
