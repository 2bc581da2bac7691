"""What a receipt says, as plain JSON that never changes: sums, days and the final words, and nobody's name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from donate.money import Money
from donate.receipts.labels import NEVER_CAME, RETURNED_WHOLE, label
from donate.receipts.sentences import say
from donate.receipts.wording import Benefit, GiftFacts, Source, TaxStatus, word_gift

Content = dict[str, Any]
#: What tells one document from another that says the same.
_OF_THE_PAPER = frozenset({"number", "issued_on", "replaces"})


@dataclass(frozen=True)
class Imprint:
    """What makes one paper of it.

    Args:
        number: Such as ``2026-004183``.
        issued_on: The newsroom's day.
        language: ``en``, ``ar`` or ``he``.
        replaces: The number of the void one that it stands for; may be empty.
    """

    number: str
    issued_on: date
    language: str
    replaces: str = ""

    def head(self, kind: str, newsroom: str, status: TaxStatus) -> Content:
        """Write what every receipt's content begins with."""
        return {
            "kind": kind,
            "number": self.number,
            "issued_on": self.issued_on.isoformat(),
            "language": self.language,
            "replaces": self.replaces,
            "newsroom": newsroom,
            "issuer": {**asdict(status), "address": list(status.address)},
        }


@dataclass(frozen=True)
class GiftSums:
    """One gift as its receipt says it.

    Args:
        reference: The gift's.
        received_on: The newsroom's day.
        fund: Its name in the receipt's language.
        frequency: ``once``, ``month`` or ``year``.
        given: What was charged.
        fee_cover: The part of it that covers the card fee.
        kept: What is left of it.
        benefits: What was given in return, in the receipt's language.
        method: How it came, where it passed no Stripe: one of ``giving.offline.entry.METHODS``.
        source: Whose gift it is.
        described: Of stock: what it was. Its value stands in the books, and on no paper.
    """

    reference: str
    received_on: date
    fund: str
    frequency: str
    given: Money
    fee_cover: Money
    kept: Money
    benefits: tuple[Benefit, ...] = ()
    method: str = ""
    source: Source = "person"
    described: str = ""

    def facts(self, amount: Money) -> GiftFacts:
        """Give what its wording depends on.

        Args:
            amount: What counts as given.
        """
        return GiftFacts(self.received_on, amount, self.benefits, self.source, self.described)


@dataclass(frozen=True)
class Words:
    """What is said of tax, in final words."""

    deductible: Money | None
    benefit_value: Money
    notice: str
    sentences: tuple[str, ...]


def words_of(status: TaxStatus, gift: GiftSums, language: str) -> Words:
    """Write what a gift's receipt says of tax; of one that went back whole, that it did.

    Args:
        status: The newsroom's.
        gift: One gift.
        language: Of the words.
    """
    nothing = Money(0, gift.given.currency)
    if not gift.kept:
        spoken = word_gift(status, gift.facts(gift.given)).deductible is not None
        why = label(NEVER_CAME if gift.method else RETURNED_WHOLE, language)
        return Words(nothing if spoken else None, nothing, why, ())
    wording = word_gift(status, gift.facts(gift.kept))
    return Words(
        wording.deductible,
        wording.benefit_value,
        say(wording.notice, language) if wording.notice is not None else "",
        tuple(say(sentence, language) for sentence in wording.sentences),
    )


def gift_content(paper: Imprint, newsroom: str, status: TaxStatus, gift: GiftSums) -> Content:
    """Write what a gift's receipt says.

    Args:
        paper: Its number, day and language.
        newsroom: Its name in the language.
        status: The newsroom's.
        gift: As it stands.
    """
    words = words_of(status, gift, paper.language)
    return {
        **paper.head("gift", newsroom, status),
        "reference": gift.reference,
        "received_on": gift.received_on.isoformat(),
        "fund": gift.fund,
        "frequency": gift.frequency,
        "currency": gift.given.currency,
        "given_minor": gift.given.minor,
        "fee_cover_minor": gift.fee_cover.minor,
        "returned_minor": (gift.given - gift.kept).minor,
        "amount_minor": gift.kept.minor,
        "benefits": [
            {"name": each.name, "value_minor": each.value.minor if each.value is not None else None}
            for each in (gift.benefits if gift.kept else ())
        ],
        "benefit_value_minor": words.benefit_value.minor,
        "deductible_minor": words.deductible.minor if words.deductible is not None else None,
        "notice": words.notice,
        "sentences": list(words.sentences),
        # Only of gifts that passed no Stripe: what other receipts say stays as it was hashed.
        **({"method": gift.method, "source": gift.source, "described": gift.described} if gift.method else {}),
    }


def status_in(content: Content) -> TaxStatus:
    """Give what the newsroom was in the eyes of its tax office when a receipt was issued.

    Args:
        content: The receipt's.
    """
    told = content["issuer"]
    return TaxStatus(**{**told, "address": tuple(told.get("address", ()))})


def benefits_in(content: Content) -> tuple[Benefit, ...]:
    """Give what a receipt says was given in return, named in the receipt's language.

    Args:
        content: A gift's.
    """
    currency = content["currency"]
    return tuple(
        Benefit(each["name"], Money(each["value_minor"], currency) if each["value_minor"] is not None else None)
        for each in content["benefits"]
    )


def sum_up(lines: Sequence[Content]) -> list[Content]:
    """Sum a statement's lines by currency; of what may be deducted only where a line speaks of it.

    Args:
        lines: Of the content.
    """
    totals: dict[str, Content] = {}
    for line in lines:
        total = totals.setdefault(
            line["currency"],
            {"currency": line["currency"], "given_minor": 0, "returned_minor": 0, "amount_minor": 0,
             "benefit_value_minor": 0, "deductible_minor": None},
        )  # fmt: skip
        for name in ("given_minor", "returned_minor", "amount_minor", "benefit_value_minor"):
            total[name] += line[name]
        if line["deductible_minor"] is not None:
            total["deductible_minor"] = (total["deductible_minor"] or 0) + line["deductible_minor"]
    return [totals[currency] for currency in sorted(totals)]


def says_the_same(one: Content, other: Content) -> bool:
    """Tell whether two receipts say the same, whatever their numbers and days."""
    return {name: value for name, value in one.items() if name not in _OF_THE_PAPER} == {
        name: value for name, value in other.items() if name not in _OF_THE_PAPER
    }


def hash_of(content: Content) -> str:
    """Give the SHA-256 of a content, written as JSON with sorted keys, no spaces and letters as they are.

    Args:
        content: Plain JSON values.
    """
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
