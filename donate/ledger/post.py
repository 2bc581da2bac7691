"""Post an entry: once for its movement, balanced by construction, with its sums, its giver's and its appeal's tally."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from donate import clock, references
from donate.appeals.tally import move_tally
from donate.db import db, insert_of
from donate.errors import PeriodRefused
from donate.giving.models import Donation
from donate.ledger.accounts import OF_A_GIFT, entry_type_of, postings_of
from donate.ledger.donors import count_giver
from donate.ledger.models import LedgerBook, LedgerEntry, LedgerPosting
from donate.ledger.queries import find_closed_until, get_fund_gl_code, is_renewal, total_kept_minor
from donate.ledger.sums import add_to_sums
from donate.money import Money
from donate.newsroom.queries import find_newsroom
from donate.payments.values import BalanceTransaction


@dataclass(frozen=True)
class Books:
    """Whose books these are.

    Args:
        stripe_account: The account's id.
        livemode: Whether real money moves.
        zone: The newsroom's, for the day.
    """

    stripe_account: str
    livemode: bool
    zone: str


def post_transaction(
    books: Books, transaction: BalanceTransaction, donation: Donation | None, marked_for: str = ""
) -> LedgerEntry | None:
    """Book a balance transaction; call inside ``committed()`` with the gift locked.

    Args:
        books: Whose.
        transaction: As Stripe holds it.
        donation: The gift it is about; None where it is about none, or about somebody else's payment.
        marked_for: The gift that our own mark on the payment names, where no row here has it: nobody knows then
            what it is, and it is not called somebody else's.

    Returns:
        The new entry; None where it was booked before.
    """
    kind = entry_type_of(transaction)
    if kind in OF_A_GIFT and donation is None:
        kind = "unclassified" if marked_for else "outside"
    source, is_ours = transaction.source, kind in OF_A_GIFT
    given = source.amount if source.amount is not None else transaction.amount
    sign = -1 if transaction.amount.minor < 0 else 1
    values = {
        "source_key": transaction.transaction_id,
        "entry_type": kind,
        "stripe_type": transaction.type[:60],
        "occurred_at": transaction.created_at,
        "available_on": clock.on(transaction.available_at, books.zone),
        "currency": given.currency,
        "gross_minor": sign * abs(given.minor),
        "settlement_currency": transaction.amount.currency,
        "settlement_gross_minor": transaction.amount.minor,
        "settlement_fee_minor": transaction.fee.minor,
        "settlement_net_minor": transaction.net.minor,
        "exchange_rate": transaction.exchange_rate[:30],
        "stripe_charge_id": source.charge_id,
        "stripe_refund_id": source.source_id if source.kind == "refund" else None,
        "stripe_dispute_id": source.source_id if source.kind == "dispute" else None,
        "stripe_payout_id": source.source_id if source.kind == "payout" else None,
        "marked_for": marked_for,
        "note": transaction.description[:200] if not is_ours and kind != "outside" else "",
    }
    lines = postings_of(kind, transaction.amount.minor, transaction.fee.minor)
    return _post(books, values, lines, donation if is_ours else None)


def post_offline(books: Books, donation: Donation) -> LedgerEntry | None:
    """Book a gift that never passed Stripe, under its own key; call inside ``committed()`` with the gift locked.

    Returns:
        The new entry; None where it was booked before.
    """
    assert donation.received_at is not None
    amount = donation.amount
    values = {
        "source_key": f"gift:{donation.reference}",
        "entry_type": "offline",
        "occurred_at": donation.received_at,
        "available_on": clock.on(donation.received_at, books.zone),
        "currency": amount.currency,
        "gross_minor": amount.minor,
        "settlement_currency": amount.currency,
        "settlement_gross_minor": amount.minor,
        "settlement_fee_minor": 0,
        "settlement_net_minor": amount.minor,
    }
    return _post(books, values, [("undeposited", "income", amount.minor)], donation)


def post_withdrawal(books: Books, donation: Donation, at: datetime) -> LedgerEntry | None:
    """Book that an offline gift did not come after all, on its own day; call inside ``committed()``, the gift locked.

    Args:
        books: Whose.
        donation: Booked by ``post_offline``; its entry stays.
        at: When it was withdrawn.

    Returns:
        The new entry; None where it was booked before.
    """
    amount = donation.amount
    values = {
        "source_key": f"gift:{donation.reference}:back",
        "entry_type": "offline_return",
        "occurred_at": at,
        "available_on": clock.on(at, books.zone),
        "currency": amount.currency,
        "gross_minor": -amount.minor,
        "settlement_currency": amount.currency,
        "settlement_gross_minor": -amount.minor,
        "settlement_fee_minor": 0,
        "settlement_net_minor": -amount.minor,
    }
    return _post(books, values, [("refunds", "undeposited", amount.minor)], donation)


def refuse_closed_day(day: date) -> None:
    """Refuse a day whose month is closed, and share the lock that closing takes; call inside ``committed()``.

    Args:
        day: On which something that a person enters is to count.

    Raises:
        PeriodRefused: ``month_closed`` (month, open: the first open day).
    """
    opens = day_to_book(day)
    if opens != day:
        raise PeriodRefused("month_closed", month=f"{day:%Y-%m}", open=opens)


def _post(
    books: Books, values: dict[str, Any], lines: list[tuple[str, str, int]], donation: Donation | None
) -> LedgerEntry | None:
    occurred_on = clock.on(values["occurred_at"], books.zone)
    booked_on = day_to_book(occurred_on)
    if booked_on != occurred_on:
        values["note"] = f"adjustment to {occurred_on:%Y-%m}. {values.get('note', '')}".strip()[:200]
    kept_before = total_kept_minor(donation.id, donation.currency) if donation is not None else 0
    found = db.session.execute(
        insert_of(LedgerEntry)
        .values(
            **values,
            reference=references.new_reference(),
            stripe_account=books.stripe_account,
            livemode=books.livemode,
            occurred_on=occurred_on,
            booked_on=booked_on,
            donation_id=donation.id if donation is not None else None,
            fund_id=donation.fund_id if donation is not None else None,
            gl_code=get_fund_gl_code(donation.fund_id) if donation is not None else "",
            posted_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["stripe_account", "livemode", "source_key"])
        .returning(LedgerEntry.id)
    ).scalar()
    if found is None:
        return None
    for number, (debit, credit, amount) in enumerate(lines, 1):
        db.session.add(
            LedgerPosting(
                entry_id=found,
                line_no=number,
                debit=debit,
                credit=credit,
                amount_minor=amount,
                currency=values["settlement_currency"],
            )
        )
    db.session.flush()
    entry = db.session.get_one(LedgerEntry, found)
    add_to_sums(entry, donation)
    if donation is not None:
        count_giver(donation)
    if donation is not None and entry.currency == donation.currency:
        _tell_appeal(donation, kept_before, kept_before + entry.gross_minor)
    return entry


def day_to_book(occurred_on: date) -> date:
    """Tell on which day something counts in the books: its own, or the first open one where its month is closed.

    Shares the lock that closing takes; call inside ``committed()``.
    """
    closed_until = find_closed_until()
    if closed_until is None:
        open_books()
        closed_until = find_closed_until()
    if closed_until is None or occurred_on > closed_until:
        return occurred_on
    return closed_until + timedelta(days=1)


def open_books() -> None:
    """Write the row whose lock posting shares and closing takes, unless it is there; call inside ``committed()``."""
    newsroom = find_newsroom()
    # Where nothing is booked yet, nobody needs counting.
    begun = {"id": 1, "donors_month": newsroom.fiscal_month if newsroom is not None else 1}
    db.session.execute(insert_of(LedgerBook).values(begun).on_conflict_do_nothing(index_elements=["id"]))


def _tell_appeal(donation: Donation, kept_before: int, kept_after: int) -> None:
    if donation.appeal_id is None or donation.donor_id is None:
        return
    before, after = (gift_part(donation, kept) for kept in (kept_before, kept_after))
    gifts = int(kept_after > 0) - int(kept_before > 0)
    change = Money(after - before, donation.currency)
    move_tally(donation.appeal_id, donation.donor_id, change, gifts, of=_part_of(donation))


def _part_of(donation: Donation) -> Literal["", "renewals", "offline"]:
    if donation.kind == "offline":
        return "offline"
    return "renewals" if is_renewal(donation) else ""


def gift_part(donation: Donation, kept_minor: int) -> int:
    """Tell how much of what is kept of a gift counts for its appeal: without the share that covered the fee.

    Args:
        donation: The gift.
        kept_minor: What the books have of it, in minor units of its currency.
    """
    return max(0, kept_minor) * donation.gift.minor // donation.amount_minor
