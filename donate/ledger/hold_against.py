"""Hold the books against Stripe: what the command and the nightly look both ask, day by day, payouts and balance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from donate import clock
from donate.ledger.models import Payout
from donate.ledger.queries import list_entries, list_payouts, total_account
from donate.ledger.reconcile import Comparison, compare, compare_balance
from donate.money import Money
from donate.payments.balance import iterate_transactions, total_balance
from donate.payments.values import BalanceTransaction
from donate.queue.hold import hold_on

_AT_ONCE = 200


@dataclass(frozen=True)
class Held:
    """What came of it.

    Args:
        compared: Day by day and kind by kind.
        payouts: Of the same days.
        differences: Each a sentence that names what differs, those of payouts and balance too.
    """

    compared: Comparison
    payouts: list[Payout]
    differences: list[str]

    @property
    def agrees(self) -> bool:
        """Whether nothing differs."""
        return self.compared.agrees and not self.differences


def hold_against_stripe(first: date, last: date, zone: str, *, with_balance: bool) -> Held:
    """Compare the books of a span of days with Stripe's own list; call outside ``committed()``.

    Args:
        first: The newsroom's day.
        last: First day left out.
        zone: The newsroom's.
        with_balance: Whether Stripe's balance is compared too: it tells the one of this moment only.

    Raises:
        StripeRefused: Stripe's no.
        StripeUnanswered: Nobody knows; nothing was compared.
    """
    transactions = iterate_transactions(clock.start_of(first, zone), clock.start_of(last, zone))
    compared = compare(list_entries(first, last), _held_on(transactions), zone=zone, since=first, until=last)
    payouts = list_payouts(first, last)
    differences = [*compared.differences, *(words for payout in payouts for words in _differs(payout))]
    if with_balance:
        differences += compare_balance(total_account("clearing"), total_balance())
    return Held(compared, payouts, differences)


def _held_on(transactions: Iterable[BalanceTransaction]) -> Iterator[BalanceTransaction]:
    """Keep the job's lease while a long list is read; a command has none."""
    for at, transaction in enumerate(transactions):
        if at % _AT_ONCE == 0:
            hold_on()
        yield transaction


def _differs(payout: Payout) -> list[str]:
    if payout.proof != "differs":
        return []
    named = [
        f"payout {payout.stripe_payout_id}: {each['id']} {each['what']}"
        f" ({Money(each['amount_minor'], payout.currency).plain()} {payout.currency})"
        for each in payout.differences
    ]
    total = Money(payout.difference_minor, payout.currency).plain()
    return [*named, f"payout {payout.stripe_payout_id}: {total} {payout.currency} between it and its parts"]
