"""Who is named as a supporter: by gifts whose form said so, net of what went back, and never against their word."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from donate import clock
from donate.commands.worker import JOBS, drain
from donate.db import committed, db
from donate.donors.models import Donor, MailChoice
from donate.donors.queries import find_donor_by_email
from donate.fulfillment.forget_person import forget_person
from donate.fulfillment.refund_gift import refund_gift
from donate.giving.models import Donation
from donate.members.models import Supporter
from donate.members.queries import AgreedSum
from donate.members.supporters import choose_naming, find_supporters, reaches, relist, write_supporters
from donate.money import from_major
from donate.newsroom.edition import Edition
from donate.newsroom.models import Newsroom
from donate.newsroom.supporters import Listing, set_listing
from donate.queue.enqueue import enqueue
from donate.queue.work import Worker
from donate.records.erase import ask_erasure
from donate.records.link_address import link_address
from donate.recurring.models import RecurringDonation
from donate.sandbox.app import Sandbox
from donate.team.history import SYSTEM, Who
from tests.make.gifts import Gifts
from tests.make.rows import every
from tests.people import AMAL, NOAM, PETRA, Person

Settle = Callable[..., None]
TOLD = {"listing_words": "Whoever gives $5,000 or more in a year is named.", "listing_minor": 500000}


def set_line(year: str = "calendar", **line: int) -> None:
    with committed() as session:
        set_listing(session.get_one(Newsroom, 1), line or {"USD": 500000}, year)


def made_anew() -> list[tuple[str, int]]:
    found = find_supporters()
    with committed():
        write_supporters(found)
    return sorted((row.name, row.year) for row in every(Supporter))


def donor_of(person: Person) -> int:
    found = find_donor_by_email(person.email.lower())
    assert found is not None
    return found.id


@pytest.fixture
def line(newsroom: None) -> None:
    """Set that whoever gives 5,000 dollars in a calendar year is named."""
    set_line()


@pytest.mark.usefixtures("line")
def test_a_giver_is_named_once_a_year_s_gifts_reach_the_line_together(gifts: Gifts, settle: Settle) -> None:
    gifts.paid(AMAL, amount="3000", **TOLD)
    settle()
    assert made_anew() == []
    gifts.paid(AMAL, amount="2000", **TOLD)
    gifts.paid(NOAM, amount="4999.99", cover="150", **TOLD)
    settle()
    assert made_anew() == [("Amal Haddad", 2026)], "a covered fee is no gift"


@pytest.mark.usefixtures("line")
def test_an_anonymous_gift_and_one_that_was_told_nothing_do_not_count(gifts: Gifts, settle: Settle) -> None:
    gifts.paid(AMAL, amount="9000", anonymous=True)
    gifts.paid(AMAL, amount="9000", anonymous=True, **TOLD)
    gifts.paid(AMAL, amount="4000", **TOLD)
    gifts.paid(NOAM, amount="9000")
    settle()
    assert made_anew() == []


@pytest.mark.usefixtures("line")
def test_a_name_is_the_newest_that_was_given_with_a_counted_gift(gifts: Gifts, settle: Settle) -> None:
    gifts.paid(AMAL, amount="5000", **TOLD)
    gifts.paid(Person("The Olive", "Fund", AMAL.email), amount="10", **TOLD)
    gifts.paid(Person("", "", AMAL.email), amount="10", **TOLD)
    gifts.paid(Person("Secret", "Name", AMAL.email), amount="10", anonymous=True)
    gifts.paid(Person("", "", NOAM.email), amount="6000", **TOLD)
    settle()
    assert made_anew() == [("The Olive Fund", 2026)], "who gave no name at all is not named"


@pytest.mark.usefixtures("line")
def test_what_goes_back_takes_the_name_with_it(gifts: Gifts, settle: Settle) -> None:
    gift = gifts.paid(AMAL, amount="5000", **TOLD)
    settle()
    assert made_anew() == [("Amal Haddad", 2026)]
    refund_gift(gift.id, from_major("1", "USD"), left_seen=gift.amount, reason="", asked_by="command")
    settle()
    assert made_anew() == []


@pytest.mark.usefixtures("line")
def test_a_promise_carries_what_its_giver_was_told_to_every_instalment(
    gifts: Gifts, settle: Settle, box: Sandbox
) -> None:
    gifts.paid(AMAL, amount="2500", frequency="month", **TOLD)
    settle()
    assert made_anew() == []
    box.advance(seconds=32 * 86400)
    settle()
    assert every(RecurringDonation)[0].listing_minor == 500000
    assert {gift.listing_minor for gift in every(Donation)} == {500000}
    assert made_anew() == [("Amal Haddad", 2026)]


def agreed(minor: int, said: int, newest: int, currency: str = "USD") -> AgreedSum:
    return AgreedSum(1, currency, said, minor, newest)


@pytest.mark.parametrize(
    ("line", "sums", "named"),
    [
        ({"USD": 500}, [agreed(499, 500, 1)], None),
        ({"USD": 500}, [agreed(500, 500, 1)], 1),
        # Lowered later: who was told of 500 is not named for 100.
        ({"USD": 100}, [agreed(200, 500, 1)], None),
        ({"USD": 100}, [agreed(200, 500, 1), agreed(100, 100, 2)], 2),
        ({"USD": 100}, [agreed(450, 500, 1), agreed(50, 100, 2)], 2),
        # Who reached the higher one is named under the lower one too.
        ({"USD": 100}, [agreed(600, 500, 1)], 1),
        # Raised: it holds for everybody.
        ({"USD": 1000}, [agreed(600, 500, 1)], None),
        # Currencies are never added.
        ({"USD": 500, "EUR": 500}, [agreed(300, 500, 1), agreed(300, 500, 2, "EUR")], None),
        ({"USD": 500, "EUR": 500}, [agreed(300, 500, 1), agreed(500, 500, 2, "EUR")], 2),
        ({"USD": 500}, [agreed(900, 500, 2, "EUR")], None),
    ],
)
def test_a_line_that_moves_names_nobody_who_was_told_otherwise(
    line: dict[str, int], sums: list[AgreedSum], named: int | None
) -> None:
    assert reaches(Listing(line, "calendar", 1), sums) == named


def test_without_a_setting_nobody_is_named_and_switching_it_off_empties_the_list(gifts: Gifts, settle: Settle) -> None:
    gifts.paid(AMAL, amount="6000", **TOLD)
    settle()
    assert made_anew() == []
    set_line()
    assert made_anew() == [("Amal Haddad", 2026)]
    with committed() as session:
        set_listing(session.get_one(Newsroom, 1), {}, "calendar")
    assert made_anew() == []


@pytest.mark.usefixtures("line")
def test_last_year_stays_named_and_the_year_before_goes(gifts: Gifts, settle: Settle, box: Sandbox) -> None:
    gifts.paid(AMAL, amount="6000", **TOLD)
    settle()
    box.advance(seconds=310 * 86400)
    assert clock.now().year == 2027
    assert made_anew() == [("Amal Haddad", 2026)]
    box.advance(seconds=366 * 86400)
    assert made_anew() == []


def test_a_fiscal_year_is_counted_by_its_own_months(gifts: Gifts, settle: Settle, box: Sandbox) -> None:
    with committed() as session:
        session.get_one(Newsroom, 1).fiscal_month = 7
    set_line("fiscal")
    gifts.paid(AMAL, amount="3000", **TOLD)
    settle()
    box.advance(seconds=130 * 86400)
    gifts.paid(AMAL, amount="3000", **TOLD)
    settle()
    assert made_anew() == [], "March and July are of two fiscal years"
    set_line("calendar")
    assert made_anew() == [("Amal Haddad", 2026)]


@pytest.mark.usefixtures("line")
def test_a_no_takes_the_name_off_at_once_and_no_gift_brings_it_back(gifts: Gifts, settle: Settle) -> None:
    gifts.paid(AMAL, amount="6000", **TOLD)
    settle()
    made_anew()
    stale = find_supporters()
    before = edition()
    with committed():
        choose_naming(donor_of(AMAL), wanted=False, place="account", words="Name me", language="en")
    assert every(Supporter) == []
    assert edition() > before, "the kept page is drawn anew"
    # A job that summed the gifts before the no finds it before it writes.
    with committed():
        write_supporters(stale)
    assert every(Supporter) == []
    gifts.paid(AMAL, amount="6000", **TOLD)
    settle()
    assert made_anew() == []
    with committed():
        choose_naming(donor_of(AMAL), wanted=True, place="account", words="Name me", language="en")
    assert [row.name for row in every(Supporter)] == ["Amal Haddad"]
    said = [row for row in every(MailChoice) if row.kind == "supporters"]
    assert [(row.wanted, row.words) for row in said] == [(False, "Name me"), (True, "Name me")]


def edition() -> int:
    db.session.expire_all()
    return every(Edition)[0].number


@pytest.mark.usefixtures("line")
def test_who_is_forgotten_is_named_nowhere(gifts: Gifts, settle: Settle) -> None:
    gifts.paid(AMAL, amount="6000", **TOLD)
    settle()
    made_anew()
    stale = find_supporters()
    with committed() as session:
        wish = ask_erasure(session.get_one(Donor, donor_of(AMAL)), "command", SYSTEM).id
    forget_person(wish)
    settle()
    assert every(Supporter) == []
    with committed():
        write_supporters(stale)
    assert every(Supporter) == []
    assert made_anew() == []
    assert {(gift.listing_words, gift.listing_minor) for gift in every(Donation)} == {("", None)}


@pytest.mark.usefixtures("line")
def test_gifts_of_a_linked_address_count_together_and_one_name_stays(gifts: Gifts, settle: Settle) -> None:
    gifts.paid(AMAL, amount="6000", **TOLD)
    gifts.paid(PETRA, amount="3000", **TOLD)
    settle()
    made_anew()
    with committed():
        link_address(donor_of(PETRA), AMAL.email, Who("member", donor_of(PETRA)))
    (row,) = every(Supporter)
    assert row.donor_id == donor_of(PETRA)


@pytest.mark.usefixtures("line")
def test_the_worker_keeps_the_list(gifts: Gifts, settle: Settle, app: Flask) -> None:
    gifts.paid(AMAL, amount="6000", **TOLD)
    settle()
    with committed():
        enqueue("supporters", "supporters:1", slot="1")
    drain(Worker(JOBS))
    assert [row.name for row in every(Supporter)] == ["Amal Haddad"]


@pytest.mark.usefixtures("line")
def test_one_donor_s_place_is_made_anew_without_touching_others(gifts: Gifts, settle: Settle) -> None:
    for person in (AMAL, NOAM):
        gifts.paid(person, amount="6000", **TOLD)
    settle()
    made_anew()
    with committed() as session:
        session.execute(sa.update(Donation).where(Donation.email_key == AMAL.email).values(anonymous=True))
    with committed():
        relist(donor_of(AMAL))
    assert [row.donor_id for row in every(Supporter)] == [donor_of(NOAM)]
