"""A currency that is new: what each level and benefit comes to in it is asked before it is taken."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from donate.errors import BadAmount
from donate.money import is_currency, parse_amount
from donate.web.language import say
from donate.web.staff.settings.fields import Reading


@dataclass(frozen=True)
class Asked:
    """One amount that is asked for.

    Args:
        place: The field's name in the form.
        level: Of which level, by where it stands.
        benefit: Of which of its benefits; None is the level's own.
        currency: The new one.
        label: What it is of.
        typed: What was typed so far.
    """

    place: str
    level: int
    benefit: int | None
    currency: str
    label: str
    typed: str


def ask_for_levels(settings: Mapping[str, Any], currencies: Sequence[str]) -> list[Asked]:
    """List the amounts that are missing in currencies a newsroom wants to take.

    Args:
        settings: As they are now.
        currencies: As they shall be.
    """
    asked = []
    for currency in (each for each in currencies if is_currency(each)):
        for at, level in enumerate(settings["levels"]):
            if currency not in level["yearly"]:
                asked.append(_asked(at, None, currency, say(level["name"])))
            for number, benefit in enumerate(level["benefits"]):
                if currency not in benefit.get("fair_market_value", {currency: ""}):
                    asked.append(_asked(at, number, currency, f"{say(level['name'])}: {say(benefit['name'])}"))
    return asked


def read_new_sums(asked: Sequence[Asked], form: Mapping[str, str], reading: Reading) -> dict[Asked, str]:
    """Read the amounts that were asked for.

    Args:
        asked: What ``ask_for_levels`` gave.
        form: As sent.
        reading: Gathers what is to be put right.
    """
    sums = {}
    for each in asked:
        try:
            sums[each] = parse_amount(form.get(each.place, ""), each.currency).plain()
        except BadAmount as refused:
            reading.problems[each.place] = (refused.message, refused.values)
    return sums


def levels_with_new(settings: Mapping[str, Any], sums: Mapping[Asked, str]) -> list[dict[str, Any]]:
    """Give the levels with their amounts in the new currencies.

    Args:
        settings: As they are now.
        sums: What ``read_new_sums`` gave.
    """
    levels: list[dict[str, Any]] = copy.deepcopy(settings["levels"])
    for each, text in sums.items():
        level = levels[each.level]
        if each.benefit is None:
            level["yearly"][each.currency] = text
        else:
            level["benefits"][each.benefit]["fair_market_value"][each.currency] = text
    return levels


def _asked(level: int, benefit: int | None, currency: str, label: str) -> Asked:
    place = f"new.{currency}.{level}" + (f".{benefit}" if benefit is not None else "")
    return Asked(place, level, benefit, currency, label, request.form.get(place, ""))
