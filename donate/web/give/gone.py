"""What of a gift is no longer here: what was given back, what a bank took, and what is left, for the gift's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from donate.giving.models import Donation, Refund
from donate.giving.queries import list_disputes, list_refunds
from donate.giving.refund import left_to_refund
from donate.giving.status import CLOSED_DISPUTES, GIVING_BACK, TAKEN_DISPUTES
from donate.ledger.queries import list_entries_of_donation
from donate.money import Money


@dataclass(frozen=True)
class Taken:
    """One dispute as its giver sees it.

    Args:
        status: Stripe's.
        amount: In the gift's currency.
        on: The day the bank took it, which for what began as an inquiry is not the day it asked.
    """

    status: str
    amount: Money
    on: date


@dataclass(frozen=True)
class Gone:
    """What a giver should know of the way back.

    Args:
        refunds: Given back, on the way, or sent back by the bank, oldest first.
        disputes: In which a bank took money, also where it returned it; a mere inquiry is no concern of the giver.
        left: What is still here, fee cover included.
    """

    refunds: list[Refund]
    disputes: list[Taken]
    left: Money

    @property
    def is_taken(self) -> bool:
        """Tell whether a bank has something of it now."""
        return any(dispute.status in TAKEN_DISPUTES for dispute in self.disputes)

    @property
    def is_open(self) -> bool:
        """Tell whether a bank has still to decide."""
        return any(dispute.status not in CLOSED_DISPUTES for dispute in self.disputes)

    @property
    def is_on_its_way(self) -> bool:
        """Tell whether a refund has not arrived yet."""
        return any(refund.status in GIVING_BACK and refund.status != "succeeded" for refund in self.refunds)


def gone_of(donation: Donation) -> Gone:
    """Gather what of a gift went back.

    Args:
        donation: One that arrived.
    """
    refunds = [each for each in list_refunds(donation.id) if _concerns_giver(each)]
    entries = list_entries_of_donation(donation.id)
    days = {each.stripe_dispute_id: each.occurred_on for each in entries if each.entry_type == "dispute"}
    disputes = [
        Taken(each.status, each.amount, days.get(each.stripe_dispute_id, each.opened_on))
        for each in list_disputes(donation.id)
        if each.status in TAKEN_DISPUTES or each.status == "won"
    ]
    left = left_to_refund(donation)
    return Gone(refunds, disputes, max(left, Money(0, donation.currency)))


def _concerns_giver(refund: Refund) -> bool:
    # One that never left Stripe was never told to the giver; one that the bank sent back was.
    return refund.status in GIVING_BACK or (refund.status == "failed" and refund.stripe_refund_id is not None)
