"""A giver's bank asks for a gift back: rows, entries, mails and sums, when it is opened, won, lost or only asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import stripe

from donate.appeals.queries import list_tallies
from donate.errors import RefundRefused
from donate.fulfillment.apply_dispute import apply_dispute
from donate.fulfillment.refund_gift import refund_gift
from donate.giving.models import Dispute, Donation
from donate.giving.refund import left_to_refund
from donate.money import Money, from_major
from donate.sandbox.app import Sandbox
from tests.make.books import assert_books_equal_stripe, booked, entries_of, lines_of
from tests.make.gifts import Gifts
from tests.make.outbox import Outbox, html_of, text_of
from tests.make.rows import count, every, fresh
from tests.people import AMAL, PETRA

DAY = 86400
Settle = Callable[..., None]
Given = Callable[..., Donation]


@pytest.fixture
def given(gifts: Gifts, box: Sandbox, settle: Settle) -> Given:
    """Return a maker of gifts of $25.00 that arrived and are booked with their fee."""

    def make(card: str = "pm_card_visa", **more: str) -> Donation:
        donation = gifts.begin(AMAL, **more)
        gifts.pay(donation, card)
        settle()
        box.advance(seconds=8)
        settle()
        return fresh(donation)

    return make


@pytest.fixture
def desk(box: Sandbox) -> stripe.StripeClient:
    """Return a client of somebody who answers in Stripe's dashboard."""
    return stripe.StripeClient("sk_test_dashboard", http_client=box.http_client(), max_network_retries=0)


def usd(text: str) -> Money:
    return from_major(text, "USD")


def disputed(box: Sandbox, donation: Donation, **how: bool) -> str:
    assert donation.stripe_charge_id is not None
    return box.dispute(donation.stripe_charge_id, **how)


def tally(gifts: Gifts) -> tuple[int, int]:
    found = list_tallies()[gifts.appeal.slug, "USD"]
    return found.raised.minor, found.people


def subjects(outbox: Outbox) -> list[str]:
    """Give what the newsroom was told, oldest first; the giver got receipts alone."""
    assert all("receipt" in str(letter["Subject"]).lower() for letter in outbox.to(AMAL.email))
    return [letter["Subject"] for letter in outbox if letter["To"].addresses[0].addr_spec != AMAL.email]


def row() -> Dispute:
    (dispute,) = every(Dispute)
    return dispute  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("card", "reason"),
    [("pm_card_createDispute", "fraudulent"), ("pm_card_createDisputeProductNotReceived", "product_not_received")],
)
def test_a_dispute_takes_the_gift_out_of_the_books_and_calls_the_newsroom(
    gifts: Gifts, given: Given, box: Sandbox, settle: Settle, outbox: Outbox, card: str, reason: str
) -> None:
    donation = given(card)
    assert tally(gifts) == (2500, 1)
    box.advance(seconds=10)
    settle()
    dispute = row()
    assert (dispute.status, dispute.reason, dispute.amount_minor) == ("needs_response", reason, 2500)
    assert (str(dispute.opened_on), dispute.closed_at) == ("2026-03-02", None)
    assert booked(donation) == [("charge", 2500, 103), ("dispute", -2500, 1500)]
    assert lines_of(entries_of(donation)[1]) == [
        ("dispute_losses", "clearing", 2500), ("dispute_fees", "clearing", 1500),
    ]  # fmt: skip
    assert entries_of(donation)[1].stripe_dispute_id == dispute.stripe_dispute_id
    assert (tally(gifts), left_to_refund(fresh(donation))) == ((0, 0), usd("0"))
    assert subjects(outbox) == ["A gift of $25.00 is disputed"]
    text = text_of(outbox[-1])
    assert reason in text
    assert "Answer until" in text
    assert "Do not refund it as well" in text
    assert (dispute.stripe_dispute_id or "") in html_of(outbox[-1])
    assert_books_equal_stripe()


def test_a_disputed_gift_cannot_be_given_back_as_well(given: Given, box: Sandbox, settle: Settle) -> None:
    donation = given()
    disputed(box, donation)
    settle()
    with pytest.raises(RefundRefused) as caught:
        refund_gift(donation.id, usd("5.00"), left_seen=usd("25.00"), reason="", asked_by="command")
    assert (caught.value.message, caught.value.values["left"]) == ("refund_changed", usd("0"))


def test_a_dispute_that_is_won_brings_the_gift_back_without_its_fee(
    gifts: Gifts, given: Given, box: Sandbox, desk: stripe.StripeClient, settle: Settle, outbox: Outbox
) -> None:
    donation = given()
    dispute_id = disputed(box, donation)
    settle()
    desk.v1.disputes.update(dispute_id, {"evidence": {"uncategorized_text": "winning_evidence"}})
    settle()
    assert row().status == "under_review"
    box.advance(seconds=6 * DAY)
    settle()
    assert (row().status, row().closed_at is not None) == ("won", True)
    assert booked(donation)[2:] == [("dispute_reversal", 2500, 0)]
    assert str(entries_of(donation)[2].occurred_on) == "2026-03-07"
    assert (tally(gifts), left_to_refund(fresh(donation))) == ((2500, 1), usd("25.00"))
    assert subjects(outbox) == ["A gift of $25.00 is disputed", "A dispute over $25.00 is won"]
    assert_books_equal_stripe()


@pytest.mark.parametrize("how", ["evidence", "silence", "accepted"])
def test_a_dispute_that_is_lost_stays_taken(
    gifts: Gifts, given: Given, box: Sandbox, desk: stripe.StripeClient, settle: Settle, outbox: Outbox, how: str
) -> None:
    donation = given()
    dispute_id = disputed(box, donation)
    settle()
    if how == "evidence":
        desk.v1.disputes.update(dispute_id, {"evidence": {"uncategorized_text": "losing_evidence"}})
    elif how == "accepted":
        desk.v1.disputes.close(dispute_id)
    box.advance(seconds=10 * DAY)
    settle()
    assert (row().status, booked(donation)[1:]) == ("lost", [("dispute", -2500, 1500)])
    assert (tally(gifts), left_to_refund(fresh(donation))) == ((0, 0), usd("0"))
    assert subjects(outbox) == ["A gift of $25.00 is disputed", "A dispute over $25.00 is lost"]
    assert_books_equal_stripe()


def test_what_was_lost_is_won_on_appeal(
    gifts: Gifts, given: Given, box: Sandbox, settle: Settle, outbox: Outbox
) -> None:
    donation = given()
    dispute_id = disputed(box, donation)
    for outcome in ("lose", "appeal"):
        box.decide(dispute_id, outcome)  # type: ignore[arg-type]
        settle()
    assert (row().status, row().closed_at) == ("needs_response", None)
    box.decide(dispute_id, "win")
    settle()
    assert (row().status, tally(gifts)) == ("won", (2500, 1))
    assert subjects(outbox)[-2:] == ["A dispute over $25.00 is lost", "A dispute over $25.00 is won"]
    assert_books_equal_stripe()


def test_an_inquiry_moves_no_money_and_is_told_in_other_words(
    gifts: Gifts, given: Given, box: Sandbox, settle: Settle, outbox: Outbox
) -> None:
    donation = given("pm_card_createDisputeInquiry")
    box.advance(seconds=10)
    settle()
    assert row().status == "warning_needs_response"
    assert (booked(donation), tally(gifts)) == ([("charge", 2500, 103)], (2500, 1))
    assert left_to_refund(fresh(donation)) == usd("25.00")
    box.advance(seconds=121 * DAY)
    settle()
    assert row().status == "warning_closed"
    assert subjects(outbox) == ["A bank asks about a gift of $25.00", "A bank's question about $25.00 is closed"]
    assert "No money has moved" in text_of(outbox[1])
    assert_books_equal_stripe()


def test_an_inquiry_that_becomes_a_dispute_is_told_again(
    gifts: Gifts, given: Given, box: Sandbox, settle: Settle, outbox: Outbox
) -> None:
    donation = given()
    dispute_id = disputed(box, donation, inquiry=True)
    settle()
    box.decide(dispute_id, "escalate")
    settle()
    assert (row().status, tally(gifts)) == ("needs_response", (0, 0))
    assert subjects(outbox) == ["A bank asks about a gift of $25.00", "A gift of $25.00 is disputed"]
    assert_books_equal_stripe()


def test_a_dispute_after_a_part_went_back_is_about_the_rest(
    gifts: Gifts, given: Given, box: Sandbox, settle: Settle
) -> None:
    donation = given()
    refund_gift(donation.id, usd("10.00"), left_seen=usd("25.00"), reason="", asked_by="command")
    settle()
    dispute_id = disputed(box, donation)
    settle()
    assert (row().amount_minor, tally(gifts)) == (1500, (0, 0))
    assert left_to_refund(fresh(donation)) == usd("0")
    box.decide(dispute_id, "win")
    settle()
    assert (tally(gifts), left_to_refund(fresh(donation))) == ((1500, 1), usd("15.00"))
    assert_books_equal_stripe()


def test_a_dispute_whose_events_never_came_is_told_once_as_it_ended(
    given: Given, box: Sandbox, settle: Settle, outbox: Outbox
) -> None:
    donation = given()
    box.faults.replace([{"kind": "drop_webhook", "match": {"type": "charge.dispute.*"}, "times": 100}])
    dispute_id = disputed(box, donation)
    box.decide(dispute_id, "lose")
    settle()
    assert count(Dispute) == 0
    for _ in range(2):
        assert apply_dispute(dispute_id)
    settle()
    assert (row().status, booked(donation)[1:]) == ("lost", [("dispute", -2500, 1500)])
    assert subjects(outbox) == ["A dispute over $25.00 is lost"]


def test_a_disputed_gift_of_another_person_leaves_the_first_counted(
    gifts: Gifts, given: Given, box: Sandbox, settle: Settle
) -> None:
    given()
    other = given(email=PETRA.email)
    assert tally(gifts) == (5000, 2)
    disputed(box, other)
    settle()
    assert tally(gifts) == (2500, 1)


def test_a_dispute_about_something_else_in_the_account_is_no_row_of_ours(
    given: Given, box: Sandbox, desk: stripe.StripeClient, settle: Settle, outbox: Outbox
) -> None:
    given()
    session = desk.v1.checkout.sessions.create(
        {"mode": "payment", "success_url": "https://shop.example/", "cancel_url": "https://shop.example/",
         "line_items": [{"price_data": {"currency": "usd", "unit_amount": 900, "product_data": {"name": "Mug"}},
                         "quantity": 1}]}
    )  # fmt: skip
    box.complete(session.id, "pm_card_createDispute")
    box.advance(seconds=60)
    settle()
    assert (count(Dispute), subjects(outbox)) == (0, [])
    assert_books_equal_stripe()


def test_a_foreign_dispute_is_booked_in_our_currency_and_comes_back_whole(
    given: Given, box: Sandbox, settle: Settle
) -> None:
    box.store.set("settlement_currency", "usd")
    box.store.set("rates", {"eur": 1.1})
    donation = given(currency="EUR")
    dispute_id = disputed(box, donation)
    settle()
    box.decide(dispute_id, "win")
    settle()
    _, taken, back = entries_of(donation)
    assert (taken.gross_minor, taken.currency, taken.settlement_gross_minor) == (-2500, "EUR", -2750)
    assert (back.gross_minor, back.settlement_gross_minor, back.settlement_currency) == (2500, 2750, "USD")
    assert_books_equal_stripe()
