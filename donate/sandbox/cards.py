"""The practice cards and bank accounts: which pays, which is refused and in whose words (docs.stripe.com/testing)."""

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
    """One practice card and what happens to it now and when it is charged again later.

    A bank account is written the same way: `later` is what its bank answers, days after.
    """

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
    refund: str = ""  # what becomes of a refund: nothing special, "pending" first, or it "fails" later
    dispute: str = ""  # the reason for which its bank asks the money back soon after
    inquiry: bool = False  # the bank only asks, and takes nothing
    kind: str = "card"  # or the type of bank debit
    kept: str = ""  # what is said instead of the note where the card is only to be saved


def _visa(token: str, last4: str, now: Refusal | None = None, later: Refusal | None = None, *,
          asks_bank: bool = False, title: str = "", note: str = "", kept: str = "") -> Card:  # fmt: skip
    return Card("pm_card_" + token, "visa", last4, now, later or now, asks_bank, title=title, note=note, kept=kept)


ALL = (
    _visa("visa", "4242", title="Works", note="The gift is confirmed", kept="The card is saved"),
    _visa("authenticationRequiredOnSetup", "3155", asks_bank=True, title="Asks the bank first",
          note="A second page, then confirmed", kept="A second page, then saved"),
    _visa("chargeDeclinedInsufficientFunds", "9995", NO_FUNDS, title="No funds", note="Declined, nothing is charged",
          kept="Declined, nothing is saved"),
    _visa("chargeDeclined", "0002", GENERIC, title="Declined without a reason", note="Nothing is charged",
          kept="Nothing is saved"),
    _visa("chargeDeclinedExpiredCard", "0069", EXPIRED, title="Expired", note="Declined, nothing is charged",
          kept="Declined, nothing is saved"),
    _visa("chargeCustomerFail", "0341", None, GENERIC, title="Works today, fails next month",
          note="To try a failed renewal", kept="To try a failed renewal"),
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
    Card("pm_card_pendingRefund", "visa", "7726", refund="pending", note="A refund waits for an hour"),
    Card("pm_card_refundFail", "visa", "5126", refund="fails", note="A refund fails after an hour"),
    Card("pm_card_createDispute", "visa", "0259", dispute="fraudulent", note="Disputed: fraudulent"),
    Card("pm_card_createDisputeProductNotReceived", "visa", "2685", dispute="product_not_received",
         note="Disputed: product not received"),
    Card("pm_card_createDisputeInquiry", "visa", "1976", dispute="fraudulent", inquiry=True, note="The bank asks"),
)  # fmt: skip
NO_MONEY = Refusal(
    "insufficient_funds", "insufficient_funds", "The customer's account has insufficient funds to cover this payment."
)
CLOSED = Refusal("account_closed", "account_closed", "The customer's bank account has been closed.")
NOT_ALLOWED = Refusal(
    "debit_not_authorized",
    "debit_not_authorized",
    "The customer has notified their bank that this payment was unauthorized.",
)
FAILED = Refusal(
    "payment_intent_payment_attempt_failed",
    "generic_decline",
    "The payment failed.",
)
# docs.stripe.com/payments/sepa-debit and docs.stripe.com/payments/ach-direct-debit: where each debit is offered.
DEBITS = {"sepa_debit": "eur", "us_bank_account": "usd"}


def _account(token: str, last4: str, refusal: Refusal | None = None, title: str = "") -> Card:
    note = "Days later the bank refuses" if refusal else "Confirmed days later"
    kept = "To try a debit that fails" if refusal else "The account is saved"
    if token.startswith("usBankAccount"):
        return Card("pm_" + token, "STRIPE TEST BANK", last4, None, refusal, title=title, note=note, kept=kept,
                    kind="us_bank_account")  # fmt: skip
    return Card("pm_" + token, "37040044", last4, None, refusal, country="DE", title=title, note=note, kept=kept,
                kind="sepa_debit")  # fmt: skip


ACCOUNTS = (
    _account("usBankAccount_success", "6789", title="US bank account, works"),
    _account("usBankAccount_insufficientFunds", "2227", NO_MONEY, "US bank account, no funds"),
    _account("usBankAccount_accountClosed", "1113", CLOSED),
    _account("usBankAccount_debitNotAuthorized", "3335", NOT_ALLOWED),
    _account("success_de", "3000", title="SEPA direct debit, works"),
    _account("insufficientFunds_de", "2227", NO_MONEY, "SEPA direct debit, no funds"),
    _account("failed_de", "3001", FAILED),
)
BY_TOKEN = {card.token: card for card in (*ALL, *ACCOUNTS)}
ON_THE_PAGE = tuple(card for card in ALL if card.title)
