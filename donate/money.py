"""Money: integer minor units with their currency, which refuses to mix; reading and writing amounts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache

from babel.numbers import (
    UnknownCurrencyError,
    format_currency,
    get_currency_name,
    get_currency_precision,
    get_currency_symbol,
    validate_currency,
)

from donate.errors import BadAmount

# Digits people type on Arabic and Persian keyboards, and their decimal and grouping signs.
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_SIGNS = str.maketrans({"٫": "\N{MODIFIER LETTER VERTICAL LINE}", "٬": "'", "’": "'", "،": ","})
_CERTAIN_POINT = "\N{MODIFIER LETTER VERTICAL LINE}"  # ٫ can only be a decimal sign
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009\u200e\u200f\u061c]+")
# What people write beside an amount besides the sign and the code.
_MARKS = {"ILS": ("ש״ח", 'ש"ח', "NIS"), "JOD": ("د.أ", "JD"), "USD": ("US$",)}
_GROUPED = re.compile(r"\d{1,3}(?:(?P<sign>[,.'])\d{3})(?:(?P=sign)\d{3})*")


@dataclass(frozen=True, order=False)
class Money:
    """An amount of one currency in its minor units.

    Args:
        minor: Integer minor units: cents for USD, whole yen for JPY, fils for JOD.
        currency: ISO 4217 code, upper case.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if isinstance(self.minor, bool) or not isinstance(self.minor, int):
            raise TypeError(f"money is whole minor units, not {self.minor!r}")
        if len(self.currency) != 3 or not self.currency.isupper():
            raise ValueError(f"not an ISO 4217 code: {self.currency!r}")

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def _same(self, other: Money) -> int:
        if not isinstance(other, Money):
            raise TypeError(f"money meets only money, not {other!r}")
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not mix")
        return other.minor

    @property
    def major(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.minor).scaleb(-decimals(self.currency))

    def plain(self) -> str:
        """Write the amount as exports and form values do: ``15.00``, ``1500``, ``2.500``."""
        return f"{self.major:.{decimals(self.currency)}f}"

    def short(self) -> str:
        """Write the amount as links do: ``15`` where nothing follows the point, else ``12.50``."""
        text = self.plain()
        whole, _, rest = text.partition(".")
        return whole if not rest.strip("0") else text


@lru_cache(maxsize=512)
def decimals(currency: str) -> int:
    """Tell how many decimals a currency has (ISO 4217 by way of CLDR): 2 for USD, 0 for JPY, 3 for JOD."""
    # CLDR speaks of cash for a few; ISO 4217's minor units are what books keep.
    return {"ISK": 0, "UGX": 0, "IQD": 3, "LBP": 2, "SYP": 2, "YER": 2, "IRR": 2, "AFN": 2}.get(
        currency, get_currency_precision(currency)
    )


@lru_cache(maxsize=512)
def is_currency(code: str) -> bool:
    """Tell whether a text is an ISO 4217 code that CLDR knows."""
    try:
        validate_currency(code)
    except UnknownCurrencyError:
        return False
    return True


def from_major(text: str, currency: str) -> Money:
    """Read an amount our own data holds in major units, such as ``48000.00``.

    Args:
        text: Digits with at most the currency's decimals after one point.
        currency: ISO 4217 code.

    Raises:
        ValueError: When the text is no number or has more decimals than the currency.
    """
    scaled = Decimal(text).scaleb(decimals(currency))
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{text} has more decimals than {currency}")
    return Money(int(scaled), currency)


def parse_amount(text: str, currency: str) -> Money:
    """Read an amount as a person typed it, exactly and never by float.

    Accepts Western, Arabic and Persian digits; a point, comma or ٫ as the decimal sign; spaces,
    commas, points and apostrophes between groups of three; the currency's sign or code beside it.

    Args:
        text: What was typed.
        currency: ISO 4217 code that the amount is in.

    Returns:
        The amount, above zero.

    Raises:
        BadAmount: ``amount_missing``, ``amount_unreadable``, ``amount_decimals`` (with ``decimals``),
            ``amount_ambiguous`` (with ``first`` and ``second``, both Money), ``amount_not_positive``.
    """
    bare = _bare(text, currency)
    if not bare:
        raise BadAmount("amount_missing")
    if bare.startswith("-"):
        raise BadAmount("amount_not_positive")
    money = _read(bare, currency)
    if money.minor <= 0:
        raise BadAmount("amount_not_positive")
    return money


def _bare(text: str, currency: str) -> str:
    cleaned = _SPACES.sub(" ", text.translate(_DIGITS).translate(_SIGNS)).strip().replace("−", "-")
    for mark in (*_MARKS.get(currency, ()), symbol(currency), currency):
        if cleaned.upper().startswith(mark):
            cleaned = cleaned[len(mark) :].strip()
        elif cleaned.upper().endswith(mark):
            cleaned = cleaned[: -len(mark)].strip()
    # "1 000" groups by a space; "12 50" does not, and stays unreadable.
    return re.sub(r"(?<=\d) (?=\d{3}(?!\d))", "'", cleaned)


def _read(bare: str, currency: str) -> Money:
    if re.fullmatch(r"\d+", bare):
        return _money(bare, "", currency)
    point = bare.rpartition(_CERTAIN_POINT)
    if point[1]:
        return _with_point(point[0], point[2], currency)
    last = max(bare.rfind(","), bare.rfind("."))
    head, tail = (bare[:last], bare[last + 1 :]) if last >= 0 else (bare, "")
    mixed = last >= 0 and any(sign in head for sign in ",.'" if sign != bare[last])
    if mixed:
        # Two kinds of signs: the last one is the decimal sign, as in 1,250.50 or 1.250,50.
        return _with_point(head, tail, currency)
    if _GROUPED.fullmatch(bare):
        if bare.count("'") or len(re.findall(r"[,.]", bare)) > 1:
            return _money(re.sub(r"[,.']", "", bare), "", currency)
        return _one_sign_three_digits(head, bare[last], tail, currency)
    if last >= 0 and bare[last] in head:
        raise BadAmount("amount_unreadable")
    return _with_point(head, tail, currency)


def _one_sign_three_digits(head: str, sign: str, tail: str, currency: str) -> Money:
    """Read ``1,000`` or ``1.000``: a thousand to one reader, one to another, so ask unless it is certain."""
    places = decimals(currency)
    if head.startswith("0") or (sign == "." and places == 3):  # our own pages write JOD 2.500
        return _with_point(head, tail.rstrip("0") if places < 3 else tail, currency)
    as_group = _money(head + tail, "", currency)
    if places == 0:
        return as_group
    if tail[places:].strip("0"):
        if sign == ".":
            raise BadAmount("amount_decimals", decimals=places)
        return as_group
    raise BadAmount("amount_ambiguous", first=_money(head, tail[:places], currency), second=as_group)


def _with_point(head: str, tail: str, currency: str) -> Money:
    places = decimals(currency)
    if not re.fullmatch(r"\d*", tail):
        raise BadAmount("amount_unreadable")
    if re.search(r"\D", head):
        if not _GROUPED.fullmatch(head):
            raise BadAmount("amount_unreadable")
        head = re.sub(r"\D", "", head)
    if not head and not tail:
        raise BadAmount("amount_unreadable")
    if len(tail) > places:
        raise BadAmount("amount_decimals", decimals=places)
    return _money(head, tail, currency)


def _money(whole: str, part: str, currency: str) -> Money:
    if not re.fullmatch(r"[0-9]{0,15}", whole):
        raise BadAmount("amount_unreadable" if not whole.isdigit() else "amount_too_large")
    return Money(
        int(whole or "0") * 10 ** decimals(currency) + int(part.ljust(decimals(currency), "0") or "0"), currency
    )


@lru_cache(maxsize=4096)
def show(money: Money, language: str = "en", *, short: bool = False) -> str:
    """Write money for a reader, in Western digits in every language, as the card page and the bank do.

    Args:
        money: The amount.
        language: ``en``, ``ar`` or ``he``: decides nothing but the currency's sign.
        short: Leave the decimals out where they are zero: ``$15`` for a button of choices.
    """
    text = format_currency(
        money.major, money.currency, format=_pattern(money, short), locale="en", currency_digits=not short
    )
    # A hyphen would be broken off its number, and is too short beside a plus.
    return text.replace("\u00a0", " ").replace("-", "\N{MINUS SIGN}")


def show_in_text(money: Money, language: str) -> str:
    """Write money into a sentence of plain text, kept together where the sentence runs right to left.

    Args:
        money: The amount.
        language: The sentence's.
    """
    return keep_together(show(money, language), language)


def keep_together(text: str, language: str) -> str:
    """Isolate a sum or a number, so that right-to-left text does not turn its parts round.

    Args:
        text: Written from left to right.
        language: The one it stands in.
    """
    return f"\N{LEFT-TO-RIGHT ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}" if language in ("ar", "he") else text


def _pattern(money: Money, short: bool) -> str:
    sign = "¤" if len(symbol(money.currency)) == 1 else "¤\u00a0"
    if short and money.short() == str(money.major.to_integral_value()):
        return f"{sign}#,##0"
    return f"{sign}#,##0" + ("." + "0" * decimals(money.currency) if decimals(money.currency) else "")


def symbol(currency: str) -> str:
    """Tell the sign written before an amount: ``$``, ``₪``, or the code where there is none."""
    return get_currency_symbol(currency, locale="en")


def currency_name(currency: str, language: str = "en") -> str:
    """Name a currency in the plural, as in "Your amount in US dollars"."""
    return get_currency_name(currency, count=10, locale=language)


def gross_up(gift: Money, percent: Decimal, fixed_minor: int) -> Money:
    """Tell what covering a card fee adds to a gift, so that the gift arrives whole; rounded up.

    Args:
        gift: What should arrive.
        percent: The fee's share of what is charged, such as ``Decimal("3")``.
        fixed_minor: The fee's fixed part in the same minor units.
    """
    charged = (Decimal(gift.minor + fixed_minor) / (1 - percent / 100)).to_integral_value(ROUND_CEILING)
    return Money(int(charged) - gift.minor, gift.currency)
