"""Match a part of a file with what is here: which gift is new, which is known, and whose each is. Writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from donate import references
from donate.entry.address import normalise_email
from donate.money import Money
from donate.records.imports.gift import PastGift, RowRefused
from donate.records.imports.queries import (
    Known,
    find_donors_by_email,
    find_donors_by_old_id,
    find_imported,
    find_payments,
)
from donate.records.imports.seen import Seen
from donate.records.imports.table import Row
from donate.records.imports.targets import Targets


@dataclass(frozen=True)
class Person:
    """Whose a new gift is.

    Args:
        donor_id: Where they are here,
        token: and else what stands for them in this file.
        is_new: Whether this is the first that is known of them.
        links_number: Whether their number in the other system is not written down yet.
    """

    donor_id: int | None = None
    token: int | None = None
    is_new: bool = False
    links_number: bool = False


@dataclass(frozen=True)
class Match:
    """What a row is.

    Args:
        row: Where it stands.
        outcome: ``new``, ``known``, ``ours``, ``updated`` or ``refused``.
        gift: What it says; none where it could not be read.
        refused: Why, where it was.
        known: The row it was before, where it was imported before.
        person: Of a new gift, its giver.
        fund_id: Of a new gift.
        appeal_id: Of a new gift.
    """

    row: Row
    outcome: str
    gift: PastGift | None = None
    refused: RowRefused | None = None
    known: Known | None = None
    person: Person | None = None
    fund_id: int = 0
    appeal_id: int | None = None


class Matcher:
    """Matches rows in the order of the file.

    Args:
        system: Whose format.
        targets: The funds and appeals that are here.
        seen: What stood before in this file.
        erased: Keyed hashes of the addresses of those who asked to be forgotten.
    """

    def __init__(self, system: str, targets: Targets, seen: Seen, erased: frozenset[str]) -> None:
        self._system, self._targets, self._seen, self._erased = system, targets, seen, erased

    def match(self, rows: Sequence[tuple[Row, PastGift | RowRefused]]) -> list[Match]:
        """Match a part of the file; read inside the transaction that writes it, or outside of any."""
        gifts = [gift for _row, gift in rows if isinstance(gift, PastGift)]
        self._imported = find_imported(self._system, [gift.old_id for gift in gifts])
        self._payments = find_payments([each for gift in gifts for each in _payments(gift)])
        self._emails = find_donors_by_email([normalise_email(gift.email) for gift in gifts if gift.email])
        self._old_ids = find_donors_by_old_id(self._system, [each.donor_old_id for each in gifts if each.donor_old_id])
        return [self._one(row, gift) for row, gift in rows]

    def _one(self, row: Row, gift: PastGift | RowRefused) -> Match:
        if isinstance(gift, RowRefused):
            return Match(row, "refused", refused=gift)
        keys = [f"id:{gift.old_id}", *(f"stripe:{each}" for each in _payments(gift))]
        earlier = self._seen.find_line(keys)
        if earlier is not None:
            return Match(row, "refused", gift, RowRefused("duplicate", line=earlier))
        try:
            found = self._known(row, gift) or self._new(row, gift)
        except RowRefused as refused:
            return Match(row, "refused", gift, refused)
        self._seen.note_line(keys, row.line)
        return found

    def _known(self, row: Row, gift: PastGift) -> Match | None:
        known = self._imported.get(gift.old_id)
        if known is None:
            is_here = any(each in self._payments for each in _payments(gift))
            return Match(row, "ours", gift) if is_here else None
        if known.amount != gift.amount:
            raise RowRefused("changed", before=_told(known.amount), after=_told(gift.amount))
        returned = gift.refunded.amount.minor if gift.refunded is not None else 0
        return Match(row, "updated" if returned > known.refunded_minor else "known", gift, known=known)

    def _new(self, row: Row, gift: PastGift) -> Match:
        fund_id, appeal_id = self._targets.fund_of(gift), self._targets.appeal_of(gift)
        email = normalise_email(gift.email)
        if email and references.sign("erased", email) in self._erased:
            raise RowRefused("forgotten")
        person = self._whose(email, gift.donor_old_id)
        return Match(row, "new", gift, person=person, fund_id=fund_id, appeal_id=appeal_id)

    def _whose(self, email: str, old_id: str) -> Person:
        """Find whose a gift is: by its address, here or in this file, and else by its giver's number.

        An address that only a number led to stays open: it may be another giver's own.
        """
        by_email, by_number = [f"email:{email}"] if email else [], [f"old:{old_id}"] if old_id else []
        person = self._emails.get(email)
        token = -person if person is not None else self._seen.find_person(by_email)
        if token is None and old_id in self._old_ids:
            donor_id, is_erased = self._old_ids[old_id]
            if is_erased:
                raise RowRefused("forgotten")
            token = -donor_id
        token = token if token is not None else self._seen.find_person(by_number)
        if token is None:
            return Person(token=self._seen.add_person([*by_email, *by_number]), is_new=True)
        is_known_number = not old_id or old_id in self._old_ids
        if not is_known_number:
            self._seen.add_person(by_number, token)
        return Person(-token if token < 0 else None, token, links_number=not is_known_number)


def _payments(gift: PastGift) -> list[str]:
    return [each for each in (gift.charge_id, gift.intent_id) if each]


def _told(amount: Money) -> str:
    return f"{amount.currency} {amount.plain()}"
