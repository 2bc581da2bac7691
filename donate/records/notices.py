"""Tell an account's own mailbox what was changed about it, so that nobody changes it unseen."""

from __future__ import annotations

from donate.donors.models import Donor
from donate.donors.queries import find_main_email
from donate.mail.queue import queue_mail
from donate.records.letters import write_letter


def notify_linked(donor: Donor, email: str, cause: str) -> None:
    """Tell the main address that one more was linked; call inside ``committed()``.

    Args:
        donor: Whose account it is.
        email: The address that was linked.
        cause: What makes the letter one.
    """
    main = find_main_email(donor.id)
    if main is not None and main.email != email:
        _queue(f"linked:{cause}", main.email, donor.language, "linked", email)


def notify_main_changed(donor: Donor, before: str, after: str, cause: str) -> None:
    """Tell both addresses that letters go to the new one from now on; call inside ``committed()``.

    Args:
        donor: Whose account it is.
        before: The address until now; empty where there was none.
        after: The address from now on.
        cause: What makes the letters one each.
    """
    for which, address in (("old", before), ("new", after)):
        if address:
            _queue(f"main:{which}:{cause}", address, donor.language, "main", after)


def _queue(key: str, to_address: str, language: str, change: str, email: str) -> None:
    queue_mail(write_letter(key, "address_notice", to_address, language, change=change, email=email))
