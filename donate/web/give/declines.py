"""What a bank's refusal means for the person whose card it is, in plain words and in one place."""

from __future__ import annotations

from flask_babel import gettext as _


def reason(code: str) -> str:
    """Put a decline or error code into a sentence, with what helps; unknown ones get the honest general one.

    https://docs.stripe.com/declines/codes

    Args:
        code: Stripe's ``decline_code`` or ``code``.
    """
    for codes, sentence in _table():
        if code in codes:
            return sentence
    return str(_("It gave no reason that we can pass on. The bank can say more; another card often works."))


def _table() -> tuple[tuple[tuple[str, ...], str], ...]:
    # As long as there are reasons: one place is what they are here for.
    return (
        (("insufficient_funds",), _("Its reason: the card has too little money on it today.")),
        (
            ("withdrawal_count_limit_exceeded", "card_velocity_exceeded"),
            _("Its reason: the card has reached its limit. It may work tomorrow, or with a smaller amount."),
        ),
        (("expired_card",), _("Its reason: the card is past its date.")),
        (
            ("incorrect_cvc", "invalid_cvc"),
            _("Its reason: the three or four digits on the back were not right."),
        ),
        (
            ("incorrect_number", "invalid_number", "invalid_account"),
            _("Its reason: the card number was not right."),
        ),
        (
            ("invalid_expiry_month", "invalid_expiry_year"),
            _("Its reason: the card’s date was not right."),
        ),
        (("incorrect_zip", "incorrect_address"), _("Its reason: the address does not fit the card.")),
        (
            ("authentication_required", "payment_intent_authentication_failure", "authentication_not_handled"),
            _("The bank wanted to hear from you first, and no answer reached it. Try again and confirm it there."),
        ),
        (
            ("processing_error", "issuer_not_available", "try_again_later", "reenter_transaction", "approve_with_id"),
            _("Something failed on the way to the bank. The same card may work in a few minutes."),
        ),
        (
            ("currency_not_supported", "card_not_supported", "transaction_not_allowed", "service_not_allowed"),
            _("Its reason: this card can’t be used for this kind of payment. Another card may."),
        ),
        # A thief must not learn that a card is known as stolen, and an honest holder is told by the bank.
        (
            ("generic_decline", "card_declined", "do_not_honor", "do_not_try_again", "lost_card", "stolen_card",
             "fraudulent", "merchant_blacklist", "pickup_card", "restricted_card", "call_issuer", "no_action_taken",
             "not_permitted", "revocation_of_authorization", "security_violation", "stop_payment_order"),
            _("It did not say why. Banks sometimes stop a payment to a place they have not seen before; a call to "
              "them helps, or another card."),
        ),
        (
            ("debit_not_authorized", "bank_account_restricted", "no_account", "bank_account_declined"),
            _("Its reason: the account can’t be debited."),
        ),
    )  # fmt: skip
