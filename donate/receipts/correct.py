"""Void and replace: a receipt that says other than what is so now, and the statement of its year with it."""

from __future__ import annotations

from donate.db import committed, lock
from donate.donors.models import Donor
from donate.giving.models import Donation
from donate.mail.queue import queue_mail
from donate.members.queries import list_periods_of
from donate.newsroom.queries import get_newsroom
from donate.queue.enqueue import enqueue
from donate.receipts.benefits import benefits_of
from donate.receipts.content import Imprint, says_the_same
from donate.receipts.issue import content_of, kept_of, write_receipt
from donate.receipts.letters import corrected_letter
from donate.receipts.models import Receipt
from donate.receipts.queries import find_receipt_of
from donate.receipts.statement import renew_statement
from donate.receipts.void import void_receipt


def correct_receipt(donation: Donation, reason: str, *, zone: str, names_another: bool = False) -> Receipt | None:
    """Void a gift's receipt and replace it where it is not right any more; call inside ``committed()``, gift locked.

    The same every time: it looks at what is kept of the gift now, whoever calls and however often. A gift that went
    back whole has a receipt that says so, of nothing: its giver holds a paper for it, and no gift is without one. The
    giver is told by a letter of the new number; where the year's statement was issued, it is replaced with it.

    Args:
        donation: Locked by the caller, so that two refunds at once make one chain.
        reason: ``refund`` and ``dispute``: what is kept has changed; ``correction``: anything it says may have.
        zone: The newsroom's.
        names_another: Whether whom it names was corrected, which its content does not tell.

    Returns:
        The receipt that holds now, where it is new.
    """
    issued = find_receipt_of(donation.id)
    if issued is None or not (names_another or _is_wrong(issued, donation, reason)):
        return None
    receipt = _replace(donation, issued, reason, zone=zone)
    if donation.donor_id is not None and bool(receipt.amount_minor) != bool(issued.amount_minor):
        # A gift that went back whole begins no year of its level, so what the level brings may be another's now.
        enqueue("correct_benefits", f"benefits:{receipt.number}", donor_id=donation.donor_id)
    return receipt


def correct_benefits(donor_id: int) -> None:
    """Replace the receipts of a donor's gifts that say wrongly whether anything was given in return.

    Call outside ``committed()``: each gift is locked by itself, since whoever corrects one holds it before its donor.

    Args:
        donor_id: Of whose gifts one went back whole, or came again.
    """
    zone = get_newsroom().time_zone
    for donation_id, _level, _day in list_periods_of(donor_id):
        with committed():
            donation = lock(Donation, donation_id)
            issued = find_receipt_of(donation_id)
            if issued is not None and issued.amount_minor and _names_benefits_wrongly(issued, donation):
                _replace(donation, issued, "correction", zone=zone)


def _names_benefits_wrongly(issued: Receipt, donation: Donation) -> bool:
    # That a level brings something else by now is no reason: what was given then stays so.
    return bool(issued.content["benefits"]) != bool(benefits_of(donation, issued.language))


def _replace(donation: Donation, issued: Receipt, reason: str, *, zone: str) -> Receipt:
    if donation.donor_id is not None:
        # Whoever writes statements holds their donors: a statement is never of what was true a moment ago.
        lock(Donor, donation.donor_id)
    void_receipt(issued, reason, zone=zone)
    receipt = write_receipt(donation, zone=zone, replaces=issued)
    statement = renew_statement(donation.donor_id, receipt.year, reason, zone=zone) if donation.donor_id else None
    if donation.email:
        queue_mail(corrected_letter(donation, receipt, issued, statement))
    return receipt


def _is_wrong(issued: Receipt, donation: Donation, reason: str) -> bool:
    if reason != "correction":
        # Words that changed since are no reason to send a new one.
        return issued.amount_minor != kept_of(donation).minor
    return not says_the_same(issued.content, content_of(donation, Imprint("", issued.issued_on, donation.language)))
