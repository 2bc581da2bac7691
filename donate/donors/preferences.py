"""Which letters there are, which of them a donor may decline, and whether one wants them."""

from __future__ import annotations

from dataclasses import dataclass

from donate import clock, references
from donate.db import db, lock
from donate.donors.models import Donor, MailChoice
from donate.donors.queries import find_choice
from donate.errors import NotFound


@dataclass(frozen=True)
class Kind:
    """A kind of letter.

    Args:
        name: What other letters name their kind by.
        may_decline: Whether a donor may do without.
        by_default: Whether it comes before anybody said yes or no; without a yes, nothing that only asks or tells does.
    """

    name: str
    may_decline: bool
    by_default: bool


#: Every kind of letter, in the order of the page that shows them.
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        # What belongs to money that moved or will move, and to coming in: nobody can do without it.
        Kind("receipts", may_decline=False, by_default=True),
        Kind("charges", may_decline=False, by_default=True),
        Kind("yearly_reminder", may_decline=False, by_default=True),
        Kind("sign_in", may_decline=False, by_default=True),
        # Service about one's own giving, which can be done without.
        Kind("card_expiring", may_decline=True, by_default=True),
        Kind("ask_again", may_decline=True, by_default=True),
        Kind("impact", may_decline=True, by_default=True),
        # Consent first.
        Kind("newsletter", may_decline=True, by_default=False),
        Kind("appeals", may_decline=True, by_default=False),
    )
}


def wants(donor_id: int, kind: str) -> bool:
    """Tell whether letters of a kind may go to a donor.

    Args:
        donor_id: Whose.
        kind: One of ``KINDS``.
    """
    found = KINDS[kind]
    if not found.may_decline:
        return True
    said = find_choice(donor_id, kind)
    return said.wanted if said is not None else found.by_default


def choose(
    donor_id: int, kind: str, *, wanted: bool, place: str, words: str = "", language: str = ""
) -> bool:  # fmt: skip
    """Write down a donor's own yes or no; call inside ``committed()``.

    Args:
        donor_id: Whose.
        kind: One of ``KINDS`` that can be declined.
        wanted: Whether letters of it may come.
        place: Where it was said: ``account``, ``link``, ``one_click`` or ``desk``.
        words: The sentence that stood there.
        language: Of the words.

    Returns:
        Whether it changes anything; a first word that says what holds anyway is kept too, so that no form overrules it.

    Raises:
        NotFound: ``kind_missing``, for a kind that does not exist or can't be declined.
    """
    if kind not in KINDS or not KINDS[kind].may_decline:
        raise NotFound("kind_missing", kind=kind)
    lock(Donor, donor_id)
    said = find_choice(donor_id, kind)
    if said is not None and said.wanted == wanted:
        return False
    is_new = wants(donor_id, kind) != wanted
    db.session.add(
        MailChoice(
            donor_id=donor_id, kind=kind, wanted=wanted, chosen_at=clock.real_now(), place=place, words=words,
            language=language,
        )
    )  # fmt: skip
    db.session.flush()
    return is_new


def way_out(donor: Donor, kind: str) -> str:
    """Give the path that ends letters of a kind without signing in; empty where they can't be declined.

    Args:
        donor: To whom such a letter goes.
        kind: One of ``KINDS``.
    """
    if not KINDS[kind].may_decline:
        return ""
    return f"/unsubscribe/{donor.reference}/{kind}?key={references.sign('unsubscribe', donor.reference, kind)}"


def is_way_out(reference: str, kind: str, key: str) -> bool:
    """Tell whether a path that ends letters was made here, for this donor and this kind."""
    return references.is_signed(key, "unsubscribe", reference, kind)
