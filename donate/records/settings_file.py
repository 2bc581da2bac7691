"""The newsroom's settings as one file: told whole, loaded whole, written in the parts that a change touches."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

from donate import clock
from donate.appeals.load import load_appeals
from donate.appeals.queries import list_asking_for_fund
from donate.articles.flag_words import load_flag_words, tell_flag_words
from donate.articles.load_sections import load_sections, load_topics, tell_sections, tell_topics
from donate.articles.sanitise import sanitise
from donate.errors import Unreadable
from donate.ledger.accounts import ACCOUNTS
from donate.members.load_levels import load_levels, tell_levels
from donate.newsroom.accounts import DEFERRED, read_accounts, tell_accounts
from donate.newsroom.load import load_newsroom, tell_newsroom
from donate.newsroom.look import bring_logo
from donate.newsroom.queries import find_fund, get_newsroom

#: Keys that other rooms than the newsroom's own keep.
_ELSEWHERE = frozenset({"accounts", "flag_words", "levels", "sections", "topics"})
_NAMED = {"sections": (load_sections, 80), "topics": (load_topics, 120)}


def tell_settings(*, is_whole: bool = False) -> dict[str, Any]:
    """Tell every setting as the newsroom's file has it.

    Args:
        is_whole: Whether it is for another database: the logo comes along then.

    Raises:
        NotFound: ``newsroom_missing``.
    """
    told = tell_newsroom()
    if is_whole:
        told["look"]["logo"] = bring_logo(told["look"]["logo"])
    return {
        **told,
        "levels": tell_levels(),
        "accounts": tell_accounts(get_newsroom()),
        "flag_words": tell_flag_words(),
        "sections": tell_sections(told["language"]),
        "topics": tell_topics(told["language"]),
    }


def write_settings(data: Mapping[str, Any], touched: Set[str] | None = None) -> None:
    """Write what a newsroom's file says, inside the caller's ``committed()``: all of it or nothing.

    Args:
        data: The file's contents.
        touched: Its keys that are to be written; None is all of them.

    Raises:
        Unreadable: ``key_missing`` (key), ``value_wrong`` (key, value, should) or another of the file's sentences.
    """

    def is_touched(*keys: str) -> bool:
        return touched is None or not touched.isdisjoint(keys)

    if touched is None or touched - _ELSEWHERE:
        load_newsroom(_with_clean_texts(data))
    if is_touched("funds"):
        _check_closed(data["funds"])
    if is_touched("accounts", "funds"):
        get_newsroom().accounts = read_accounts(data, (*ACCOUNTS, DEFERRED))
    if is_touched("flag_words"):
        load_flag_words(data.get("flag_words", {}))
    if is_touched("levels", "currencies"):
        load_levels(data.get("levels", []), data["currencies"])
    for key, (write, most) in _NAMED.items():
        if is_touched(key):
            items = data.get(key, [])
            _check_named(key, items, most)
            write(items, data.get("language", "en"))
    if "appeals" in data:
        load_appeals(data, clock.today(data["time_zone"]))


def _check_closed(funds: list[Any]) -> None:
    for at, item in enumerate(funds, 1):
        fund = find_fund(item["code"]) if item.get("closed") else None
        asking = list_asking_for_fund(fund.id) if fund is not None else []
        if asking:
            raise Unreadable("fund_in_use", key=f"funds[{at}].closed", fund=item["code"], appeals=", ".join(asking))


def _check_named(key: str, items: Any, most: int) -> None:
    if not isinstance(items, list):
        raise Unreadable("value_wrong", key=key, value=items, should="a list")
    for at, item in enumerate(items, 1):
        for part in ("slug", "name"):
            if not isinstance(item, dict) or not item.get(part):
                raise Unreadable("key_missing", key=f"{key}[{at}].{part}")
        slug, name = item["slug"], item["name"]
        if not isinstance(slug, str) or len(slug) > most or any(sign in slug for sign in " /?#\t\n"):
            should = "the last part of an address, such as water, without spaces"
            raise Unreadable("value_wrong", key=f"{key}[{at}].slug", value=slug, should=should)
        if slug in {each["slug"] for each in items[: at - 1]}:
            raise Unreadable("value_wrong", key=f"{key}[{at}].slug", value=slug, should="another for each")
        if not isinstance(name, dict) or not all(isinstance(text, str) and len(text) <= 120 for text in name.values()):
            raise Unreadable(
                "value_wrong", key=f"{key}[{at}].name", value=name, should='words by language: { en = "…" }'
            )


def _with_clean_texts(data: Mapping[str, Any]) -> dict[str, Any]:
    def clean(part: Any) -> Any:
        if not isinstance(part, dict):
            return part
        return {
            name: sanitise(text) if name == "body_html" and isinstance(text, str) else clean(text)
            for name, text in part.items()
        }

    return {**data, "texts": clean(data.get("texts", {}))}
