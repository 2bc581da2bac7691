"""ISO money and Stripe's: which currencies it counts differently, and the least it takes."""

from __future__ import annotations

from donate.errors import BadAmount
from donate.money import Money, decimals

# https://docs.stripe.com/currencies#zero-decimal : charged in whole units.
_ZERO_DECIMAL = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
# https://docs.stripe.com/currencies#special-cases : whole units, written with two zeros behind them.
_WHOLE_WITH_ZEROS = frozenset({"ISK", "UGX"})
# https://docs.stripe.com/currencies#three-decimal : the last digit must be 0.
_THREE_DECIMAL = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})

# https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts , in ISO minor units.
_MINIMUM = {
    "USD": 50, "AED": 200, "AUD": 50, "BGN": 100, "BRL": 50, "CAD": 50, "CHF": 50, "CZK": 1500, "DKK": 250,
    "EUR": 50, "GBP": 30, "HKD": 400, "HUF": 17500, "INR": 50, "JPY": 50, "MXN": 1000, "MYR": 200, "NOK": 300,
    "NZD": 50, "PLN": 200, "RON": 200, "SEK": 300, "SGD": 50, "THB": 1000,
}  # fmt: skip
# Where Stripe names no minimum it converts to the account's; these keep above half a dollar of any of them.
_OTHERWISE = {0: 100, 2: 200, 3: 500}
_MOST_DIGITS = 99_999_999


def to_stripe(money: Money) -> int:
    """Turn ISO minor units into the integer Stripe calls amount.

    Raises:
        BadAmount: See ``refuse_unchargeable``.
    """
    refuse_unchargeable(money)
    if money.currency in _WHOLE_WITH_ZEROS:
        return int(money.minor * 10 ** (2 - decimals(money.currency)))
    return money.minor


def to_stripe_part(money: Money) -> int:
    """Turn a part of what was charged into Stripe's integer: no minimum holds for giving back.

    Raises:
        BadAmount: ``amount_not_positive``, or ``amount_last_digit`` (with ``lower`` and ``higher``, both Money).
    """
    if money.minor <= 0:
        raise BadAmount("amount_not_positive")
    _refuse_last_digit(money)
    if money.currency in _WHOLE_WITH_ZEROS:
        return int(money.minor * 10 ** (2 - decimals(money.currency)))
    return money.minor


def from_stripe(amount: int, currency: str) -> Money:
    """Turn Stripe's amount and lower-case currency into money."""
    code = currency.upper()
    if code in _WHOLE_WITH_ZEROS:
        return Money(amount // 10 ** (2 - decimals(code)), code)
    if code in _ZERO_DECIMAL and decimals(code) != 0:
        return Money(int(amount * 10 ** decimals(code)), code)
    return Money(amount, code)


def minimum(currency: str) -> Money:
    """Tell the least Stripe charges in a currency."""
    return Money(_MINIMUM.get(currency, _OTHERWISE[decimals(currency)]), currency)


def maximum(currency: str) -> Money:
    """Tell the most Stripe charges in a currency: eight digits."""
    return Money(_MOST_DIGITS - (_MOST_DIGITS % 10 if currency in _THREE_DECIMAL else 0), currency)


def refuse_unchargeable(money: Money) -> None:
    """Refuse an amount that Stripe would refuse.

    Raises:
        BadAmount: ``amount_too_small`` (with ``minimum``), ``amount_too_large`` (with ``maximum``) or
            ``amount_last_digit`` (with ``lower`` and ``higher``, both Money): three-decimal currencies end in 0.
    """
    if money < minimum(money.currency):
        raise BadAmount("amount_too_small", minimum=minimum(money.currency))
    if money > maximum(money.currency):
        raise BadAmount("amount_too_large", maximum=maximum(money.currency))
    _refuse_last_digit(money)


def _refuse_last_digit(money: Money) -> None:
    if money.currency in _THREE_DECIMAL and money.minor % 10:
        lower = Money(money.minor - money.minor % 10, money.currency)
        raise BadAmount("amount_last_digit", lower=lower, higher=Money(lower.minor + 10, money.currency))


def round_up(money: Money) -> Money:
    """Round an amount of our own making up to what Stripe can charge."""
    if money.currency in _THREE_DECIMAL and money.minor % 10:
        return Money(money.minor + 10 - money.minor % 10, money.currency)
    return money
