"""What staff asked to be mailed: queued with the gift, once for each, and sent only while their role allows it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
import stripe
from flask import Flask

from donate import clock
from donate.db import committed
from donate.fulfillment import after_gift as after
from donate.fulfillment.apply_checkout import apply_checkout
from donate.mail.models import MailMessage
from donate.money import Money
from donate.operations.queries import count_unsent
from donate.queue.models import Job
from donate.sandbox.app import Sandbox
from donate.team.history import SYSTEM
from donate.team.models import History, Staff
from donate.team.notices import NEEDS, Choice, choose_notices, may_have
from donate.team.permissions import ROLES
from donate.team.queries import get_staff
from donate.webhooks.models import StripeEvent
from donate.webhooks.replay import replay
from tests.make.gifts import Gifts
from tests.make.outbox import Outbox, html_of, text_of
from tests.make.promises import Promises
from tests.make.refunds import Given, give_back
from tests.make.rows import every
from tests.make.signing_in import Comings
from tests.people import AMAL

Settle = Callable[..., None]
FINANCE, EDITOR, FUNDRAISING = (f"{role}@newsroom.example" for role in ("finance", "editor", "fundraising"))
ALL = Choice(every_gift=True, promises=True, disputes=True, refunds=True)


@pytest.fixture
def wish(comings: Comings) -> Callable[..., Staff]:
    """Return a way to hire somebody who wants to be mailed something."""

    def make(role: str = "finance", **wants: object) -> Staff:
        email, _link = comings.hire(role)
        staff = get_staff(email)
        with committed():
            choose_notices(get_staff(email), Choice(**wants) if wants else ALL, SYSTEM)  # type: ignore[arg-type]
        return staff

    return make


def subjects(outbox: Outbox, address: str = FINANCE) -> list[str]:
    return [str(letter["Subject"]) for letter in outbox.to(address)]


def test_every_gift_is_told_once_without_who_gave(
    wish: Callable[..., Staff], gifts: Gifts, settle: Settle, outbox: Outbox
) -> None:
    wish(every_gift=True)
    donation = gifts.paid(amount="25.00")
    settle()
    assert subjects(outbox) == ["A gift of $25.00"]
    letter = outbox.to(FINANCE)[0]
    for words in (text_of(letter), html_of(letter)):
        assert f"/staff/gifts/{donation.reference}" in words
        assert "General fund" in words
        for trace in (AMAL.email, AMAL.first_name, AMAL.last_name):
            assert trace not in words
    (kept,) = [each for each in every(MailMessage) if each.to_address == FINANCE]
    assert AMAL.email not in str(kept.values)
    # Told again by Stripe, it is the same gift and the same letter.
    for event in every(StripeEvent):
        replay(event.event_id)
    settle()
    assert len(subjects(outbox)) == 1


@pytest.mark.parametrize(("amount", "currency", "told"), [
    ("100.00", "USD", True), ("99.99", "USD", False), ("500.00", "USD", True), ("500.00", "EUR", False),
])  # fmt: skip
def test_gifts_from_a_sum_on_are_compared_in_its_currency_only(
    wish: Callable[..., Staff], gifts: Gifts, settle: Settle, outbox: Outbox, amount: str, currency: str, told: bool
) -> None:
    wish(above=Money(10000, "USD"))
    gifts.paid(amount=amount, currency=currency)
    settle()
    assert bool(subjects(outbox)) is told


def test_a_promise_is_told_when_it_begins_and_ends_and_its_first_gift_not_twice(
    wish: Callable[..., Staff], promises: Promises, settle: Settle, box: Sandbox, outbox: Outbox
) -> None:
    wish(every_gift=True, promises=True)
    promise = promises.begin(amount="15.00")
    assert subjects(outbox) == ["A new monthly gift of $15.00"]
    promises.pass_days(32)
    assert subjects(outbox)[1:] == ["A gift of $15.00"]
    assert "An instalment of a monthly gift." in text_of(outbox.to(FINANCE)[1])
    end_at_stripe(box, promise.stripe_subscription_id or "")
    settle()
    assert subjects(outbox)[2:] == ["A monthly gift of $15.00 has ended"]


def end_at_stripe(box: Sandbox, subscription_id: str) -> None:
    """End a subscription in Stripe's dashboard."""
    client = stripe.StripeClient("sk_test_dashboard", http_client=box.http_client(), max_network_retries=0)
    client.v1.subscriptions.cancel(subscription_id)


def test_refunds_and_disputes_are_told_with_the_day_to_answer(
    wish: Callable[..., Staff], given: Given, settle: Settle, box: Sandbox, outbox: Outbox
) -> None:
    wish(refunds=True, disputes=True)
    donation = given()
    give_back(donation, "5")
    settle()
    assert subjects(outbox) == ["$5.00 went back to a giver"]
    other = given()
    box.dispute(other.stripe_charge_id or "")
    settle()
    assert subjects(outbox)[1:] == ["A gift of $25.00 is disputed"]
    text = text_of(outbox.to(FINANCE)[-1])
    assert "Answer until: " in text
    assert AMAL.email not in text


def test_who_left_or_lost_the_role_is_not_mailed_what_was_queued_for_them(
    wish: Callable[..., Staff], gifts: Gifts, work: Callable[[], int], outbox: Outbox
) -> None:
    finance, fundraising = wish("finance"), wish("fundraising")
    donation = gifts.paid()
    apply_checkout(donation.id)
    queued = [each.to_address for each in every(MailMessage)]
    assert {FINANCE, FUNDRAISING} <= set(queued)
    with committed() as session:
        session.execute(sa.update(Staff).where(Staff.id == finance.id).values(role="editor"))
        session.execute(sa.update(Staff).where(Staff.id == fundraising.id).values(disabled_at=clock.real_now()))
    work()
    assert subjects(outbox) == subjects(outbox, FUNDRAISING) == []
    assert count_unsent() == 0
    assert {job.state for job in every(Job) if job.name == "deliver_staff_mail"} == {"done"}


def test_who_lost_the_role_is_not_queued_for_at_all(wish: Callable[..., Staff], gifts: Gifts, settle: Settle) -> None:
    staff = wish("finance")
    with committed() as session:
        session.execute(sa.update(Staff).where(Staff.id == staff.id).values(role="editor"))
    gifts.paid()
    settle()
    assert [each for each in every(MailMessage) if each.to_address == FINANCE] == []


def test_a_letter_that_can_not_be_queued_takes_the_gift_back_with_it(
    wish: Callable[..., Staff], gifts: Gifts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are one transaction: there is no gift without its letter, and no letter without its gift."""
    wish()
    donation = gifts.paid()

    def broken(*_given: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(after, "tell_staff_of_gift", broken)
    with pytest.raises(RuntimeError):
        apply_checkout(donation.id)
    assert every(MailMessage) == []


def test_whom_nobody_asked_for_costs_a_gift_one_question(
    gifts: Gifts, comings: Comings, app: Flask, settle: Settle
) -> None:
    comings.hire("finance")
    gifts.paid()
    settle()
    assert [job.name for job in every(Job) if job.name == "deliver_staff_mail"] == []


def test_each_role_may_be_mailed_what_it_may_see() -> None:
    sees_gifts = {"owner", "finance", "auditor", "fundraising", "support"}
    assert {kind: {role for role in ROLES if may_have(role, kind)} for kind in NEEDS} == {
        "gifts": sees_gifts, "promises": sees_gifts, "refunds": sees_gifts, "digest": sees_gifts,
        "disputes": {"owner", "finance", "auditor"},
    }  # fmt: skip


def test_what_a_role_may_not_have_is_not_taken_and_the_choice_is_in_the_history(wish: Callable[..., Staff]) -> None:
    staff = wish("support")
    record = [each for each in every(History) if each.act == "choose_notices"][-1]
    assert (record.object_kind, record.object_reference) == ("staff", staff.reference)
    assert record.after["every_gift"] is True
    assert record.after["disputes"] is False
    with committed():
        choose_notices(get_staff(staff.email), ALL, SYSTEM)
    assert len([each for each in every(History) if each.act == "choose_notices"]) == 1, "nothing changed"
