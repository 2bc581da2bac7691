"""What a setting's refusal says to whoever typed it, and what its keys are called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from donate.errors import Unreadable
from donate.web.language import LANGUAGES
from donate.web.staff.settings.fields import Field


def say_account(name: str) -> str:
    """Say which account of the books it is.

    Args:
        name: One of ``ledger.accounts.ACCOUNTS``, or ``deferred_revenue``.
    """
    words: dict[str, str] = {
        "clearing": _("What Stripe holds for us"),
        "bank": _("Bank"),
        "undeposited": _("Cheques and cash not banked yet"),
        "income": _("Gifts"),
        "refunds": _("Gifts given back"),
        "dispute_losses": _("Gifts that a bank took back"),
        "dispute_fees": _("Fees for disputes"),
        "processing_fees": _("Card fees"),
        "stripe_fees": _("Stripe’s other fees"),
        "reserves": _("What Stripe holds back"),
        "outside": _("Other products of the account"),
        "adjustments": _("Stripe’s corrections"),
        "unclassified": _("Not known yet"),
        "deferred_revenue": _("Benefits owed to members"),
    }
    return words.get(name, name)


def say_refusal(refused: Unreadable) -> str:
    """Say what to do about a value that can't be taken.

    Args:
        refused: With its key.
    """
    values = {"most": "", "ratio": "", "nearest": "", "width": "", "height": "", "appeals": "", **refused.values}
    of_pictures = {
        "picture_too_heavy": _("The file is too heavy: up to %(most)s KB fit.", most=values["most"]),
        "picture_unknown": _("This is neither PNG nor SVG. Save the logo as one of these."),
        "picture_broken": _("This file can’t be read as a picture. Save it anew and choose it again."),
        "picture_interlaced": _("This PNG is interlaced. Save it without interlacing."),
        "picture_too_large": _(
            "The picture is too large: up to %(width)s by %(height)s pixels fit.",
            width=values["width"],
            height=values["height"],
        ),
        "picture_too_small": _("The picture is too low: it needs at least %(least)s pixels.", least=values["height"]),
        "picture_too_long": _("The picture is more than twelve times as long as it is high. Cut it closer."),
        "picture_without_size": _("This SVG does not say its size: give its svg element a viewBox."),
    }
    if refused.message in of_pictures:
        return str(of_pictures[refused.message])
    if refused.message == "key_missing":
        return str(_("This can’t be empty: write something here."))
    if refused.message == "too_long":
        return str(_("Make this shorter: %(most)s letters fit.", most=values["most"]))
    if refused.message == "fund_in_use":
        return str(_("Appeals ask for this fund: %(list)s. Let them ask for another first.", list=values["appeals"]))
    if refused.message == "accent_pale":
        return str(
            _(
                "Letters can’t be read well in this colour: their contrast is %(ratio)s to 1, and 4.5 is needed. The "
                "nearest that has it is %(nearest)s.",
                ratio=values["ratio"],
                nearest=values["nearest"],
            )
        )
    return _say_wrong(str(values["key"]))


def say_typed(message: str) -> str:
    """Say what to do about something that can't even be read.

    Args:
        message: Of a ``BadAmount``, or ``number_wrong``.
    """
    words: dict[str, str] = {
        "number_wrong": _("Write a whole number in digits."),
        "amount_ambiguous": _("Write the amount without signs between thousands, such as 1200 or 1200.50."),
        "amount_decimals": _("This currency has fewer digits after the point."),
        "amount_not_positive": _("Write an amount above zero."),
    }
    return words.get(message) or str(_("Write the amount in digits, such as 60 or 60.50."))


def _say_wrong(key: str) -> str:
    sentences = {
        r"country": _("Write the country’s code in two capital letters, such as US."),
        r"time_zone": _("Choose one of the zones."),
        r"language": _("Choose one of the languages."),
        r"languages": _("The main language is always offered: tick it too."),
        r"currencies": _("Write codes of three letters with spaces between them, such as USD EUR, each once."),
        r"default_currency": _("Write one of the currencies above."),
        r"statement_descriptor": _("Use 5 to 22 plain Latin letters and digits, without < > \\ ' \" *."),
        r"statement_suffix": _("Use up to 16 plain Latin letters and digits, without < > \\ ' \" *."),
        r"reply_address": _("Add the part with the @ sign, such as giving@example.org."),
        r"fiscal_year_begins": _("Choose a month."),
        r"counting|.*\.(standing|restriction|date_format|home_currency)": _("Choose one of these."),
        r"look\.accent": _("Write a colour as # and six signs from 0 to 9 and a to f, such as #5b1d4d."),
        r"funds|funds.*\.general": _("Exactly one fund is the general one: tick it at one."),
        r"funds.*\.closed": _("The general fund can’t be closed. Make another the general one first."),
        r"(funds|levels).*\.code": _("Use letters a to z, digits and hyphens, such as water-desk; each code once."),
        r"levels": _("Use another code for each level."),
        r"levels.*\.yearly\..*": _("Each level asks for more than the one before it, in every currency."),
        r".*\.slug": _("Use the last part of an address without spaces, such as water; each once."),
        r"greetings.*\.(from|until)": _("Write month and day as two numbers with a hyphen, such as 12-24."),
        r"where_it_goes": _("The shares must add up to 100."),
        r"where_it_goes.*\.percent": _("Write a whole number from 1 to 100."),
        r"flag_words.*": _("Write a tag with letters in it, and choose what it means."),
        r"accounts\..*\.name": _("Write the account’s name beside its code."),
        r"(names?|.*\.(name|text|label))": _("Write it in at least one language."),
    }
    for pattern, sentence in sentences.items():
        if re.fullmatch(pattern, key):
            return str(sentence)
    return str(_("This can’t be taken as it is. Look it over and write it again."))


def label_of(fields: Sequence[Field], key: str) -> str:
    """Say what a key is called on its page: ``Funds, water-desk, GL code``.

    Args:
        fields: Of its part.
        key: Such as ``funds.water-desk.gl_code``.
    """
    words, parts, inside = list[str](), key.split("."), list(fields)
    for part in parts:
        found = next((each for each in inside if each.name == part), None)
        if found is None:
            words.append(LANGUAGES.get(part, part))
            continue
        if found.label:
            words.append(found.label)
        inside = list(found.fields)
    return ", ".join(words)


def say_value(value: Any, fields: Mapping[str, str] | None = None) -> str:
    """Write a setting's value as a page shows it.

    Args:
        value: A single one; None is none.
        fields: What some values are called.
    """
    if value is None:
        return str(_("empty"))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, str) and value.startswith("mark:"):
        return str(_("words kept as %(mark)s", mark=value.removeprefix("mark:")))
    return (fields or {}).get(str(value), str(value))
