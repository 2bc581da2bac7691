"""Letters, their passages and placeholders in the words a staff member reads."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from donate.mail.passages import Reworded, Trouble


def say_audience(audience: str) -> str:
    """Name whom letters go to.

    Args:
        audience: One of ``mail.passages.AUDIENCES``.
    """
    words: dict[str, str] = {
        "everybody": _("Under every letter"),
        "givers": _("To who gave"),
        "promises": _("To who gives every month or year"),
        "account": _("About signing in and one’s own data"),
        "readers": _("To readers who asked for a letter"),
        "desk": _("To ourselves"),
    }
    return words[audience]


def say_letter(letter: str) -> str:
    """Name a letter.

    Args:
        letter: One of ``mail.passages.LETTERS``.
    """
    words: dict[str, str] = {
        "every_letter": _("The signature"),
        "receipt": _("Thanks and receipt for a gift"),
        "receipt_again": _("A receipt, sent again"),
        "receipt_corrected": _("A corrected receipt"),
        "statement": _("The statement of a year"),
        "refunded": _("Money goes back"),
        "promise_changed": _("A recurring gift was changed or stopped"),
        "charge_ahead": _("A charge is coming"),
        "charge_failed": _("The bank refused a charge"),
        "card_changed": _("A new card is charged"),
        "card_expires": _("A card runs out soon"),
        "promise_ended": _("A recurring gift ended"),
        "yearly_reminder": _("Once a year: what somebody gives"),
        "second_promise": _("A second recurring gift: is it meant?"),
        "ask_again": _("Asking again, as somebody wished who stopped"),
        "sign_in": _("The way in"),
        "sign_in_unknown": _("The way in, for an address we don’t know"),
        "link_address": _("One more address for an account"),
        "address_notice": _("An account’s addresses have changed"),
        "erased": _("Forgotten: the last letter"),
        "already_gave": _("“I already gave”"),
        "reminder": _("A reminder to give"),
        "refund_failed": _("A refund did not arrive"),
        "dispute_opened": _("A bank asks a gift back"),
        "dispute_closed": _("A dispute has ended"),
        "offline_receipt": _("Receipt for a gift that came by hand"),
        "offline_corrected": _("Corrected receipt for a gift that came by hand"),
        "offline_grant": _("Thanks for a grant"),
        "card_link": _("The way to another card"),
        "new_address": _("Shall we write to another address?"),
        "appeal_rests": _("An appeal rests because its story changed"),
        "report_ready": _("A saved report is ready"),
    }
    return words[letter]


def say_passage(passage: str) -> str:
    """Name a passage, with the case it is for.

    Args:
        passage: Such as ``subject`` or ``subject_recurring``.
    """
    part, _sep, case = passage.partition("_")
    parts: dict[str, str] = {
        "subject": _("Subject"),
        "headline": _("Headline"),
        "opening": _("Opening"),
        "closing": _("Closing"),
        "signature": _("Signature"),
    }
    return _("%(part)s, %(case)s", part=parts[part], case=say_case(case)) if case else parts[part]


def say_case(case: str) -> str:
    """Say when a letter is of one case.

    Args:
        case: The part of a passage's name after its underscore.
    """
    words: dict[str, str] = {
        "recurring": _("for a gift that repeats"),
        "unnamed": _("when we don’t know the name"),
        "skip": _("when one charge is skipped"),
        "pause": _("when it rests"),
        "resume": _("when it goes on"),
        "reactivate": _("when it goes on after all"),
        "change": _("when it is changed"),
        "cancel": _("when it is stopped"),
        "staff": _("for the desk"),
        "linked": _("when one was added"),
        "main": _("when letters go to another"),
        "unknown": _("when we know of no gift"),
        "inquiry": _("when the bank only asks"),
        "lost": _("when it is lost"),
        "won": _("when it is won"),
        "closed": _("when it was only a question"),
    }
    return words[case]


def say_slot(slot: str) -> str:
    """Say what stands for a placeholder.

    Args:
        slot: Its name.
    """
    words: dict[str, str] = {
        "newsroom": _("our name"),
        "first_name": _("the reader’s first name, where we know it"),
        "amount": _("the sum the letter is about"),
        "gift": _("the whole gift"),
        "fund": _("what the gift is for"),
        "day": _("the day the letter is about"),
        "number": _("the number"),
        "year": _("the year"),
        "appeal": _("the appeal’s name"),
        "report": _("the report’s name"),
        "rows": _("how many rows it has"),
    }
    return words[slot]


def say_trouble(letter: Reworded, trouble: Trouble) -> str:
    """Say what to do about words that can't be saved.

    Args:
        letter: Whose words they are.
        trouble: What is wrong with them.
    """
    if trouble.problem == "long":
        over = int(trouble.what)
        return str(ngettext("Make this shorter by %(num)d letter.", "Make this shorter by %(num)d letters.", over))
    friend = _("friend")
    words: dict[str, str] = {
        "empty": _("A letter needs this. Write a line, or take the house’s words again."),
        "unknown": _(
            "%(name)s is no placeholder of this letter. These are: %(allowed)s. For a plain word, drop the braces.",
            name=f"{{{trouble.what}}}",
            allowed=", ".join(f"{{{name}}}" for name in letter.slots),
        ),
        "lacks": _(
            "Some readers gave no name. Say what stands there then, after a line: %(example)s",
            example=f"{{{trouble.what}|{friend}}}",
        ),
        "link": _(
            "The link to “%(address)s” can’t stand in a letter. Begin it with https:// or mailto: and use no braces.",
            address=trouble.what,
        ),
    }
    return words[trouble.problem]
