"""The trail of one gift for an auditor: gift, receipts, entries, payouts and history, and all of it as one pack."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from donate.db import Base, db
from donate.giving.models import Dispute, Donation, Refund
from donate.ledger.models import LedgerEntry, LedgerPosting, Payout, PayoutItem
from donate.newsroom.models import Fund
from donate.receipts.draw import draw_pdf
from donate.receipts.look import look_on_paper
from donate.receipts.models import Receipt
from donate.receipts.paper_of import paper_of
from donate.recurring.models import RecurringDonation
from donate.team.models import History

#: Gifts of one drawn sample: each has its receipts drawn anew.
MOST_DRAWN = 25
#: Whom a gift is of stands on its receipt; beside it the pack holds no name and no address.
_PERSONAL = frozenset({
    "email", "email_key", "first_name", "last_name", "phone", "address_line1", "address_line2", "city", "region",
    "postcode", "note", "checkout_url", "newsletter_words", "authorisation_text",
})  # fmt: skip
#: What a zip says of when a file in it was written: the same pack is then the same bytes.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Trail:
    """All that the books and the desk know of one gift, each in its order of time.

    Args:
        payouts: By the key of the entry that left with it.
        postings: By the key of their entry.
    """

    donation: Donation
    fund: Fund
    promise: RecurringDonation | None
    receipts: Sequence[Receipt]
    refunds: Sequence[Refund]
    disputes: Sequence[Dispute]
    entries: Sequence[LedgerEntry]
    postings: dict[int, list[LedgerPosting]]
    payouts: dict[int, Payout]
    history: Sequence[History]


def trail_of(donation: Donation) -> Trail:
    """Gather what is known of a gift."""
    entries = _all(LedgerEntry, LedgerEntry.donation_id == donation.id)
    keys = [entry.id for entry in entries]
    postings: dict[int, list[LedgerPosting]] = {}
    for line in _all(LedgerPosting, LedgerPosting.entry_id.in_(keys)):
        postings.setdefault(line.entry_id, []).append(line)
    left = db.session.execute(
        select(PayoutItem.entry_id, Payout).join(Payout, Payout.id == PayoutItem.payout_id)
        .where(PayoutItem.entry_id.in_(keys))
    )  # fmt: skip
    receipts = _all(Receipt, Receipt.donation_id == donation.id)
    told = [donation.reference, *(each.number for each in receipts)]
    return Trail(
        donation=donation,
        fund=db.session.get_one(Fund, donation.fund_id),
        promise=db.session.get(RecurringDonation, donation.recurring_id) if donation.recurring_id else None,
        receipts=receipts,
        refunds=_all(Refund, Refund.donation_id == donation.id),
        disputes=_all(Dispute, Dispute.donation_id == donation.id),
        entries=entries,
        postings=postings,
        payouts={entry_id: payout for entry_id, payout in left},  # noqa: C416  # a result has keys() of its own
        history=_all(History, History.object_reference.in_(told)),
    )


def draw_sample(since: date, until: date, size: int, word: str) -> tuple[list[Donation], int]:
    """Draw gifts of a span by chance, the same ones for the same word as long as no gift is added.

    Args:
        since: First day they came on.
        until: First day left out.
        size: How many, ``MOST_DRAWN`` at most.
        word: What the dice are thrown with: written down, the sample can be drawn again by anybody.

    Returns:
        The gifts in the order they came, and out of how many they were drawn.
    """
    place = func.row_number().over(order_by=(Donation.received_at, Donation.id)).label("place")
    numbered = select(Donation.id, place).where(
        Donation.status == "succeeded", Donation.received_on >= since, Donation.received_on < until
    ).subquery()  # fmt: skip
    total = db.session.scalar(select(func.count()).select_from(numbered)) or 0
    dice = random.Random(f"{word} {since} {until} {total}")  # noqa: S311  # to be repeated, not to be secret
    places = dice.sample(range(1, total + 1), min(size, MOST_DRAWN, total))
    asked = select(Donation).join(numbered, numbered.c.id == Donation.id).where(numbered.c.place.in_(places))
    return list(db.session.scalars(asked.order_by(Donation.received_at, Donation.id))), total


def write_pack(trails: Sequence[Trail]) -> bytes:
    """Write one zip with a folder a gift: its trail as JSON and each of its receipts as PDF.

    Args:
        trails: One gift, or a drawn sample.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for trail in trails:
            folder = trail.donation.reference
            _put(pack, f"{folder}/trail.json", json.dumps(as_json(trail), indent=1, ensure_ascii=False).encode())
            for receipt in trail.receipts:
                _put(pack, f"{folder}/receipt-{receipt.number}.pdf", draw_pdf(paper_of(receipt), look_on_paper()))
    return out.getvalue()


def as_json(trail: Trail) -> dict[str, Any]:
    """Write a trail in plain values: money in minor units beside its currency, moments in UTC."""
    return {
        "donation": _plain(trail.donation),
        "fund": {"code": trail.fund.code, "gl_code": trail.fund.gl_code, "restriction": trail.fund.restriction},
        "recurring": _plain(trail.promise) if trail.promise is not None else None,
        "receipts": [_plain(each) for each in trail.receipts],
        "refunds": [_plain(each) for each in trail.refunds],
        "disputes": [_plain(each) for each in trail.disputes],
        "entries": [
            _plain(entry)
            | {"postings": [_plain(line) for line in trail.postings.get(entry.id, [])]}
            | {"payout": _plain(trail.payouts[entry.id]) if entry.id in trail.payouts else None}
            for entry in trail.entries
        ],
        "history": [_plain(each) for each in trail.history],
    }


def _all(model: type[Any], condition: Any) -> list[Any]:
    return list(db.session.scalars(select(model).where(condition).order_by(*model.__table__.primary_key.columns)))


def _plain(row: Base) -> dict[str, Any]:
    named = {column.name: getattr(row, column.name) for column in row.__table__.columns if column.name not in _PERSONAL}
    return {name: value.isoformat() if isinstance(value, date | datetime) else value for name, value in named.items()}


def _put(pack: zipfile.ZipFile, name: str, data: bytes) -> None:
    pack.writestr(zipfile.ZipInfo(name, _NO_TIME), data, zipfile.ZIP_DEFLATED)
