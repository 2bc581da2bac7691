"""What a donor is to the newsroom is told alike by the one query of their pages and by the one function."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from donate import clock
from donate.db import committed, db
from donate.donors.come_in import LIFE
from donate.donors.find_or_create import find_or_create_donor
from donate.donors.models import Donor, MemberSession
from donate.entry.sessions import begin_session
from donate.giving.models import Donation, Refund
from donate.members.models import Level, Membership
from donate.members.queries import list_levels
from donate.members.standing import Giving, kind_of, name_standing, standing_of
from donate.newsroom.queries import get_general_fund
from donate.recurring.models import FailedCharge, RecurringDonation
from donate.references import new_reference
from donate.reports.readers import find_signed_in

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("giving", "name", "kind"),
    [
        (Giving(), "none", "none"),
        (Giving(given="once", single_on=TODAY - timedelta(days=90)), "donor", "donor"),
        (Giving(given="once", single_on=TODAY - timedelta(days=89)), "one_off", "donor"),
        (Giving(given="month"), "donor", "donor"),
        (Giving(given="month", was_member=True), "lapsed", "past_member"),
        (Giving(given="once", was_member=True, single_on=TODAY), "one_off", "past_member"),
        (Giving(given="once", single_on=TODAY, promised="month"), "recurring", "donor"),
        (Giving(given="month", promised="month", is_member=True), "member", "member"),
        (Giving(given="month", promised="month", is_member=True, refused="A"), "failed_card", "member"),
        (Giving(given="month", refused="A", refused_interval="month", was_member=True), "failed_card", "past_member"),
    ],
)  # fmt: skip
def test_the_order_in_which_a_donor_is_called_something(giving: Giving, name: str, kind: str) -> None:
    assert (name_standing(giving, TODAY), kind_of(giving)) == (name, kind)


@pytest.mark.usefixtures("newsroom")
def test_both_agree_whatever_was_given_promised_refused_or_taken_back() -> None:
    draw = random.Random(5)
    seen = set()
    for number in range(90):
        secret = make_donor(draw, number)
        found = find_signed_in(secret)
        assert found is not None
        told = standing_of(found.donor.id)
        assert found.giving == told.giving
        assert (found.member_since is not None) == told.is_member
        seen.add(name_standing(told.giving, TODAY))
    assert seen == {"none", "donor", "lapsed", "one_off", "recurring", "member", "failed_card"}


def make_donor(draw: random.Random, number: int) -> str:
    """Write a donor with a history drawn at random, signed in; give their cookie's secret."""
    with committed():
        donor = find_or_create_donor(f"donor{number}@example.org", "", "", "en")
        db.session.flush()
        for _gift in range(draw.choice([0, 1, 1, 3])):
            make_gift(draw, donor)
        for _promise in range(draw.choice([0, 0, 1, 2])):
            make_promise(draw, donor)
        if draw.random() < 0.4:
            make_membership(draw, donor, list_levels()[0])
        _session, secret = begin_session(MemberSession, donor.id, LIFE, "")
    return secret


def make_gift(draw: random.Random, donor: Donor) -> None:
    day = TODAY - timedelta(days=draw.choice([0, 50, 89, 90, 400]))
    status = draw.choice(["succeeded", "succeeded", "succeeded", "failed", "pending"])
    gift = Donation(
        reference=new_reference(), status=status, kind=draw.choice(["one_time", "offline"]), livemode=False,
        frequency=draw.choice(["once", "once", "month", "year"]), amount_minor=1000, currency="USD", donor_id=donor.id,
        fund_id=get_general_fund().id, country=draw.choice(["", "JO", "US"]), created_at=clock.now(),
        received_at=clock.now() if status == "succeeded" else None, received_on=day if status == "succeeded" else None,
    )  # fmt: skip
    db.session.add(gift)
    db.session.flush()
    if status == "succeeded" and draw.random() < 0.3:
        db.session.add(
            Refund(
                reference=new_reference(), donation_id=gift.id, status=draw.choice(["succeeded", "failed"]),
                livemode=False, amount_minor=draw.choice([500, 1000]), currency="USD", asked_by="command",
                requested_at=clock.now(),
            )
        )  # fmt: skip


def make_promise(draw: random.Random, donor: Donor) -> None:
    promise = RecurringDonation(
        reference=new_reference(), status=draw.choice(["active", "trialing", "past_due", "canceled", "abandoned"]),
        interval=draw.choice(["month", "year"]), livemode=False, amount_minor=1500, currency="USD", email="",
        donor_id=donor.id, fund_id=get_general_fund().id, authorisation_text="", authorisation_version="1",
        authorisation_language="en", authorised_at=clock.now(), created_at=clock.now(),
        cancel_at_period_end=draw.random() < 0.3,
    )  # fmt: skip
    db.session.add(promise)
    db.session.flush()
    for _charge in range(draw.choice([0, 0, 1, 2])):
        db.session.add(
            FailedCharge(
                reference=new_reference(), recurring_id=promise.id, livemode=False, stripe_invoice_id=new_reference(),
                amount_minor=1500, currency="USD", attempts=1, state=draw.choice(["open", "paid", "ended"]),
                opened_at=clock.now(),
            )
        )  # fmt: skip


def make_membership(draw: random.Random, donor: Donor, level: Level) -> None:
    until = TODAY + timedelta(days=draw.choice([-60, 60]))
    lapsed_on = until + timedelta(days=30) if until < TODAY else None
    db.session.add(
        Membership(
            donor_id=donor.id, level_id=level.id, currency="USD", since_on=date(2025, 1, 1), until_on=until,
            lapsed_on=lapsed_on,
        )
    )  # fmt: skip
