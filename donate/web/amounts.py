"""Amounts as typed on a form: read, refused with a sentence, or asked about once."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask_babel import gettext as _

from donate.errors import BadAmount
from donate.giving.fee_cover import fee_cover
from donate.money import Money, decimals, from_major, parse_amount, show_in_text
from donate.payments.units import refuse_unchargeable
from donate.web.language import current_language

#: So many times the largest suggestion is more likely a slip than a gift.
LIKELY_SLIP = 10


@dataclass(frozen=True)
class AmountRead:
    """An amount, or the sentence that names the repair and the amounts that may have been meant."""

    gift: Money | None
    fee: Money | None = None
    problem: str = ""
    headline: str = ""
    meant: tuple[Money, ...] = ()


def read_amount(chosen: str, other: str, currency: str, *, cover_fee: bool) -> AmountRead:
    """Read what was chosen or typed, down to what Stripe can charge.

    Args:
        chosen: A preset in major units, or ``other``.
        other: What stands in the field beside it.
        currency: The form's.
        cover_fee: Whether the fee is added.
    """
    try:
        gift = read_plain(chosen, currency) if chosen != "other" else parse_amount(other, currency)
        refuse_unchargeable(gift)
        fee = fee_cover(gift) if cover_fee else Money(0, currency)
        refuse_unchargeable(gift + fee)
    except BadAmount as error:
        return _refused(error, currency)
    return AmountRead(gift, fee)


def read_plain(text: str, currency: str) -> Money:
    """Read an amount of our own form or link: major units, ``25`` or ``25.50``; else as if it were typed.

    Raises:
        BadAmount: As ``parse_amount``.
    """
    places = decimals(currency)
    if re.fullmatch(rf"[0-9]{{1,12}}(\.[0-9]{{1,{places}}})?" if places else r"[0-9]{1,12}", text):
        money = from_major(text, currency)
        if money.minor > 0:
            return money
    return parse_amount(text, currency)


def is_likely_slip(gift: Money, largest: Money | None) -> bool:
    """Tell whether an amount is so far above every suggestion that it should be asked about once.

    Args:
        gift: What was typed.
        largest: The largest amount suggested for the same frequency; None where nothing is.
    """
    return largest is not None and gift.minor > LIKELY_SLIP * largest.minor


def _refused(error: BadAmount, currency: str) -> AmountRead:
    values = error.values
    meant: tuple[Money, ...] = ()
    if error.message == "amount_ambiguous":
        meant = (values["first"], values["second"])
    elif error.message == "amount_last_digit":
        meant = tuple(each for each in (values["lower"], values["higher"]) if each.minor > 0)
    headline, problem = _sentences(error, currency)
    return AmountRead(None, None, problem, headline, meant)


def _sentences(error: BadAmount, currency: str) -> tuple[str, str]:
    """Give the line for the summary and the sentence beside the field."""
    example = Money(1250 if decimals(currency) == 2 else 15 * 10 ** decimals(currency), currency).plain()
    match error.message:
        case "amount_missing":
            return _("The amount is missing"), _("Write an amount, such as %(example)s", example=example)
        case "amount_not_positive":
            return _("The amount is not above zero"), _(
                "Write an amount above zero, such as %(example)s", example=example
            )
        case "amount_decimals" if error.values["decimals"] == 0:
            return _("The amount has decimals"), _("Write a whole number, such as %(example)s", example=example)
        case "amount_decimals":
            return _("The amount has too many decimals"), _(
                "Write the amount with %(decimals)s decimals at most, such as %(example)s",
                decimals=error.values["decimals"],
                example=example,
            )
        case "amount_ambiguous":
            return _("The amount can be read in two ways"), _("Which amount did you mean? Choose one:")
        case "amount_last_digit":
            return _("The amount can’t be charged to the last digit"), _(
                "Cards are charged in steps of ten of the smallest coin here. Choose the nearest amount:"
            )
        case "amount_too_small":
            return _("The amount is too small for a card"), _(
                "The least a card can be charged is %(least)s", least=_shown(error.values["minimum"])
            )
        case "amount_too_large":
            most = error.values.get("maximum")
            if most is None:
                return _("The amount is too large"), _("This is more than a card can be charged. Write to us instead.")
            return _("The amount is too large"), _(
                "The most a card can be charged is %(most)s. For more, write to us.", most=_shown(most)
            )
        case _:
            return _("The amount can’t be read"), _("Write the amount in digits, such as %(example)s", example=example)


def _shown(money: Money) -> str:
    return show_in_text(money, current_language())
