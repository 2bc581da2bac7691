"""Read a form of an offline gift: into an entry that can be recorded, or into sentences that name each repair."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from flask_babel import gettext as _

from donate import references
from donate.appeals.queries import find_appeal
from donate.errors import BadAmount
from donate.giving.offline.entry import GIVERS, METHODS, OfflineEntry, lacks
from donate.giving.queries import find_donation
from donate.money import Money, is_currency, parse_amount
from donate.newsroom.queries import find_fund, get_general_fund, get_newsroom
from donate.payments.gateway import is_live
from donate.reports.givers import Giver, find_giver, owns_email, same_givers
from donate.web.addresses import check_address
from donate.web.staff.offline.words import say_amount, say_missing

#: The texts of a form with their longest lengths: as the columns have them.
TEXTS = {
    "first_name": 120, "last_name": 120, "organisation": 120, "address_line1": 200, "address_line2": 200, "city": 120,
    "region": 120, "postcode": 20, "number": 60, "described": 200, "note": 2000,
}  # fmt: skip
FIELDS = (*TEXTS, "reference", "donor", "email", "country", "amount", "currency", "received_on", "method", "giver",
          "fund", "appeal")  # fmt: skip
#: As ``donor``: nobody known here, said by whoever enters it.
SOMEBODY_NEW = "new"
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")
#: A day as browsers and people write it.
_DAY = re.compile(r"(20\d\d)-(\d\d)-(\d\d)")
_MOST = 10**14


@dataclass(frozen=True)
class Read:
    """A form as it was read.

    Args:
        typed: What its fields show again.
        problems: A sentence for each field to put right.
        entry: The gift; None where something must be put right first.
        same: Donors who may be who gave, to be chosen from.
        donor: Who gave, where they are known.
        is_taken: Whether the e-mail address belongs to one of ``same``.
    """

    typed: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)
    entry: OfflineEntry | None = None
    same: tuple[Giver, ...] = ()
    donor: Giver | None = None
    is_taken: bool = False

    def with_problem(self, name: str, sentence: str) -> Read:
        """Give it with one more thing to put right."""
        return replace(self, problems={**self.problems, name: sentence}, entry=None)


def typed_of(form: Mapping[str, str]) -> dict[str, str]:
    """Give what stands in a form's fields, trimmed, with nothing that no keyboard types."""
    return {name: _CONTROL.sub(" ", form.get(name, "")[:5000]).strip() for name in FIELDS}


def read_entry(form: Mapping[str, str], currency: str, *, is_draft: bool = False) -> Read:
    """Read an offline gift.

    Args:
        form: As sent.
        currency: What its amount is in.
        is_draft: Whether it may still lack something: a line of a batch is kept as it is.
    """
    typed = typed_of(form)
    problems = _too_long(typed)
    amount = _amount(typed["amount"], currency, problems)
    email = _email(typed["email"], problems)
    fund, appeal = find_fund(typed["fund"]) if typed["fund"] else get_general_fund(), find_appeal(typed["appeal"])
    if fund is None:
        problems["fund"] = _("Choose a fund from the list.")
    if typed["appeal"] and appeal is None:
        problems["appeal"] = _("Choose an appeal from the list.")
    if typed["method"] not in METHODS:
        problems["method"] = _("Choose how it came.")
    if typed["country"] and not re.fullmatch(r"[A-Za-z]{2}", typed["country"]):
        problems["country"] = _("Write the country in two letters, such as JO.")
    if not references.is_reference(typed["reference"]):
        problems["reference"] = _("This page was not whole: open a new form.")
    donor = _donor(typed["donor"], problems)
    if problems or amount is None or fund is None:
        return Read(typed, problems, donor=donor)
    entry = OfflineEntry(
        reference=typed["reference"],
        amount=amount,
        method=typed["method"],
        fund_id=fund.id,
        giver=typed["giver"] if typed["giver"] in GIVERS else "person",
        donor_id=donor.donor_id if donor is not None else None,
        is_new=typed["donor"] == SOMEBODY_NEW,
        email="" if donor is not None else email,
        country=typed["country"].upper(),
        appeal_id=appeal.id if appeal is not None else None,
        **{name: typed[name] for name in TEXTS},
    )
    return _look_for_same(Read(typed, problems, entry, donor=donor), is_draft=is_draft)


def read_day(text: str, today: date) -> tuple[date | None, str]:
    """Read the day on which something came.

    Args:
        text: As browsers send it, ``2026-03-09``.
        today: The newsroom's.

    Returns:
        The day, or the sentence that names the repair.
    """
    found = _DAY.fullmatch(text.strip())
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        day = None
    if day is None:
        return None, _("Write the day as year, month and day, such as %(example)s", example=today.isoformat())
    if day > today:
        return None, _("This day is still to come: write the day on which it came.")
    return day, ""


def read_currency(text: str) -> str:
    """Read one of the newsroom's currencies; its main one where it is none."""
    newsroom = get_newsroom()
    return text if is_currency(text) and text in newsroom.currencies else newsroom.default_currency


def missing_of(entry: OfflineEntry) -> dict[str, str]:
    """Give a sentence for each field that an entry lacks."""
    return {name: say_missing(name) for name in lacks(entry)}


def in_order(problems: Mapping[str, str], order: Iterable[str] = FIELDS) -> list[tuple[str, str]]:
    """Give the problems of a form for the list above it."""
    return [(name, problems[name]) for name in order if name in problems]


def _too_long(typed: Mapping[str, str]) -> dict[str, str]:
    return {
        name: _("Make this shorter by %(over)s letters: %(most)s fit.", over=len(typed[name]) - most, most=most)
        for name, most in TEXTS.items()
        if len(typed[name]) > most
    }


def _amount(text: str, currency: str, problems: dict[str, str]) -> Money | None:
    try:
        amount = parse_amount(text, currency)
        if amount.minor > _MOST:
            raise BadAmount("amount_too_large")
    except BadAmount as error:
        problems["amount"] = say_amount(error, currency)
        return None
    return amount


def _email(text: str, problems: dict[str, str]) -> str:
    address, problem = check_address(text, livemode=is_live()) if text else ("", "")
    if problem:
        problems["email"] = problem
    return address


def _donor(text: str, problems: dict[str, str]) -> Giver | None:
    if text in ("", SOMEBODY_NEW):
        return None
    found = find_giver(text)
    if found is None:
        problems["donor"] = _("This donor is not here any more, or is one with another by now: look for them again.")
    return found


def _look_for_same(read: Read, *, is_draft: bool) -> Read:
    """Find out whether the giver is known here: an address that is taken decides, a name alone is asked about."""
    entry = read.entry
    assert entry is not None
    if entry.donor_id is None and find_donation(entry.reference) is not None:
        # Pressed twice: who gave is here by now because of the first press.
        entry = replace(entry, is_new=True)
    elif entry.donor_id is None:
        owner = owns_email(entry.email)
        if owner is not None and is_draft:
            entry, read = replace(entry, donor_id=owner.donor_id, is_new=False), replace(read, donor=owner)
        elif owner is not None:
            said = _("There is already a donor with this e-mail address: choose them, or leave the address out.")
            return replace(read, same=(owner,), is_taken=True).with_problem("donor", said)
        elif not entry.is_new:
            same = tuple(same_givers(entry))
            entry = replace(entry, is_new=not same)
            if same and not is_draft:
                said = _(
                    "There is already a donor with this name or address: choose them, or say that it is somebody new."
                )
                return replace(read, same=same).with_problem("donor", said)
    problems = {} if is_draft else missing_of(entry)
    return replace(read, entry=None if problems else entry, problems=problems)
