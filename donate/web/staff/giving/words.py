"""Gifts, promises and what happened to them, in the words of whoever answers readers."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from donate.errors import DonateError
from donate.web.staff.words import money_of


def say_gift_status(status: str) -> str:
    """Say in a word what became of a gift.

    Args:
        status: Of ``Donation``.
    """
    words: dict[str, str] = {
        "pending": _("Not paid yet"),
        "processing": _("With the bank"),
        "succeeded": _("Arrived"),
        "failed": _("Declined"),
        "canceled": _("Stopped"),
        "expired": _("Never paid"),
    }
    return words[status]


def say_promise_status(status: str) -> str:
    """Say in a word how a promise stands.

    Args:
        status: Of ``RecurringDonation``.
    """
    words: dict[str, str] = {
        "pending": _("Not begun"),
        "incomplete": _("Not begun"),
        "incomplete_expired": _("Never begun"),
        "trialing": _("Goes on"),
        "active": _("Goes on"),
        "past_due": _("Card refused"),
        "unpaid": _("Card refused"),
        "paused": _("Paused"),
        "canceled": _("Ended"),
    }
    return words.get(status, status.replace("_", " "))


def say_event(what: str) -> str:
    """Say what happened, as the headline of an entry of a person's story.

    Args:
        what: Of ``records.person_story.Event``, but for ``act``.
    """
    words: dict[str, str] = {
        "gift": _("Gift arrived"),
        "gift_pending": _("Began a gift"),
        "gift_processing": _("Paid; the bank takes days"),
        "gift_failed": _("Gift declined"),
        "gift_canceled": _("Gift stopped before it was paid"),
        "gift_expired": _("Began a gift and did not pay"),
        "refund": _("Refunded"),
        "refund_failed": _("Refund failed"),
        "dispute": _("Disputed at the bank"),
        "dispute_won": _("Dispute over: the money stays"),
        "dispute_lost": _("Dispute lost"),
        "promise_begun": _("Recurring gift began"),
        "promise_ended": _("Recurring gift ended"),
        "promise_skip": _("Skipped a charge"),
        "promise_pause": _("Paused the recurring gift"),
        "promise_resume": _("Took the recurring gift up again"),
        "promise_change": _("Changed the recurring gift"),
        "promise_cancel": _("Stopped the recurring gift"),
        "promise_cancel_now": _("Stopped the recurring gift"),
        "promise_card": _("Gave another card"),
        "promise_reactivate": _("Took the stop back"),
        "charge_failed": _("Renewal declined"),
        "letter": _("Letter sent"),
        "letter_waits": _("Letter waits to be sent"),
        "address_proven": _("Proved an address"),
        "address_asked": _("Asked for another address"),
        "address_changed": _("Letters go to another address"),
    }
    return words.get(what, what.replace("_", " "))


def say_check(check: str) -> str:
    """Name a way of making sure who asks.

    Args:
        check: One of ``records.readdress.CHECKS``.
    """
    words: dict[str, str] = {
        "gift_details": _("They told the date, the sum and the card’s last digits of a gift"),
        "phone": _("I called them on a number we had before"),
        "letter": _("They wrote from an address we knew before"),
        "in_person": _("They were here in person"),
    }
    return words[check]


def say_reason(reason: str) -> str:
    """Name Stripe's reason of a refund: https://docs.stripe.com/api/refunds/create#create_refund-reason."""
    words: dict[str, str] = {
        "requested_by_customer": _("The donor asked for it"),
        "duplicate": _("Given twice by mistake"),
        "fraudulent": _("The card was not the giver’s"),
    }
    otherwise: str = _("No reason told")
    return words.get(reason, otherwise)


def say_refusal(error: DonateError) -> str:
    """Say why something was not done, and what to do.

    Args:
        error: Of giving, donors or records.
    """
    values: dict[str, Any] = {k: money_of(v) for k, v in error.values.items()}
    words: dict[str, str] = {
        "note_empty": _("Write something first: the note was empty."),
        "note_too_long": _("A note holds %(most)s characters. Shorten it, or keep two.", most=values.get("most", "")),
        "donor_erased": _("This person was forgotten at their own wish. Nothing about them is kept any more."),
        "donor_known": _("This address is another donor’s already. If both are one person, merge them."),
        "name_missing": _("Type a name or an e-mail address: one of them is needed to find the donor again."),
        "name_too_long": _("A name holds %(most)s characters.", most=values.get("most", "")),
        "field_too_long": _("One line is too long: it holds %(most)s characters.", most=values.get("most", "")),
        "country_unknown": _("Type the country as two letters, such as US or LB."),
        "address_same": _("We write to this address already."),
        "check_missing": _("Say how you made sure that it is the donor who asks."),
        "merge_same": _("These are one record already. Choose another one."),
        "merge_erased": _("One of the two was forgotten at their own wish, so they can’t be made one."),
        "merge_erasing": _("One of the two asked to be forgotten, so they can’t be made one."),
        "merge_changed": _("Something changed while you looked. See what it is now, and press again."),
        "merge_missing": _("No donor has this reference. Find the other one by name, and choose it there."),
        "refund_not_received": _("This gift did not come by Stripe, so nothing can go back by Stripe."),
        "refund_changed": _(
            "Somebody refunded a part meanwhile. %(left)s is left: look again, then press.", left=values.get("left", "")
        ),
        "refund_too_large": _("At most %(left)s can go back.", left=values.get("left", "")),
        "refund_reason": _("Choose why it goes back."),
        "refund_amount": _("Type what goes back, such as 25.00."),
    }
    otherwise: str = _("This can’t be done as things stand. Look at the page once more.")
    return words.get(error.message, otherwise)
