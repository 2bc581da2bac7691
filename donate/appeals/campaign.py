"""An appeal as a plain value, to be chosen from, and as an ask, to be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from donate.appeals.models import Appeal
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
        texts: (language, words).
        presets: (currency, frequency, amounts).
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
    texts: tuple[tuple[str, Words], ...]
    presets: tuple[tuple[str, str, Presets], ...]

    def words(self, language: str) -> Words | None:
        """Give its words in a language; none where it was not written in it."""
        return dict(self.texts).get(language)


@dataclass(frozen=True)
class Ask:
    """One appeal as it stands on one page: its words in the page's language, its amounts in one currency."""

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
        targets=frozenset((target.kind, target.slug) for target in row.targets),
        texts=tuple(sorted(((text.language, _words(text)) for text in row.texts), key=lambda pair: pair[0])),
        presets=tuple(_presets(row.amounts)),
    )


def ask_from(campaign: Campaign, words: Words, currency: str) -> Ask:
    """Write a campaign as the ask of one page."""
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
    )


def _words(text: Any) -> Words:
    return Words(**{name: getattr(text, name) for name in Words.__dataclass_fields__})


def _presets(amounts: dict[str, dict[str, Any]]) -> list[tuple[str, str, Presets]]:
    return [
        (
            currency,
            frequency,
            Presets(tuple(Money(minor, currency) for minor in offered["amounts"]), Money(offered["default"], currency)),
        )
        for currency, by_frequency in sorted(amounts.items())
        for frequency, offered in sorted(by_frequency.items())
    ]
