"""Write to another address from now on, asked for at the desk: a check first, then a yes from the new mailbox."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from donate import clock, references
from donate.db import db, lock
from donate.donors.change_main import move_main
from donate.donors.models import AddressChange, Donor, DonorEmail, MemberSession
from donate.donors.queries import find_address_change, find_email, find_main_email, list_address_changes
from donate.donors.words import note_words
from donate.entry.address import normalise_email
from donate.entry.sessions import end_sessions
from donate.errors import DonorRefused
from donate.mail.queue import queue_mail
from donate.records.letters import write_letter
from donate.records.notices import notify_main_changed
from donate.team.history import Who, record_history

#: How a colleague made sure that it is the donor who asks.
CHECKS = ("gift_details", "phone", "letter", "in_person")
#: How long the new mailbox has to say yes.
LIFE = timedelta(days=3)


def ask_new_address(donor_id: int, email: str, checked_by: str, who: Who) -> AddressChange:
    """Ask a new mailbox whether it is a donor's, and tell the old one; call inside ``committed()``.

    Nothing changes until somebody presses the button behind the letter's link: a slip of the keyboard must not hand an
    account to a stranger. What was asked before is taken back.

    Args:
        donor_id: Whose.
        email: As typed, already known to be an address.
        checked_by: One of ``CHECKS``.
        who: The colleague.

    Raises:
        DonorRefused: ``donor_erased``, ``address_same``, ``donor_known`` (``donor``) where it is another donor's, or
            ``check_missing``.
    """
    address = normalise_email(email)
    donor = lock(Donor, donor_id)
    if donor.erased_at is not None:
        raise DonorRefused("donor_erased")
    if checked_by not in CHECKS:
        raise DonorRefused("check_missing")
    _refuse_others(donor, address)
    main = find_main_email(donor.id)
    if main is not None and main.email == address:
        raise DonorRefused("address_same")
    for each in list_address_changes(donor.id):
        if each.state == "asked":
            _end(each, "taken_back")
    assert who.row_id is not None
    now = clock.real_now()
    change = AddressChange(
        reference=references.new_reference(), donor_id=donor.id, email=address, staff_id=who.row_id,
        checked_by=checked_by, asked_at=now, expires_at=now + LIFE,
    )  # fmt: skip
    db.session.add(change)
    db.session.flush()
    record_history(
        who, "ask_new_address", "donor", donor.reference, after={"change": change.reference, "checked_by": checked_by}
    )
    _write_letters(donor, main, change)
    return change


def take_back_new_address(donor: Donor, change: AddressChange, who: Who) -> None:
    """Let the link in the letter lead nowhere; call inside ``committed()``."""
    if lock(AddressChange, change.id).state == "asked":
        _end(change, "taken_back")
        record_history(who, "take_back_new_address", "donor", donor.reference, before={"change": change.reference})


def is_open(change: AddressChange | None) -> bool:
    """Tell whether a yes is still waited for."""
    return change is not None and change.state == "asked" and change.expires_at > clock.real_now()


def accept_new_address(reference: str, network: str) -> bool:
    """Write to the new address from now on: its mailbox said yes; call inside ``committed()``.

    Sessions end, in case the old mailbox was somebody else's to read.

    Args:
        reference: Of what was asked.
        network: For the history.

    Returns:
        Whether it is so now; not where it was taken back, is too old, or the address is another donor's meanwhile.
    """
    found = find_address_change(reference)
    if found is None:
        return False
    donor = lock(Donor, found.donor_id)
    change = lock(AddressChange, found.id)
    if change.state == "done":
        return True
    if not is_open(change):
        return False
    row = _own(donor, change.email)
    if row is None:
        return False
    before = find_main_email(donor.id)
    row.proven_at = row.proven_at or clock.real_now()
    if before is None or before.id != row.id:
        move_main(before, row)
    end_sessions(MemberSession, donor.id)
    _end(change, "done")
    record_history(
        Who("member", donor.id, network), "accept_new_address", "donor", donor.reference,
        before={"donor_email_id": before.id if before else None}, after={"donor_email_id": row.id},
    )  # fmt: skip
    notify_main_changed(donor, before.email if before is not None else "", row.email, change.reference)
    return True


def _own(donor: Donor, address: str) -> DonorEmail | None:
    """Give the address's row where it is this donor's, made now where it is nobody's."""
    row = find_email(address)
    if row is None:
        try:
            with db.session.begin_nested():
                row = DonorEmail(donor_id=donor.id, email=address, is_main=False)
                db.session.add(row)
                db.session.flush()
            note_words(donor.id, address)
        except IntegrityError:
            # A gift with this address was confirmed a moment ago, and made it somebody's.
            row = find_email(address)
    return row if row is not None and row.donor_id == donor.id else None


def _refuse_others(donor: Donor, address: str) -> None:
    row = find_email(address)
    if row is not None and row.donor_id != donor.id:
        raise DonorRefused("donor_known", donor=db.session.get_one(Donor, row.donor_id).reference)


def _write_letters(donor: Donor, main: DonorEmail | None, change: AddressChange) -> None:
    queue_mail(
        write_letter(
            f"new-address:{change.reference}",
            "new_address",
            change.email,
            donor.language,
            change=change.reference,
            proof=references.sign("new-address", change.reference),
            days=LIFE.days,
        )
    )
    if main is not None:
        # To the mailbox until now, before anything changes: its owner may know nothing of it.
        queue_mail(
            write_letter(
                f"new-address-asked:{change.reference}", "address_notice", main.email, donor.language,
                change="asked", email=change.email,
            )
        )  # fmt: skip


def _end(change: AddressChange, state: str) -> None:
    change.state, change.ended_at = state, clock.real_now()
    db.session.flush()
