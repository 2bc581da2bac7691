"""Apply movements of the balance by what they are about: a refund or dispute gets its row too, not its entry alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from donate.fulfillment.apply_dispute import apply_dispute
from donate.fulfillment.apply_refund import apply_refund
from donate.fulfillment.apply_transaction import apply_transactions, our_books
from donate.giving.queries import find_dispute_of_stripe, find_refund_of_stripe
from donate.ledger.models import LedgerEntry
from donate.ledger.queries import find_entry, list_posted
from donate.payments.values import BalanceTransaction

#: By what a movement is about: who applies that, and whether its row is there.
_ABOUT: dict[str, tuple[Callable[[str], bool], Callable[[str], object]]] = {
    "refund": (apply_refund, find_refund_of_stripe),
    "dispute": (apply_dispute, find_dispute_of_stripe),
}


def apply_movements(seen: Iterable[BalanceTransaction]) -> int:
    """Book movements that have no entry yet, and apply what they are about; call outside ``committed()``.

    Args:
        seen: As Stripe holds them.

    Returns:
        How many are new in the books.
    """
    waiting, books = list(seen), our_books()
    keys = [each.transaction_id for each in waiting]
    posted = list_posted(books.stripe_account, keys, livemode=books.livemode)
    for transaction in waiting:
        if transaction.source.kind not in _ABOUT:
            continue
        apply, find = _ABOUT[transaction.source.kind]
        entry = find_entry(books.stripe_account, transaction.transaction_id, livemode=books.livemode)
        if not _is_somebody_elses(entry) and (entry is None or find(transaction.source.source_id) is None):
            apply(transaction.source.source_id)
    apply_transactions(waiting)
    return len(list_posted(books.stripe_account, keys, livemode=books.livemode)) - len(posted)


def _is_somebody_elses(entry: LedgerEntry | None) -> bool:
    return entry is not None and entry.entry_type == "outside"
