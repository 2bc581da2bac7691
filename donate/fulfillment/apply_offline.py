"""Apply an offline gift: recorded, booked and followed by all that follows a gift, in one commit under its own key."""

from __future__ import annotations

from datetime import date

from donate.db import committed, db, lock
from donate.donors.find_or_create import find_or_create_donor, welcome_donor
from donate.donors.models import Donor
from donate.donors.queries import find_main_email
from donate.errors import OfflineRefused
from donate.fulfillment.after_gift import after_gift
from donate.fulfillment.apply_transaction import our_books
from donate.giving.models import Donation
from donate.giving.offline.batch import begin_posting, end_posting, entry_of
from donate.giving.offline.entry import OfflineEntry, lacks
from donate.giving.offline.models import OfflineBatch, OfflineLine
from donate.giving.offline.queries import find_line_by_reference, list_lines
from donate.giving.offline.record import find_recorded, record_offline
from donate.giving.offline.withdraw import withdraw_offline
from donate.ledger.post import Books, post_offline, post_withdrawal, refuse_closed_day
from donate.members.renew import renew_membership
from donate.newsroom.queries import get_newsroom
from donate.receipts.correct import correct_receipt
from donate.team.history import SYSTEM, Who, record_history


class _Overtaken(RuntimeError):
    """Somebody recorded the same reference meanwhile: nothing of this try may stay, nor the donor it welcomed."""


def apply_offline(entry: OfflineEntry, received_on: date, who: Who) -> str:
    """Record one offline gift with all that follows it, once for its reference; call outside ``committed()``.

    Args:
        entry: As typed.
        received_on: The newsroom's day: not in the future, and of an open month.
        who: Whose act it is.

    Returns:
        The gift's reference.

    Raises:
        OfflineRefused: ``offline_changed``, ``entry_lacks`` (fields), ``day_in_future`` or ``donor_gone``.
        PeriodRefused: ``month_closed`` (month, open).
    """
    books = our_books()
    try:
        with committed():
            if find_recorded(entry, received_on) is None:
                missing = lacks(entry)
                if missing:
                    raise OfflineRefused("entry_lacks", fields=list(missing))
                refuse_closed_day(received_on)
                _apply(books, entry, received_on, who)
    except _Overtaken:
        # The other press was a moment ahead, and what it recorded has to be the same.
        find_recorded(entry, received_on)
    return entry.reference


def press_batch(batch_id: int, who: Who) -> bool:
    """Freeze a batch whose lines agree with its control totals, to be posted by the worker; outside ``committed()``.

    Args:
        batch_id: Which.
        who: Whose act it is.

    Returns:
        Whether this press did it.

    Raises:
        OfflineRefused: As ``begin_posting``, or ``day_in_future``.
        PeriodRefused: ``month_closed`` (month, open).
    """
    with committed():
        batch = lock(OfflineBatch, batch_id)
        if batch.state == "open":
            refuse_closed_day(batch.received_on)
        return begin_posting(batch_id, who)


def post_offline_batch(batch_id: int) -> None:
    """Make a frozen batch's lines into gifts, each in a commit of its own; call outside ``committed()``.

    Killed in the middle and run again it goes on where it was: a line goes in the commit that makes it a gift.

    Args:
        batch_id: Which.
    """
    books = our_books()
    batch = db.session.get_one(OfflineBatch, batch_id, populate_existing=True)
    for reference in [line.reference for line in list_lines(batch_id)] if batch.state == "posting" else []:
        _post_line(books, batch_id, reference)
    with committed():
        end_posting(batch_id)


def withdraw_gift(donation_id: int, reason: str, who: Who) -> None:
    """Withdraw an offline gift: out of the books on its own day, its receipt void; call outside ``committed()``.

    Args:
        donation_id: Which.
        reason: One of ``giving.offline.entry.REASONS``.
        who: Whose act it is.

    Raises:
        OfflineRefused: ``not_offline``, ``reason_missing`` or ``withdrawn_before``.
    """
    books = our_books()
    with committed():
        donation = lock(Donation, donation_id)
        asked_by = f"staff:{who.row_id}" if who.kind == "staff" else "command"
        refund = withdraw_offline(donation, reason, asked_by=asked_by, zone=books.zone)
        assert refund.refunded_at is not None
        post_withdrawal(books, donation, refund.refunded_at)
        if donation.donor_id is not None:
            renew_membership(donation.donor_id)
        correct_receipt(donation, "refund", zone=books.zone)
        record_history(
            who, "withdraw_offline_gift", "donation", donation.reference,
            before={"kept_minor": donation.amount_minor, "currency": donation.currency},
            after={"kept_minor": 0, "reason": reason},
        )  # fmt: skip


def _post_line(books: Books, batch_id: int, reference: str) -> None:
    with committed():
        # Whoever makes this line a gift holds the batch: another worker finds it gone.
        batch = lock(OfflineBatch, batch_id)
        line = find_line_by_reference(reference)
        if line is None:
            return
        who = Who("staff", batch.pressed_by) if batch.pressed_by is not None else SYSTEM
        _apply(books, entry_of(line, batch), batch.received_on, who, line)
        db.session.delete(line)


def _apply(books: Books, entry: OfflineEntry, received_on: date, who: Who, line: OfflineLine | None = None) -> None:
    donor, email = _donor_of(entry)
    place = (line.batch_id, line.line_no) if line is not None else None
    donation = record_offline(entry, donor, email, received_on, livemode=books.livemode, zone=books.zone, place=place)
    if donation is None:
        raise _Overtaken(entry.reference)
    post_offline(books, donation)
    after_gift(donation, None, customer_id=None)
    record_history(
        who, "record_offline_gift", "donation", donation.reference,
        after={
            "amount_minor": donation.amount_minor, "currency": donation.currency, "method": donation.payment_method,
            "received_on": received_on.isoformat(), "fund_id": donation.fund_id, "donor": donor.reference,
        },
    )  # fmt: skip


def _donor_of(entry: OfflineEntry) -> tuple[Donor, str]:
    """Give who gave, known or welcomed now, and where they are written to."""
    if entry.donor_id is not None:
        donor = db.session.get(Donor, entry.donor_id)
        if donor is None or donor.erased_at is not None:
            raise OfflineRefused("donor_gone")
        main = find_main_email(donor.id)
        return donor, main.email if main is not None else ""
    language = get_newsroom().language
    if entry.email:
        return find_or_create_donor(entry.email, *entry.names, language), entry.email
    return welcome_donor(*entry.names, language), ""
