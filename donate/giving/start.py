"""Start a donation: the row that exists before anything is asked of Stripe."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from donate import clock, references
from donate.db import db
from donate.giving.models import Donation
from donate.giving.queries import find_donation
from donate.money import Money
from donate.payments.checkout import HOSTED_PAGE
from donate.payments.units import refuse_unchargeable

CHECKOUT_MINUTES = 60


@dataclass(frozen=True)
class GiftRequest:
    """What a donor asked for on the form, read and checked.

    Args:
        reference: Minted with the form; one attempt.
        gift: What the donor means to give.
        fee_cover: What is added so that the gift arrives whole; zero when not wanted.
        livemode: Whether our key moves real money.
        ui_mode: Where it is to be paid: another place is another page, so the first one closes.
    """

    reference: str
    frequency: str
    gift: Money
    fee_cover: Money
    livemode: bool
    email: str
    fund_id: int
    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    address_line1: str = ""
    address_line2: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    note: str = ""
    anonymous: bool = False
    newsletter: bool = False
    newsletter_words: str = ""
    listing_words: str = ""
    listing_minor: int | None = None
    language: str = "en"
    appeal_id: int | None = None
    article_id: int | None = None
    article_slug: str = ""
    placement: str = ""
    variant: str = ""
    source: str = ""
    ui_mode: str = HOSTED_PAGE

    def content_hash(self) -> str:
        """Tell this content from another under the same reference."""
        values = asdict(self)
        # The words beside the boxes follow from the language, and from what the newsroom has set.
        for name in ("reference", "newsletter_words", "listing_words", "listing_minor"):
            del values[name]
        return references.fingerprint(*(f"{name}={values[name]}" for name in sorted(values)))


def asked_again(donation: Donation, *, ui_mode: str) -> GiftRequest:
    """Give what a donor asked for once more, to be paid elsewhere.

    Args:
        donation: As it was asked for.
        ui_mode: Where instead.
    """
    values = {each.name: getattr(donation, each.name) for each in fields(GiftRequest)}
    return GiftRequest(**{**values, "ui_mode": ui_mode})


def start_donation(asked: GiftRequest) -> Donation:
    """Write the donation's row, once for its reference; call inside ``committed()``.

    Args:
        asked: The form's content.

    Returns:
        The row; the earlier one where the same reference was started before.

    Raises:
        BadAmount: When Stripe would refuse the amount.
    """
    refuse_unchargeable(asked.gift + asked.fee_cover)
    found = find_donation(asked.reference)
    if found is not None:
        return found
    try:
        with db.session.begin_nested():
            donation = _row(asked)
            db.session.add(donation)
            db.session.flush()
    except IntegrityError:
        # A second press of the same form got here first.
        found = find_donation(asked.reference)
        if found is None:
            raise
        return found
    return donation


def _row(asked: GiftRequest) -> Donation:
    created_at = clock.now()
    values = asdict(asked)
    del values["gift"], values["fee_cover"]
    return Donation(
        **values,
        status="pending",
        kind="one_time" if asked.frequency == "once" else "recurring",
        content_hash=asked.content_hash(),
        amount_minor=(asked.gift + asked.fee_cover).minor,
        fee_cover_minor=asked.fee_cover.minor,
        currency=asked.gift.currency,
        created_at=created_at,
        # Frozen with the row: a repeated request must repeat its parameters.
        checkout_expires_at=(created_at + timedelta(minutes=CHECKOUT_MINUTES)).replace(microsecond=0),
    )
