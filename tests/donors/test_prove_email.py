"""Proving an address: the first time is written down, and a gift alone proves and changes nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from donate.db import committed, db
from donate.donors.change_main import change_main_email
from donate.donors.find_or_create import find_or_create_donor
from donate.donors.models import Donor, DonorEmail
from donate.donors.prove_email import prove_email
from donate.donors.queries import find_donor_by_email
from donate.errors import NotFound
from donate.team.history import SYSTEM
from donate.team.models import History
from tests.make.gifts import Gifts
from tests.make.rows import count, every
from tests.people import AMAL, NOAM, Person

Settle = Callable[..., None]


@pytest.mark.usefixtures("app")
def test_the_first_proof_is_written_down_and_later_ones_change_nothing() -> None:
    with committed():
        find_or_create_donor(AMAL.email, "Amal", "Haddad", "en")
    with committed():
        assert prove_email(AMAL.email, "a network") is not None
    first = every(DonorEmail)[0].proven_at
    with committed():
        prove_email(AMAL.email, "a network")
    assert every(DonorEmail)[0].proven_at == first
    (entry,) = every(History)
    assert (entry.who_kind, entry.act, entry.object_kind, entry.network) == (
        "member",
        "prove_email",
        "donor_email",
        "a network",
    )


@pytest.mark.usefixtures("app")
def test_an_address_nobody_gives_with_proves_nobody() -> None:
    with committed():
        assert prove_email("nobody@example.org", "") is None
    assert count(History) == 0


def test_a_gift_made_with_somebodys_address_never_changes_their_name(gifts: Gifts, settle: Settle) -> None:
    gifts.paid(AMAL)
    settle()
    with committed():
        prove_email(AMAL.email, "")
    gifts.paid(Person("Mallory", "Else", AMAL.email.upper(), "he"))
    settle()
    (donor,) = every(Donor)
    assert (donor.first_name, donor.last_name, donor.language) == ("Amal", "Haddad", "en")


@pytest.mark.usefixtures("app")
def test_only_an_own_and_proven_address_becomes_the_main_one() -> None:
    with committed():
        amal = find_or_create_donor(AMAL.email, "Amal", "Haddad", "en")
        find_or_create_donor(NOAM.email, "Noam", "", "he")
        db.session.add(DonorEmail(donor_id=amal.id, email="second@example.org"))
        amals = amal.id
    for email in (NOAM.email, "second@example.org", "nobody@example.org"):
        with pytest.raises(NotFound), committed():
            change_main_email(amals, email, SYSTEM, session="")
    found = find_donor_by_email(AMAL.email)
    assert found is not None
    assert [row.email for row in every(DonorEmail) if row.is_main] == [AMAL.email, NOAM.email]
