"""Merging two records of one person: looked at first, all of it at once, and nothing is counted twice or lost."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from donate.appeals.models import AppealTally
from donate.db import committed, db
from donate.donors.models import Donor, DonorEmail, DonorNote, DonorWord
from donate.donors.notes import write_note
from donate.donors.queries import find_donor_by_email
from donate.errors import MergeRefused
from donate.giving.models import Donation
from donate.newsroom.queries import get_newsroom
from donate.receipts.models import Receipt
from donate.receipts.statement import issue_statements
from donate.records.erase import ask_erasure
from donate.records.merge import merge_donors, preview_merge
from donate.recurring.models import RecurringDonation
from donate.reports.check import check_everything
from donate.reports.find_people import find_people
from donate.sandbox.app import Sandbox
from donate.team.history import SYSTEM, Who
from donate.team.models import History, Staff
from tests.make.gifts import Gifts
from tests.make.rows import count, every
from tests.make.signing_in import Comings
from tests.people import AMAL, NOAM, Person

Settle = Callable[..., None]
SECOND = Person("Amal", "H.", "amal@work.example")


def donor_of(email: str) -> Donor:
    found = find_donor_by_email(email)
    assert found is not None
    return found


def merge(who: Who, stays: str = AMAL.email, goes: str = SECOND.email) -> Donor:
    """Merge two donors as they stand now."""
    seen = preview_merge(donor_of(stays), donor_of(goes)).seen
    first, second = donor_of(stays).id, donor_of(goes).id
    with committed():
        merge_donors(first, second, who, seen=seen)
    return donor_of(stays)


@pytest.fixture
def settle(settle: Settle, box: Sandbox) -> Settle:
    """Return a way to settle until the books know it too."""

    def run() -> None:
        settle()
        box.advance(seconds=10)
        settle()
        assert check_everything() == []

    return run


@pytest.fixture
def who(comings: Comings) -> Who:
    """Return a colleague, as the history names them."""
    comings.hire("fundraising")
    return Who("staff", every(Staff)[0].id)


@pytest.fixture
def both(gifts: Gifts, settle: Settle) -> None:
    """Let one person give from two addresses, once by each and monthly by the second."""
    gifts.paid(AMAL)
    gifts.paid(SECOND, amount="12.00")
    gifts.paid(SECOND, frequency="month")
    settle()


def test_all_of_the_second_goes_to_the_first(both: None, who: Who, settle: Settle) -> None:
    stays = merge(who)
    assert {gift.donor_id for gift in every(Donation)} == {stays.id}
    assert [promise.donor_id for promise in every(RecurringDonation)] == [stays.id]
    assert [(each.email, each.is_main, each.proven_at) for each in every(DonorEmail)] == [
        (AMAL.email, True, None), (SECOND.email, False, None),
    ]  # fmt: skip
    assert [(each.first_name, each.last_name) for each in every(Donor)] == [("Amal", "Haddad")]
    settle()


def test_one_giver_counts_as_one_afterwards(both: None, who: Who, settle: Settle) -> None:
    assert sum(row.people for row in every(AppealTally)) == 2
    merge(who)
    db.session.expire_all()
    assert sum(row.people for row in every(AppealTally)) == 1
    settle()


def test_notes_and_words_go_along(both: None, who: Who) -> None:
    with committed():
        write_note(donor_of(SECOND.email), "Calls on Fridays.", who)
    stays = merge(who)
    assert [note.donor_id for note in every(DonorNote)] == [stays.id]
    assert {word.donor_id for word in every(DonorWord)} == {stays.id}
    assert [each.reference for each in find_people("amal@work", ("USD",)).donors] == [stays.reference]


def test_statements_of_both_become_one(both: None, who: Who, settle: Settle) -> None:
    year = every(Donation)[0].received_on.year
    zone = get_newsroom().time_zone
    with committed():
        issue_statements([donor_of(AMAL.email).id, donor_of(SECOND.email).id], year, zone=zone)
    merge(who)
    db.session.expire_all()
    holding = [each for each in every(Receipt) if each.kind == "statement" and each.status == "issued"]
    assert [(each.donor_id, each.amount_minor) for each in holding] == [(donor_of(AMAL.email).id, 6200)]
    settle()


def test_the_history_says_who_merged_whom_without_a_name(both: None, who: Who) -> None:
    gone = donor_of(SECOND.email).reference
    stays = merge(who)
    acts = [(each.act, each.object_reference, each.who_id) for each in every(History) if "merge" in each.act]
    assert acts == [("merge_donors", stays.reference, who.row_id), ("merged_into", gone, who.row_id)]


def test_what_was_seen_must_still_be_so(both: None, who: Who, gifts: Gifts, settle: Settle) -> None:
    preview = preview_merge(donor_of(AMAL.email), donor_of(SECOND.email))
    assert (preview.stays.gifts, preview.goes.gifts, preview.doubled_promises) == (1, 2, False)
    gifts.paid(SECOND)
    settle()
    first, second = donor_of(AMAL.email).id, donor_of(SECOND.email).id
    with pytest.raises(MergeRefused, match="merge_changed"), committed():
        merge_donors(first, second, who, seen=preview.seen)
    assert count(Donor) == 2


def test_nobody_is_merged_with_themselves_or_with_who_is_being_forgotten(both: None, who: Who) -> None:
    with pytest.raises(MergeRefused, match="merge_same"):
        preview_merge(donor_of(AMAL.email), donor_of(AMAL.email))
    with committed():
        ask_erasure(donor_of(SECOND.email), "staff", SYSTEM)
    with pytest.raises(MergeRefused, match="merge_erasing"):
        preview_merge(donor_of(AMAL.email), donor_of(SECOND.email))


def test_two_who_merge_the_same_two_at_once_merge_them_once(app: Flask, both: None, who: Who) -> None:
    preview = preview_merge(donor_of(AMAL.email), donor_of(SECOND.email))
    first, second = donor_of(AMAL.email).id, donor_of(SECOND.email).id
    done: list[str] = []
    together = threading.Barrier(2)

    def press(stays: int, goes: int) -> None:
        with app.app_context():
            together.wait()
            try:
                with committed():
                    merge_donors(stays, goes, who, seen=preview.seen)
                done.append("merged")
            except MergeRefused as error:
                done.append(error.message)

    threads = [threading.Thread(target=press, args=(first, second)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == ["merge_changed", "merged"]
    assert count(Donor) == 1
    assert db.session.scalar(sa.select(sa.func.count()).where(History.act == "merge_donors")) == 1


@pytest.mark.parametrize("other", [NOAM])
def test_a_donor_who_has_both_live_promises_is_asked_about(
    gifts: Gifts, settle: Settle, who: Who, other: Person
) -> None:
    gifts.paid(AMAL, frequency="month")
    gifts.paid(other, frequency="month")
    settle()
    assert preview_merge(donor_of(AMAL.email), donor_of(other.email)).doubled_promises
