"""A gift once: told by an event, found out by the return page, declined, expired, and all at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from donate import references
from donate.donors.models import Donor
from donate.fulfillment.apply_checkout import apply_checkout
from donate.mail.models import MailMessage
from donate.receipts.models import Receipt
from donate.sandbox.app import CardDeclined, Sandbox
from tests.make.gifts import Gifts
from tests.make.outbox import Outbox, text_of
from tests.make.rows import count, every, fresh, job_errors
from tests.people import AMAL, PETRA


def test_a_paid_gift_succeeds_when_its_event_comes(gifts: Gifts, settle: Callable[[], None], outbox: Outbox) -> None:
    donation = gifts.paid(amount="25.00", cover="1.06")
    assert fresh(donation).status == "pending"
    settle()
    donation = fresh(donation)
    assert donation.status == "succeeded"
    assert (donation.amount_minor, donation.fee_cover_minor, donation.gift.plain()) == (2606, 106, "25.00")
    assert donation.received_on is not None
    assert donation.received_on.isoformat() == "2026-03-02"
    assert (donation.payment_method, donation.card_brand, donation.card_last4) == ("card", "visa", "4242")
    assert (donation.stripe_payment_intent_id or "").startswith("pi_")
    assert (donation.stripe_charge_id or "").startswith("ch_")
    assert (donation.appeal_id, donation.article_id) == (gifts.appeal.id, gifts.article.id)
    assert [receipt.number for receipt in every(Receipt)] == ["2026-000001"]
    assert len(outbox) == 1
    assert "2026-000001" in text_of(outbox[0])


def test_a_paid_gift_succeeds_when_the_donor_comes_back_before_any_event(
    gifts: Gifts, client: FlaskClient, work: Callable[[], int], outbox: Outbox
) -> None:
    donation = gifts.begin()
    back = gifts.pay(donation)
    with client.get(back) as answer:
        assert answer.status_code == 200
        assert 'data-status="succeeded"' in answer.text
    assert fresh(donation).status == "succeeded"
    work()
    assert len(outbox) == 1


def test_the_event_after_the_return_page_changes_nothing(
    gifts: Gifts, client: FlaskClient, settle: Callable[[], None], outbox: Outbox
) -> None:
    donation = gifts.begin()
    client.get(gifts.pay(donation)).close()
    before = fresh(donation)
    version, received_at = before.version, before.received_at
    settle()
    after = fresh(donation)
    assert (after.version, after.received_at) == (version, received_at)
    assert (count(Receipt), len(outbox)) == (1, 1)


def test_event_return_page_and_sweeper_at_the_same_moment_make_one_gift_and_one_mail(
    app: Flask, gifts: Gifts, settle: Callable[[], None], outbox: Outbox
) -> None:
    donation_id = gifts.paid().id
    at_once = threading.Barrier(4)
    failed: list[Exception] = []

    def apply() -> None:
        with app.app_context():
            at_once.wait(timeout=30)
            try:
                apply_checkout(donation_id)
            except Exception as error:
                failed.append(error)

    threads = [threading.Thread(target=apply) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    settle()
    assert (count(Receipt), count(MailMessage), count(Donor), len(outbox)) == (1, 1, 1, 1)


def test_a_declined_card_leaves_the_page_open_and_says_why(
    gifts: Gifts, settle: Callable[[], None], client: FlaskClient, outbox: Outbox
) -> None:
    donation = gifts.begin()
    with pytest.raises(CardDeclined):
        gifts.pay(donation, "pm_card_chargeDeclinedInsufficientFunds")
    settle()
    donation = fresh(donation)
    assert (donation.status, donation.failure_code) == ("pending", "insufficient_funds")
    with client.get(f"/gifts/{donation.reference}?key={references.sign('gift', donation.reference)}") as answer:
        assert 'data-status="pending"' in answer.text
    assert (count(Receipt), len(outbox)) == (0, 0)

    gifts.pay(donation, "pm_card_mastercard")
    settle()
    donation = fresh(donation)
    assert (donation.status, donation.failure_code, donation.card_brand) == ("succeeded", "", "mastercard")
    assert (count(Receipt), len(outbox)) == (1, 1)


def test_a_page_that_nobody_paid_expires(gifts: Gifts, box: Sandbox, settle: Callable[[], None]) -> None:
    donation = gifts.begin()
    box.advance(seconds=62 * 60)
    settle()
    donation = fresh(donation)
    assert donation.status == "expired"
    assert donation.ended_at is not None
    assert count(Receipt) == 0


def test_the_day_of_a_gift_is_the_newsrooms_own(gifts: Gifts, box: Sandbox, settle: Callable[[], None]) -> None:
    # 22:30 UTC on 31 March is the first of April in the sample newsroom's zone.
    box.advance(to=1774996200)
    donation = gifts.paid()
    settle()
    assert str(fresh(donation).received_on) == "2026-04-01"


def test_two_gifts_of_one_address_are_one_donor_whose_name_stays(gifts: Gifts, settle: Callable[[], None]) -> None:
    gifts.paid(PETRA)
    gifts.paid(PETRA, email="petra@example.ORG", first_name="Somebody", last_name="Else")
    gifts.paid(AMAL)
    settle()
    donors = every(Donor)
    assert [donor.first_name for donor in donors] == ["Petra", "Amal"]


def test_an_amount_that_was_not_asked_for_is_never_taken_for_the_gift(
    gifts: Gifts, box: Sandbox, settle: Callable[..., None]
) -> None:
    donation = gifts.paid()
    for kind in ("charge", "payment_intent"):
        for one in box.store.select(kind):
            box.store.run("UPDATE objects SET json = json_set(json, '$.amount', 2400) WHERE id = ?", one["id"])
    settle(failing=True)
    assert any("asked" in error for error in job_errors())
    assert fresh(donation).status == "pending"
    assert count(Receipt) == 0
