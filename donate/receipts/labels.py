"""The labels of receipts and statements, in the languages of the house."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

from babel.dates import format_date
from babel.support import NullTranslations, Translations

from donate.money import keep_together

_CATALOGS = Path(__file__).resolve().parent.parent / "translations"
_LOCALES = {"en": "en_GB", "ar": "ar_JO", "he": "he"}


def _(words: str) -> str:
    """Mark words for the catalogues; they are looked up when a receipt is written, in its own language."""
    return words


RECEIPT = _("Receipt %(number)s")
STATEMENT = _("Statement of gifts, %(year)s")
DUPLICATE = _("DUPLICATE")
DUPLICATE_OF_DAY = _("DUPLICATE of %(day)s")
VOID = _("VOID")
VOID_SINCE = _("VOID since %(day)s")
REPLACES = _("Replaces %(number)s")
REPLACED_BY = _("Replaced by %(number)s")
RETURNED_WHOLE = _("This gift was given back whole. Nothing of it was kept, and nothing of it may be deducted.")
NEVER_CAME = _("This gift did not come to us after all. Nothing of it was kept, and nothing of it may be deducted.")
GIVEN = _("Given")
NOT_KEPT = _("Did not come after all")
NOT_VALUED = _("Described, not valued")
NUMBER = _("Number")
ISSUED = _("Issued")
RECEIVED = _("Received")
FOR = _("For")
YEAR = _("Year")
REFERENCE = _("Reference of the gift")
WHAT = _("What")
AMOUNT = _("Amount")
GIFT_ONCE = _("Gift, one time")
GIFT_MONTH = _("Gift, every month")
GIFT_YEAR = _("Gift, every year")
FEE_COVER = _("Card fee, covered by you")
CHARGED = _("Charged")
WENT_BACK = _("Given back")
KEPT = _("Kept")
BENEFIT_VALUE = _("Value of what was given in return")
DEDUCTIBLE = _("Deductible part")
DAY = _("Date")
ONE_RECEIPT = _("Receipt")
TOTAL = _("Total, %(currency)s")
TAX_NUMBER = _("Tax number %(number)s")
SPONSOR = _("Fiscal sponsor: %(name)s, tax number %(number)s")
ASK = _("Questions? %(name)s, %(contact)s")
PROOF = _("Proof of content (SHA-256): %(hash)s")


def label(words: str, language: str, **values: object) -> str:
    """Write a label.

    Args:
        words: One of the above.
        language: ``en``, ``ar`` or ``he``.
        values: What stands in it; a ``number`` keeps its own order, also after Arabic letters.
    """
    said = _catalog(language).gettext(words)
    if "number" in values:
        values = {**values, "number": keep_together(str(values["number"]), language)}
    return said % values if values else said


def written_day(day: date, language: str) -> str:
    """Write a day as the letters do."""
    return format_date(day, "long", locale=_LOCALES[language])


@lru_cache(maxsize=8)
def _catalog(language: str) -> NullTranslations:
    return Translations.load(str(_CATALOGS), [language])
