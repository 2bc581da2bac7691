"""Apply a payout: its own movement is booked, and it is proved by what it is made of."""

from __future__ import annotations

from donate.db import committed, lock
from donate.fulfillment.apply_checkout import TRIES, MovedMeanwhile
from donate.fulfillment.apply_movement import apply_movements
from donate.fulfillment.apply_transaction import apply_transactions, our_books
from donate.ledger.models import Payout
from donate.ledger.payouts import note_payout, prove_payout
from donate.ledger.post import Books
from donate.ledger.queries import find_payout
from donate.payments.balance import iterate_payout_transactions, retrieve_payout
from donate.payments.values import PayoutState


def apply_payout(payout_id: str) -> bool:
    """Ask Stripe for a payout, book it, and prove it where Stripe says what it is made of; outside ``committed()``.

    Args:
        payout_id: Any of the account: all of them are the newsroom's.

    Returns:
        True: every payout is ours.

    Raises:
        MovedMeanwhile: Others kept changing the row.
    """
    books = our_books()
    for _ in range(TRIES):
        known = find_payout(books.stripe_account, payout_id, livemode=books.livemode)
        version = known.version if known is not None else None
        seen = retrieve_payout(payout_id)
        apply_transactions(seen.transactions)
        if _apply(books, seen, version):
            return True
    raise MovedMeanwhile(payout_id)


def _apply(books: Books, seen: PayoutState, version: int | None) -> bool:
    made_of = list(iterate_payout_transactions(seen.payout_id)) if _is_told(seen) else []
    apply_movements(made_of)
    with committed():
        known = find_payout(books.stripe_account, seen.payout_id, livemode=books.livemode)
        payout = lock(Payout, known.id) if known is not None else None
        if (payout.version if payout is not None else None) != version:
            return False
        payout = note_payout(books, seen)
        if made_of and payout.proof != "proved":
            prove_payout(books, payout, made_of)
    return True


def _is_told(seen: PayoutState) -> bool:
    # https://docs.stripe.com/payouts/reconciliation : only automatic payouts say what they are made of.
    return seen.automatic and seen.reconciliation == "completed"
