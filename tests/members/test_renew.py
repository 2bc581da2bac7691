"""Memberships over time: earned, carried on, lapsed, taken back, moved with their gifts; on both databases."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from donate.commands.newsroom import load_facts
from donate.commands.read_toml import explain, read_toml
from donate.commands.samples import SAMPLE
from donate.commands.worker import _asked, schedule
from donate.db import committed, db
from donate.donors.queries import find_donor_by_email
from donate.errors import Unreadable
from donate.fulfillment.refund_gift import refund_gift
from donate.fulfillment.restart_promise import restart_promise
from donate.giving.models import Donation
from donate.giving.open_checkout import Ways
from donate.giving.refund import left_to_refund
from donate.members.models import Level, Membership
from donate.members.queries import list_levels
from donate.members.renew import renew_membership
from donate.members.standing import Standing, standing_of
from donate.money import from_major
from donate.payments.setup import product_id
from donate.records.link_address import link_address
from donate.recurring.cancel import cancel
from donate.recurring.models import RecurringDonation
from donate.recurring.skip import skip_next
from donate.recurring.terms import terms_of
from donate.sandbox.app import Sandbox
from donate.team.history import Who
from tests.make.application import SITE
from tests.make.gifts import WORDS, Gifts
from tests.make.promises import Promises
from tests.make.rows import count
from tests.people import AMAL, NOAM, Person

Settle = Callable[..., None]
FACTS = SAMPLE / "newsroom.toml"


def standing(person: Person) -> Standing:
    db.session.expire_all()
    donor = find_donor_by_email(person.email)
    return standing_of(donor.id if donor is not None else None)


def told(person: Person) -> tuple[str, str, str, str, str]:
    """Tell somebody's standing: kind, level, since, until, lapsed."""
    found = standing(person)
    row, level = found.membership, found.level
    if row is None or level is None:
        return found.kind, "", "", "", ""
    return found.kind, level.code, str(row.since_on), str(row.until_on), str(row.lapsed_on or "")


def stop(promises: Promises, promise: RecurringDonation) -> None:
    """Stop a promise at the end of what is paid for."""
    now = promises.now(promise)
    promises.change(now, "cancel", cancel(terms_of(now)))


def run_clock(settle: Settle) -> None:
    """Let the schedules ask for their jobs, as a worker just begun does, and run them."""
    _asked.clear()
    schedule()
    settle()


def test_a_gift_makes_a_member_in_the_transaction_that_made_it_succeed(gifts: Gifts, settle: Settle) -> None:
    gifts.paid(AMAL, amount="60.00")
    assert told(AMAL) == ("none", "", "", "", ""), "nothing is earned before the money is confirmed"
    settle()
    assert told(AMAL) == ("member", "reader", "2026-03-02", "2027-03-02", "")


def test_a_gift_below_every_level_makes_a_donor_and_no_member(gifts: Gifts, settle: Settle) -> None:
    gifts.paid(AMAL, amount="59.00", cover="2.00")  # 61 were charged: the covered fee does not count
    settle()
    assert told(AMAL)[0] == "donor"
    assert count(Membership) == 0
    assert standing_of(None).kind == "none"


def test_a_year_of_monthly_gifts_is_one_membership_and_lapses_thirty_days_after_the_last(
    promises: Promises, settle: Settle
) -> None:
    promise = promises.begin(AMAL, amount="15.00")
    assert told(AMAL) == ("member", "friend", "2026-03-02", "2026-04-02", "")
    for _month in range(12):
        promises.pass_days(31)
        run_clock(settle)
        assert told(AMAL)[:3] == ("member", "friend", "2026-03-02")
        assert told(AMAL)[3] > promises.today()
    assert len(promises.charged(promise)) == 13
    assert told(AMAL)[3] == "2027-04-02"
    stop(promises, promise)
    promises.pass_days(60)
    run_clock(settle)
    assert promises.today() == "2027-05-08"
    assert told(AMAL) == ("past_member", "friend", "2026-03-02", "2027-04-02", "2027-05-02")


def test_members_wait_their_grace_and_not_a_day_longer(promises: Promises, settle: Settle, box: Sandbox) -> None:
    promise = promises.begin(AMAL, amount="15.00")
    stop(promises, promise)
    promises.pass_days(60)  # 1 May: the grace ends with this day
    run_clock(settle)
    assert (promises.today(), told(AMAL)[0]) == ("2026-05-01", "member")
    promises.pass_days(1)
    run_clock(settle)
    assert told(AMAL) == ("past_member", "friend", "2026-03-02", "2026-04-02", "2026-05-02")


def test_a_skip_ends_nothing(promises: Promises, settle: Settle) -> None:
    promise = promises.begin(AMAL, amount="15.00")
    promises.change(promise, "skip", skip_next(terms_of(promise)))
    promises.pass_days(45)
    run_clock(settle)
    assert told(AMAL) == ("member", "friend", "2026-03-02", "2026-05-02", "")
    promises.pass_days(20)
    assert told(AMAL) == ("member", "friend", "2026-03-02", "2026-06-02", "")


def test_a_promise_that_is_started_again_keeps_its_level_and_its_first_day(promises: Promises, settle: Settle) -> None:
    ended = promises.begin(AMAL, amount="15.00")
    stop(promises, ended)
    promises.pass_days(75)
    run_clock(settle)
    assert told(AMAL) == ("past_member", "friend", "2026-03-02", "2026-04-02", "2026-05-02")
    gifts = promises.gifts
    ways = Ways(SITE, SITE, product_id(gifts.fund.code))
    gifts.pay(restart_promise(ended.id, WORDS, lambda _donation: ways))
    settle()
    assert told(AMAL) == ("member", "friend", "2026-03-02", "2026-06-16", "")


def test_a_wholly_refunded_gift_takes_back_what_it_earned_and_a_part_does_not(gifts: Gifts, settle: Settle) -> None:
    gift = gifts.paid(AMAL, amount="200.00")
    settle()
    _refund(gift, "20.00")
    settle()
    assert told(AMAL) == ("member", "friend", "2026-03-02", "2027-03-02", "")
    _refund(gift, "180.00")
    settle()
    assert told(AMAL) == ("none", "", "", "", "")
    assert count(Membership) == 0


def test_a_refund_leaves_what_the_other_gifts_earned(gifts: Gifts, settle: Settle, box: Sandbox) -> None:
    gifts.paid(AMAL, amount="60.00")
    settle()
    box.advance(seconds=10 * 86400)
    large = gifts.paid(AMAL, amount="600.00")
    settle()
    assert told(AMAL) == ("member", "keel", "2026-03-02", "2027-03-12", "")
    _refund(large, "600.00")
    settle()
    assert told(AMAL) == ("member", "reader", "2026-03-02", "2027-03-02", "")


def _refund(gift: Donation, amount: str) -> None:
    db.session.expire_all()
    refund_gift(gift.id, from_major(amount, "USD"), left_seen=left_to_refund(gift), reason="", asked_by="command")


def test_renewing_twice_changes_nothing(gifts: Gifts, settle: Settle) -> None:
    gifts.paid(AMAL, amount="60.00")
    settle()
    before, donor = told(AMAL), find_donor_by_email(AMAL.email)
    assert donor is not None
    for _again in range(2):
        with committed():
            renew_membership(donor.id)
    assert told(AMAL) == before
    assert count(Membership) == 1


def test_a_linked_address_brings_the_membership_its_gifts_earned(gifts: Gifts, settle: Settle) -> None:
    gifts.paid(AMAL, amount="10.00")
    gifts.paid(NOAM, amount="600.00")
    settle()
    amal = find_donor_by_email(AMAL.email)
    assert amal is not None
    with committed():
        link_address(amal.id, NOAM.email, Who("member", amal.id))
    assert told(AMAL)[:2] == ("member", "keel")
    assert count(Membership) == 1


# -- the levels themselves ------------------------------------------------------------------------------------------


@pytest.fixture
def facts() -> dict[str, Any]:
    """Give the sample newsroom's file."""
    return read_toml(FACTS)


@pytest.mark.usefixtures("newsroom")
def test_levels_are_loaded_with_their_benefits_and_values_and_never_doubled(facts: dict[str, Any]) -> None:
    load_facts(facts)
    levels = list_levels()
    assert [(level.code, level.rank) for level in levels] == [("reader", 1), ("friend", 2), ("keel", 3)]
    assert count(Level) == 3
    assert levels[2].yearly == {"USD": 60000, "EUR": 55000, "ILS": 220000, "JOD": 420000}
    assert levels[2].benefits[1]["value"] == {"USD": 3000, "EUR": 2800, "ILS": 11000, "JOD": 21000}
    assert set(levels[0].names) == {"en", "ar", "he"}


def test_levels_that_rise_or_go_take_nothing_from_who_gave_before(
    gifts: Gifts, settle: Settle, facts: dict[str, Any]
) -> None:
    gifts.paid(AMAL, amount="60.00")
    settle()
    raised = copy.deepcopy(facts)
    raised["levels"] = raised["levels"][1:]
    load_facts(raised)
    settle()
    assert told(AMAL) == ("member", "reader", "2026-03-02", "2027-03-02", "")
    gifts.paid(NOAM, amount="60.00")
    settle()
    assert told(NOAM)[0] == "donor"


def test_a_newsroom_that_begins_to_have_levels_finds_its_members_among_earlier_gifts(
    gifts: Gifts, settle: Settle, facts: dict[str, Any]
) -> None:
    load_facts({**facts, "levels": []})
    settle()
    gifts.paid(AMAL, amount="60.00")
    settle()
    assert told(AMAL)[0] == "donor"
    load_facts(facts)
    settle()
    assert told(AMAL) == ("member", "reader", "2026-03-02", "2027-03-02", "")


def test_a_newsroom_without_levels_loads_and_takes_gifts(gifts: Gifts, settle: Settle, facts: dict[str, Any]) -> None:
    load_facts({key: value for key, value in facts.items() if key != "levels"})
    gifts.paid(AMAL, amount="600.00")
    settle()
    assert told(AMAL)[0] == "donor"


@pytest.mark.parametrize(
    ("at", "key", "value", "said"),
    [
        (0, "code", "", "levels[1].code"),
        (0, "name", "Reader", "levels[1].name"),
        (1, "yearly", {"USD": "180.00"}, "levels[2].yearly.EUR"),
        (1, "yearly", None, "levels[2].yearly"),
        (1, "code", "reader", "levels"),
        (0, "benefits", [{"name": {"en": "A book"}, "fair_market_value": {"USD": "a lot"}}], "fair_market_value.USD"),
        (
            1, "yearly", {"USD": "10.00", "EUR": "165.00", "ILS": "660.00", "JOD": "126.000"}, "levels[2].yearly.USD",
        ),
    ],
    ids=["no-code", "no-languages", "no-euros", "no-sum", "twice", "no-value", "not-rising"],
)  # fmt: skip
@pytest.mark.usefixtures("newsroom")
def test_a_level_that_can_t_be_read_is_named(facts: dict[str, Any], at: int, key: str, value: Any, said: str) -> None:
    facts["levels"][at][key] = value
    with pytest.raises(Unreadable) as problem:
        load_facts(facts)
    assert said in explain(problem.value, FACTS)
