"""A bank asks for a gift back: opened, answered, won, lost, left alone, or only asked about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from donate.sandbox.app import CardDeclined, Sandbox

DAY = 86400
Asked = Callable[..., dict[str, Any]]
Types = Callable[[], list[str]]
Pay = Callable[..., str]


@pytest.fixture
def paid(box: Sandbox, client: stripe.StripeClient, asked: Asked) -> Pay:
    """Return a maker of paid charges of $25.00 that answers their id."""

    def pay(card: str = "pm_card_visa", **more: Any) -> str:
        box.complete(client.v1.checkout.sessions.create(asked(**more)).id, card, email="ada@example.org")
        box.advance(seconds=6)
        return client.v1.charges.list({"limit": 1}).data[0].id

    return pay


def only(client: stripe.StripeClient) -> dict[str, Any]:
    (dispute,) = client.v1.disputes.list().data
    return dispute.to_dict()


@pytest.mark.parametrize(
    ("card", "reason"),
    [("pm_card_createDispute", "fraudulent"), ("pm_card_createDisputeProductNotReceived", "product_not_received")],
)
def test_a_card_brings_a_dispute_that_takes_the_money_and_a_fee(
    box: Sandbox, client: stripe.StripeClient, paid: Pay, event_types: Types, card: str, reason: str
) -> None:
    charge = paid(card)
    assert client.v1.disputes.list().data == []
    box.advance(seconds=10)
    dispute = only(client)
    assert (dispute["status"], dispute["reason"], dispute["amount"]) == ("needs_response", reason, 2500)
    assert (dispute["charge"], dispute["is_charge_refundable"]) == (charge, False)
    assert dispute["evidence_details"]["due_by"] > dispute["created"] + 8 * DAY
    (taken,) = dispute["balance_transactions"]
    assert (taken["type"], taken["reporting_category"], taken["source"]) == ("adjustment", "dispute", dispute["id"])
    assert (taken["amount"], taken["fee"], taken["net"]) == (-2500, 1500, -4000)
    assert client.v1.charges.retrieve(charge).disputed is True
    assert event_types()[-2:] == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
    event = client.v1.events.list({"type": "charge.dispute.created"}).data[0].to_dict()
    assert (event["data"]["object"]["balance_transactions"], event["request"]["id"]) == ([], None)


def test_a_disputed_charge_is_not_refunded(box: Sandbox, client: stripe.StripeClient, paid: Pay) -> None:
    charge = paid()
    box.dispute(charge)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"charge": charge})
    assert (caught.value.http_status, caught.value.code) == (400, "charge_disputed")
    assert caught.value.user_message == f"Charge {charge} has been charged back; cannot issue a refund."


@pytest.mark.parametrize(("words", "outcome"), [("winning_evidence", "won"), ("losing_evidence", "lost")])
def test_the_evidence_decides_some_days_later(
    box: Sandbox, client: stripe.StripeClient, paid: Pay, event_types: Types, words: str, outcome: str
) -> None:
    dispute = box.dispute(paid())
    sent = client.v1.disputes.update(dispute, {"evidence": {"uncategorized_text": words}})
    assert (sent.status, sent.evidence_details.submission_count) == ("under_review", 1)
    assert event_types()[-1] == "charge.dispute.updated"
    box.advance(seconds=6 * DAY)
    done = client.v1.disputes.retrieve(dispute)
    assert done.status == outcome
    assert sum(one.net for one in done.balance_transactions) == (-1500 if outcome == "won" else -4000)
    back = ["charge.dispute.funds_reinstated"] if outcome == "won" else []
    told = [each for each in event_types() if each.startswith("charge.dispute")]
    assert told[-1 - len(back):] == [*back, "charge.dispute.closed"]  # fmt: skip
    box.advance(seconds=20 * DAY)
    assert client.v1.disputes.retrieve(dispute).status == outcome


def test_what_is_won_comes_back_without_the_fee_and_can_be_refunded(
    box: Sandbox, client: stripe.StripeClient, paid: Pay
) -> None:
    charge = paid()
    dispute = box.dispute(charge)
    box.decide(dispute, "win")
    back = only(client)["balance_transactions"][1]
    assert (back["reporting_category"], back["amount"], back["fee"]) == ("dispute_reversal", 2500, 0)
    assert client.v1.charges.retrieve(charge).disputed is True
    assert client.v1.refunds.create({"charge": charge}).amount == 2500


def test_evidence_can_be_put_down_first_and_sent_later(box: Sandbox, client: stripe.StripeClient, paid: Pay) -> None:
    dispute = box.dispute(paid())
    staged = client.v1.disputes.update(
        dispute, {"evidence": {"uncategorized_text": "winning_evidence"}, "submit": False, "metadata": {"a": "b"}}
    )
    assert (staged.status, staged.evidence_details.has_evidence) == ("needs_response", True)
    assert client.v1.disputes.update(dispute, {"submit": True}).status == "under_review"
    box.advance(seconds=6 * DAY)
    assert only(client)["status"] == "won"


def test_other_evidence_waits_until_somebody_decides(box: Sandbox, client: stripe.StripeClient, paid: Pay) -> None:
    dispute = box.dispute(paid())
    client.v1.disputes.update(dispute, {"evidence": {"uncategorized_text": "She subscribed on our page."}})
    box.advance(seconds=60 * DAY)
    assert only(client)["status"] == "under_review"
    with pytest.raises(stripe.InvalidRequestError, match="not waiting for a response"):
        client.v1.disputes.update(dispute, {"evidence": {"uncategorized_text": "winning_evidence"}})
    box.decide(dispute, "lose")
    assert only(client)["status"] == "lost"


def test_evidence_that_the_sandbox_cannot_weigh_is_refused(
    box: Sandbox, client: stripe.StripeClient, paid: Pay
) -> None:
    dispute = box.dispute(paid())
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.disputes.update(dispute, {"evidence": {"receipt": "file_1"}})
    assert caught.value.code == "sandbox_not_modelled"


def test_a_dispute_nobody_answers_is_lost_when_its_time_is_over(
    box: Sandbox, client: stripe.StripeClient, paid: Pay, event_types: Types
) -> None:
    dispute = box.dispute(paid())
    due = client.v1.disputes.retrieve(dispute).evidence_details.due_by
    assert due is not None
    box.advance(to=due + 1)
    assert (only(client)["status"], event_types()[-1]) == ("lost", "charge.dispute.closed")
    assert client.v1.events.list({"limit": 1}).data[0].created == due


def test_a_newsroom_may_give_a_dispute_up(box: Sandbox, client: stripe.StripeClient, paid: Pay) -> None:
    dispute = box.dispute(paid())
    assert client.v1.disputes.close(dispute).status == "lost"
    with pytest.raises(stripe.InvalidRequestError, match="not waiting for a response"):
        client.v1.disputes.close(dispute)
    assert len(only(client)["balance_transactions"]) == 1


# -- inquiries -------------------------------------------------------------------------------------------------


def test_an_inquiry_takes_no_money_and_ends_by_itself(
    box: Sandbox, client: stripe.StripeClient, paid: Pay, event_types: Types
) -> None:
    charge = paid("pm_card_createDisputeInquiry")
    box.advance(seconds=10)
    inquiry = only(client)
    assert (inquiry["status"], inquiry["balance_transactions"]) == ("warning_needs_response", [])
    assert inquiry["payment_method_details"]["card"]["case_type"] == "inquiry"
    assert client.v1.refunds.create({"charge": charge, "amount": 500}).status == "succeeded"
    box.advance(seconds=121 * DAY)
    assert (only(client)["status"], event_types()[-1]) == ("warning_closed", "charge.dispute.closed")


def test_an_inquiry_can_be_answered(box: Sandbox, client: stripe.StripeClient, paid: Pay) -> None:
    inquiry = box.dispute(paid(), inquiry=True)
    sent = client.v1.disputes.update(inquiry, {"evidence": {"uncategorized_text": "winning_evidence"}})
    assert sent.status == "warning_under_review"
    box.advance(seconds=6 * DAY)
    assert (only(client)["status"], only(client)["balance_transactions"]) == ("warning_closed", [])


@pytest.mark.parametrize("by_hand", [True, False])
def test_an_inquiry_can_become_a_dispute_over_what_is_left(
    box: Sandbox, client: stripe.StripeClient, paid: Pay, event_types: Types, *, by_hand: bool
) -> None:
    charge = paid()
    inquiry = box.dispute(charge, inquiry=True)
    client.v1.refunds.create({"charge": charge, "amount": 500})
    if by_hand:
        box.decide(inquiry, "escalate")
    else:
        client.v1.disputes.update(inquiry, {"evidence": {"uncategorized_text": "escalate_inquiry_evidence"}})
        box.advance(seconds=6 * DAY)
    dispute = only(client)
    assert (dispute["status"], dispute["amount"]) == ("needs_response", 2000)
    assert dispute["balance_transactions"][0]["net"] == -3500
    assert event_types()[-2:] == ["charge.dispute.updated", "charge.dispute.funds_withdrawn"]


def test_the_sandboxs_own_page_says_what_becomes_of_each_card(box: Sandbox) -> None:
    page = box.wsgi.test_client().get("/_sandbox").text
    for words in ("7726", "A refund waits for an hour", "0259", "Disputed: fraudulent", "1976", "The bank asks"):
        assert words in page


def test_an_inquiry_about_what_was_given_back_meanwhile_just_ends(
    box: Sandbox, client: stripe.StripeClient, paid: Pay
) -> None:
    charge = paid()
    inquiry = box.dispute(charge, inquiry=True)
    client.v1.refunds.create({"charge": charge})
    box.decide(inquiry, "escalate")
    assert (only(client)["status"], only(client)["balance_transactions"]) == ("warning_closed", [])


# -- by hand, and what is refused ------------------------------------------------------------------------------


def test_disputes_are_opened_and_decided_by_hand(box: Sandbox, client: stripe.StripeClient, paid: Pay) -> None:
    box.store.set("dispute_fee", 2000)
    charge, hand = paid(), box.wsgi.test_client()
    answer = hand.post(f"/_sandbox/charges/{charge}/dispute", data={"reason": "duplicate"})
    dispute = answer.json["id"]
    assert (only(client)["reason"], only(client)["balance_transactions"][0]["fee"]) == ("duplicate", 2000)
    assert hand.post(f"/_sandbox/disputes/{dispute}/win").status_code == 200
    assert only(client)["status"] == "won"
    assert hand.post(f"/_sandbox/disputes/{dispute}/lose").status_code == 400
    assert hand.post(f"/_sandbox/disputes/{dispute}/frame").status_code == 404
    assert hand.post("/_sandbox/charges/ch_nothing/dispute").status_code == 404
    other = hand.post(f"/_sandbox/charges/{paid()}/dispute", data={"inquiry": "1"}).json["id"]
    assert client.v1.disputes.retrieve(other).status == "warning_needs_response"
    assert hand.post(f"/_sandbox/disputes/{other}/lose").status_code == 400
    assert hand.post(f"/_sandbox/disputes/{other}/escalate").status_code == 200
    assert hand.post(f"/_sandbox/disputes/{other}/escalate").status_code == 400


def test_only_what_was_paid_and_kept_can_be_disputed(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, paid: Pay
) -> None:
    refunded, disputed = paid("pm_card_createDispute"), paid()
    client.v1.refunds.create({"charge": refunded})
    box.dispute(disputed)
    with pytest.raises(CardDeclined):
        box.complete(client.v1.checkout.sessions.create(asked()).id, "pm_card_chargeDeclined")
    failed = client.v1.charges.list({"limit": 1}).data[0].id
    for charge in (refunded, disputed, failed):
        with pytest.raises(Exception, match="can't be disputed"):
            box.dispute(charge)
    box.advance(seconds=60)
    assert only(client)["charge"] == disputed


def test_disputes_are_found_by_charge_and_payment_and_lead_to_them(
    box: Sandbox, client: stripe.StripeClient, paid: Pay
) -> None:
    charge = paid()
    box.dispute(paid())
    dispute = box.dispute(charge)
    intent = client.v1.charges.retrieve(charge).payment_intent
    for where in ({"charge": charge}, {"payment_intent": intent}):
        found = client.v1.disputes.list({**where, "expand": ["data.charge", "data.payment_intent"]})  # type: ignore[typeddict-item]
        assert [one.id for one in found.data] == [dispute]
        assert found.to_dict()["data"][0]["charge"]["payment_intent"] == intent
    moved = client.v1.balance_transactions.list({"source": dispute, "expand": ["data.source.charge"]}).to_dict()
    assert moved["data"][0]["source"]["charge"]["id"] == charge


def test_a_dispute_that_does_not_exist_is_missing(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.disputes.retrieve("du_nothing")
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")


def test_what_was_lost_can_be_won_on_appeal(
    box: Sandbox, client: stripe.StripeClient, paid: Pay, event_types: Types
) -> None:
    dispute = box.dispute(paid())
    with pytest.raises(Exception, match="nothing to appeal"):
        box.decide(dispute, "appeal")
    box.decide(dispute, "lose")
    box.decide(dispute, "appeal")
    assert (only(client)["status"], event_types()[-1]) == ("appeal_needs_response", "charge.dispute.updated")
    box.decide(dispute, "win")
    assert (only(client)["status"], len(only(client)["balance_transactions"])) == ("won", 2)
