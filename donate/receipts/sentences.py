"""The sentences of receipts, in the languages of the house."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from babel import support

from donate.money import Money, keep_together, show_in_text
from donate.receipts.wording import Sentence

_TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"


def _(text: str) -> str:
    """Mark a text for the catalogues; it is translated when it is said."""
    return text


_TEXTS = {
    "charity_us": _(
        "%(name)s is exempt from tax under section 501(c)(3) of the Internal Revenue Code; its EIN is %(number)s."
    ),
    "charity": _("%(name)s is a registered charity, number %(number)s."),
    "sponsored": _(
        "%(name)s is a project of %(sponsor)s, a charity with the number %(number)s, which receives this gift in law."
    ),
    "none": _("Gifts to %(name)s are not tax-deductible."),
    "no_goods": _("No goods or services were provided in exchange for this contribution."),
    "goods": _("In return you received: %(benefits)s. We estimate in good faith that this is worth %(value)s."),
    "goods_of_no_value": _(
        "In return you received: %(benefits)s. It cannot be bought, and we put its value at nothing."
    ),
    "deductible_part": _(
        "What you received in return is worth %(value)s. The part of your gift that may be deducted is limited to what"
        " exceeds that: %(deductible)s."
    ),
    "stock_part": _(
        "What you received in return is worth %(value)s. Only what your gift is worth above that may be deducted."
    ),
    "acknowledgment": _(
        "This is the written acknowledgment that the tax office asks for with a gift of $250 or more. Please keep it."
    ),
    "keep": _("Please keep this for your records."),
    "ask_your_tax_office": _("Whether a gift can be deducted depends on the law of the country you pay taxes in."),
    "daf": _(
        "Thank you for recommending this grant from your donor-advised fund. The fund has given its own receipt for"
        " what was paid into it, so this letter speaks of no tax."
    ),
    "match": _("Thank you: your employer’s gift to %(name)s beside yours has arrived."),
    "foundation": _("Thank you for this grant to %(name)s."),
    "stock": _("We received from you: %(described)s. We describe it and put no value on it."),
}
# Written from left to right whatever the sentence's language.
_NUMBERS = frozenset({"number"})


def say(sentence: Sentence, language: str) -> str:
    """Write a sentence.

    Args:
        sentence: As ``wording`` chose it.
        language: ``en``, ``ar`` or ``he``.
    """
    values = {name: _write(name, value, language) for name, value in sentence.values.items()}
    return str(_spoken(language).ugettext(_TEXTS[sentence.key])) % values


def _write(name: str, value: str | Money | list[str], language: str) -> str:
    if isinstance(value, Money):
        return show_in_text(value, language)
    if isinstance(value, list):
        return ("؛ " if language == "ar" else "; ").join(value)  # each may have commas of its own
    return keep_together(value, language) if name in _NUMBERS and value else value


@lru_cache(maxsize=8)
def _spoken(language: str) -> support.NullTranslations:
    return support.Translations.load(str(_TRANSLATIONS), [language])
