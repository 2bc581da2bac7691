"""An appeal as a plain value, to be chosen from, and as an ask, to be drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from donate.appeals.models import Appeal
from donate.appeals.rules import PLACEMENTS, PLAIN, Rules, rules_from
from donate.money import Money


@dataclass(frozen=True)
class Words:
    """An appeal's words in one language."""

    kicker: str
    headline: str
    inline: str
    body_html: str
    signed_name: str
    signed_role: str
    button: str
    form_title: str
    thanks: str


@dataclass(frozen=True)
class Presets:
    """The amounts offered for one frequency in one currency."""

    amounts: tuple[Money, ...]
    default: Money

    @property
    def least(self) -> Money:
        """The smallest amount offered."""
        return min(self.amounts, key=lambda amount: amount.minor)


@dataclass(frozen=True)
class Campaign:
    """An appeal and what it is tied to.

    Args:
        targets: (kind, slug): ``all``, ``section``, ``topic`` or ``article``.
        texts: (language, copy ``a`` or ``b``, words).
        presets: (currency, frequency, amounts).
        excluded: (kind, slug) of where it never stands.
        placements: Where it may stand.
        rules: Whom it asks.
        share_b: Of a hundred readers, how many see the copy ``b``.
        holdback: Of a hundred, how many see no ask.
        checked_at: When a person last looked its stories over.
        row_id: Its row's key.
        name: What the desk calls it.
        goal_counts_renewals: Whether renewals move its goal.
    """

    slug: str
    status: str
    is_evergreen: bool
    starts_on: date | None
    ends_on: date | None
    priority: int
    paragraph: int
    goal: Money | None
    targets: frozenset[tuple[str, str]]
    texts: tuple[tuple[str, str, Words], ...]
    presets: tuple[tuple[str, str, Presets], ...]
    excluded: frozenset[tuple[str, str]] = frozenset()
    placements: frozenset[str] = frozenset(PLACEMENTS)
    rules: Rules = PLAIN
    share_b: int = 0
    holdback: int = 0
    checked_at: datetime | None = None
    row_id: int = 0
    name: str = ""
    goal_counts_renewals: bool = True

    def words(self, language: str, copy: str = "a") -> Words | None:
        """Give its words in a language; none where it was not written in it.

        Args:
            language: Such as ``ar``.
            copy: ``b`` for the other copy, where there is one; else its first words.
        """
        return self._words.get((language, copy)) or self._words.get((language, "a"))

    @cached_property
    def _words(self) -> dict[tuple[str, str], Words]:
        return {(language, copy): words for language, copy, words in self.texts}

    def ask(self, language: str, currency: str, copy: str = "") -> Ask | None:
        """Give it as the ask of a page, the same one for every page; None where it has no words in the language.

        Args:
            language: The page's.
            currency: Its amounts'.
            copy: Which copy, where several run.
        """
        key = (language, currency, copy)
        if key not in self._asks:
            words = self.words(language, copy or "a")
            self._asks[key] = ask_from(self, words, currency, copy) if words else None
        return self._asks[key]

    @cached_property
    def _asks(self) -> dict[tuple[str, str, str], Ask | None]:
        return {}

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages it is written in."""
        return tuple(dict.fromkeys(language for language, copy, _words in self.texts if copy == "a"))


@dataclass(frozen=True)
class Ask:
    """One appeal as it stands on one page: its words in the page's language, its amounts in one currency.

    Args:
        variant: Which copy it is: ``a``, ``b``, ``held``; empty where there is only one.
        goal_counts_renewals: Whether renewals move its goal.
    """

    slug: str
    is_evergreen: bool
    paragraph: int
    ends_on: date | None
    goal: Money | None
    kicker: str
    headline: str
    inline: str
    body_html: str
    signed_name: str
    signed_role: str
    button: str
    amounts: tuple[tuple[str, Presets], ...]
    variant: str = ""
    goal_counts_renewals: bool = True

    def presets(self, frequency: str) -> Presets | None:
        """Give the amounts offered for a frequency; none where the currency has no presets."""
        return dict(self.amounts).get(frequency)


def campaign_from(row: Appeal) -> Campaign:
    """Read a row into a plain value."""
    goal = Money(row.goal_minor, row.goal_currency) if row.goal_minor and row.goal_currency else None
    return Campaign(
        slug=row.slug,
        status=row.status,
        is_evergreen=row.is_evergreen,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        priority=row.priority,
        paragraph=row.paragraph,
        goal=goal,
        targets=frozenset((target.kind, target.slug) for target in row.targets if not target.is_excluded),
        texts=tuple(
            sorted(((text.language, text.variant, _words(text)) for text in row.texts), key=lambda each: each[:2])
        ),
        presets=tuple(presets_from(row.amounts)),
        excluded=frozenset((target.kind, target.slug) for target in row.targets if target.is_excluded),
        placements=frozenset(row.placements),
        rules=rules_from(row.rules),
        share_b=row.share_b,
        holdback=row.holdback,
        checked_at=row.checked_at,
        row_id=row.id,
        name=row.name,
        goal_counts_renewals=row.goal_counts_renewals,
    )


def ask_from(campaign: Campaign, words: Words, currency: str, copy: str = "") -> Ask:
    """Write a campaign as the ask of one page.

    Args:
        campaign: Which.
        words: Of one of its copies.
        currency: Its amounts'.
        copy: Which copy, where several run.
    """
    return Ask(
        slug=campaign.slug,
        is_evergreen=campaign.is_evergreen,
        paragraph=campaign.paragraph,
        ends_on=campaign.ends_on,
        goal=campaign.goal,
        kicker=words.kicker,
        headline=words.headline,
        inline=words.inline,
        body_html=words.body_html,
        signed_name=words.signed_name,
        signed_role=words.signed_role,
        button=words.button,
        amounts=tuple((frequency, presets) for code, frequency, presets in campaign.presets if code == currency),
        variant=copy,
        goal_counts_renewals=campaign.goal_counts_renewals,
    )


def _words(text: Any) -> Words:
    return Words(**{name: getattr(text, name) for name in Words.__dataclass_fields__})


def presets_from(amounts: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, str, Presets]]:
    """Read the JSON of a row's amounts as (currency, frequency, amounts)."""
    return [
        (
            currency,
            frequency,
            Presets(tuple(Money(minor, currency) for minor in offered["amounts"]), Money(offered["default"], currency)),
        )
        for currency, by_frequency in sorted(amounts.items())
        for frequency, offered in sorted(by_frequency.items())
    ]
