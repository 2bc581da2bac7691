"""Annual statements: one a donor and year, adding up to its gifts' receipts to the cent, also when these change."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from donate.db import committed, db
from donate.donors.models import Donor
from donate.fulfillment.apply_checkout import apply_checkout
from donate.giving.models import Donation
from donate.ledger.models import LedgerEntry
from donate.receipts.models import Receipt
from donate.receipts.queries import list_donors_of_year
from donate.receipts.statement import issue_statements
from donate.records.link_address import link_address
from donate.reports.check import check_everything
from donate.team.history import SYSTEM
from tests.make.gifts import Gifts
from tests.make.receipts import holds
from tests.make.refunds import give_back
from tests.make.rows import every, fresh
from tests.people import AMAL, NOAM

Settle = Callable[..., None]
ZONE = "Asia/Jerusalem"
pytestmark = pytest.mark.usefixtures("charity")


def issue(year: int = 2026) -> list[Receipt]:
    with committed():
        issued = issue_statements(list_donors_of_year(year, after=0, at_most=100), year, zone=ZONE)
    return [statement for _, statement in issued]


def sums(statement: Receipt) -> list[tuple[str, int, int | None]]:
    return [
        (total["currency"], total["amount_minor"], total["deductible_minor"]) for total in statement.content["totals"]
    ]


def test_each_donor_has_one_of_what_was_kept_by_currency(
    in_return: Callable[[int], None], gifts: Gifts, settle: Settle
) -> None:
    in_return(200)
    gifts.paid(amount="25.00")
    whole, part = gifts.paid(amount="30.00"), gifts.paid(amount="40.00")
    gifts.paid(amount="50.00", currency="ILS")
    gifts.paid(NOAM, amount="10.00")
    settle()
    give_back(fresh(whole), "30.00")
    give_back(fresh(part), "15.00")
    settle()
    amals, noams = issue()
    assert [amals.number, noams.number] == ["S2026-000001", "S2026-000002"]
    assert [line["amount_minor"] for line in amals.content["gifts"]] == [2500, 2500, 5000]
    assert [line["returned_minor"] for line in amals.content["gifts"]] == [0, 1500, 0]
    assert sums(amals) == [("ILS", 5000, 4800), ("USD", 5000, 4600)]
    assert (amals.currency, amals.amount_minor) == ("", 0)
    assert (noams.currency, noams.amount_minor, noams.deductible_minor) == ("USD", 1000, 800)
    held = {each.donation_id: each for each in holds()}
    assert sum(each.deductible_minor or 0 for each in held.values()) == 4800 + 4600 + 800
    assert check_everything() == []


def test_issued_again_it_is_the_same_one(gifts: Gifts, settle: Settle) -> None:
    gifts.paid()
    settle()
    assert [each.id for each in issue()] == [each.id for each in issue()]
    assert len(holds("statement")) == 1


def test_a_gift_that_arrives_later_replaces_it(gifts: Gifts, settle: Settle) -> None:
    gifts.paid(amount="25.00")
    settle()
    issue()
    late = gifts.paid(amount="5.00")
    apply_checkout(late.id)
    (statement,) = holds("statement")
    assert (statement.number, statement.amount_minor) == ("S2026-000002", 3000)
    assert statement.content["replaces"] == "S2026-000001"
    assert check_everything() == []


def test_of_a_year_of_which_nothing_is_kept_it_is_void(gifts: Gifts, settle: Settle) -> None:
    donation = gifts.paid(amount="25.00")
    settle()
    issue()
    give_back(fresh(donation), "25.00")
    settle()
    assert holds("statement") == []
    assert issue() == []
    assert check_everything() == []


def test_donors_who_become_one_have_one(gifts: Gifts, settle: Settle) -> None:
    gifts.paid(AMAL, amount="25.00")
    gifts.paid(NOAM, amount="10.00")
    settle()
    issue()
    with committed() as session:
        amal = session.scalars(sa.select(Donor).order_by(Donor.id)).first()
        assert amal is not None
        link_address(amal.id, NOAM.email, SYSTEM)
    (statement,) = holds("statement")
    assert (statement.donor_id, statement.amount_minor) == (amal.id, 3500)
    assert {each.status for each in every(Receipt) if each.kind == "statement" and each.id != statement.id} == {"void"}
    assert check_everything() == []


def test_the_old_years_gifts_stand_in_the_old_years_statement(gifts: Gifts, settle: Settle) -> None:
    gifts.paid()
    settle()
    assert issue(2025) == []
    assert db.session.scalar(sa.select(sa.func.count(Receipt.id)).where(Receipt.kind == "statement")) == 0


def test_a_seeded_years_statements_say_of_each_donor_what_the_books_say(app: Flask) -> None:
    asked = ["seed", "--donors", "40", "--donations", "300", "--years", "2", "--until", "2026-02-28"]
    assert app.test_cli_runner().invoke(args=asked).exit_code == 0
    issue(2025)
    said = {
        (statement.donor_id, total["currency"]): (total["amount_minor"], total["deductible_minor"])
        for statement in holds("statement")
        for total in statement.content["totals"]
    }
    booked = db.session.execute(
        sa.select(Donation.donor_id, LedgerEntry.currency, sa.func.sum(LedgerEntry.gross_minor))
        .join(LedgerEntry, LedgerEntry.donation_id == Donation.id)
        .where(sa.extract("year", Donation.received_on) == 2025)
        .group_by(Donation.donor_id, LedgerEntry.currency)
    ).all()
    # All that was given may be deducted here: nothing was given in return.
    assert said == {(donor_id, currency): (int(kept), int(kept)) for donor_id, currency, kept in booked}
    assert len(said) > 30
    assert check_everything() == []
