"""Annual statements: one per donor and year, of the gifts that were kept, adding up to their receipts to the cent."""

from __future__ import annotations

from datetime import date

from donate import clock
from donate.db import db, lock
from donate.donors.models import Donor
from donate.giving.models import Donation
from donate.money import Money
from donate.newsroom.models import Fund, Newsroom
from donate.newsroom.queries import get_newsroom
from donate.newsroom.tax import disclosures_of
from donate.receipts.content import (
    Content,
    GiftSums,
    Imprint,
    benefits_in,
    hash_of,
    says_the_same,
    status_in,
    sum_up,
    words_of,
)
from donate.receipts.issue import fund_name, newsroom_name
from donate.receipts.models import Receipt
from donate.receipts.numbers import next_number
from donate.receipts.queries import find_statement, list_kept_gifts, list_statements, list_statements_of, lock_donors
from donate.receipts.tax_status import tax_status_of
from donate.receipts.void import void_receipt

Gifts = list[tuple[Receipt, Donation, Fund]]


def issue_statements(donor_ids: list[int], year: int, *, zone: str) -> list[tuple[Donor, Receipt]]:
    """Issue the statements of some donors, once each; call inside ``committed()``.

    Args:
        donor_ids: Who gave something in the year that was kept.
        year: By the newsroom's days.
        zone: The newsroom's.

    Returns:
        Each donor with the statement that holds, by key; not those of whose gifts nothing is kept any more.
    """
    donors = lock_donors(donor_ids)
    issued, gifts, newsroom = list_statements(donor_ids, year), list_kept_gifts(donor_ids, year), get_newsroom()
    found = []
    for donor_id, donor in donors.items():
        if donor_id not in issued and gifts.get(donor_id):
            issued[donor_id] = _write(donor, year, gifts[donor_id], newsroom, zone=zone)
        if donor_id in issued:
            found.append((donor, issued[donor_id]))
    return found


def renew_statement(donor_id: int, year: int, reason: str, *, zone: str) -> Receipt | None:
    """Void and replace a donor's statement that is not right any more; call inside ``committed()``.

    Where none was issued, none is. Of a year of which nothing is kept any more the statement is void, and nothing
    stands for it: each gift's own receipt says that it went back.

    Args:
        donor_id: Whose.
        year: Which.
        reason: Why it is void now.
        zone: The newsroom's.

    Returns:
        The statement that holds now, where it is new.
    """
    if find_statement(donor_id, year) is None:
        return None
    donor = lock(Donor, donor_id)
    issued = find_statement(donor_id, year)
    if issued is None:
        return None
    gifts, newsroom = list_kept_gifts([donor_id], year).get(donor_id, []), get_newsroom()
    draft = _content(Imprint("", issued.issued_on, donor.language), year, gifts, newsroom)
    if gifts and says_the_same(issued.content, draft):
        return None
    void_receipt(issued, reason, zone=zone)
    return _write(donor, year, gifts, newsroom, zone=zone, replaces=issued) if gifts else None


def renew_statements(donor_id: int, *, zone: str) -> None:
    """Replace each of a donor's statements that is not right any more: their gifts became others'; in ``committed()``.

    Args:
        donor_id: Whose.
        zone: The newsroom's.
    """
    for statement in list_statements_of(donor_id):
        renew_statement(donor_id, statement.year, "correction", zone=zone)


def void_statements(donor_id: int, *, zone: str) -> list[int]:
    """End a donor's statements whose gifts all become another's; call inside ``committed()``.

    Args:
        donor_id: Whose.
        zone: The newsroom's.

    Returns:
        Of which years.
    """
    statements = list_statements_of(donor_id)
    for statement in statements:
        void_receipt(statement, "correction", zone=zone)
    return [statement.year for statement in statements]


def _write(
    donor: Donor, year: int, gifts: Gifts, newsroom: Newsroom, *, zone: str, replaces: Receipt | None = None
) -> Receipt:
    at = clock.now()
    number = next_number("statement", year)
    imprint = Imprint(number, clock.on(at, zone), donor.language, replaces.number if replaces is not None else "")
    content = _content(imprint, year, gifts, newsroom)
    totals = content["totals"]
    only = totals[0] if len(totals) == 1 else {"currency": "", "amount_minor": 0, "benefit_value_minor": 0}
    statement = Receipt(
        number=number,
        kind="statement",
        year=year,
        donor_id=donor.id,
        issued_at=at,
        issued_on=imprint.issued_on,
        language=donor.language,
        amount_minor=only["amount_minor"],
        currency=only["currency"],
        benefit_value_minor=only["benefit_value_minor"],
        deductible_minor=only.get("deductible_minor"),
        replaces_id=replaces.id if replaces is not None else None,
        content=content,
        content_hash=hash_of(content),
    )
    db.session.add(statement)
    db.session.flush()
    return statement


def _content(imprint: Imprint, year: int, gifts: Gifts, newsroom: Newsroom) -> Content:
    status = tax_status_of(newsroom)
    # Stock has no value here: what was given stands among the sentences, and in no sum.
    lines = [
        _line(receipt, donation, fund, imprint.language)
        for receipt, donation, fund in gifts
        if not receipt.content.get("described")
    ]
    # What its gifts' receipts say of tax, each sentence once: twelve monthly gifts are twelve, and never one.
    said: dict[str, None] = {}
    for receipt, donation, fund in gifts:
        said.update(dict.fromkeys(_sentences(receipt, donation, fund, newsroom, imprint.language)))
    return {
        **imprint.head("statement", newsroom_name(newsroom, imprint.language), status),
        "year": year,
        "gifts": lines,
        "totals": sum_up(lines),
        "notice": "",
        "sentences": list(said),
    }


def _sentences(receipt: Receipt, donation: Donation, fund: Fund, newsroom: Newsroom, language: str) -> list[str]:
    """Say what a gift's receipt says: its very words, or the same facts in the statement's language."""
    told = receipt.content
    words = [*([told["notice"]] if told["notice"] else []), *told["sentences"]]
    if receipt.language == language or not words:
        return words
    sums = GiftSums(
        reference=donation.reference,
        received_on=date.fromisoformat(told["received_on"]),
        fund=fund_name(fund, language),
        frequency=donation.frequency,
        given=donation.amount,
        fee_cover=donation.fee_cover,
        kept=Money(receipt.amount_minor, receipt.currency),
        benefits=benefits_in(told),
        method=told.get("method", ""),
        source=told.get("source", "person"),
        described=told.get("described", ""),
    )
    again = words_of(status_in(told), sums, language)
    return [*([again.notice] if again.notice else []), *again.sentences, *disclosures_of(newsroom, language)]


def _line(receipt: Receipt, donation: Donation, fund: Fund, language: str) -> Content:
    return {
        "receipt": receipt.number,
        "reference": donation.reference,
        "received_on": receipt.content["received_on"],
        "fund": fund_name(fund, language),
        "currency": receipt.currency,
        "given_minor": receipt.content["given_minor"],
        "returned_minor": receipt.content["returned_minor"],
        "amount_minor": receipt.amount_minor,
        "benefit_value_minor": receipt.benefit_value_minor,
        "deductible_minor": receipt.deductible_minor,
    }
