"""The practice cards: which works, which is refused and in whose words (docs.stripe.com/testing)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """Why a bank says no."""

    code: str
    decline_code: str
    message: str


GENERIC = Refusal("card_declined", "generic_decline", "Your card was declined.")
NO_FUNDS = Refusal("card_declined", "insufficient_funds", "Your card has insufficient funds.")
LOST = Refusal("card_declined", "lost_card", "Your card was declined.")
STOLEN = Refusal("card_declined", "stolen_card", "Your card was declined.")
EXPIRED = Refusal("expired_card", "expired_card", "Your card has expired.")
WRONG_CVC = Refusal("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect.")
PROCESSING = Refusal(
    "processing_error",
    "processing_error",
    "An error occurred while processing your card. Try again in a little bit.",
)
NEEDS_BANK = Refusal(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)


@dataclass(frozen=True)
class Card:
    """One practice card and what happens to it now and when it is charged again later."""

    token: str
    brand: str
    last4: str
    now: Refusal | None = None
    later: Refusal | None = None
    asks_bank: bool = False
    country: str = "US"
    exp_month: int = 12
    exp_year: int = 2034
    title: str = ""
    note: str = ""


def _visa(token: str, last4: str, now: Refusal | None = None, later: Refusal | None = None, *,
          asks_bank: bool = False, title: str = "", note: str = "") -> Card:  # fmt: skip
    return Card("pm_card_" + token, "visa", last4, now, later or now, asks_bank, title=title, note=note)


ALL = (
    _visa("visa", "4242", title="Works", note="The gift is confirmed"),
    _visa("authenticationRequiredOnSetup", "3155", asks_bank=True, title="Asks the bank first",
          note="A second page, then confirmed"),
    _visa("chargeDeclinedInsufficientFunds", "9995", NO_FUNDS, title="No funds", note="Declined, nothing is charged"),
    _visa("chargeDeclined", "0002", GENERIC, title="Declined without a reason", note="Nothing is charged"),
    _visa("chargeDeclinedExpiredCard", "0069", EXPIRED, title="Expired", note="Declined, nothing is charged"),
    _visa("chargeCustomerFail", "0341", None, GENERIC, title="Works today, fails next month",
          note="To try a failed renewal"),
    Card("pm_card_mastercard", "mastercard", "4444"),
    Card("pm_card_amex", "amex", "8431"),
    _visa("visa_debit", "5556"),
    _visa("chargeDeclinedLostCard", "9987", LOST),
    _visa("chargeDeclinedStolenCard", "9979", STOLEN),
    _visa("chargeDeclinedIncorrectCvc", "0127", WRONG_CVC),
    _visa("chargeDeclinedProcessingError", "0119", PROCESSING),
    _visa("authenticationRequired", "3184", None, NEEDS_BANK, asks_bank=True),
    _visa("authenticationRequiredSetupForOffSession", "0446"),
    _visa("authenticationRequiredChargeDeclinedInsufficientFunds", "3178", NO_FUNDS, asks_bank=True),
)  # fmt: skip
BY_TOKEN = {card.token: card for card in ALL}
ON_THE_PAGE = tuple(card for card in ALL if card.title)
