"""An offline gift as it is typed: one plain value, what it still lacks, and whose receipt it gets. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal

from donate import references
from donate.money import Money

#: How it came; kept as the gift's method of payment. ``daf`` is a grant from a donor-advised fund, however it was paid.
METHODS = ("cheque", "cash", "transfer", "stock", "daf")
#: Who gave: a person (of a grant from a donor-advised fund, whoever recommended it), a company, or a foundation.
GIVERS = ("person", "company", "foundation")
#: Why a recorded gift is withdrawn: the bank returned it, it was typed wrongly, or it was given back.
REASONS = ("bounced", "mistake", "returned")


@dataclass(frozen=True)
class OfflineEntry:
    """One offline gift, read and checked as far as its form can.

    Args:
        reference: Minted with the form; one gift, however often it is sent.
        amount: Of stock: what it is worth in the books, which no receipt says.
        method: One of ``METHODS``.
        fund_id: What it is for.
        donor_id: Who gave, where they are known here.
        is_new: Whether it is known that nobody here is this giver.
        giver: One of ``GIVERS``.
        organisation: Its name; of a donor-advised fund, the fund's.
        number: Of the cheque, or the transfer's reference.
        described: Of stock: how many shares of what.
    """

    reference: str
    amount: Money
    method: str
    fund_id: int
    donor_id: int | None = None
    is_new: bool = False
    giver: str = "person"
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    organisation: str = ""
    address_line1: str = ""
    address_line2: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    number: str = ""
    described: str = ""
    note: str = ""
    appeal_id: int | None = None

    @property
    def names(self) -> tuple[str, str]:
        """The first and last name that stand for the giver; an organisation has its name as the last one."""
        has_person = self.giver == "person" and bool(self.first_name or self.last_name)
        return (self.first_name, self.last_name) if has_person else ("", self.organisation)

    def content_hash(self, received_on: date) -> str:
        """Tell this content from another under the same reference."""
        values = {**asdict(self), "received_on": received_on.isoformat()}
        del values["reference"]
        return references.fingerprint(*(f"{name}={values[name]}" for name in sorted(values)))


def lacks(entry: OfflineEntry) -> tuple[str, ...]:
    """Tell which fields must still be filled before a gift can be recorded.

    Args:
        entry: As typed.

    Returns:
        Names of fields; ``donor`` where it must still be said whether the giver is one of those known here.
    """
    missing = []
    if entry.method == "stock" and not entry.described:
        missing.append("described")
    is_named = entry.donor_id is not None or entry.giver == "person"
    if not entry.organisation and (entry.method == "daf" or not is_named):
        missing.append("organisation")
    if entry.donor_id is None:
        # Whom an address belongs to may be nameless, as on the form that givers fill in themselves.
        if not any(entry.names) and not entry.email and "organisation" not in missing:
            missing.append("last_name")
        if not entry.is_new:
            missing.append("donor")
    return tuple(missing)


def receipt_source(method: str, giver: str) -> Literal["person", "daf", "foundation", "stock"]:
    """Tell whose gift it is in the words of ``receipts.wording.Source``.

    Args:
        method: One of ``METHODS``.
        giver: One of ``GIVERS``.
    """
    if method == "daf":
        return "daf"
    if method == "stock":
        return "stock"
    return "foundation" if giver == "foundation" else "person"


def is_receipted(method: str) -> bool:
    """Tell whether we give the receipt: a donor-advised fund gave its own for what was paid into it."""
    return method != "daf"
