"""Load appeals from the newsroom's file; loading again updates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from donate.appeals.models import Appeal, AppealTarget, AppealText
from donate.appeals.queries import find_appeal, find_evergreen
from donate.articles.sanitise import sanitise
from donate.articles.slug import slug_from
from donate.db import db
from donate.errors import Unreadable
from donate.money import from_major
from donate.newsroom.queries import find_fund

_FREQUENCIES = ("once", "month", "year")
_WORDS = ("kicker", "headline", "inline", "button", "form_title")
_FURTHER_WORDS = ("signed_name", "signed_role", "thanks")
# In the file 1 is asked first; in the row the higher goes first, so that a new appeal's 0 is last.
_LAST = 100


def load_appeals(data: Mapping[str, Any], today: date) -> None:
    """Write the appeals, inside the caller's ``committed()``.

    Args:
        data: The file's contents: a list ``appeals``.
        today: The newsroom's day, from which ``starts_days_ago`` and ``ends_days_ahead`` count.

    Raises:
        Unreadable: ``key_missing`` (key) or ``value_wrong`` (key, value, should).
    """
    items = data.get("appeals")
    if not isinstance(items, list):
        raise Unreadable("key_missing", key="appeals")
    for item in items:
        _load_appeal(item, today)


def _load_appeal(item: Mapping[str, Any], today: date) -> None:
    slug = _need(item, "slug", "appeals")
    appeal = find_appeal(slug)
    if appeal is None:
        appeal = Appeal(slug=slug, status="live")
    fund = find_fund(_need(item, "fund", slug))
    if fund is None:
        raise Unreadable("value_wrong", key=f"{slug}.fund", value=item["fund"], should="the code of a loaded fund")
    appeal.fund_id = fund.id
    appeal.is_evergreen = _take_evergreen(appeal) if item.get("evergreen") is True else False
    appeal.starts_on, appeal.ends_on = _window(item, today)
    appeal.priority = _LAST - int(item.get("priority", _LAST))
    appeal.paragraph = int(item.get("paragraph", 4))
    _write_goal(appeal, item)
    appeal.amounts = _amounts(_need(item, "amounts", slug), slug)
    _write_texts(appeal, _need(item, "texts", slug))
    _write_targets(appeal, set(_targets(item)))
    db.session.add(appeal)
    db.session.flush()


def _take_evergreen(appeal: Appeal) -> bool:
    """Make room for the new evergreen: the database allows one at a time."""
    former = find_evergreen()
    if former is not None and former is not appeal:
        former.is_evergreen = False
        db.session.flush()
    return True


def _window(item: Mapping[str, Any], today: date) -> tuple[date | None, date | None]:
    starts_on, ends_on = item.get("starts_on"), item.get("ends_on")
    if "starts_days_ago" in item:
        starts_on = today - timedelta(days=int(item["starts_days_ago"]))
    if "ends_days_ahead" in item:
        ends_on = today + timedelta(days=int(item["ends_days_ahead"]))
    return starts_on, ends_on


def _write_goal(appeal: Appeal, item: Mapping[str, Any]) -> None:
    goal = item.get("goal")
    appeal.goal_minor = from_major(goal["amount"], goal["currency"]).minor if goal else None
    appeal.goal_currency = goal["currency"] if goal else None


def _amounts(table: Mapping[str, Any], slug: str) -> dict[str, dict[str, Any]]:
    amounts: dict[str, dict[str, Any]] = {}
    for currency, by_frequency in table.items():
        amounts[currency] = {}
        for frequency in _FREQUENCIES:
            presets = _need(by_frequency, frequency, f"{slug}.amounts.{currency}")
            minor = [from_major(text, currency).minor for text in presets["presets"]]
            default = from_major(presets["default"], currency).minor
            if default not in minor:
                raise Unreadable(
                    "value_wrong",
                    key=f"{slug}.amounts.{currency}.{frequency}.default",
                    value=presets["default"],
                    should="one of the presets",
                )
            amounts[currency][frequency] = {"amounts": minor, "default": default}
    return amounts


def _write_texts(appeal: Appeal, texts: Mapping[str, Mapping[str, str]]) -> None:
    # In place, language by language: the unique rule would refuse a second row before the first is gone.
    known = {text.language: text for text in appeal.texts}
    for language, words in texts.items():
        text = known.pop(language, None)
        if text is None:
            text = AppealText(language=language)
            appeal.texts.append(text)
        for name in _WORDS:
            setattr(text, name, _need(words, name, f"{appeal.slug}.texts.{language}"))
        for name in _FURTHER_WORDS:
            setattr(text, name, words.get(name, ""))
        text.body_html = sanitise(_need(words, "body", f"{appeal.slug}.texts.{language}"))
    for gone in known.values():
        appeal.texts.remove(gone)


def _targets(item: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    if item.get("evergreen") is True or item.get("everywhere") is True:
        yield "all", ""
    yield from (("section", slug) for slug in item.get("sections", ()))
    yield from (("topic", slug_from(name)) for name in item.get("topics", ()))
    yield from (("article", slug) for slug in item.get("articles", ()))


def _write_targets(appeal: Appeal, wanted: set[tuple[str, str]]) -> None:
    known = {(target.kind, target.slug): target for target in appeal.targets}
    for key in known.keys() - wanted:
        appeal.targets.remove(known[key])
    appeal.targets.extend(AppealTarget(kind=kind, slug=slug) for kind, slug in sorted(wanted - known.keys()))


def _need(table: Mapping[str, Any], name: str, within: str) -> Any:
    if not isinstance(table, Mapping) or not table.get(name):
        raise Unreadable("key_missing", key=f"{within}.{name}")
    return table[name]
