"""What Stripe refuses when a Checkout Session is opened, rule by rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from donate.sandbox import rules
from donate.sandbox.clock import HOUR
from donate.sandbox.errors import ApiError, required, unmodelled
from donate.sandbox.rules import rule
from donate.sandbox.store import Obj

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox


@dataclass
class Line:
    """One line of a session before it is stored: either a price that exists or the data for one."""

    param: str
    quantity: int
    currency: str
    amount: int
    recurring: dict[str, Any] | None
    price: Obj | None
    product: Obj | None
    data: dict[str, Any]


@dataclass
class Asked:
    """A session as asked for."""

    box: Sandbox
    params: dict[str, Any]
    lines: list[Line]

    @property
    def mode(self) -> str:
        """What the session is for: ``payment`` or ``subscription``."""
        return str(self.params.get("mode", ""))

    @property
    def ui_mode(self) -> str:
        """Where it is paid: on the hosted page, or with Elements on the seller's own."""
        return str(self.params.get("ui_mode", "hosted_page"))


BEFORE_LINES: list[Callable[[Asked], None]] = []
AFTER_LINES: list[Callable[[Asked], None]] = []


# -- a session, before its lines are looked at -------------------------------------------------------------


@rule(BEFORE_LINES)
def check_mode_required(asked: Asked) -> None:
    """Require a mode."""
    if not asked.mode:
        raise required("mode")


@rule(BEFORE_LINES)
def check_ui_mode_modelled(asked: Asked) -> None:
    """Take the hosted page and Elements."""
    if asked.ui_mode not in ("hosted_page", "elements"):
        raise unmodelled(f"`ui_mode={asked.ui_mode}`", "ui_mode")


@rule(BEFORE_LINES)
def check_hosted_page_words_not_with_elements(asked: Asked) -> None:
    """Refuse with Elements what only the hosted page could show."""
    for name in ("submit_type", "branding_settings", "custom_text", "origin_context"):
        if name in asked.params and asked.ui_mode == "elements":
            raise ApiError(f"You can not set `{name}` when `ui_mode` is `elements`.", param=name)


@rule(BEFORE_LINES)
def check_submit_type_allowed(asked: Asked) -> None:
    """Refuse submit_type=subscribe outside subscription mode."""
    if asked.params.get("submit_type") == "subscribe" and asked.mode != "subscription":
        raise ApiError("`submit_type` may be `subscribe` only in `subscription` mode.", param="submit_type")


@rule(BEFORE_LINES)
def check_success_url_required(asked: Asked) -> None:
    """Require success_url for the hosted page, and refuse return_url there; with Elements the other way round."""
    if asked.ui_mode == "elements":
        for name in ("success_url", "cancel_url"):
            if name in asked.params:
                raise ApiError(f"`{name}` can't be set when `ui_mode` is `elements`.", param=name)
        if "return_url" not in asked.params:
            raise required("return_url")
        return
    if "success_url" not in asked.params:
        raise required("success_url")
    if "return_url" in asked.params:
        raise ApiError("`return_url` can't be set when `ui_mode` is `hosted_page`.", param="return_url")


@rule(BEFORE_LINES)
def check_urls_absolute(asked: Asked) -> None:
    """Require whole web addresses for success_url, cancel_url and return_url."""
    for name in ("success_url", "cancel_url", "return_url"):
        url = asked.params.get(name)
        if url is not None and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc):
            raise ApiError("Not a valid URL", code="url_invalid", param=name)


@rule(BEFORE_LINES)
def check_expires_between_30_minutes_and_24_hours(asked: Asked) -> None:
    """Keep expires_at between 30 minutes and 24 hours from now."""
    at, now = asked.params.get("expires_at"), asked.box.clock.now()
    if at is None:
        return
    if at < now + HOUR // 2:
        raise ApiError(
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.", param="expires_at"
        )
    if at > now + 24 * HOUR:
        raise ApiError(
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.", param="expires_at"
        )


@rule(BEFORE_LINES)
def check_customer_or_email_not_both(asked: Asked) -> None:
    """Refuse customer together with customer_email or customer_creation."""
    if "customer" not in asked.params:
        return
    for name in ("customer_email", "customer_creation"):
        if name in asked.params:
            raise ApiError(f"You may only specify one of these parameters: customer, {name}.", param=name)


@rule(BEFORE_LINES)
def check_customer_email_plausible(asked: Asked) -> None:
    """Refuse a customer_email that is no address."""
    email = asked.params.get("customer_email")
    if email is not None:
        name, at, domain = email.rpartition("@")
        if not (at and name and "." in domain.strip(".")) or " " in email:
            raise ApiError(f"Invalid email address: {email}", code="email_invalid", param="customer_email")


@rule(BEFORE_LINES)
def check_payment_intent_data_only_in_payment(asked: Asked) -> None:
    """Refuse payment_intent_data, customer_creation and invoice_creation outside payment mode."""
    if asked.mode == "setup" and "customer_creation" in asked.params:
        raise unmodelled("`customer_creation` in `setup` mode", "customer_creation")
    for name in ("payment_intent_data", "customer_creation", "invoice_creation"):
        if name in asked.params and asked.mode != "payment":
            raise ApiError(f"You can not pass `{name}` in `{asked.mode}` mode.", param=name)


@rule(BEFORE_LINES)
def check_setup_intent_data_only_in_setup(asked: Asked) -> None:
    """Refuse setup_intent_data outside setup mode."""
    if "setup_intent_data" in asked.params and asked.mode != "setup":
        raise ApiError(f"You can not pass `setup_intent_data` in `{asked.mode}` mode.", param="setup_intent_data")


@rule(BEFORE_LINES)
def check_setup_has_no_lines(asked: Asked) -> None:
    """Refuse lines in setup mode, and words for a button that pays."""
    for name in ("line_items", "submit_type", "payment_method_collection"):
        if name in asked.params and asked.mode == "setup":
            raise ApiError(f"You can not pass `{name}` in `setup` mode.", param=name)


@rule(BEFORE_LINES)
def check_setup_needs_currency(asked: Asked) -> None:
    """Require a currency in setup mode, by which payment methods are chosen."""
    if asked.mode != "setup":
        return
    if "currency" not in asked.params:
        raise required("currency")
    rules.check_currency(asked.params["currency"], "currency")


@rule(BEFORE_LINES)
def check_subscription_data_only_in_subscription(asked: Asked) -> None:
    """Refuse subscription_data outside subscription mode."""
    if "subscription_data" in asked.params and asked.mode != "subscription":
        raise ApiError(f"You can not pass `subscription_data` in `{asked.mode}` mode.", param="subscription_data")


@rule(BEFORE_LINES)
def check_billing_mode_flexible(asked: Asked) -> None:
    """Take flexible billing only, the mode of this API version."""
    if asked.params.get("subscription_data", {}).get("billing_mode", {}).get("type", "flexible") != "flexible":
        raise unmodelled("classic billing", "subscription_data[billing_mode]")


@rule(BEFORE_LINES)
def check_statement_descriptor(asked: Asked) -> None:
    """Check the statement descriptor suffix: with the prefix 5 to 22 characters, a letter, no < > \\ ' " *."""
    data = asked.params.get("payment_intent_data", {})
    if "statement_descriptor" in data:
        raise ApiError(
            "The `statement_descriptor` parameter is not supported for card charges. Use"
            " `statement_descriptor_suffix` instead.",
            param="payment_intent_data[statement_descriptor]",
        )
    suffix, param = data.get("statement_descriptor_suffix"), "payment_intent_data[statement_descriptor_suffix]"
    if suffix is None:
        return
    if any(sign in "<>\\'\"*" for sign in suffix):
        raise ApiError("The statement descriptor suffix contains unsupported characters: <>\\'\"*", param=param)
    if not any(sign.isascii() and sign.isalpha() for sign in suffix):
        raise ApiError("The statement descriptor suffix must contain at least one letter.", param=param)
    if not 5 <= len(f"{rules.PREFIX}* {suffix}") <= 22:
        raise ApiError(
            f"The statement descriptor must be between 5 and 22 characters with its prefix ({rules.PREFIX}* ).",
            param=param,
        )


@rule(BEFORE_LINES)
def check_client_reference_id(asked: Asked) -> None:
    """Keep client_reference_id to 200 letters, digits, dashes and underscores."""
    text = asked.params.get("client_reference_id")
    if text is not None and (len(text) > 200 or not text.replace("-", "").replace("_", "").isalnum()):
        raise ApiError("Invalid client_reference_id.", param="client_reference_id")


# -- a session's lines -------------------------------------------------------------------------------------


@rule(AFTER_LINES)
def check_line_items_required(asked: Asked) -> None:
    """Require at least one line."""
    if not asked.lines:
        raise required("line_items")


@rule(AFTER_LINES)
def check_subscription_needs_recurring(asked: Asked) -> None:
    """Require a recurring price in subscription mode, all of one interval."""
    if asked.mode != "subscription":
        return
    if not any(line.recurring for line in asked.lines):
        words = "You must provide at least one recurring price in `subscription` mode when using prices."
        raise ApiError(words, param="line_items")
    if len(asked.lines) > 1:
        raise unmodelled("subscriptions of several lines", "line_items")


@rule(AFTER_LINES)
def check_payment_refuses_recurring(asked: Asked) -> None:
    """Refuse a recurring price in payment mode."""
    if asked.mode == "payment" and any(line.recurring for line in asked.lines):
        raise ApiError(
            "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use"
            " only one-time prices.",
            param="line_items",
        )


@rule(AFTER_LINES)
def check_one_currency(asked: Asked) -> None:
    """Require one currency for all lines, that of the session where it names one."""
    currencies = {line.currency for line in asked.lines} | {asked.params.get("currency", asked.lines[0].currency)}
    if len(currencies) > 1:
        named = ", ".join(sorted(currencies))
        raise ApiError(f"All line items must use one currency; got {named}.", param="line_items")


@rule(AFTER_LINES)
def check_product_active(asked: Asked) -> None:
    """Refuse an inactive product or an inactive price."""
    for line in asked.lines:
        if line.price is not None and not line.price["active"]:
            raise ApiError(
                f"The price specified is inactive. This field only accepts active prices: {line.price['id']}",
                param=f"{line.param}[price]",
            )
        if line.product is not None and not line.product["active"]:
            raise ApiError(
                f"The product {line.product['id']} is marked as inactive, and thus no new purchases can be made.",
                param=line.param,
            )


@rule(AFTER_LINES)
def check_last_digit_of_three_decimals(asked: Asked) -> None:
    """Require a last digit 0 in currencies of three decimals, and whole units of ISK and UGX."""
    for line in asked.lines:
        rules.check_minor_units(line.amount, line.currency, line.param)


@rule(AFTER_LINES)
def check_amount_minimum(asked: Asked) -> None:
    """Require Stripe's minimum for the currency, and at most eight digits."""
    total = sum(line.amount * line.quantity for line in asked.lines)
    currency = asked.lines[0].currency
    least = rules.MINIMUMS.get(currency, 1)
    if total < least:
        raise ApiError(
            f"The Checkout Session's total amount due must add up to at least {least} {currency} in minor units.",
            code="amount_too_small",
            param="line_items",
        )
    if total > rules.MOST:
        raise ApiError(
            "The Checkout Session's total amount due must be no more than 99999999 in minor units.",
            code="amount_too_large",
            param="line_items",
        )
