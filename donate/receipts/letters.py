"""The letters about receipts beside the first one: corrected, sent again, and a year's statement."""

from __future__ import annotations

from typing import Any

from donate import references
from donate.donors.models import Donor
from donate.donors.queries import find_main_email
from donate.giving.models import Donation
from donate.mail.queue import Letter
from donate.newsroom.letters import letter_from_newsroom
from donate.receipts.models import Receipt, ReceiptCopy
from donate.receipts.sentences import say
from donate.receipts.whom import donor_name
from donate.receipts.wording import Sentence


def corrected_letter(donation: Donation, receipt: Receipt, old: Receipt, statement: Receipt | None) -> Letter:
    """Send the giver the receipt that stands for another.

    Args:
        donation: Their gift.
        receipt: That holds now.
        old: That is void.
        statement: Of the year, where it was replaced too.
    """
    return letter_from_newsroom(
        f"receipt-corrected:{receipt.number}",
        "offline_corrected" if donation.kind == "offline" else "receipt_corrected",
        donation.email,
        receipt.language,
        to_name=donation.donor_name,
        **_about(donation, receipt),
        old_number=old.number,
        reason=old.void_reason,
        statement=statement.number if statement is not None else "",
    )


def offline_letter(donation: Donation, receipt: Receipt) -> Letter:
    """Thank for a gift that passed no Stripe, with its receipt; of stock with what it was and no value.

    Args:
        donation: As recorded.
        receipt: Just issued.
    """
    return letter_from_newsroom(
        f"receipt:{donation.reference}",
        "offline_receipt",
        donation.email,
        receipt.language,
        to_name=donation.donor_name,
        **_about(donation, receipt),
    )


def grant_letter(donation: Donation, fund_name: str, organisation: str) -> Letter:
    """Thank whoever recommended a grant from a donor-advised fund: no receipt, and no word of tax.

    Args:
        donation: As recorded.
        fund_name: What it is for, in the letter's language.
        organisation: The donor-advised fund's.
    """
    assert donation.received_on is not None
    return letter_from_newsroom(
        f"receipt:{donation.reference}",
        "offline_grant",
        donation.email,
        donation.language,
        to_name=donation.donor_name,
        reference=donation.reference,
        first_name=donation.first_name,
        donor_name=donation.donor_name,
        received_on=donation.received_on.isoformat(),
        fund=fund_name,
        organisation=organisation,
        currency=donation.currency,
        amount_minor=donation.amount_minor,
        sentences=[say(Sentence("daf"), donation.language)],
    )


def copy_letter(donation: Donation, receipt: Receipt, copy: ReceiptCopy) -> Letter:
    """Send the giver a receipt again, as they asked."""
    again: dict[str, Any] = {"is_again": True} if donation.kind == "offline" else {}
    return letter_from_newsroom(
        f"receipt-copy:{copy.reference}",
        "offline_receipt" if donation.kind == "offline" else "receipt_again",
        donation.email,
        receipt.language,
        to_name=donation.donor_name,
        **_about(donation, receipt, copy=copy.reference),
        **again,
    )


def statement_letter(donor: Donor, statement: Receipt, copy: ReceiptCopy | None = None) -> Letter | None:
    """Send a donor the statement of their year; none where they have no address any more.

    Args:
        donor: Whose.
        statement: That holds.
        copy: Where it is sent again.
    """
    main = find_main_email(donor.id)
    if main is None:
        return None
    key = f"statement:{statement.number}" if copy is None else f"receipt-copy:{copy.reference}"
    return letter_from_newsroom(
        key,
        "statement",
        main.email,
        statement.language,
        to_name=donor_name(donor),
        number=statement.number,
        year=statement.year,
        first_name=donor.first_name,
        currency=statement.currency,
        totals=statement.content["totals"],
        gifts=len(statement.content["gifts"]),
        paper_path=f"/account/receipts/{statement.number}.pdf" + (f"?copy={copy.reference}" if copy else ""),
    )


def paper_path(reference: str, **more: str) -> str:
    """Write the path of a gift's receipt as PDF, with the key that shows it to whoever holds it.

    Args:
        reference: The gift's.
        more: Further arguments.
    """
    rest = "".join(f"&{name}={value}" for name, value in more.items() if value)
    return f"/gifts/{reference}/receipt.pdf?key={references.sign('gift', reference)}{rest}"


def _about(donation: Donation, receipt: Receipt, **more: str) -> dict[str, Any]:
    content = receipt.content
    return {
        "number": receipt.number,
        "reference": donation.reference,
        "first_name": donation.first_name,
        "donor_name": donation.donor_name,
        "received_on": content["received_on"],
        "fund": content["fund"],
        "currency": receipt.currency,
        "given_minor": content["given_minor"],
        "returned_minor": content["returned_minor"],
        "amount_minor": receipt.amount_minor,
        "notice": content["notice"],
        "sentences": content["sentences"],
        **({name: content[name] for name in ("method", "described")} if content.get("method") else {}),
        "paper_path": paper_path(donation.reference, **more),
    }
