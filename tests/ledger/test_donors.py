"""What is kept of donors is what the entries say, whatever happens to gifts, and whoever books at the same moment."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from donate.commands.worker import JOBS
from donate.db import committed, db
from donate.donors.queries import find_donor_by_email
from donate.giving.models import Donation
from donate.ledger import donors
from donate.ledger.close import close_period
from donate.ledger.donors import count_donors
from donate.ledger.models import DonorDay, DonorSum, DonorYear
from donate.ledger.queries import find_donors_month
from donate.ledger.rebuild_donors import compare_donors, donors_wait, recount_donors
from donate.newsroom.queries import get_newsroom
from donate.records.link_address import link_address
from donate.team.history import SYSTEM, Who
from tests.make.in_the_books import Booked
from tests.make.race import Race
from tests.make.rows import every
from tests.people import AMAL, NOAM, Person


def differences() -> list[str]:
    """Name all that is kept of donors and is not what the entries say."""
    return [str(each) for each in compare_donors(find_donors_month() or 1)]


def donor_of(person: Person) -> int:
    found = find_donor_by_email(person.email)
    assert found is not None
    return found.id


def years_of(person: Person) -> list[tuple[int, str, str, int, int, int, int]]:
    """Read what is kept of somebody by year."""
    return [
        (row.year, row.currency, row.standing, row.next_year, row.gifts, row.kept_minor, row.ever_minor)
        for row in sorted(every(DonorYear), key=lambda each: (each.year, each.currency))
        if row.donor_id == donor_of(person)
    ]


def people() -> dict[tuple[str, str, int], int]:
    return {(f"{row.day}", row.standing, row.cohort): row.people for row in every(DonorDay) if row.people}


def test_gifts_are_summed_by_year_and_currency_and_dated(booked: Booked) -> None:
    booked.give(1000, on=date(2023, 5, 5))
    booked.give(2000, on=date(2025, 2, 1))
    booked.give(300, on=date(2025, 3, 1), currency="EUR")
    assert years_of(AMAL) == [
        (2023, "", "first_time", 2025, 1, 0, 0), (2023, "USD", "first_time", 2025, 1, 1000, 1000),
        (2025, "", "regained", 9999, 2, 0, 0), (2025, "EUR", "regained", 9999, 1, 300, 300),
        (2025, "USD", "regained", 9999, 1, 2000, 3000),
    ]  # fmt: skip
    (row,) = every(DonorSum)
    assert (row.gifts, row.first_on, row.last_on) == (3, date(2023, 5, 5), date(2025, 3, 1))
    assert people() == {
        ("2023-05-05", "first_time", 2023): 1, ("2025-02-01", "regained", 2023): 1, ("2024-05-05", "lapsed", 0): 1,
        ("2025-02-01", "lapsed", 0): -1, ("2026-03-02", "lapsed", 0): 1,
    }  # fmt: skip
    assert differences() == []


def test_what_goes_back_whole_was_never_given_and_counts_again_when_it_returns(booked: Booked) -> None:
    booked.give(1000, on=date(2024, 5, 5))
    gift = booked.give(2000, on=date(2025, 2, 1))
    whole = (years_of(AMAL), people())
    booked.move(gift, "dispute", 2000)
    assert [row[:5] for row in years_of(AMAL)] == [
        (2024, "", "first_time", 9999, 1),
        (2024, "USD", "first_time", 9999, 1),
    ]
    assert differences() == []
    booked.move(gift, "dispute_reversal", 2000)
    assert (years_of(AMAL), people()) == whole
    booked.move(gift, "refund", 500)
    assert years_of(AMAL)[-1] == (2025, "USD", "retained", 9999, 1, 1500, 2500)
    assert differences() == []


def test_a_donor_of_whom_nothing_is_kept_leaves_nothing(booked: Booked) -> None:
    booked.move(booked.give(2000), "refund", 2000)
    assert (every(DonorSum), every(DonorYear), people()) == ([], [], {})
    assert differences() == []


def test_what_is_learned_after_its_month_was_closed_counts_in_the_year_it_was_given(booked: Booked) -> None:
    booked.give(1000, NOAM, on=date(2025, 12, 3))
    with committed():
        close_period("2025-12", SYSTEM, zone=booked.books.zone)
    booked.give(2000, on=date(2025, 12, 30))
    assert [row[:2] for row in years_of(AMAL)] == [(2025, ""), (2025, "USD")]
    assert differences() == []


def test_gifts_that_come_to_another_donor_are_counted_as_theirs(booked: Booked) -> None:
    booked.give(1000, AMAL, on=date(2024, 5, 5))
    booked.give(2000, NOAM, on=date(2025, 2, 1))
    amal = donor_of(AMAL)
    with committed():
        link_address(amal, NOAM.email, Who("member", amal))
    assert [row[:5] for row in years_of(AMAL) if row[1]] == [
        (2024, "USD", "first_time", 2025, 1), (2025, "USD", "retained", 9999, 1),
    ]  # fmt: skip
    assert {row.donor_id for row in every(DonorSum)} == {amal}
    assert sum(by for (_day, standing, _cohort), by in people().items() if standing == "first_time") == 1
    assert differences() == []


def test_a_gift_that_changes_its_donor_by_another_way_is_counted_when_told(booked: Booked) -> None:
    gift = booked.give(1000, AMAL, on=date(2024, 5, 5))
    booked.give(2000, NOAM, on=date(2025, 2, 1))
    amal, noam = donor_of(AMAL), donor_of(NOAM)
    with committed():
        db.session.execute(sa.update(Donation).where(Donation.id == gift.id).values(donor_id=noam))
        count_donors([noam, amal])
    assert {row.donor_id for row in every(DonorSum)} == {noam}
    assert differences() == []


@pytest.mark.parametrize("dice", range(3))
def test_after_any_run_of_gifts_and_returns_all_is_as_if_counted_from_the_entries(booked: Booked, dice: int) -> None:
    drawn = random.Random(dice)
    persons = [Person(f"p{at}", "Giver", f"p{at}@example.org") for at in range(5)]
    with committed():
        get_newsroom().fiscal_month = drawn.choice([1, 4, 10])
    gone: dict[int, int] = {}
    for _ in range(30):
        gift = booked.give(
            drawn.randrange(100, 5000), drawn.choice(persons), on=date(2022, 1, 1) + timedelta(drawn.randrange(1600)),
            currency=drawn.choice(["USD", "EUR"]), kind=drawn.choice(["one_time", "offline"]), appeal=None,
        )  # fmt: skip
        left = gift.amount_minor
        for kind in drawn.choice([(), (), ("refund",), ("dispute", "dispute_reversal"), ("refund", "refund_failure")]):
            by = left if drawn.random() < 0.6 else 1
            booked.move(gift, kind, by)
        gone[gift.id] = left
    assert differences() == []
    with committed():
        link_address(donor_of(persons[0]), persons[1].email, SYSTEM)
    assert differences() == []
    with committed():
        assert recount_donors().differences == []


def test_another_begin_of_the_fiscal_year_counts_everybody_anew(app: Flask, booked: Booked) -> None:
    booked.give(1000, on=date(2025, 3, 31))
    booked.give(1000, on=date(2025, 4, 1))
    assert not donors_wait()
    JOBS["count_donors"](slot="1")
    with committed():
        get_newsroom().fiscal_month = 4
    assert donors_wait()
    # What is booked meanwhile is counted with all others.
    booked.give(500, NOAM, on=date(2026, 1, 1))
    assert [row[0] for row in years_of(AMAL)] == [2025, 2025]
    JOBS["count_donors"](slot="2")
    assert not donors_wait()
    assert [row[:4] for row in years_of(AMAL) if row[1]] == [
        (2024, "USD", "first_time", 2025), (2025, "USD", "retained", 9999),
    ]  # fmt: skip
    assert years_of(NOAM)[0][:3] == (2025, "", "first_time")
    assert differences() == []


def test_sums_that_differ_are_named_and_made_anew(app: Flask, booked: Booked) -> None:
    booked.give(1000)
    before = (years_of(AMAL), people())
    with committed():
        db.session.execute(sa.update(DonorYear).where(DonorYear.currency == "USD").values(kept_minor=5))
        db.session.execute(sa.delete(DonorSum))
        db.session.execute(sa.update(DonorDay).where(DonorDay.standing == "lapsed").values(people=7))
    assert len(differences()) == 3
    told = app.test_cli_runner().invoke(args=["ledger", "rebuild"])
    assert f"DIFFERENCE donor_year {donor_of(AMAL)} 2026 USD: kept " in told.output
    assert "DIFFERENCE donor_day 2027-03-03 lapsed 0: kept (7,), the entries say (1,)" in told.output
    assert "3 sums differed in 1 months" in told.output
    db.session.expire_all()
    assert (years_of(AMAL), people()) == before


def let_two_go_back_at_once(booked: Booked, race: Race) -> list[Exception]:
    """Let two gifts of one donor go back at the same moment, in years whose sums have no row in common."""
    first, second = (booked.give(1000, on=date(2025, 3, 2)) for _ in range(2))
    return race.run(
        lambda: booked.move(first, "refund", 1000, on=date(2025, 5, 5)),
        lambda: booked.move(second, "refund", 1000, on=date(2026, 2, 2)),
    )


def test_two_entries_of_one_donor_at_once_are_both_counted(booked: Booked, race: Race) -> None:
    assert let_two_go_back_at_once(booked, race) == []
    assert differences() == []
    assert every(DonorYear) == []


def test_the_race_above_would_show_donors_counted_without_their_lock(booked: Booked, race: Race) -> None:
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite lets one write at a time, whatever is locked")
    race.patch.setattr(donors, "_lock", lambda donor_ids: None)
    race.meet_after(donors, "list_given")
    assert let_two_go_back_at_once(booked, race) == []
    assert differences() != []
