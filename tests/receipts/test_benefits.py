"""What a level brings in a year belongs to the gift that begins that year, and to no other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from donate.db import committed
from donate.donors.models import Donor
from donate.giving.models import Donation
from donate.members.models import Level, MembershipPeriod
from donate.money import Money
from donate.newsroom.queries import get_newsroom
from donate.receipts.benefits import benefits_of
from donate.receipts.correct import correct_benefits
from donate.receipts.models import Receipt
from donate.receipts.statement import issue_statements
from donate.reports.check import check_everything
from donate.sandbox.app import Sandbox
from tests.make.gifts import Gifts
from tests.make.outbox import Outbox, text_of
from tests.make.receipts import holds
from tests.make.refunds import give_back
from tests.make.rows import every, fresh
from tests.people import AMAL, NOAM

Settle = Callable[..., None]


def valued(gift: Donation, language: str = "en") -> list[tuple[str, Money | None]]:
    return [(each.name, each.value) for each in benefits_of(gift, language)]


def test_a_gift_that_earns_a_level_carries_its_benefits_with_their_values(gifts: Gifts, settle: Settle) -> None:
    gift = gifts.paid(AMAL, amount="600.00")
    settle()
    assert ("The year’s stories as a printed book", Money(30_00, "USD")) in valued(gift)
    assert ("All that friends of the desk have", None) in valued(gift)
    assert ("כתבות השנה בספר מודפס", Money(30_00, "USD")) in valued(gift, "he")


def test_a_gift_that_earns_no_level_carries_nothing(gifts: Gifts, settle: Settle) -> None:
    gift = gifts.paid(AMAL, amount="20.00")
    settle()
    assert valued(gift) == []


@pytest.mark.parametrize(("days", "carries"), [(1, False), (364, False), (365, True), (400, True)])
def test_within_a_year_the_next_gift_of_the_level_carries_nothing_more(
    gifts: Gifts, settle: Settle, days: int, carries: bool
) -> None:
    first, second = gifts.paid(AMAL, amount="600.00"), gifts.paid(AMAL, amount="700.00")
    settle()
    with committed() as session:
        day = first.received_on
        assert day is not None
        moved = {"begins_on": day + timedelta(days=days), "until_on": day + timedelta(days=days + 365)}
        session.execute(update(MembershipPeriod).where(MembershipPeriod.donation_id == second.id).values(**moved))
    assert valued(first)
    assert bool(valued(second)) == carries


def test_a_gift_that_went_back_whole_leaves_its_benefits_to_the_next_one(
    gifts: Gifts, box: Sandbox, settle: Settle
) -> None:
    first = gifts.paid(AMAL, amount="600.00")
    settle()
    box.advance(seconds=10)
    settle()
    give_back(fresh(first), "600.00")
    settle()
    second = gifts.paid(AMAL, amount="600.00")
    settle()
    assert ("The year’s stories as a printed book", Money(30_00, "USD")) in valued(second)
    (receipt,) = [each for each in every(Receipt) if each.donation_id == second.id]
    assert (receipt.benefit_value_minor, receipt.deductible_minor) == (30_00, 570_00)


def test_what_one_donor_receives_takes_nothing_from_another(gifts: Gifts, settle: Settle) -> None:
    gifts.paid(AMAL, amount="600.00")
    other = gifts.paid(NOAM, amount="600.00")
    settle()
    assert valued(other)


def test_a_receipt_that_is_out_already_is_corrected_when_the_gift_before_it_goes_back(
    gifts: Gifts, box: Sandbox, settle: Settle, outbox: Outbox
) -> None:
    first, second = gifts.paid(AMAL, amount="600.00"), gifts.paid(AMAL, amount="600.00", language="ar")
    settle()
    with committed():
        issue_statements([each.id for each in every(Donor)], 2026, zone=get_newsroom().time_zone)
    assert [each.deductible_minor for each in holds()] == [570_00, 600_00]
    box.advance(seconds=10)
    settle()
    give_back(fresh(first), "600.00")
    settle()
    gone, kept = sorted(holds(), key=lambda each: each.amount_minor)
    assert (gone.donation_id, gone.deductible_minor) == (first.id, 0)
    assert (kept.donation_id, kept.benefit_value_minor, kept.deductible_minor) == (second.id, 30_00, 570_00)
    assert any(kept.number in text_of(letter) for letter in outbox.to(AMAL.email))
    # The statement's lines and its words, in another language than the receipt's, are of the same sums.
    (statement,) = holds("statement")
    assert (statement.language, statement.deductible_minor) == ("en", 570_00)
    assert any("exceeds that: $570.00." in each for each in statement.content["sentences"])
    assert not any("$600.00" in each or "No goods" in each for each in statement.content["sentences"])
    assert sum("New Jersey" in each for each in statement.content["sentences"]) == 1
    assert check_everything() == []


def test_what_a_level_brings_by_now_changes_no_receipt_that_is_out(gifts: Gifts, settle: Settle) -> None:
    gift = gifts.paid(AMAL, amount="600.00")
    settle()
    assert gift.donor_id is not None
    with committed() as session:
        for level in every(Level):
            dearer = [{**each, "value": {"USD": 90_00}} for each in level.benefits]
            session.execute(update(Level).where(Level.id == level.id).values(benefits=dearer))
    correct_benefits(gift.donor_id)
    settle()
    assert [(each.status, each.benefit_value_minor) for each in every(Receipt)] == [("issued", 30_00)]
    with committed():
        issue_statements([gift.donor_id], 2026, zone=get_newsroom().time_zone)
    (statement,) = holds("statement")
    assert any("$570.00" in each for each in statement.content["sentences"])
