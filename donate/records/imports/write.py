"""Write a part of a file: donors who are new, gifts, what went back of them; call inside ``committed()``."""

from __future__ import annotations

from collections.abc import Sequence

from donate import clock, references
from donate.db import db, insert_of
from donate.donors.models import Donor, DonorEmail, DonorOldId
from donate.donors.words import note_many
from donate.entry.address import normalise_email
from donate.giving.models import Donation, Refund
from donate.ledger.donors import count_donors
from donate.ledger.queries import has_books
from donate.ledger.rebuild_donors import recount_donors
from donate.money import Money
from donate.payments.gateway import is_live
from donate.queue.enqueue import enqueue
from donate.records.imports.gift import PastGift, Refunded
from donate.records.imports.match import Match
from donate.records.imports.seen import Seen

#: Who asked for a refund that a file tells of: nobody here.
ASKED_BY = "import"
_SAME = (
    "email", "first_name", "last_name", "phone", "address_line1", "address_line2", "city", "region", "postcode",
    "country", "note", "anonymous", "kind", "frequency", "payment_method", "card_brand", "card_last4", "received_at",
    "received_on",
)  # fmt: skip


def write_matches(system: str, matches: Sequence[Match], seen: Seen, language: str) -> None:
    """Write what is new of a part of a file; call inside ``committed()``.

    Nothing follows such a gift: no entry of the books, no receipt, no letter. Its giver's membership is measured anew
    by a job, since it counts for it like any other.

    Args:
        system: Whose format.
        matches: Rows in their order.
        seen: Of this reading.
        language: The newsroom's, for donors of whom no other is known.

    Raises:
        IntegrityError: Somebody wrote one of these gifts or donors meanwhile: match again.
    """
    new = [match for match in matches if match.outcome == "new"]
    donors = _write_donors(system, new, seen, language)
    gifts = [_donation(system, match, donors, language) for match in new]
    db.session.add_all(gifts)
    db.session.flush()
    for match, gift in zip(new, gifts, strict=True):
        assert match.gift is not None
        if match.gift.refunded is not None:
            _write_refund(gift.id, match.gift.refunded, match.gift.refunded.amount)
    for match in matches:
        if match.outcome == "updated" and match.known is not None and match.gift is not None:
            _write_more_refunded(match)
    db.session.flush()
    touched = {gift.donor_id for gift in gifts} | _givers_of_updated(matches)
    if touched:
        if has_books():
            count_donors(each for each in touched if each is not None)
        else:
            # Past gifts came before anything was booked: the counting begins with them.
            recount_donors()
        note_many(_texts(gifts))
        key = f"renew:{references.new_reference()}"
        enqueue("renew_memberships_of", key, donor_ids=sorted(each for each in touched if each is not None))


def _texts(gifts: Sequence[Donation]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for gift in gifts:
        if gift.donor_id is not None:
            found.setdefault(gift.donor_id, []).extend((gift.first_name, gift.last_name, gift.email))
    return found


def _write_donors(system: str, new: Sequence[Match], seen: Seen, language: str) -> dict[int, int]:
    """Write the donors who are new, each once; give {token: key}."""
    first: dict[int, PastGift] = {}
    for match in new:
        if match.person is not None and match.person.donor_id is None and match.person.token is not None:
            assert match.gift is not None
            first.setdefault(match.person.token, match.gift)
    rows = {
        token: Donor(
            reference=references.new_reference(),
            first_name=gift.first_name,
            last_name=gift.last_name,
            language=language,
            created_at=clock.now(),
        )
        for token, gift in first.items()
    }
    db.session.add_all(rows.values())
    db.session.flush()
    keys = {token: donor.id for token, donor in rows.items()}
    for token, gift in first.items():
        email = normalise_email(gift.email)
        if email:
            db.session.add(DonorEmail(donor_id=keys[token], email=email, is_main=True))
        seen.settle_person(
            [*([f"email:{email}"] if email else []), *([f"old:{gift.donor_old_id}"] if gift.donor_old_id else [])],
            keys[token],
        )
    db.session.flush()
    _write_numbers(system, new, keys)
    return keys


def _write_numbers(system: str, new: Sequence[Match], keys: dict[int, int]) -> None:
    """Write down whose a number in the other system is: the first donor it led to."""
    numbers: dict[str, int] = {}
    for match in new:
        assert match.gift is not None
        assert match.person is not None
        if match.gift.donor_old_id and (match.person.is_new or match.person.links_number):
            numbers.setdefault(match.gift.donor_old_id, _donor_id(match, keys))
    if numbers:
        db.session.execute(
            insert_of(DonorOldId)
            .values([{"system": system, "old_id": old, "donor_id": donor_id} for old, donor_id in numbers.items()])
            .on_conflict_do_nothing(index_elements=["system", "old_id"])
        )


def _donor_id(match: Match, keys: dict[int, int]) -> int:
    assert match.person is not None
    if match.person.donor_id is not None:
        return match.person.donor_id
    assert match.person.token is not None
    return keys[match.person.token]


def _donation(system: str, match: Match, donors: dict[int, int], language: str) -> Donation:
    gift = match.gift
    assert gift is not None
    return Donation(
        reference=references.new_reference(),
        status="succeeded",
        livemode=is_live(),
        amount_minor=gift.amount.minor,
        currency=gift.amount.currency,
        language=language,
        fund_id=match.fund_id,
        appeal_id=match.appeal_id,
        donor_id=_donor_id(match, donors),
        created_at=clock.now(),
        ended_at=gift.received_at,
        imported_from=system,
        imported_id=gift.old_id,
        imported_charge_id=gift.charge_id or None,
        imported_intent_id=gift.intent_id or None,
        **{name: getattr(gift, name) for name in _SAME},
    )


def _write_more_refunded(match: Match) -> None:
    assert match.gift is not None
    assert match.gift.refunded is not None
    assert match.known is not None
    more = match.gift.refunded.amount - Money(match.known.refunded_minor, match.gift.amount.currency)
    _write_refund(match.known.donation_id, match.gift.refunded, more)


def _write_refund(donation_id: int, refunded: Refunded, amount: Money) -> None:
    db.session.add(
        Refund(
            reference=references.new_reference(),
            donation_id=donation_id,
            status="succeeded",
            livemode=is_live(),
            amount_minor=amount.minor,
            currency=amount.currency,
            asked_by=ASKED_BY,
            requested_at=refunded.at,
            refunded_at=refunded.at,
            refunded_on=refunded.on,
            ended_at=refunded.at,
        )
    )


def _givers_of_updated(matches: Sequence[Match]) -> set[int | None]:
    ids = [match.known.donation_id for match in matches if match.outcome == "updated" and match.known is not None]
    return {db.session.get_one(Donation, each).donor_id for each in ids}
