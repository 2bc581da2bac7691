"""Prove a payout: what it is made of adds up to it, or each difference is named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from donate import clock
from donate.db import db, insert_of
from donate.ledger.models import LedgerEntry, Payout, PayoutItem
from donate.ledger.post import Books
from donate.ledger.queries import find_entry, find_payout, find_payout_of_entry, list_entries_of_payout
from donate.payments.values import BalanceTransaction, PayoutState

#: From these a payout moves no more, but that a paid one may come back.
_ENDED = frozenset({"failed", "canceled"})


def note_payout(books: Books, seen: PayoutState) -> Payout:
    """Bring a payout's row to what Stripe holds; call inside ``committed()``.

    Args:
        books: Whose.
        seen: Just fetched.
    """
    payout = find_payout(books.stripe_account, seen.payout_id, livemode=books.livemode)
    if payout is None:
        payout = _new(books, seen)
    elif payout.status not in _ENDED:
        if payout.status != seen.status:
            payout.version += 1
        payout.status = seen.status
        payout.arrival_on = clock.on(seen.arrival_at, books.zone)
        payout.failure_code = seen.failure_code
    db.session.flush()
    return payout


def _new(books: Books, seen: PayoutState) -> Payout:
    # Two workers may hear of it at once; whoever comes second finds the row.
    db.session.execute(
        insert_of(Payout)
        .values(
            version=0,
            stripe_account=books.stripe_account,
            livemode=books.livemode,
            stripe_payout_id=seen.payout_id,
            status=seen.status,
            currency=seen.amount.currency,
            amount_minor=seen.amount.minor,
            automatic=seen.automatic,
            created_at=seen.created_at,
            arrival_on=clock.on(seen.arrival_at, books.zone),
            failure_code=seen.failure_code,
            proof="open" if seen.automatic else "manual",
            difference_minor=0,
            differences=[],
        )
        .on_conflict_do_nothing(index_elements=["stripe_account", "livemode", "stripe_payout_id"])
    )
    found = find_payout(books.stripe_account, seen.payout_id, livemode=books.livemode)
    assert found is not None
    return found


def prove_payout(books: Books, payout: Payout, made_of: Sequence[BalanceTransaction]) -> None:
    """Tie a payout to the entries it is made of and tell whether they add up; call inside ``committed()``, locked.

    Args:
        books: Whose.
        payout: The locked row of an automatic payout.
        made_of: Every balance transaction Stripe lists for it, its own included; each has its entry by now.
    """
    differences: list[dict[str, Any]] = []
    own = 0
    for transaction in made_of:
        entry = find_entry(books.stripe_account, transaction.transaction_id, livemode=books.livemode)
        if entry is None:
            differences.append(_difference("not in our books", transaction.transaction_id, transaction.net.minor))
            continue
        if entry.net != transaction.net:
            more = transaction.net.minor - entry.settlement_net_minor
            differences.append(_difference("is booked with another sum", transaction.transaction_id, more))
        if entry.stripe_payout_id == payout.stripe_payout_id:
            own += entry.settlement_net_minor
        else:
            differences += _tie(payout, entry)
    parts = list_entries_of_payout(payout.id)
    listed = {transaction.transaction_id for transaction in made_of}
    for entry in parts:
        if entry.source_key not in listed:
            differences.append(_difference("Stripe no longer lists it", entry.source_key, entry.settlement_net_minor))
    if own and own != -payout.amount_minor:
        differences.append(_difference("its own movement is another sum", payout.stripe_payout_id, own))
    payout.difference_minor = payout.amount_minor - sum(entry.settlement_net_minor for entry in parts)
    if payout.difference_minor and not differences:
        differences.append(_difference("its parts do not add up", payout.stripe_payout_id, payout.difference_minor))
    payout.differences = differences
    payout.proof = "differs" if differences or payout.difference_minor else "proved"
    payout.proved_at = clock.now() if payout.proof == "proved" else None
    payout.version += 1
    db.session.flush()


def _tie(payout: Payout, entry: LedgerEntry) -> list[dict[str, Any]]:
    if entry.settlement_currency != payout.currency:
        return [_difference("is of another currency", entry.source_key, entry.settlement_net_minor)]
    tied = find_payout_of_entry(entry.id)
    if tied is None:
        db.session.add(PayoutItem(entry_id=entry.id, payout_id=payout.id))
        db.session.flush()
    elif tied != payout.id:
        return [_difference("left with another payout", entry.source_key, entry.settlement_net_minor)]
    return []


def _difference(what: str, which: str, amount_minor: int) -> dict[str, Any]:
    return {"what": what, "id": which, "amount_minor": amount_minor}
