"""Money given back: the sums, the balance, the events, what is refused, and refunds that wait or fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from donate.sandbox.app import CardDeclined, Sandbox

Asked = Callable[..., dict[str, Any]]
Types = Callable[[], list[str]]
Pay = Callable[..., dict[str, Any]]


@pytest.fixture
def paid(box: Sandbox, client: stripe.StripeClient, asked: Asked) -> Pay:
    """Return a maker of paid charges of $25.00, settled."""

    def pay(card: str = "pm_card_visa", **more: Any) -> dict[str, Any]:
        box.complete(client.v1.checkout.sessions.create(asked(**more)).id, card, email="ada@example.org")
        box.advance(seconds=6)
        return client.v1.charges.list({"limit": 1}).data[0].to_dict()

    return pay


def refused(client: stripe.StripeClient, **params: Any) -> stripe.InvalidRequestError:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create(params)  # type: ignore[arg-type]
    assert caught.value.http_status == 400
    return caught.value


def test_a_whole_refund_gives_all_back_and_books_it_at_once(
    box: Sandbox, client: stripe.StripeClient, paid: Pay, event_types: Types
) -> None:
    charge = paid()
    refund = client.v1.refunds.create(
        {"payment_intent": charge["payment_intent"], "reason": "requested_by_customer", "metadata": {"a": "b"},
         "expand": ["balance_transaction", "charge"]}
    ).to_dict()  # fmt: skip
    assert (refund["amount"], refund["status"], refund["reason"], refund["metadata"]) == (
        2500, "succeeded", "requested_by_customer", {"a": "b"},
    )  # fmt: skip
    assert (refund["charge"]["amount_refunded"], refund["charge"]["refunded"]) == (2500, True)
    moved = refund["balance_transaction"]
    assert (moved["type"], moved["reporting_category"], moved["source"]) == ("refund", "refund", refund["id"])
    assert (moved["amount"], moved["fee"], moved["net"], moved["status"]) == (-2500, 0, -2500, "available")
    assert event_types()[-2:] == ["refund.created", "charge.refunded"]
    event = client.v1.events.list({"type": "charge.refunded"}).data[0].to_dict()
    assert event["data"]["previous_attributes"] == {"amount_refunded": 0, "refunded": False}


def test_several_parts_are_given_back_until_nothing_is_left(client: stripe.StripeClient, paid: Pay) -> None:
    charge = paid()["id"]
    first = client.v1.refunds.create({"charge": charge, "amount": 1000})
    whole = client.v1.charges.retrieve(charge)
    assert (whole.amount_refunded, whole.refunded) == (1000, False)
    error = refused(client, charge=charge, amount=1501)
    assert (error.param, error.user_message) == (
        "amount", "Refund amount ($15.01) is greater than unrefunded amount on charge ($15.00)",
    )  # fmt: skip
    second = client.v1.refunds.create({"charge": charge})
    assert second.amount == 1500
    error = refused(client, charge=charge, amount=1)
    assert (error.code, error.user_message) == (
        "charge_already_refunded", f"Charge {charge} has already been refunded.",
    )  # fmt: skip
    listed = client.v1.refunds.list({"charge": charge, "expand": ["data.balance_transaction"]}).to_dict()["data"]
    assert [one["id"] for one in listed] == [second.id, first.id]
    assert sum(one["balance_transaction"]["net"] for one in listed) == -2500


def test_refunds_are_found_by_payment_and_by_time(box: Sandbox, client: stripe.StripeClient, paid: Pay) -> None:
    one, other = paid(), paid()
    early = client.v1.refunds.create({"charge": one["id"], "amount": 100})
    box.advance(seconds=100)
    late = client.v1.refunds.create({"charge": other["id"], "amount": 100})
    assert [each.id for each in client.v1.refunds.list({"payment_intent": one["payment_intent"]}).data] == [early.id]
    assert [each.id for each in client.v1.refunds.list({"created": {"gt": early.created}}).data] == [late.id]
    assert client.v1.refunds.retrieve(early.id).amount == 100


def test_a_refund_before_the_fee_came_brings_the_charges_transaction_first(
    box: Sandbox, client: stripe.StripeClient, asked: Asked
) -> None:
    box.complete(client.v1.checkout.sessions.create(asked()).id)
    charge = client.v1.charges.list().data[0]
    assert charge.balance_transaction is None
    client.v1.refunds.create({"charge": charge.id})
    box.advance(seconds=60)
    assert [one.type for one in client.v1.balance_transactions.list().data] == ["refund", "charge"]
    assert sum(one.net for one in client.v1.balance_transactions.list().data) == -103


def test_a_converted_refund_uses_the_rate_of_its_charge(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, paid: Pay
) -> None:
    box.store.set("settlement_currency", "usd")
    box.store.set("rates", {"eur": 1.1})
    line = asked()["line_items"][0]
    line["price_data"] |= {"currency": "eur", "unit_amount": 1001}
    charge = paid(line_items=[line])
    box.store.set("rates", {"eur": 1.3})
    parts = [client.v1.refunds.create({"charge": charge["id"], "amount": amount,
                                       "expand": ["balance_transaction"]}).to_dict()
             for amount in (333, 333, 335)]  # fmt: skip
    assert {one["balance_transaction"]["exchange_rate"] for one in parts} == {1.1}
    assert {one["balance_transaction"]["currency"] for one in parts} == {"usd"}
    assert sum(one["balance_transaction"]["amount"] for one in parts) == -1101


def test_what_cannot_be_given_back_is_refused_in_stripes_words(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, paid: Pay
) -> None:
    assert "payment_intent or charge" in str(refused(client, amount=5).user_message)
    assert refused(client, charge="ch_nothing").param == "charge"
    assert refused(client, payment_intent="pi_nothing").code == "resource_missing"
    charge, other = paid(), paid()
    assert refused(client, charge=charge["id"], amount=2501).user_message == (
        "Refund amount ($25.01) is greater than charge amount ($25.00)"
    )
    assert refused(client, charge=charge["id"], amount=0).code == "parameter_invalid_integer"
    assert refused(client, charge=charge["id"], reason="regret").param == "reason"
    assert refused(client, charge=charge["id"], payment_intent=other["payment_intent"]).param == "charge"
    assert refused(client, charge=charge["id"], reverse_transfer=True).code == "sandbox_not_modelled"
    assert client.v1.refunds.list().data == []


def test_a_failed_charge_is_never_refunded(box: Sandbox, client: stripe.StripeClient, asked: Asked) -> None:
    with pytest.raises(CardDeclined):
        box.complete(client.v1.checkout.sessions.create(asked()).id, "pm_card_chargeDeclined")
    charge = client.v1.charges.list().data[0]
    assert "cannot be refunded" in str(refused(client, charge=charge.id).user_message)
    error = refused(client, payment_intent=charge.payment_intent)
    assert "does not have a successful charge to refund" in str(error.user_message)


def test_a_refund_is_made_once_for_its_key(client: stripe.StripeClient, paid: Pay) -> None:
    charge = paid()["id"]
    made = {client.v1.refunds.create({"charge": charge, "amount": 500}, {"idempotency_key": "k"}).id for _ in range(3)}
    assert len(made) == len(client.v1.refunds.list().data) == 1
    assert client.v1.charges.retrieve(charge).amount_refunded == 500


def test_a_refund_that_waits_succeeds_later(
    box: Sandbox, client: stripe.StripeClient, paid: Pay, event_types: Types
) -> None:
    charge = paid("pm_card_pendingRefund")["id"]
    refund = client.v1.refunds.create({"charge": charge}).to_dict()
    assert (refund["status"], refund["pending_reason"]) == ("pending", "processing")
    assert client.v1.charges.retrieve(charge).refunded is True
    box.advance(seconds=3700)
    after = client.v1.refunds.retrieve(refund["id"]).to_dict()
    assert (after["status"], "pending_reason" in after) == ("succeeded", False)
    assert event_types()[-1] == "refund.updated"


def test_a_refund_can_fail_after_it_succeeded_and_all_comes_back(
    box: Sandbox, client: stripe.StripeClient, paid: Pay, event_types: Types
) -> None:
    charge = paid("pm_card_refundFail")["id"]
    refund = client.v1.refunds.create({"charge": charge, "amount": 2000})
    assert refund.status == "succeeded"
    box.advance(seconds=3700)
    failed = client.v1.refunds.retrieve(refund.id, {"expand": ["failure_balance_transaction.source"]}).to_dict()
    assert (failed["status"], failed["failure_reason"]) == ("failed", "expired_or_canceled_card")
    back = failed["failure_balance_transaction"]
    assert (back["type"], back["reporting_category"], back["amount"]) == ("refund_failure", "refund_failure", 2000)
    assert back["source"]["id"] == refund.id
    whole = client.v1.charges.retrieve(charge)
    assert (whole.amount_refunded, whole.refunded) == (0, False)
    assert event_types()[-3:] == ["refund.updated", "charge.updated", "refund.failed"]
    assert client.v1.refunds.create({"charge": charge}).amount == 2500


def test_only_the_metadata_of_a_refund_changes_and_a_card_refund_is_never_canceled(
    client: stripe.StripeClient, paid: Pay, event_types: Types
) -> None:
    refund = client.v1.refunds.create({"charge": paid()["id"], "metadata": {"a": "1"}})
    changed = client.v1.refunds.update(refund.id, {"metadata": {"b": "2"}})
    assert changed.to_dict()["metadata"] == {"a": "1", "b": "2"}
    assert event_types()[-1] == "refund.updated"
    with pytest.raises(stripe.InvalidRequestError, match="requires_action"):
        client.v1.refunds.cancel(refund.id)


def test_a_refund_waiting_for_the_payer_can_be_canceled(
    box: Sandbox, client: stripe.StripeClient, paid: Pay, event_types: Types
) -> None:
    refund = client.v1.refunds.create({"charge": paid()["id"]})
    stored = box.store.get("refund", refund.id)
    assert stored is not None
    box.store.save({**stored, "status": "requires_action"})
    assert client.v1.refunds.cancel(refund.id).status == "canceled"
    assert event_types()[-2:] == ["refund.updated", "charge.updated"]
    assert client.v1.balance.retrieve().available[0].amount == 0
    assert client.v1.charges.retrieve(str(refund.charge)).amount_refunded == 0


def test_a_yen_is_written_without_cents(client: stripe.StripeClient, asked: Asked, paid: Pay) -> None:
    line = asked()["line_items"][0]
    line["price_data"] |= {"currency": "jpy", "unit_amount": 900}
    error = refused(client, charge=paid(line_items=[line])["id"], amount=901)
    assert error.user_message == "Refund amount (901 JPY) is greater than charge amount (900 JPY)"
