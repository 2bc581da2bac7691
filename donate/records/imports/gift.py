"""A past gift as a plain value, as every format gives it; and the reason why a row is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from donate.errors import DonateError
from donate.money import Money


class RowRefused(DonateError):
    """A row that is no gift to import: an id with a sentence in ``sentences.py``, and the values it names."""


@dataclass(frozen=True)
class Refunded:
    """What went back of a past gift.

    Args:
        amount: In the gift's currency, above zero.
        at: When, as far as the file says; else the moment of the gift.
        on: That day in the newsroom's zone.
    """

    amount: Money
    at: datetime
    on: date


@dataclass(frozen=True)
class PastGift:
    """One gift that arrived through another system.

    Args:
        old_id: Its number there: with the system's name it is the gift, however often a file is read.
        donor_old_id: Its giver's number there; empty where the file has none.
        email: As given; empty where the file has none.
        amount: What was charged, above zero.
        received_at: When it came.
        received_on: That day in the newsroom's zone.
        kind: ``one_time``, ``recurring`` or ``offline``.
        frequency: ``once``, ``month`` or ``year``.
        fund: What the file calls what it was for; empty for the general fund.
        appeal: What the file calls what asked for it; empty for none.
        charge_id: Stripe's, where it passed Stripe: a gift that is here already is recognised by it.
        intent_id: The same, of its payment.
    """

    old_id: str
    donor_old_id: str
    email: str
    amount: Money
    received_at: datetime
    received_on: date
    kind: str = "one_time"
    frequency: str = "once"
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
    fund: str = ""
    appeal: str = ""
    payment_method: str = ""
    card_brand: str = ""
    card_last4: str = ""
    charge_id: str = ""
    intent_id: str = ""
    refunded: Refunded | None = field(default=None)
