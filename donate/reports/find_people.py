"""Find a donor or a gift by whatever a reader can tell: a name in any script, an address, a sum, a card, a number."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select

from donate.db import db
from donate.donors.models import Donor, DonorEmail, DonorStripeCustomer, DonorWord
from donate.donors.words import words_of
from donate.giving.models import Dispute, Donation, Refund
from donate.money import Money, from_major
from donate.receipts.models import Receipt
from donate.recurring.models import RecurringDonation

#: Donors and gifts shown of one search; whoever has more types one word more.
MOST = 20
#: Letters that are read of what was typed, and words that are looked for.
LONGEST, MOST_WORDS = 200, 6
_LAST = "\U0010ffff"
_STRIPE = re.compile(r"(pi|ch|py|in|sub|cus|cs|re|pyr|dp|du)_[A-Za-z0-9_]{3,120}")
_REFERENCE = re.compile(r"[A-Z2-7]{16}")
_NUMBER = re.compile(r"\d{1,9}([.,]\d{1,3})?")
_RECEIPT = re.compile(r"[A-Z]{0,6}-?\d{4}-\d{3,9}(-[A-Z0-9]+)?")
_SIGNS = str.maketrans("", "", "$€£₪ ")


@dataclass(frozen=True)
class FoundDonor:
    """A donor who was found.

    Args:
        emails: Their addresses, the main one first.
        gifts: How many gifts arrived.
        last_on: The day of the newest.
    """

    reference: str
    name: str
    emails: tuple[str, ...]
    gifts: int
    last_on: date | None


@dataclass(frozen=True)
class Found:
    """What was found.

    Args:
        gifts: The newest first, ones that never arrived too: a reader asks about those most.
        is_more: Whether there are more than are shown.
    """

    donors: tuple[FoundDonor, ...] = ()
    gifts: tuple[Donation, ...] = ()
    is_more: bool = False


def find_people(text: str, currencies: tuple[str, ...]) -> Found:
    """Find donors and gifts by what was typed.

    Args:
        text: A name or its beginning, an address, an amount in major units, the last four digits of a card, a reference
            with or without dashes, a receipt's number, or an id of Stripe's.
        currencies: The newsroom's, in which a bare number may be a sum.
    """
    text = " ".join(text[:LONGEST].split())
    if not text:
        return Found()
    exact = _by_id(text)
    if exact is not None:
        return exact
    gifts = _gifts(_gift_conditions(text, currencies))
    donors = show_donors(_donor_ids(text))
    return Found(tuple(donors[:MOST]), tuple(gifts[:MOST]), len(donors) > MOST or len(gifts) > MOST)


def _by_id(text: str) -> Found | None:
    """Look an exact name up; None where the text has the shape of none."""
    bare = text.replace("-", "").upper()
    if _REFERENCE.fullmatch(bare):
        donors = db.session.scalars(select(Donor.id).where(Donor.reference == bare)).all()
        promise = select(RecurringDonation.id).where(RecurringDonation.reference == bare)
        refunded = select(Refund.donation_id).where(Refund.reference == bare)
        gifts = _gifts(
            or_(Donation.reference == bare, Donation.recurring_id.in_(promise), Donation.id.in_(refunded))
        )  # fmt: skip
        if donors or gifts:
            return Found(tuple(show_donors(list(donors))), tuple(gifts[:MOST]), len(gifts) > MOST)
        return None
    if _STRIPE.fullmatch(text):
        return _by_stripe_id(text)
    if _RECEIPT.fullmatch(text.upper()):
        receipts = select(Receipt.donation_id).where(Receipt.number == text.upper())
        gifts = _gifts(Donation.id.in_(receipts))
        statement = select(Receipt.donor_id).where(Receipt.number == text.upper(), Receipt.donation_id.is_(None))
        donors = db.session.scalars(select(Donor.id).where(Donor.id.in_(statement))).all()
        return Found(tuple(show_donors(list(donors))), tuple(gifts)) if gifts or donors else None
    return None


def _by_stripe_id(text: str) -> Found:
    promise = select(RecurringDonation.id).where(RecurringDonation.stripe_subscription_id == text)
    refunded = select(Refund.donation_id).where(Refund.stripe_refund_id == text)
    disputed = select(Dispute.donation_id).where(Dispute.stripe_dispute_id == text)
    column = {
        "pi": Donation.stripe_payment_intent_id, "ch": Donation.stripe_charge_id, "py": Donation.stripe_charge_id,
        "in": Donation.stripe_invoice_id, "cs": Donation.stripe_checkout_session_id,
    }.get(text.split("_")[0])  # fmt: skip
    condition: ColumnElement[bool] = or_(
        Donation.recurring_id.in_(promise), Donation.id.in_(refunded), Donation.id.in_(disputed)
    )
    gifts = _gifts(column == text if column is not None else condition)
    donors = db.session.scalars(
        select(DonorStripeCustomer.donor_id).where(DonorStripeCustomer.stripe_customer_id == text)
    ).all()
    return Found(tuple(show_donors(list(donors))), tuple(gifts[:MOST]), len(gifts) > MOST)


def _gift_conditions(text: str, currencies: tuple[str, ...]) -> ColumnElement[bool] | None:
    if "@" in text:
        return Donation.email_key == text.lower()
    # Digits of every script are digits: ١٢٫٥٠ is 12.50.
    plain = "".join(str(unicodedata.digit(each, each)) for each in text).replace("٫", ".").translate(_SIGNS)
    if not _NUMBER.fullmatch(plain):
        return None
    sums = [_in_currency(plain.replace(",", "."), currency) for currency in currencies]
    conditions: list[ColumnElement[bool]] = [
        and_(Donation.amount_minor == each.minor, Donation.currency == each.currency) for each in sums if each
    ]
    if len(plain) == 4 and plain.isdigit():
        conditions.append(Donation.card_last4 == plain)
    return or_(*conditions) if conditions else None


def _in_currency(text: str, currency: str) -> Money | None:
    try:
        return from_major(text, currency)
    except ValueError:
        return None


def _gifts(condition: ColumnElement[bool] | None) -> list[Donation]:
    if condition is None:
        return []
    return list(db.session.scalars(select(Donation).where(condition).order_by(Donation.id.desc()).limit(MOST + 1)))


def _donor_ids(text: str) -> list[int]:
    """Find who has a word beginning with each word typed; the whole of an address is one word."""
    words = words_of(text) if "@" not in text else words_of(text)[:1]
    if not words:
        return []
    first, *others = sorted(words[:MOST_WORDS], key=len, reverse=True)
    asked = select(DonorWord.donor_id).where(_begins(first)).distinct()
    for word in others:
        asked = asked.where(DonorWord.donor_id.in_(select(DonorWord.donor_id).where(_begins(word))))
    return list(db.session.scalars(asked.limit(MOST + 1)))


def _begins(word: str) -> ColumnElement[bool]:
    return and_(DonorWord.word >= word, DonorWord.word < word + _LAST)


def show_donors(donor_ids: list[int]) -> list[FoundDonor]:
    """Give donors as lists of found ones show them, whoever gave last first.

    Args:
        donor_ids: Their keys.
    """
    if not donor_ids:
        return []
    rows = db.session.execute(
        select(Donor, func.count(Donation.id), func.max(Donation.received_on))
        .outerjoin(Donation, and_(Donation.donor_id == Donor.id, Donation.status == "succeeded"))
        .where(Donor.id.in_(donor_ids))
        .group_by(Donor.id)
        .order_by(func.max(Donation.received_on).desc(), Donor.id.desc())
    ).all()
    emails: dict[int, list[str]] = {}
    for donor_id, email in db.session.execute(
        select(DonorEmail.donor_id, DonorEmail.email)
        .where(DonorEmail.donor_id.in_(donor_ids))
        .order_by(DonorEmail.is_main.desc(), DonorEmail.id)
    ):
        emails.setdefault(donor_id, []).append(email)
    return [
        FoundDonor(
            donor.reference, f"{donor.first_name} {donor.last_name}".strip(), tuple(emails.get(donor.id, ())), count, on
        )
        for donor, count, on in rows
    ]
