"""Make two donors one who are one person: looked at before, done at once, and written down."""

from __future__ import annotations

from dataclasses import dataclass

from donate.connections.tell import tell_joined
from donate.db import db, lock
from donate.donors.models import Donor
from donate.donors.queries import find_main_email, list_emails, list_notes
from donate.errors import MergeRefused
from donate.records import queries
from donate.records.join_whole import bring_along, remove, settle
from donate.references import fingerprint
from donate.team.history import Who, record_history


@dataclass(frozen=True)
class Side:
    """One of the two, as they stand before.

    Args:
        donor: Their row.
        emails: Their addresses, the main one first.
        gifts: How many gifts arrived.
        promises: References of promises that go on.
        statements: How many statements hold.
        notes: How many notes are kept.
    """

    donor: Donor
    emails: tuple[str, ...]
    gifts: int
    promises: tuple[str, ...]
    statements: int
    notes: int


@dataclass(frozen=True)
class Preview:
    """What a merge would do.

    Args:
        stays: Whose row, name, language and main address stay.
        goes: Whose row goes when all of theirs has moved.
        seen: Tells this state of both from any later one.
    """

    stays: Side
    goes: Side
    seen: str

    @property
    def doubled_promises(self) -> bool:
        """Whether one person would give by two promises: to be asked about, not to be stopped here."""
        return bool(self.stays.promises and self.goes.promises)


def preview_merge(stays: Donor, goes: Donor) -> Preview:
    """Show what merging two donors would do.

    Args:
        stays: Who stays.
        goes: Who goes.

    Raises:
        MergeRefused: ``merge_same``, ``merge_erased`` or ``merge_erasing``.
    """
    if stays.id == goes.id:
        raise MergeRefused("merge_same")
    if stays.erased_at is not None or goes.erased_at is not None:
        raise MergeRefused("merge_erased")
    if any(queries.find_erasure(each.id) is not None for each in (stays, goes)):
        raise MergeRefused("merge_erasing")
    sides = _side(stays), _side(goes)
    seen = fingerprint(*(repr((side.donor.id, side.emails, side.gifts, side.promises)) for side in sides))
    return Preview(*sides, seen)


def merge_donors(stays_id: int, goes_id: int, who: Who, *, seen: str) -> Donor:
    """Make two donors one; call inside ``committed()``.

    Addresses stay proven or unproven as they were: a merge at the desk proves nothing.

    Args:
        stays_id: Who stays.
        goes_id: Who goes.
        who: The colleague.
        seen: Of the preview the colleague decided by.

    Raises:
        MergeRefused: ``merge_changed`` where either is not as it was seen, or as ``preview_merge``.
        NotFound: ``donor_missing``, where somebody merged them meanwhile.
    """
    donors = {row_id: _locked(row_id) for row_id in sorted({stays_id, goes_id})}
    stays, goes = donors[stays_id], donors[goes_id]
    found = preview_merge(stays, goes)
    if found.seen != seen:
        raise MergeRefused("merge_changed")
    has_main = find_main_email(stays.id) is not None
    for row in list_emails(goes.id):
        row.is_main = row.is_main and not has_main
        row.donor_id = stays.id
        db.session.flush()
    gifts = bring_along(goes, stays)
    settle(goes, stays)
    record_history(
        who, "merge_donors", "donor", stays.reference,
        before={"other": goes.reference, "other_id": goes.id},
        after={"gifts": gifts, "recurring": len(found.goes.promises), "addresses": len(found.goes.emails)},
    )  # fmt: skip
    record_history(who, "merged_into", "donor", goes.reference, after={"donor": stays.reference})
    tell_joined(stays, goes)
    remove(goes)
    return stays


def _locked(row_id: int) -> Donor:
    if queries.find_donor_row(row_id) is None:
        raise MergeRefused("merge_changed")
    return lock(Donor, row_id)


def _side(donor: Donor) -> Side:
    emails = tuple(each.email for each in list_emails(donor.id))
    gifts = queries.list_gifts_of_person(donor.id, list(emails))
    return Side(
        donor,
        emails,
        sum(gift.status == "succeeded" for gift in gifts),
        tuple(p.reference for p in queries.list_promises_of_person(donor.id, list(emails)) if p.ended_at is None),
        sum(each.status == "issued" for each in queries.list_statements_of(donor.id)),
        len(list_notes(donor.id)),
    )
