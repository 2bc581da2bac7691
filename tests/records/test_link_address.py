"""Linking an address: what was given with it goes where it goes, in one transaction, and nothing is counted twice."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from donate.appeals.models import AppealSupporter, AppealTally
from donate.db import Base, committed, db
from donate.donors.come_in import LIFE
from donate.donors.models import Donor, DonorEmail, DonorStripeCustomer, MemberSession
from donate.donors.queries import find_donor_by_email
from donate.entry.sessions import begin_session
from donate.giving.models import Donation
from donate.records.link_address import Linked, link_address
from donate.recurring.models import RecurringDonation
from donate.reports.check import check_everything
from donate.sandbox.app import Sandbox
from donate.team.history import Who
from donate.team.models import History
from tests.make.gifts import Gifts
from tests.make.rows import count, every
from tests.people import AMAL, NOAM, Person

Settle = Callable[..., None]
SECOND = Person("Amal", "H.", "amal@work.example")


def link(donor_id: int, email: str) -> Linked:
    with committed():
        return link_address(donor_id, email, Who("member", donor_id))


@pytest.fixture
def settle(settle: Settle, box: Sandbox) -> Settle:
    """Return a way to settle until the books know it too: an appeal counts by the books."""

    def run() -> None:
        settle()
        box.advance(seconds=10)
        settle()
        assert check_everything() == []

    return run


@pytest.fixture
def amal(gifts: Gifts, settle: Settle) -> int:
    """Let Amal give once, and return her donor's row number."""
    gifts.paid(AMAL)
    settle()
    return donor_of(AMAL.email)


def donor_of(email: str) -> int:
    found = find_donor_by_email(email)
    assert found is not None
    return found.id


def people() -> int:
    db.session.expire_all()
    return sum(row.people for row in db.session.scalars(sa.select(AppealTally)))


def test_an_address_nobody_gave_with_is_linked_and_proven(amal: int) -> None:
    assert link(amal, "new@example.org") == Linked("new")
    main, second = every(DonorEmail)
    assert (second.donor_id, second.is_main, main.is_main) == (amal, False, True)
    assert second.proven_at is not None
    assert every(History)[-1].act == "link_address"


def test_an_own_address_is_proven_and_nothing_moves(amal: int) -> None:
    assert link(amal, AMAL.email) == Linked("own")
    assert every(DonorEmail)[0].proven_at is not None
    assert [entry.act for entry in every(History)] == ["prove_email"]


def test_a_donor_with_one_address_joins_whole(gifts: Gifts, settle: Settle, amal: int) -> None:
    gifts.paid(SECOND, frequency="month")
    gifts.paid(SECOND)
    gifts.paid(NOAM)
    settle()
    other = donor_of(SECOND.email)
    noam = donor_of(NOAM.email)
    with committed():
        begin_session(MemberSession, other, LIFE, "")
    before = people()
    assert link(amal, SECOND.email) == Linked("joined", 2)
    assert {gift.donor_id for gift in every(Donation)} == {amal, noam}
    assert [promise.donor_id for promise in every(RecurringDonation)] == [amal]
    assert {row.donor_id for row in every(DonorStripeCustomer)} == {amal}
    assert sorted(donor.id for donor in every(Donor)) == sorted([amal, noam])
    assert count(MemberSession) == 0
    # They were counted as two people for the same appeal, and are one.
    assert people() == before - 1
    assert count_supporters() == people()
    assert check_everything() == []
    entry = every(History)[-1]
    assert (entry.before["donor_id"], entry.after["donor_id"], entry.after["gifts"]) == (other, amal, 2)


def count_supporters() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(AppealSupporter)) or 0


def test_a_donor_with_more_addresses_keeps_what_was_given_with_those(gifts: Gifts, settle: Settle, amal: int) -> None:
    noam = donor_with_two(gifts, settle)
    kept = {gift.reference for gift in every(Donation) if gift.email == NOAM.email}
    assert link(amal, SECOND.email) == Linked("joined", 1)
    assert {gift.reference for gift in every(Donation) if gift.donor_id == noam} == kept
    assert {row.email: (row.donor_id, row.is_main) for row in every(DonorEmail)} == {
        AMAL.email: (amal, True),
        NOAM.email: (noam, True),
        SECOND.email: (amal, False),
    }
    promises = {promise.email: promise.donor_id for promise in every(RecurringDonation)}
    assert promises == {NOAM.email: noam, SECOND.email: amal}
    customers = {row.stripe_customer_id: row.donor_id for row in every(DonorStripeCustomer)}
    for promise in every(RecurringDonation):
        assert customers[promise.stripe_customer_id] == promise.donor_id
    assert count_supporters() == people()
    assert check_everything() == []


def donor_with_two(gifts: Gifts, settle: Settle) -> int:
    """Let Noam give monthly with two addresses, the second his main one."""
    gifts.paid(NOAM, frequency="month")
    gifts.paid(SECOND, frequency="month")
    settle()
    noam = donor_of(NOAM.email)
    link(noam, SECOND.email)
    with committed() as session:
        session.execute(sa.update(DonorEmail).where(DonorEmail.email == NOAM.email).values(is_main=False))
        session.execute(sa.update(DonorEmail).where(DonorEmail.email == SECOND.email).values(is_main=True))
    db.session.expire_all()
    return noam


def test_a_gift_that_comes_later_goes_to_whom_the_address_belongs_now(gifts: Gifts, settle: Settle, amal: int) -> None:
    gifts.paid(SECOND, frequency="month")
    settle()
    link(amal, SECOND.email)
    gifts.box.advance(seconds=32 * 86400)
    settle()
    assert len(every(Donation)) == 3
    assert {gift.donor_id for gift in every(Donation)} == {amal}


def test_a_joining_that_breaks_midway_leaves_both_as_they_were(gifts: Gifts, settle: Settle, amal: int) -> None:
    gifts.paid(SECOND)
    settle()
    before = {gift.reference: gift.donor_id for gift in every(Donation)}
    with pytest.raises(RuntimeError), committed():
        link_address(amal, SECOND.email, Who("member", amal))
        raise RuntimeError("the machine stops here")
    assert {gift.reference: gift.donor_id for gift in every(Donation)} == before
    assert count(Donor) == 2


def test_two_who_link_each_others_addresses_at_once_end_with_each_gift_somewhere(
    app: Flask, gifts: Gifts, settle: Settle, amal: int
) -> None:
    gifts.paid(NOAM)
    settle()
    noam = donor_of(NOAM.email)
    link(amal, "amal.too@example.org")
    link(noam, "noam.too@example.org")
    at_once = threading.Barrier(2)
    done: list[str] = []

    def press(donor_id: int, email: str) -> None:
        with app.app_context():
            at_once.wait(timeout=30)
            done.append(link(donor_id, email).outcome)

    threads = [threading.Thread(target=press, args=each) for each in ((amal, NOAM.email), (noam, AMAL.email))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == ["joined", "joined"]
    assert {gift.email: gift.donor_id for gift in every(Donation)} == {AMAL.email: noam, NOAM.email: amal}


def test_every_table_that_names_a_donor_is_thought_of_when_one_joins_another() -> None:
    naming = {
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "donor"
    }
    assert naming == {
        "appeal_supporter.donor_id", "donation.donor_id", "donor_email.donor_id", "donor_old_id.donor_id",
        "donor_stripe_customer.donor_id",
        "mail_choice.donor_id", "member_session.owner_id", "recurring_donation.donor_id", "membership.donor_id",
        "donor_follow.donor_id", "receipt.donor_id", "donor_word.donor_id", "donor_note.donor_id",
        "address_change.donor_id", "supporter.donor_id",
        "offline_line.donor_id",
    }  # fmt: skip
