"""The account's balance: what moved it, what left for the bank, and how much there is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import stripe

from donate import clock
from donate.money import Money
from donate.payments.checkout import id_of
from donate.payments.gateway import talking
from donate.payments.units import from_stripe
from donate.payments.values import BalanceTransaction, PayoutState, TransactionSource

_PAGE = 100
_MOVED = ["balance_transaction", "failure_balance_transaction"]


def retrieve_transaction(transaction_id: str) -> BalanceTransaction:
    """Ask Stripe for one movement of the balance, with what it is about."""
    with talking() as v1:
        transaction = v1.balance_transactions.retrieve(transaction_id, {"expand": ["source"]})
    return read_transaction(transaction, transaction.source)


def iterate_transactions(since: datetime, until: datetime | None = None) -> Iterator[BalanceTransaction]:
    """Give the movements of the balance since a moment, newest first, page by page.

    Args:
        since: Not older than this.
        until: Older than this; None is up to now.
    """
    created = {"gte": int(since.timestamp())} | ({"lt": int(until.timestamp())} if until is not None else {})
    yield from _pages({"created": created})


def iterate_payout_transactions(payout_id: str) -> Iterator[BalanceTransaction]:
    """Give what an automatic payout is made of, its own movement included.

    https://docs.stripe.com/api/balance_transactions/list#balance_transaction_list-payout

    Args:
        payout_id: Of an automatic payout whose reconciliation is completed.
    """
    yield from _pages({"payout": payout_id})


def retrieve_payout(payout_id: str) -> PayoutState:
    """Ask Stripe for a payout as it is now."""
    with talking() as v1:
        return _payout(v1.payouts.retrieve(payout_id, {"expand": _MOVED}))


def list_payouts(since: datetime, until: datetime | None = None) -> list[PayoutState]:
    """List the payouts made since a moment, newest first.

    Args:
        since: Not older than this.
        until: Older than this; None is up to now.
    """
    created = {"gte": int(since.timestamp())} | ({"lt": int(until.timestamp())} if until is not None else {})
    asked: Any = {"created": created, "limit": _PAGE, "expand": [f"data.{field}" for field in _MOVED]}
    with talking() as v1:
        return [_payout(payout) for payout in v1.payouts.list(asked).auto_paging_iter()]


def total_balance() -> dict[str, Money]:
    """Tell what the account holds, pending and available together, by currency."""
    with talking() as v1:
        balance = v1.balance.retrieve()
    held: dict[str, Money] = {}
    parts: list[Any] = [*balance.available, *balance.pending]
    for part in parts:
        money = from_stripe(part.amount, part.currency)
        held[money.currency] = held[money.currency] + money if money.currency in held else money
    return held


def _pages(asked: Any) -> Iterator[BalanceTransaction]:
    # One page a visit: nobody holds a connection while the rows of the last page are written.
    after: dict[str, str] = {}
    while True:
        params: Any = {**asked, **after, "limit": _PAGE, "expand": ["data.source"]}
        with talking() as v1:
            page = v1.balance_transactions.list(params)
        yield from (read_transaction(each, each.source) for each in page.data)
        if not page.has_more:
            return
        after = {"starting_after": page.data[-1].id}


def read_transaction(transaction: stripe.BalanceTransaction, source: Any) -> BalanceTransaction:
    """Read one of Stripe's balance transactions.

    Args:
        transaction: Whole.
        source: What it is about, whole where it is known; else its id or None.
    """
    rate = transaction.exchange_rate
    return BalanceTransaction(
        transaction_id=transaction.id,
        type=transaction.type,
        reporting_category=transaction.reporting_category,
        amount=from_stripe(transaction.amount, transaction.currency),
        fee=from_stripe(transaction.fee, transaction.currency),
        created_at=clock.from_epoch(transaction.created),
        available_at=clock.from_epoch(transaction.available_on),
        exchange_rate="" if rate is None else str(rate),
        description=transaction.description or "",
        source=_source(source),
    )


def _source(source: Any) -> TransactionSource:
    if source is None:
        return TransactionSource()
    if isinstance(source, str):
        return TransactionSource(source_id=source)
    kind = str(source.object)
    amount, currency = getattr(source, "amount", None), getattr(source, "currency", None)
    is_charge = kind == "charge"
    return TransactionSource(
        kind=kind,
        source_id=source.id,
        amount=from_stripe(abs(amount), currency) if isinstance(amount, int) and currency else None,
        charge_id=source.id if is_charge else id_of(getattr(source, "charge", None)),
        payment_intent_id=id_of(getattr(source, "payment_intent", None)),
    )


def read_moved(about: Any) -> tuple[BalanceTransaction, ...]:
    """Read what a refund or payout moved, and its return where it failed; both expanded.

    Args:
        about: The object with its ``balance_transaction`` and ``failure_balance_transaction``.
    """
    moved = (getattr(about, field, None) for field in _MOVED)
    return tuple(read_transaction(each, about) for each in moved if each is not None and not isinstance(each, str))


def _payout(payout: stripe.Payout) -> PayoutState:
    return PayoutState(
        payout_id=payout.id,
        livemode=payout.livemode,
        status=payout.status,
        amount=from_stripe(payout.amount, payout.currency),
        automatic=payout.automatic,
        created_at=clock.from_epoch(payout.created),
        arrival_at=clock.from_epoch(payout.arrival_date),
        transactions=read_moved(payout),
        failure_code=payout.failure_code or "",
        reconciliation=payout.reconciliation_status,
    )
