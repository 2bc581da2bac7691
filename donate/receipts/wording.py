"""What a receipt must say: pure rules over plain facts, by the newsroom's own status, its country and the year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from donate.money import Money
from donate.receipts.rules import Rules, rules_for

#: ``charity``: gifts are deductible in its country; ``sponsored``: by way of a named sponsor; ``none``: they are not.
Standing = Literal["charity", "sponsored", "none"]
#: Who gave: a ``person``, by card or another way; ``daf``: a donor-advised fund on somebody's advice; ``match``: an
#: employer beside its employee's gift; ``foundation``; ``stock``: securities, described and never valued.
Source = Literal["person", "daf", "match", "foundation", "stock"]


@dataclass(frozen=True)
class TaxStatus:
    """What the newsroom is in the eyes of its tax office.

    Args:
        standing: See above.
        country: ISO 3166 code: whose law the receipt follows.
        legal_name: As it is registered.
        number: As registered: the charity's own, such as an EIN; empty where there is none.
        sponsor_name: Of a sponsored one: the charity that takes the gifts in law.
        sponsor_number: The sponsor's.
        address: Where it is, in lines.
    """

    standing: Standing
    country: str
    legal_name: str
    number: str = ""
    sponsor_name: str = ""
    sponsor_number: str = ""
    address: tuple[str, ...] = ()


@dataclass(frozen=True)
class Benefit:
    """What a giver received for a gift.

    Args:
        name: In the receipt's language.
        value: Its good-faith fair market value; None where it can be bought nowhere.
    """

    name: str
    value: Money | None


@dataclass(frozen=True)
class GiftFacts:
    """What is known of one gift; twelve monthly gifts are twelve of them.

    Args:
        received_on: The newsroom's day: the year whose rules hold.
        amount: What counts as given: all that was charged, less what went back.
        benefits: What was given in return.
        source: Who gave.
        described: Of stock: what it was, such as ``40 shares of Example Inc.``.
    """

    received_on: date
    amount: Money
    benefits: tuple[Benefit, ...] = ()
    source: Source = "person"
    described: str = ""


@dataclass(frozen=True)
class Sentence:
    """One sentence to be said, apart from any language.

    Args:
        key: Which, as ``sentences.say`` knows it.
        values: What stands in it: plain text, ``Money``, or several texts.
    """

    key: str
    values: Mapping[str, str | Money | list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Wording:
    """What a gift's receipt says of tax.

    Args:
        deductible: The part that may be deducted; None where nothing is said of it.
        benefit_value: The good-faith value of what was given in return; zero where it is worth nothing.
        notice: The sentence that must be likely to be noticed, if any.
        sentences: The others, in order.
    """

    deductible: Money | None
    benefit_value: Money
    notice: Sentence | None
    sentences: tuple[Sentence, ...]


def word_gift(status: TaxStatus, gift: GiftFacts) -> Wording:
    """Choose what a gift's receipt says of tax.

    Each gift is looked at by itself: monthly ones are never added up (IRS Publication 1771, "separate contributions").
    In another currency than the limits', both the acknowledgment and the disclosure are always given: nobody is hurt by
    a sentence too many.

    Args:
        status: The newsroom's.
        gift: One gift.
    """
    value = worth(gift.benefits, gift.amount.currency)
    if gift.source in ("daf", "match", "foundation"):
        # Whoever gave has its receipt elsewhere, or needs none; the person who advised it deducts nothing by ours.
        return Wording(None, value, None, (Sentence(gift.source, {"name": status.legal_name}),))
    if status.standing == "none":
        return _not_deductible(status, gift, value)
    rules = rules_for(status.country, gift.received_on.year)
    identity, goods = standing_sentence(status), _goods(gift.benefits, value)
    if rules is None:
        return Wording(None, value, None, (identity, *goods, Sentence("ask_your_tax_office")))
    is_small = gift.amount.currency == rules.currency and gift.amount.minor < rules.acknowledge_from.minor
    keep = Sentence("keep") if is_small and gift.source != "stock" else Sentence("acknowledgment")
    if gift.source == "stock":
        described = Sentence("stock", {"described": gift.described})
        # Nobody here can tell whether it is worth more than the limit, so what was given is always disclosed.
        limited = Sentence("stock_part", {"value": value}) if value.minor else None
        return Wording(None, value, limited, (described, identity, *(goods or (Sentence("no_goods"),)), keep))
    left = Money(max(0, gift.amount.minor - value.minor), gift.amount.currency)
    must_disclose = value.minor > 0 and _is_over(gift.amount, rules)
    limit = Sentence("deductible_part", {"value": value, "deductible": left}) if value.minor else None
    sentences = (
        identity,
        *(goods or (Sentence("no_goods"),)),
        *((limit,) if limit and not must_disclose else ()),
        keep,
    )
    return Wording(left, value, limit if must_disclose else None, sentences)


def worth(benefits: tuple[Benefit, ...], currency: str) -> Money:
    """Add up the good-faith values of what was given in return.

    Args:
        benefits: What it was.
        currency: The gift's; each value is in it.
    """
    total = Money(0, currency)
    for each in benefits:
        total = total + each.value if each.value is not None else total
    return total


def standing_sentence(status: TaxStatus) -> Sentence:
    """Say what the newsroom is, as the form, the receipt and asks by mail say it.

    Args:
        status: The newsroom's.
    """
    names = {"name": status.legal_name, "number": status.number}
    if status.standing == "sponsored":
        return Sentence("sponsored", {**names, "sponsor": status.sponsor_name, "number": status.sponsor_number})
    if status.standing == "none":
        return Sentence("none", {"name": status.legal_name})
    return Sentence("charity_us" if status.country == "US" else "charity", names)


def _not_deductible(status: TaxStatus, gift: GiftFacts, value: Money) -> Wording:
    described = (Sentence("stock", {"described": gift.described}),) if gift.source == "stock" else ()
    sentences = (*described, *_goods(gift.benefits, value))
    return Wording(Money(0, gift.amount.currency), value, standing_sentence(status), sentences)


def _goods(benefits: tuple[Benefit, ...], value: Money) -> tuple[Sentence, ...]:
    """Say what was given in return; nothing where nothing was, which each country says in its own way."""
    if not benefits:
        return ()
    if not value.minor:
        return (Sentence("goods_of_no_value", {"benefits": [each.name for each in benefits]}),)
    return (Sentence("goods", {"benefits": [each.name for each in benefits], "value": value}),)


def _is_over(amount: Money, rules: Rules) -> bool:
    return amount.currency != rules.currency or amount.minor > rules.disclose_over.minor
