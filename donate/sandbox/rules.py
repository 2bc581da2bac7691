"""Rules between fields that types can't express, each named once: what Stripe refuses and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from donate.sandbox.errors import ApiError, missing, unmodelled
from donate.sandbox.store import Obj

# docs.stripe.com/currencies: the least amount of a charge, in minor units, where Stripe names one.
MINIMUMS = {
    "usd": 50, "aed": 200, "aud": 50, "bgn": 100, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250,
    "eur": 50, "gbp": 30, "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300,
    "nzd": 50, "pln": 200, "ron": 200, "sek": 300, "sgd": 50, "thb": 1000,
}  # fmt: skip
MOST = 99_999_999
ZERO_DECIMAL = {"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"}
THREE_DECIMAL = {"bhd", "jod", "kwd", "omr", "tnd"}
WHOLE_UNITS = {"isk", "ugx"}  # no minor unit any more, but still written with two decimals
PREFIX = "PRACTICE"  # the account's own part of the statement descriptor
INTERVALS_AT_MOST = {"day": 1095, "week": 156, "month": 36, "year": 3}

Check = Callable[..., None]
NAMES: dict[str, str] = {}  # every rule of the sandbox, with the sentence that says it


def rule(stage: list[Any] | None = None) -> Callable[[Check], Check]:
    """Name a rule after its function and its sentence after the docstring; a stage runs its rules in order."""

    def register(check: Check) -> Check:
        NAMES[check.__name__.removeprefix("check_")] = (check.__doc__ or "").strip().splitlines()[0]
        if stage is not None:
            stage.append(check)
        return check

    return register


@rule()
def check_minor_units(amount: int, currency: str, param: str) -> None:
    """Refuse minor units that the card networks don't carry."""
    if currency in THREE_DECIMAL and amount % 10:
        raise ApiError(
            f"Invalid amount: {currency.upper()} amounts must have 0 as their last digit.",
            code="parameter_invalid_integer",
            param=param,
        )
    if currency in WHOLE_UNITS and amount % 100:
        raise ApiError(
            f"Invalid amount: {currency.upper()} amounts must be divisible by 100.",
            code="parameter_invalid_integer",
            param=param,
        )


@rule()
def check_currency(currency: str, param: str) -> None:
    """Require a currency as three lower-case letters."""
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.islower()):
        raise ApiError(f"Invalid currency: {currency}.", param=param)


@rule()
def check_recurring(recurring: dict[str, Any] | None, param: str) -> None:
    """Keep an interval to three years at most, licensed and without a meter."""
    if not recurring:
        return
    count, interval = recurring.get("interval_count", 1), recurring["interval"]
    if not 1 <= count <= INTERVALS_AT_MOST.get(interval, 0):
        raise ApiError("The interval must be at most three years.", param=f"{param}[recurring][interval_count]")
    if recurring.get("usage_type", "licensed") != "licensed" or "meter" in recurring:
        raise unmodelled("metered prices", f"{param}[recurring]")


@rule()
def check_session_open(session: Obj, doing: str) -> None:
    """Refuse to expire or pay a session that is not open."""
    if session["status"] != "open":
        raise ApiError(
            f'Only Checkout Sessions with a status in ["open"] can be {doing}. This Checkout Session has a status of'
            f" {session['status']}.",
        )


@rule()
def check_subscription_alive(subscription: Obj) -> None:
    """Refuse changes to a canceled subscription but for its metadata."""
    if subscription["status"] in ("canceled", "incomplete_expired"):
        raise ApiError("A canceled subscription can only update its cancellation_details and metadata.")


@rule()
def check_method_unused(method: Obj) -> None:
    """Refuse to attach a payment method that was paid with alone, was detached, or is somebody else's."""
    if method["customer"]:
        raise ApiError("The payment method you provided has already been attached to a customer.")
    if method.get("_detached") or method.get("_used"):
        raise ApiError(
            "This PaymentMethod was previously used without being attached to a Customer or was detached from a"
            " Customer, and may not be used again."
        )


@rule()
def check_method_attached(method: Obj) -> None:
    """Refuse to detach a payment method that nobody has."""
    if not method["customer"]:
        raise ApiError(
            "The payment method you provided is not attached to a customer so detachment is impossible.",
            param="payment_method",
        )


@rule()
def check_method_of_customer(method: Obj | None, identifier: str, customer: str, param: str) -> None:
    """Refuse a payment method that the customer doesn't have."""
    if method is None:
        raise missing("PaymentMethod", identifier, param, status=400)
    if method["customer"] != customer:
        raise ApiError(
            f"The customer does not have a payment method with the ID {identifier}. The payment method must be attached"
            " to the customer.",
            code="resource_missing",
            param=param,
        )


@rule()
def check_invoice_payable(invoice: Obj) -> None:
    """Refuse to pay an invoice that is paid, void, or waiting for a bank."""
    if invoice["status"] == "paid":
        raise ApiError("Invoice is already paid")
    if invoice["status"] == "void":
        raise ApiError("Invoice is no longer payable")
    if invoice.get("_processing"):
        raise ApiError("This invoice has a payment that is still processing.")


@rule()
def check_method_offered(kind: str, offered: list[str]) -> None:
    """Refuse a kind of payment that the session doesn't offer."""
    if kind not in offered:
        raise ApiError(f"The payment method type `{kind}` is not offered here: {', '.join(offered)}.")


@rule()
def check_resumes_later(resumes_at: int | None, now: int) -> None:
    """Require pause_collection[resumes_at] in the future."""
    if resumes_at is not None and resumes_at <= now:
        raise ApiError("`resumes_at` must be a timestamp in the future.", param="pause_collection[resumes_at]")


@rule()
def check_price_or_data(line: dict[str, Any], param: str) -> None:
    """Require exactly one of price and price_data, and of product and product_data in it."""
    if ("price" in line) == ("price_data" in line):
        raise ApiError(f"You must specify exactly one of `price` or `price_data` in {param}.", param=param)
    data = line.get("price_data")
    if data is not None and ("product" in data) == ("product_data" in data):
        raise ApiError(
            f"You must specify exactly one of `product` or `product_data` in {param}[price_data].", param=param
        )


@rule()
def check_quantity(line: dict[str, Any], param: str) -> None:
    """Require a quantity of one or more."""
    if "quantity" not in line:
        raise ApiError(f"Quantity is required. Add `quantity` to `{param}`", param=f"{param}[quantity]")
    if line["quantity"] < 1:
        raise ApiError("Quantity must be at least 1.", code="parameter_invalid_integer", param=f"{param}[quantity]")


@rule()
def check_product_exists(product: Obj | None, identifier: str, param: str) -> None:
    """Refuse a product that doesn't exist."""
    if product is None:
        raise missing("product", identifier, param, status=400)


@rule()
def check_payout_covered(amount: int, available: int, currency: str) -> None:
    """Refuse a payout of more than what is available."""
    if amount > available:
        raise ApiError(
            f"You have insufficient funds in your Stripe account for this transfer. Your {currency.upper()} balance is"
            f" {available}.",
            code="balance_insufficient",
            param="amount",
        )


@rule()
def check_payout_pending(payout: Obj) -> None:
    """Refuse to cancel a payout that is on its way already."""
    if payout["status"] != "pending" or payout["automatic"]:
        raise ApiError("Payouts can be canceled only while they are pending, and automatic ones never.")
