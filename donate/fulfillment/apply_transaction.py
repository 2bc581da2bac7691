"""Apply a movement of Stripe's balance: it is booked, for the gift it is about or as money of others."""

from __future__ import annotations

from collections.abc import Iterable

import structlog

from donate.db import committed, lock
from donate.fulfillment.paid_gift import Whose, trace_payment
from donate.giving.models import Donation
from donate.ledger.accounts import OF_A_GIFT, entry_type_of
from donate.ledger.post import Books, post_transaction
from donate.ledger.queries import list_posted
from donate.newsroom.queries import get_newsroom
from donate.payments.gateway import account_id, is_live
from donate.payments.values import BalanceTransaction

_log = structlog.get_logger("ledger")


def our_books() -> Books:
    """Tell whose books are kept here; call outside ``committed()``."""
    return Books(account_id(), is_live(), get_newsroom().time_zone)


def apply_transactions(seen: Iterable[BalanceTransaction]) -> int:
    """Book the movements that have no entry yet; call outside ``committed()``.

    Args:
        seen: As Stripe holds them.

    Returns:
        How many are new in the books.
    """
    books, waiting = our_books(), list(seen)
    posted = list_posted(books.stripe_account, [each.transaction_id for each in waiting], livemode=books.livemode)
    return sum(_apply(books, each) for each in waiting if each.transaction_id not in posted)


def _apply(books: Books, transaction: BalanceTransaction) -> bool:
    source = transaction.source
    whose = Whose(None)
    if entry_type_of(transaction) in OF_A_GIFT:
        whose = trace_payment(source.charge_id, source.payment_intent_id)
    with committed():
        locked = lock(Donation, whose.gift.id) if whose.gift is not None else None
        return book(books, transaction, locked, whose.marked_for)


def book(books: Books, transaction: BalanceTransaction, donation: Donation | None, marked_for: str = "") -> bool:
    """Book one movement inside ``committed()``, its gift locked; a type nobody knows is raised, never dropped.

    Args:
        books: Whose.
        transaction: As Stripe holds it.
        donation: The locked gift; None where it is about none of ours.
        marked_for: The gift that our own mark on it names, where no row here has it.

    Returns:
        Whether it is new in the books.
    """
    entry = post_transaction(books, transaction, donation, marked_for)
    if entry is not None and entry.entry_type == "unclassified":
        _log.error(
            "transaction_unclassified",
            transaction=transaction.transaction_id,
            type=transaction.type,
            marked_for=marked_for,
        )
    return entry is not None
