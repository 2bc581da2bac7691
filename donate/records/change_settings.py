"""Change the newsroom's settings, at the desk or from its file: written, and set down in the history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from donate.db import lock
from donate.errors import SettingsRefused
from donate.newsroom.models import Newsroom
from donate.newsroom.queries import find_newsroom
from donate.queue.enqueue import enqueue
from donate.records.settings_differences import Difference, flatten, list_differences
from donate.records.settings_file import tell_settings, write_settings
from donate.references import new_reference, sign
from donate.team.history import Plain, Who, is_plain, record_history

#: The parts of the settings, and which keys of the file each holds.
PARTS: dict[str, tuple[str, ...]] = {
    "facts": ("name", "names", "country", "contact_name", "phone", "reply_address", "statement_descriptor",
              "statement_suffix"),
    "tax": ("tax",),
    "look": ("look",),
    "zone": ("time_zone", "language", "languages"),
    "currencies": ("currencies", "default_currency"),
    "fiscal": ("fiscal_year_begins",),
    "funds": ("funds",),
    "accounts": ("accounts",),
    "levels": ("levels",),
    "reading": ("main_site", "counting", "flag_words"),
    "sections": ("sections",),
    "topics": ("topics",),
    "lines": ("mission", "support_line", "footer_ask", "legal_line", "where_it_goes"),
    "greetings": ("greetings",),
    "pages": ("texts",),
    # Stands in the file's [tax], and is changed by whoever changes texts.
    "disclosures": ("tax.disclosures",),
}  # fmt: skip
# Names of people and how they are reached: history holds nothing of them.
_PERSONAL = frozenset({"name", "names", "contact_name", "phone", "reply_address"})


def load_settings(data: Mapping[str, Any], who: Who) -> list[Difference]:
    """Write what a newsroom's file says, inside the caller's ``committed()``.

    Args:
        data: The file's contents.
        who: Who loads it.

    Returns:
        What it changed; nothing where it is the first.

    Raises:
        Unreadable: ``key_missing`` or ``value_wrong`` or another of the file's sentences.
    """
    if find_newsroom() is None:
        write_settings(data)
        return []
    lock(Newsroom, 1)
    before = tell_settings()
    write_settings(data)
    return _set_down(before, who, "load_settings")


def change_settings(began: Mapping[str, Any], wanted: Mapping[str, Any], who: Who) -> list[Difference]:
    """Write some settings, unless somebody changed them meanwhile; inside the caller's ``committed()``.

    Args:
        began: The keys to change, as they were when the change began.
        wanted: The same keys, as they shall be.
        who: Who changes them.

    Returns:
        What was changed.

    Raises:
        SettingsRefused: ``settings_changed`` (now), where the keys are not what they were.
        Unreadable: What is wrong with a value, by its key.
    """
    lock(Newsroom, 1)
    before = tell_settings()
    now = _like(wanted, before)
    if flatten(now) != flatten(began):
        raise SettingsRefused("settings_changed", now=now)
    touched = {key for key in wanted if wanted[key] != now[key]}
    if not touched:
        return []
    whole = {key: {**before[key], **value} if key == "tax" else value for key, value in wanted.items()}
    write_settings({**before, **whole}, touched)
    return _set_down(before, who, "change_settings")


def view(settings: Mapping[str, Any], part: str) -> dict[str, Any]:
    """Give one part of the settings.

    Args:
        settings: All of them.
        part: One of ``PARTS``.
    """
    if part == "disclosures":
        return {"tax": {"disclosures": settings["tax"]["disclosures"]}}
    if part == "tax":
        return {"tax": {key: value for key, value in settings["tax"].items() if key != "disclosures"}}
    return {key: settings[key] for key in PARTS[part]}


def _like(wanted: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Give what the settings hold now in the place of each wanted key."""
    return {
        key: {name: settings[key][name] for name in value} if key == "tax" else settings[key]
        for key, value in wanted.items()
    }


def part_of(key: str) -> str:
    """Tell which part of the settings a key belongs to.

    Args:
        key: Such as ``funds.water-desk.gl_code``.
    """
    if key.startswith("tax.disclosures"):
        return "disclosures"
    return next(part for part, keys in PARTS.items() if key.partition(".")[0] in keys)


def plain(key: str, value: Any) -> Plain:
    """Give a value as history keeps it: as it is where it is plain, else a mark that tells it from others.

    Args:
        key: Of the setting.
        value: A single value.
    """
    if value is None or isinstance(value, bool | int):
        return value
    # A colour without its sign, a list without its spaces.
    text = str(value).replace(", ", "+").removeprefix("#" if key == "look.accent" else "")
    # A single word may be somebody's name.
    head = key.partition(".")[0]
    is_words = head in _PERSONAL or (head != "accounts" and (".name" in key or ".text." in key))
    return (
        text if is_plain(text) and not is_words else "mark:" + sign("setting", key, str(value))[:12].replace("_", ".")
    )


def _set_down(before: Mapping[str, Any], who: Who, act: str) -> list[Difference]:
    changed = list_differences(before, tell_settings())
    for part in dict.fromkeys(part_of(each.key) for each in changed):
        own = [each for each in changed if part_of(each.key) == part]
        record_history(
            who,
            act,
            "settings",
            part,
            before={each.key: plain(each.key, each.before) for each in own},
            after={each.key: plain(each.key, each.after) for each in own},
        )
    if any(each.key.startswith("funds.") and (".name." in each.key or each.before is None) for each in changed):
        enqueue("fund_products", f"funds:{new_reference()}")
    return changed
