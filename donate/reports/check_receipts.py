"""Invariants of receipts: one that holds a gift, of what was kept; numbers without gaps; nothing said was changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import case, exists, func, or_, select

from donate.db import db
from donate.giving.models import Dispute, Donation, Refund
from donate.giving.queries import given_here
from donate.giving.status import TAKEN_DISPUTES
from donate.receipts.content import hash_of
from donate.receipts.models import Receipt, ReceiptSeries
from donate.receipts.numbers import number_of
from donate.reports.invariants import names, rows, rule

_AT_ONCE = 1000


@rule
def each_gift_has_its_receipt() -> Iterator[str]:
    """Each gift that arrived here has one receipt that holds, of what was kept of it, and no other gift has any.

    A grant from a donor-advised fund has none of ours: the fund gave its own.
    """
    elsewhere = (Donation.kind == "offline") & (Donation.payment_method == "daf")
    holds = (Receipt.donation_id == Donation.id) & (Receipt.status == "issued")
    refunded = (
        select(func.coalesce(func.sum(Refund.amount_minor), 0))
        .where(Refund.donation_id == Donation.id, Refund.status == "succeeded")
        .scalar_subquery()
    )
    disputed = (
        select(func.coalesce(func.sum(Dispute.amount_minor), 0))
        .where(Dispute.donation_id == Donation.id, Dispute.status.in_(TAKEN_DISPUTES))
        .scalar_subquery()
    )
    left = Donation.amount_minor - refunded - disputed
    differs = (
        select(Donation.reference)
        .outerjoin(Receipt, holds)
        .where(
            Donation.status == "succeeded",
            ~elsewhere,
            given_here(),
            or_(
                Receipt.id.is_(None),
                Receipt.amount_minor != case((left > 0, left), else_=0),
                Receipt.currency != Donation.currency,
            ),
        )
    )
    yield from names(differs)
    yield from names(
        select(Receipt.number)
        .join(Donation, Donation.id == Receipt.donation_id)
        .where(or_(Donation.status != "succeeded", elsewhere, ~given_here()))
    )


@rule
def receipt_numbers_have_no_gaps() -> Iterator[str]:
    """The numbers of each series and year run from one to the last without a gap: a void one keeps its number."""
    asked = select(Receipt.kind, Receipt.year, func.count(Receipt.id), func.max(Receipt.number))
    counted = {(kind, year): (int(many), str(last)) for kind, year, many, last in rows(
        asked.group_by(Receipt.kind, Receipt.year)
    )}  # fmt: skip
    series = {
        (kind, year): int(last)
        for kind, year, last in rows(select(ReceiptSeries.kind, ReceiptSeries.year, ReceiptSeries.last_number))
    }
    for kind, year in sorted(counted.keys() | series.keys()):
        many, last = counted.get((kind, year), (0, ""))
        counter = series.get((kind, year), 0)
        if many != counter or (many and last != number_of(kind, year, many)):
            yield f"{kind} {year}: {many} receipts, the last is {last or 'none'}, the counter stands at {counter}"


@rule
def void_receipts_are_replaced() -> Iterator[str]:
    """Each void receipt of a gift has another that stands for it, of the same gift."""
    other = Receipt.__table__.alias("other")
    stands = exists().where(other.c.replaces_id == Receipt.id, other.c.donation_id == Receipt.donation_id)
    yield from names(select(Receipt.number).where(Receipt.kind == "gift", Receipt.status == "void", ~stands))


@rule
def receipts_say_what_was_hashed() -> Iterator[str]:
    """What a receipt says is what its hash was made of, and its columns say the same."""
    for receipt in _by_key(Receipt.id > 0):
        said = receipt.content
        columns = ("number", "kind", "language") + (
            ("amount_minor", "fee_cover_minor", "currency", "benefit_value_minor", "deductible_minor")
            if receipt.kind == "gift"
            else ("year",)
        )
        if hash_of(said) != receipt.content_hash or any(said.get(name) != getattr(receipt, name) for name in columns):
            yield receipt.number


@rule
def statements_say_what_receipts_say() -> Iterator[str]:
    """A statement that holds adds up, by currency, to the receipts that hold of its donor's year."""
    part: list[Any] = []
    for statement in _by_key((Receipt.kind == "statement") & (Receipt.status == "issued")):
        part.append(statement)
        if len(part) == _AT_ONCE:
            yield from _off(part)
            part = []
    yield from _off(part)


def _off(statements: list[Any]) -> Iterator[str]:
    asked = (
        select(
            Donation.donor_id, Receipt.year, Receipt.currency, func.sum(Receipt.amount_minor),
            func.sum(Receipt.benefit_value_minor), func.sum(Receipt.deductible_minor),
        )
        .join(Donation, Donation.id == Receipt.donation_id)
        .where(
            # Stock has no value on a statement, so it is in none of its sums.
            ~((Donation.kind == "offline") & (Donation.payment_method == "stock")),
            Receipt.status == "issued",
            Receipt.amount_minor > 0,
            Donation.donor_id.in_([each.donor_id for each in statements]),
            Receipt.year.in_({each.year for each in statements}),
        )
        .group_by(Donation.donor_id, Receipt.year, Receipt.currency)
    )  # fmt: skip
    sums: dict[tuple[int, int], dict[str, tuple[Any, ...]]] = defaultdict(dict)
    for donor_id, year, currency, *parts in rows(asked):
        sums[donor_id, year][currency] = tuple(int(each) if each is not None else None for each in parts)
    for each in statements:
        said = {
            total["currency"]: (total["amount_minor"], total["benefit_value_minor"], total["deductible_minor"])
            for total in each.content["totals"]
        }
        if said != sums[each.donor_id, each.year]:
            yield str(each.number)


def _by_key(which: Any) -> Iterator[Any]:
    """Give receipts a part at a time: all of them at once may be more than fits."""
    last = 0
    while True:
        asked = select(Receipt.__table__).where(Receipt.id > last, which).order_by(Receipt.id).limit(_AT_ONCE)
        part = db.session.execute(asked).all()
        yield from part
        if len(part) < _AT_ONCE:
            return
        last = part[-1].id
