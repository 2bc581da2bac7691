"""Tell hooks of gifts, promises and donors: one function a thing that happened, each called where it takes effect."""

from __future__ import annotations

from donate.connections.announce import announce
from donate.connections.shown import pages
from donate.connections.shown.shapes import Json, show_dispute, show_refund
from donate.donors.models import Donor
from donate.giving.models import Dispute, Donation, Refund
from donate.recurring.models import RecurringDonation


def tell_received(donation: Donation) -> None:
    """Tell that a gift arrived; call inside ``committed()``, after all that hangs on it."""
    announce("gift.succeeded", donation.reference, ("gift", donation.id), lambda: _gift(donation))


def tell_refund(donation: Donation, refund: Refund) -> None:
    """Tell that a refund was made, or failed after all; call inside ``committed()``."""
    kind = "gift.refunded" if refund.status == "succeeded" else "gift.refund_failed"
    key = f"{refund.reference}:{refund.version}"
    announce(kind, key, ("gift", donation.id), lambda: {**_gift(donation), "refund": show_refund(refund)})


def tell_dispute(donation: Donation, dispute: Dispute, *, is_closed: bool) -> None:
    """Tell that a giver's bank asks for a gift back, or how that ended; call inside ``committed()``."""
    kind = "gift.dispute_closed" if is_closed else "gift.disputed"
    key = f"{dispute.stripe_dispute_id}:{dispute.version}"
    announce(kind, key, ("gift", donation.id), lambda: {**_gift(donation), "dispute": show_dispute(dispute)})


def tell_promise(kind: str, promise: RecurringDonation) -> None:
    """Tell that a promise began, changed or ended; call inside ``committed()``.

    Args:
        kind: ``recurring.started``, ``recurring.changed`` or ``recurring.ended``.
        promise: As it is by now.
    """
    key = f"{promise.reference}:{promise.version}"
    announce(kind, key, ("recurring", promise.id), lambda: {"recurring": _shown(pages.promise, promise.reference)})


def tell_joined(donor: Donor, other: Donor) -> None:
    """Tell that two donors are one person, and which of both stays; call inside ``committed()``."""
    announce(
        "donor.joined",
        f"{other.reference}:{donor.reference}",
        ("donor", donor.id),
        lambda: {"donor": {"id": donor.reference}, "joined": {"id": other.reference}},
    )


def tell_erased(donor: Donor) -> None:
    """Tell that a donor was forgotten, so that others forget them too; call inside ``committed()``."""
    announce("donor.erased", donor.reference, ("donor", donor.id), lambda: {"donor": {"id": donor.reference}})


def _gift(donation: Donation) -> Json:
    return {"gift": _shown(pages.gift, donation.reference)}


def _shown(find: pages.Find, reference: str) -> Json:
    found = find(reference, personal=False)
    assert found is not None
    return found
