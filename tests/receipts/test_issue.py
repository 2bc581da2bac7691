"""Receipts: numbered without gaps, one a gift, also when two arrive together or one fails half-way."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from donate.db import committed, db
from donate.fulfillment.apply_checkout import apply_checkout
from donate.giving.models import Donation
from donate.receipts.issue import issue_receipt
from donate.receipts.models import Receipt
from donate.sandbox.app import Sandbox
from tests.make.gifts import Gifts
from tests.make.rows import every, fresh


def numbers() -> list[str]:
    return sorted(receipt.number for receipt in every(Receipt))


def test_numbers_follow_one_another(gifts: Gifts, settle: Callable[[], None]) -> None:
    for _ in range(3):
        gifts.paid()
    settle()
    assert numbers() == ["2026-000001", "2026-000002", "2026-000003"]


def test_gifts_that_arrive_together_are_numbered_without_gaps(app: Flask, gifts: Gifts) -> None:
    waiting = [gifts.paid().id for _ in range(12)]
    at_once = threading.Barrier(2)
    failed: list[Exception] = []

    def take(mine: list[int]) -> None:
        with app.app_context():
            at_once.wait(timeout=30)
            for donation_id in mine:
                try:
                    apply_checkout(donation_id)
                except Exception as error:
                    failed.append(error)

    threads = [threading.Thread(target=take, args=(waiting[part::2],)) for part in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert numbers() == [f"2026-{number:06d}" for number in range(1, 13)]


def test_a_receipt_that_was_not_committed_leaves_no_gap(
    gifts: Gifts, settle: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    donation = gifts.paid()

    def broken(*_given: object) -> None:
        raise RuntimeError("the mail's row can't be written")

    with monkeypatch.context() as patched:
        patched.setattr("donate.fulfillment.after_gift.queue_mail", broken)
        with pytest.raises(RuntimeError):
            apply_checkout(donation.id)
    db.session.rollback()
    assert numbers() == []
    assert fresh(donation).status == "pending"
    settle()
    assert numbers() == ["2026-000001"]


def test_a_gift_has_one_receipt_however_often_it_is_asked_for(gifts: Gifts, settle: Callable[[], None]) -> None:
    donation = gifts.paid()
    settle()
    with committed():
        again = issue_receipt(db.session.get_one(Donation, donation.id), zone="Asia/Jerusalem")
        assert again.number == "2026-000001"
    assert numbers() == ["2026-000001"]


def test_a_gift_of_the_old_year_is_numbered_in_the_old_year(
    gifts: Gifts, box: Sandbox, settle: Callable[[], None]
) -> None:
    box.advance(to=1798739400)  # 31 December 2026, 17:50 UTC
    old = gifts.paid()
    box.advance(seconds=8 * 3600)
    settle()
    assert fresh(old).received_on == date(2026, 12, 31)
    (receipt,) = every(Receipt)
    assert (receipt.number, receipt.issued_on) == ("2026-000001", date(2027, 1, 1))


def test_a_receipt_keeps_amount_and_fee_but_nobodys_name(gifts: Gifts, settle: Callable[[], None]) -> None:
    gifts.paid(amount="25.00", cover="1.06")
    settle()
    (receipt,) = every(Receipt)
    assert (receipt.amount_minor, receipt.fee_cover_minor, receipt.currency) == (2606, 106, "USD")
    personal = {"email", "name", "first_name", "last_name", "address"}
    assert personal.isdisjoint(column.name for column in Receipt.__table__.columns)
