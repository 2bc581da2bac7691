"""Issue the receipt of a donation: one number, one row, and what it says stored with its hash."""

from __future__ import annotations

from typing import Any

from donate import clock
from donate.db import db
from donate.giving.models import Donation
from donate.giving.offline.entry import receipt_source
from donate.giving.offline.queries import find_offline
from donate.giving.queries import total_went_back
from donate.money import Money
from donate.newsroom.models import Fund, Newsroom
from donate.newsroom.queries import get_newsroom
from donate.newsroom.tax import disclosures_of
from donate.receipts.benefits import benefits_of
from donate.receipts.content import Content, GiftSums, Imprint, gift_content, hash_of
from donate.receipts.models import Receipt
from donate.receipts.numbers import next_number
from donate.receipts.queries import find_receipt_of
from donate.receipts.tax_status import tax_status_of


def issue_receipt(donation: Donation, *, zone: str) -> Receipt:
    """Number and write the receipt of a donation that succeeded, once; call inside ``committed()``.

    Numbers follow one another without gaps within a year, because number and row are of one transaction.

    Args:
        donation: A succeeded donation.
        zone: The newsroom's, for the day and year of issue.
    """
    return find_receipt_of(donation.id) or write_receipt(donation, zone=zone)


def write_receipt(donation: Donation, *, zone: str, replaces: Receipt | None = None) -> Receipt:
    """Write a gift's receipt as the gift stands now; call inside ``committed()``.

    Args:
        donation: A succeeded one without an issued receipt.
        zone: The newsroom's.
        replaces: The void one that it stands for.
    """
    assert donation.received_on is not None
    at = clock.now()
    # The year the gift was received in: a gift of 31 December confirmed on 1 January belongs to the old year.
    number = next_number("gift", donation.received_on.year)
    imprint = Imprint(number, clock.on(at, zone), donation.language, replaces.number if replaces is not None else "")
    content = content_of(donation, imprint)
    receipt = Receipt(
        number=number,
        kind="gift",
        year=donation.received_on.year,
        donation_id=donation.id,
        issued_at=at,
        issued_on=imprint.issued_on,
        replaces_id=replaces.id if replaces is not None else None,
        **columns_of(content),
    )
    db.session.add(receipt)
    db.session.flush()
    return receipt


def content_of(donation: Donation, imprint: Imprint) -> Content:
    """Write what a gift's receipt says as the gift stands now.

    Args:
        donation: A succeeded one.
        imprint: Of the paper.
    """
    newsroom = get_newsroom()
    fund = db.session.get_one(Fund, donation.fund_id)
    assert donation.received_on is not None
    sums = GiftSums(
        reference=donation.reference,
        received_on=donation.received_on,
        fund=fund_name(fund, imprint.language),
        frequency=donation.frequency,
        given=donation.amount,
        fee_cover=donation.fee_cover,
        kept=kept_of(donation),
        benefits=benefits_of(donation, imprint.language),
        **_by_hand(donation),
    )
    said = gift_content(imprint, newsroom_name(newsroom, imprint.language), tax_status_of(newsroom), sums)
    # What states want said wherever somebody is asked stands on the receipt too.
    return {**said, "sentences": [*said["sentences"], *disclosures_of(newsroom, imprint.language)]}


def _by_hand(donation: Donation) -> dict[str, Any]:
    """Give what a receipt says besides of a gift that passed no Stripe."""
    known = find_offline(donation.id)
    if known is None:
        return {}
    method = donation.payment_method
    return {"method": method, "source": receipt_source(method, known.giver), "described": known.described}


def columns_of(content: Content) -> dict[str, object]:
    """Give what of a gift's content stands in columns too, with its hash."""
    names = ("language", "amount_minor", "fee_cover_minor", "currency", "benefit_value_minor", "deductible_minor")
    return {**{name: content[name] for name in names}, "content": content, "content_hash": hash_of(content)}


def kept_of(donation: Donation) -> Money:
    """Tell what is left of a gift: all that was charged, less what went back."""
    return donation.amount - total_went_back(donation)


def newsroom_name(newsroom: Newsroom, language: str) -> str:
    """Give the newsroom's name in a language."""
    return newsroom.words.get("name", {}).get(language) or newsroom.name


def fund_name(fund: Fund, language: str) -> str:
    """Give a fund's name in a language."""
    return fund.names.get(language) or fund.name
