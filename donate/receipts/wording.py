"""What a receipt must say: pure rules over plain facts, by the newsroom's own status, its country and the year."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from donate.money import Money

#: ``charity``: gifts are deductible in its country; ``sponsored``: by way of a named sponsor; ``none``: they are not.
Standing = Literal["charity", "sponsored", "none"]
#: Who gave: a person by ``card`` or another way of paying; ``daf``: a donor-advised fund on somebody's advice; ``match``:
#: an employer beside its employee's gift; ``foundation``; ``stock``: securities, described and never valued.
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
    """

    standing: Standing
    country: str
    legal_name: str
    number: str = ""
    sponsor_name: str = ""
    sponsor_number: str = ""


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
        values: What stands in it: plain text or ``Money``.
    """

    key: str
    values: dict[str, str | Money] = field(default_factory=dict)


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

    Args:
        status: The newsroom's.
        gift: One gift.
    """
    value = Money(sum(each.value.minor for each in gift.benefits if each.value), gift.amount.currency)
    if status.standing == "none":
        return Wording(None, value, None, (Sentence("not_deductible"),))
    left = Money(max(0, gift.amount.minor - value.minor), gift.amount.currency)
    return Wording(left, value, None, (Sentence("deductible", {"sum": left}),))
