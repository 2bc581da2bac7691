"""The sentences of receipts, in the languages of the house."""

from __future__ import annotations

from donate.receipts.wording import Sentence


def say(sentence: Sentence, language: str) -> str:
    """Write a sentence.

    Args:
        sentence: As ``wording`` chose it.
        language: ``en``, ``ar`` or ``he``.
    """
    if sentence.key == "not_deductible":
        return "Gifts to this newsroom are not tax-deductible."
    return "This gift is tax-deductible as far as the law allows."
