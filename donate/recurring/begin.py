"""Begin a promise together with its first gift's row."""

from __future__ import annotations

from dataclasses import dataclass

from donate import clock, references
from donate.db import db
from donate.giving.models import Donation
from donate.recurring.models import RecurringDonation


@dataclass(frozen=True)
class Authorisation:
    """The words a donor agreed to when promising repeated gifts.

    Args:
        text: Exactly as shown.
        version: Of the wording.
        language: It was shown in.
    """

    text: str
    version: str
    language: str


def begin_recurring(first: Donation, authorisation: Authorisation, *, restarts: str = "") -> RecurringDonation:
    """Write the promise a first gift begins, once; call inside ``committed()`` with the gift's row.

    Args:
        first: A pending donation whose frequency is month or year.
        authorisation: The words agreed to.
        restarts: The reference of the ended promise that it takes up again.
    """
    if first.recurring_id is not None:
        return db.session.get_one(RecurringDonation, first.recurring_id)
    promise = RecurringDonation(
        reference=references.new_reference(),
        status="pending",
        interval=first.frequency,
        authorisation_text=authorisation.text,
        authorisation_version=authorisation.version,
        authorisation_language=authorisation.language,
        authorised_at=clock.now(),
        created_at=clock.now(),
        restarts=restarts,
        **{name: getattr(first, name) for name in CARRIED},
    )
    db.session.add(promise)
    db.session.flush()
    first.recurring_id = promise.id
    return promise


#: What each instalment takes over from its promise, and the promise from its first gift.
CARRIED = (
    "livemode", "amount_minor", "fee_cover_minor", "currency", "email", "first_name", "last_name", "anonymous",
    "listing_words", "listing_minor", "language", "country", "donor_id", "fund_id", "appeal_id", "article_id",
    "article_slug", "placement", "variant", "source",
)  # fmt: skip
