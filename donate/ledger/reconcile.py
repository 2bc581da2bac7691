"""Reconcile: our entries beside Stripe's own list, day by day and kind by kind, each difference named. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from donate import clock
from donate.ledger.accounts import entry_type_of
from donate.ledger.models import LedgerEntry
from donate.money import Money
from donate.payments.values import BalanceTransaction

#: The kinds a table shows, and what counts to each; money of others is told apart by nobody but us, so by Stripe's
#: list it is a charge or a refund like any other.
KINDS = {
    "charge": "charges", "refund": "refunds", "refund_failure": "refunds", "payment_reversal": "refunds",
    "dispute": "disputes", "dispute_reversal": "disputes", "payout": "payouts", "payout_failure": "payouts",
}  # fmt: skip


@dataclass
class Side:
    """What one side has of a day and kind: how many, and their sums in minor units."""

    count: int = 0
    gross: int = 0
    fees: int = 0


@dataclass
class Line:
    """One day, kind and settlement currency, from both sides."""

    ours: Side = field(default_factory=Side)
    stripes: Side = field(default_factory=Side)

    @property
    def agrees(self) -> bool:
        """Whether both sides say the same."""
        return self.ours == self.stripes


@dataclass
class Comparison:
    """Everything that was compared.

    Args:
        lines: By day, kind and currency.
        differences: Each a sentence that names the movement.
    """

    lines: dict[tuple[date, str, str], Line]
    differences: list[str]

    @property
    def agrees(self) -> bool:
        """Whether nothing differs."""
        return not self.differences and all(line.agrees for line in self.lines.values())


def compare(
    entries: Iterable[LedgerEntry], transactions: Iterable[BalanceTransaction], *, zone: str, since: date, until: date
) -> Comparison:
    """Hold our entries of a span of days against Stripe's list of the same days.

    Args:
        entries: Ours, by their own day; those that passed Stripe.
        transactions: Stripe's; may reach a little over the span.
        zone: The newsroom's, for the day.
        since: First day.
        until: First day left out.
    """
    lines: dict[tuple[date, str, str], Line] = defaultdict(Line)
    differences: list[str] = []
    ours = {entry.source_key: entry for entry in entries}
    for entry in ours.values():
        if entry.marked_for:
            differences.append(f"{entry.source_key}: bears the mark of our gift {entry.marked_for}, which is not here")
        key = (entry.occurred_on, _kind_of_entry(entry), entry.settlement_currency)
        _add(lines[key].ours, entry.settlement_gross_minor, entry.settlement_fee_minor)
    for transaction in transactions:
        day = clock.on(transaction.created_at, zone)
        if not since <= day < until:
            continue
        kind = KINDS.get(entry_type_of(transaction), "others")
        line = lines[(day, kind, transaction.amount.currency)]
        _add(line.stripes, transaction.amount.minor, transaction.fee.minor)
        differences += _between(ours.pop(transaction.transaction_id, None), transaction)
    differences += [
        f"{entry.source_key}: our books have {entry.net.plain()} {entry.settlement_currency} on {entry.occurred_on},"
        " Stripe's list has no such movement"
        for entry in ours.values()
    ]
    return Comparison(dict(sorted(lines.items())), differences)


def compare_balance(ours: Mapping[str, int], stripes: Mapping[str, Money]) -> list[str]:
    """Hold the clearing account against Stripe's balance, pending and available together, by currency.

    Args:
        ours: Minor units by currency.
        stripes: Money by currency.
    """
    differences = []
    for currency in sorted(ours.keys() | stripes.keys()):
        mine = Money(ours.get(currency, 0), currency)
        theirs = stripes.get(currency, Money(0, currency))
        if mine != theirs:
            differences.append(
                f"clearing {currency}: our books have {mine.plain()}, Stripe's balance is {theirs.plain()}"
            )
    return differences


def _kind_of_entry(entry: LedgerEntry) -> str:
    if entry.entry_type != "outside" and not entry.marked_for:
        return KINDS.get(entry.entry_type, "others")
    # What Stripe calls the movement decides, as on its own list.
    if entry.stripe_type in ("charge", "payment"):
        return "charges"
    if entry.stripe_dispute_id:
        return "disputes"
    return "refunds" if "refund" in entry.stripe_type or "reversal" in entry.stripe_type else "others"


def _between(entry: LedgerEntry | None, transaction: BalanceTransaction) -> list[str]:
    name = transaction.transaction_id
    if entry is None:
        said = f"{transaction.net.plain()} {transaction.net.currency} ({transaction.type})"
        return [f"{name}: Stripe moved {said}, our books have no entry"]
    found = []
    for what, mine, theirs in (
        ("gross", entry.settlement_gross_minor, transaction.amount.minor),
        ("fee", entry.settlement_fee_minor, transaction.fee.minor),
    ):
        if mine != theirs or entry.settlement_currency != transaction.amount.currency:
            currency = transaction.amount.currency
            found.append(
                f"{name}: {what} is {Money(mine, entry.settlement_currency).plain()} {entry.settlement_currency} in our"
                f" books and {Money(theirs, currency).plain()} {currency} at Stripe"
            )
    return found


def _add(side: Side, gross: int, fee: int) -> None:
    side.count += 1
    side.gross += gross
    side.fees += fee
