"""Supporters: who is named on their page, by gifts whose form said so, and never against a giver's word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa

from donate import clock
from donate.db import db, lock
from donate.donors.models import Donor, MailChoice
from donate.donors.queries import find_choice
from donate.members.models import Supporter
from donate.members.queries import AgreedSum, list_agreed_sums, list_all_named, list_gift_names, list_named
from donate.newsroom.edition import new_edition
from donate.newsroom.queries import get_newsroom
from donate.newsroom.supporters import Listing, listing_of

#: What a donor's own yes or no to being named is kept as.
KIND = "supporters"
#: {(donor, year): name}
Named = dict[tuple[int, int], str]


def find_supporters(donor_id: int | None = None) -> Named:
    """Find whom gifts of this year and the last name, by what is set now.

    Args:
        donor_id: One donor only.
    """
    newsroom = get_newsroom()
    listing = listing_of(newsroom)
    if listing is None:
        return {}
    this = listing.year_of(clock.today(newsroom.time_zone))
    newest: dict[tuple[int, int], int] = {}
    for year in (this, this.before()):
        agreed: dict[int, list[AgreedSum]] = defaultdict(list)
        for each in list_agreed_sums(year.first, year.after, donor_id):
            agreed[each.donor_id].append(each)
        for donor, sums in agreed.items():
            gift = reaches(listing, sums)
            if gift is not None:
                newest[(donor, year.number)] = gift
    names = list_gift_names(list(newest.values()))
    return {key: names[gift] for key, gift in newest.items() if gift in names}


def reaches(listing: Listing, sums: Sequence[AgreedSum]) -> int | None:
    """Tell whether one donor's gifts of a year name them; pure.

    A gift counts for the sum its form named, or a higher one: a line that is lowered later names nobody who was told
    of the higher one, and one that is raised counts for everybody.

    Args:
        listing: What is set now.
        sums: Of the donor's gifts.

    Returns:
        The newest gift that counts and has a name, 0 where none has; None where the line is not reached.
    """
    for currency, line in listing.line.items():
        total, newest = 0, 0
        for each in sorted((one for one in sums if one.currency == currency), key=lambda one: one.said_minor):
            total, newest = total + each.minor, max(newest, each.newest)
            if total >= max(line, each.said_minor):
                return newest
    return None


def write_supporters(found: Named) -> bool:
    """Bring the whole list to what gifts say; call inside ``committed()``.

    Args:
        found: As ``find_supporters`` gave it, before the transaction began.

    Returns:
        Whether anything changed.
    """
    return _write(found, list_all_named())


def relist(donor_id: int) -> bool:
    """Bring one donor's place on the list to what their gifts say; call inside ``committed()``."""
    return _write(find_supporters(donor_id), list_named(donor_id))


def _write(found: Named, rows: list[Supporter]) -> bool:
    there = {(row.donor_id, row.year): row for row in rows}
    changed = False
    for key, row in there.items():
        if key not in found:
            db.session.delete(row)
            changed = True
    for (donor_id, year), name in sorted(found.items()):
        row_there = there.get((donor_id, year))
        if row_there is not None and row_there.name == name and may_be_named(donor_id):
            continue
        # Whoever said no, or was forgotten, since the gifts were summed is seen here, under the lock.
        donor = lock(Donor, donor_id)
        if donor.erased_at is not None or not may_be_named(donor_id):
            if row_there is not None:
                db.session.delete(row_there)
                changed = True
        elif row_there is not None:
            row_there.name, changed = name, True
        else:
            db.session.add(Supporter(donor_id=donor_id, year=year, name=name, listed_at=clock.real_now()))
            changed = True
    db.session.flush()
    return changed


def may_be_named(donor_id: int) -> bool:
    """Tell whether a donor has not said no to being named."""
    said = find_choice(donor_id, KIND)
    return said is None or said.wanted


def choose_naming(donor_id: int, *, wanted: bool, place: str, words: str = "", language: str = "") -> bool:
    """Write down a donor's own yes or no to being named, which holds at once; call inside ``committed()``.

    Args:
        donor_id: Whose.
        wanted: Whether they may be named.
        place: Where it was said: ``account`` or ``desk``.
        words: The sentence that stood there.
        language: Of the words.

    Returns:
        Whether it changes anything.
    """
    lock(Donor, donor_id)
    was = may_be_named(donor_id)
    if find_choice(donor_id, KIND) is None or was != wanted:
        db.session.add(
            MailChoice(
                donor_id=donor_id, kind=KIND, wanted=wanted, chosen_at=clock.real_now(), place=place, words=words,
                language=language,
            )
        )  # fmt: skip
        db.session.flush()
    if wanted:
        relist(donor_id)
    else:
        take_off_list(donor_id)
    return was != wanted


def take_off_list(donor_id: int) -> None:
    """Take a donor's name off the page, in every year and at once; call inside ``committed()``."""
    gone = db.session.execute(
        sa.delete(Supporter).where(Supporter.donor_id == donor_id).execution_options(synchronize_session="fetch")
    )
    if gone.rowcount:  # type: ignore[attr-defined]
        new_edition(db.session())


def agreed_this_year(donor_id: int, currency: str) -> int:
    """Sum what of a donor's gifts of this year counts towards being named, in minor units of a currency."""
    newsroom = get_newsroom()
    listing = listing_of(newsroom)
    if listing is None:
        return 0
    year = listing.year_of(clock.today(newsroom.time_zone))
    return sum(each.minor for each in list_agreed_sums(year.first, year.after, donor_id) if each.currency == currency)
