"""Reissue: hand a receipt out again, marked as a duplicate, with who asked and when written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from donate import clock, references
from donate.db import db
from donate.donors.models import Donor
from donate.errors import NotFound
from donate.giving.models import Donation
from donate.limits.take import Limit
from donate.mail.queue import queue_mail
from donate.receipts.letters import copy_letter, statement_letter
from donate.receipts.models import Receipt, ReceiptCopy
from donate.receipts.paper import Paper
from donate.receipts.paper_of import paper_of

#: How often a receipt may be asked for again by mail, by anyone and by a network.
COPIES = Limit("receipt_copies", 3, timedelta(hours=1))
NETWORK_COPIES = Limit("receipt_copies_network", 20, timedelta(hours=1))


@dataclass(frozen=True)
class Reissued:
    """A receipt that was handed out again.

    Args:
        copy: The record of it.
        paper: Marked as a duplicate of its day.
    """

    copy: ReceiptCopy
    paper: Paper


def reissue(receipt: Receipt, *, zone: str, who_kind: str, who_id: int | None = None) -> Reissued:
    """Hand a receipt that holds out again; call inside ``committed()``.

    Args:
        receipt: A gift's or a statement.
        zone: The newsroom's.
        who_kind: ``staff``, ``member``, ``giver`` (who holds the gift's link) or ``system``.
        who_id: Row of the staff member or donor.

    Raises:
        NotFound: ``receipt_void``: what is void is not handed out as if it held.
    """
    if receipt.status != "issued":
        raise NotFound("receipt_void", number=receipt.number)
    at = clock.now()
    copy = ReceiptCopy(
        reference=references.new_reference(),
        receipt_id=receipt.id,
        made_at=at,
        made_on=clock.on(at, zone),
        who_kind=who_kind,
        who_id=who_id,
    )
    db.session.add(copy)
    db.session.flush()
    return Reissued(copy, paper_of(receipt, duplicate=True, copied_on=copy.made_on))


def send_again(receipt: Receipt, *, zone: str, who_kind: str, who_id: int | None = None) -> ReceiptCopy:
    """Mail a receipt that holds to its giver again; call inside ``committed()``.

    A gift's goes to the address given with it, a statement to the donor's main one; to nobody else's.

    Args:
        receipt: A gift's or a statement.
        zone: The newsroom's.
        who_kind: As ``reissue`` has it.
        who_id: Row of the staff member or donor.

    Raises:
        NotFound: ``receipt_void``.
    """
    copy = reissue(receipt, zone=zone, who_kind=who_kind, who_id=who_id).copy
    if receipt.donation_id is not None:
        queue_mail(copy_letter(db.session.get_one(Donation, receipt.donation_id), receipt, copy))
        return copy
    letter = statement_letter(db.session.get_one(Donor, receipt.donor_id), receipt, copy)
    if letter is not None:
        queue_mail(letter)
    return copy
