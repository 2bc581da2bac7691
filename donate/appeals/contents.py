"""Everything of an appeal that can be edited, as one plain value: what a form fills and a version keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any

from donate.appeals.campaign import Words
from donate.appeals.models import Appeal, AppealTarget, AppealText
from donate.appeals.rules import PLACEMENTS, PLAIN, Rules, rules_from, rules_to_json
from donate.db import db
from donate.money import Money
from donate.newsroom.models import Fund
from donate.newsroom.queries import find_fund

#: The names of an appeal's words, in the order they are read.
WORDS = tuple(each.name for each in fields(Words))
#: Of these, what must be said in every language it is written in.
NEEDED_WORDS = ("kicker", "headline", "inline", "body_html", "button", "form_title")

Places = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Contents:
    """What the desk can change of an appeal; its state has acts of its own.

    Args:
        fund: Its code.
        targets: (kind, slug) of what it is tied to.
        excluded: Likewise, of where it never stands.
        amounts: As the row keeps them: {currency: {frequency: {"amounts": [minor, …], "default": minor}}}.
        texts: Words by language and copy.
    """

    slug: str
    name: str
    fund: str
    starts_on: date | None = None
    ends_on: date | None = None
    priority: int = 0
    paragraph: int = 4
    placements: frozenset[str] = frozenset(PLACEMENTS)
    targets: Places = frozenset()
    excluded: Places = frozenset()
    goal: Money | None = None
    goal_counts_renewals: bool = True
    amounts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    texts: Mapping[tuple[str, str], Words] = field(default_factory=dict)
    share_b: int = 0
    holdback: int = 0
    rules: Rules = PLAIN


def contents_of(appeal: Appeal) -> Contents:
    """Read a row's contents."""
    return Contents(
        slug=appeal.slug,
        name=appeal.name,
        fund=db.session.get_one(Fund, appeal.fund_id).code,
        starts_on=appeal.starts_on,
        ends_on=appeal.ends_on,
        priority=appeal.priority,
        paragraph=appeal.paragraph,
        placements=frozenset(appeal.placements),
        targets=frozenset((each.kind, each.slug) for each in appeal.targets if not each.is_excluded),
        excluded=frozenset((each.kind, each.slug) for each in appeal.targets if each.is_excluded),
        goal=Money(appeal.goal_minor, appeal.goal_currency) if appeal.goal_minor and appeal.goal_currency else None,
        goal_counts_renewals=appeal.goal_counts_renewals,
        amounts=appeal.amounts,
        texts={
            (text.language, text.variant): Words(**{name: getattr(text, name) for name in WORDS})
            for text in appeal.texts
        },
        share_b=appeal.share_b,
        holdback=appeal.holdback,
        rules=rules_from(appeal.rules),
    )


def write_contents(appeal: Appeal, contents: Contents) -> None:
    """Write contents into a row; call inside ``committed()``.

    Args:
        appeal: Which; a new one too.
        contents: Sanitised, with the code of a fund that exists.
    """
    fund = find_fund(contents.fund)
    assert fund is not None, "whoever reads contents has looked the fund up"
    appeal.fund_id = fund.id
    for name in ("slug", "name", "starts_on", "ends_on", "priority", "paragraph", "goal_counts_renewals"):
        setattr(appeal, name, getattr(contents, name))
    appeal.placements = [each for each in PLACEMENTS if each in contents.placements]
    appeal.goal_minor = contents.goal.minor if contents.goal else None
    appeal.goal_currency = contents.goal.currency if contents.goal else None
    appeal.amounts = {currency: dict(offered) for currency, offered in contents.amounts.items()}
    appeal.share_b, appeal.holdback, appeal.rules = contents.share_b, contents.holdback, rules_to_json(contents.rules)
    _write_texts(appeal, contents.texts)
    _write_targets(appeal, contents.targets, contents.excluded)


def _write_texts(appeal: Appeal, texts: Mapping[tuple[str, str], Words]) -> None:
    # In place, one by one: the unique rule would refuse a second row before the first is gone.
    known = {(text.language, text.variant): text for text in appeal.texts}
    for key in known.keys() - texts.keys():
        appeal.texts.remove(known[key])
    for (language, copy), words in sorted(texts.items(), key=lambda each: each[0]):
        text = known.get((language, copy))
        if text is None:
            text = AppealText(language=language, variant=copy)
            appeal.texts.append(text)
        for name, value in asdict(words).items():
            setattr(text, name, value)


def _write_targets(appeal: Appeal, targets: Places, excluded: Places) -> None:
    known = {(target.kind, target.slug): target for target in appeal.targets}
    for key in known.keys() - targets - excluded:
        appeal.targets.remove(known[key])
    for key in sorted(targets | excluded):
        if key in known:
            known[key].is_excluded = key in excluded
        else:
            appeal.targets.append(AppealTarget(kind=key[0], slug=key[1], is_excluded=key in excluded))


def contents_to_json(contents: Contents) -> dict[str, Any]:
    """Write contents as plain JSON values."""
    texts: dict[str, dict[str, Any]] = {}
    for (language, copy), words in sorted(contents.texts.items(), key=lambda each: each[0]):
        texts.setdefault(language, {})[copy] = asdict(words)
    return {
        **{name: getattr(contents, name) for name in _PLAIN},
        "starts_on": contents.starts_on.isoformat() if contents.starts_on else None,
        "ends_on": contents.ends_on.isoformat() if contents.ends_on else None,
        "placements": [each for each in PLACEMENTS if each in contents.placements],
        "targets": [list(each) for each in sorted(contents.targets)],
        "excluded": [list(each) for each in sorted(contents.excluded)],
        "goal": {"minor": contents.goal.minor, "currency": contents.goal.currency} if contents.goal else None,
        "amounts": {currency: dict(offered) for currency, offered in sorted(contents.amounts.items())},
        "texts": texts,
        "rules": rules_to_json(contents.rules),
    }


def contents_from_json(told: Mapping[str, Any]) -> Contents:
    """Read what ``contents_to_json`` wrote; what a later version knows and this one did not keeps its default.

    Args:
        told: As a version's row keeps it.
    """
    goal = told.get("goal")
    return Contents(
        **{name: told[name] for name in _PLAIN if name in told},
        starts_on=date.fromisoformat(told["starts_on"]) if told.get("starts_on") else None,
        ends_on=date.fromisoformat(told["ends_on"]) if told.get("ends_on") else None,
        placements=frozenset(told.get("placements", PLACEMENTS)),
        targets=frozenset((kind, slug) for kind, slug in told.get("targets", ())),
        excluded=frozenset((kind, slug) for kind, slug in told.get("excluded", ())),
        goal=Money(goal["minor"], goal["currency"]) if goal else None,
        amounts=told.get("amounts", {}),
        texts={
            (language, copy): Words(**{name: words.get(name, "") for name in WORDS})
            for language, copies in told.get("texts", {}).items()
            for copy, words in copies.items()
        },
        rules=rules_from(told.get("rules", {})),
    )


_PLAIN = ("slug", "name", "fund", "priority", "paragraph", "goal_counts_renewals", "share_b", "holdback")
