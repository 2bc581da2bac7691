"""Hooks are told of what happened in the transaction in which it did, once, and of nobody's name but where they may."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
import stripe

from donate.connections import announce
from donate.connections.message import message_of
from donate.connections.models import HookDelivery, HookEvent, HookTry
from donate.db import committed, db
from donate.donors.models import Donor
from donate.entry.address import normalise_email
from donate.fulfillment import after_gift
from donate.fulfillment.apply_checkout import apply_checkout
from donate.fulfillment.forget_person import forget_person
from donate.giving.models import Donation
from donate.records.erase import ask_erasure
from donate.records.link_address import link_address
from donate.recurring.terms import terms_of
from donate.sandbox.app import Sandbox
from donate.team.history import SYSTEM, Who
from tests.make.gifts import Gifts
from tests.make.promises import Promises
from tests.make.race import Race
from tests.make.receiver import Receiver
from tests.make.refunds import Given, give_back
from tests.make.rows import count, every
from tests.people import AMAL, PETRA

Settle = Callable[..., None]


@pytest.fixture
def promises(gifts: Gifts, box: Sandbox, settle: Settle) -> Promises:
    """Return a maker of promises."""
    return Promises(gifts, box, settle)


def test_a_gift_that_arrives_is_told_with_its_sums_and_what_it_hangs_on(
    gifts: Gifts, settle: Settle, receiver: Receiver
) -> None:
    receiver.hook("gift.succeeded")
    donation = gifts.paid(amount="25.00", cover="1.06")
    settle()
    (taken,) = receiver.taken
    told = taken.json
    assert (told["type"], sorted(told)) == ("gift.succeeded", ["data", "timestamp", "type"])
    gift = told["data"]["gift"]
    assert gift["id"] == donation.reference
    assert gift["amount"] == {"amount_minor": 2606, "currency": "USD", "amount": "26.06"}
    assert gift["fee_covered"]["amount_minor"] == 106
    assert (gift["fund"], gift["appeal"], gift["article"]) == (gifts.fund.code, gifts.appeal.slug, gifts.article.slug)
    assert gift["received_on"] == "2026-03-02"
    assert list(gift["donor"]) == ["id"]
    assert AMAL.email not in taken.body.decode()


def test_a_name_is_told_only_to_a_hook_that_may_know_it(gifts: Gifts, settle: Settle, receiver: Receiver) -> None:
    receiver.hook("gift.succeeded", personal=True)
    gifts.paid(AMAL)
    settle()
    donor = receiver.taken[0].json["data"]["gift"]["donor"]
    assert (donor["name"], donor["email"]) == (f"{AMAL.first_name} {AMAL.last_name}", AMAL.email)
    assert AMAL.email not in json.dumps(every(HookEvent)[0].data), "and no name is kept with the event"


def test_nothing_is_written_where_nobody_listens(gifts: Gifts, settle: Settle, receiver: Receiver) -> None:
    receiver.hook("recurring.ended")
    gifts.paid()
    settle()
    assert (count(HookEvent), count(HookDelivery), receiver.taken) == (0, 0, [])


def test_each_hook_that_listens_has_one_delivery_of_the_one_event(
    gifts: Gifts, settle: Settle, receiver: Receiver
) -> None:
    for path in ("/a", "/b"):
        receiver.hook("gift.succeeded", url=receiver.url(path=path))
    donation = gifts.paid()
    settle()
    apply_checkout(donation.id)
    settle()
    assert (count(HookEvent), sorted(each.path for each in receiver.taken)) == (1, ["/a", "/b"])
    assert len({each.id for each in receiver.taken}) == 1


def test_an_event_is_never_told_of_what_was_taken_back(
    gifts: Gifts, settle: Settle, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.hook("gift.succeeded")
    real = after_gift.tell_received

    def break_after(donation: Donation) -> None:
        real(donation)
        assert count(HookEvent) == 1
        raise RuntimeError("the power fails here")

    monkeypatch.setattr(after_gift, "tell_received", break_after)
    donation = gifts.paid()
    settle(failing=True)
    assert (count(HookEvent), db.session.get_one(Donation, donation.id).status) == (0, "pending")


def test_an_event_is_written_only_with_what_it_tells_of(gifts: Gifts) -> None:
    with pytest.raises(RuntimeError, match="inside committed"):
        announce.announce("gift.succeeded", "x", ("gift", 1), dict)


def announce_at_once(race: Race) -> list[Exception]:
    """Let two transactions announce one event, both knowing already who listens."""

    def act() -> None:
        with committed():
            announce.announce("gift.succeeded", "SAME", ("gift", 1), lambda: {"gift": {"donor": {"id": None}}})

    if db.engine.dialect.name == "postgresql":
        # On SQLite one transaction waits for the other from its very beginning.
        race.meet_after(announce, "list_listening")
    return race.run(act, act)


def test_two_who_announce_one_event_at_once_write_one(newsroom: None, race: Race, receiver: Receiver) -> None:
    receiver.hook("gift.succeeded")
    assert announce_at_once(race) == []
    assert (count(HookEvent), count(HookDelivery)) == (1, 1)


def test_the_two_above_would_write_it_twice_without_their_key(
    newsroom: None, race: Race, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A control: with a key of its own each would be an event."""
    receiver.hook("gift.succeeded")
    real, made = announce.write_event, iter("12")
    monkeypatch.setattr(
        announce, "write_event", lambda kind, key, *rest, **named: real(kind, key + next(made), *rest, **named)
    )
    assert announce_at_once(race) == []
    assert (count(HookEvent), count(HookDelivery)) == (2, 2)


def test_a_refund_and_what_is_left_are_told(given: Given, settle: Settle, receiver: Receiver) -> None:
    donation = given()
    receiver.hook()
    refund = give_back(donation, "10.00")
    settle()
    assert receiver.kinds() == ["gift.refunded"]
    data = receiver.taken[0].json["data"]
    assert (data["refund"]["id"], data["refund"]["amount"]["amount"]) == (refund.reference, "10.00")
    assert data["gift"]["refunded"]["amount_minor"] == 1000


def test_a_refund_that_fails_after_all_is_told_too(
    given: Given, settle: Settle, box: Sandbox, receiver: Receiver
) -> None:
    donation = given("pm_card_refundFail")
    receiver.hook()
    give_back(donation, "10.00")
    settle()
    box.advance(seconds=5 * 86400)
    settle()
    assert receiver.kinds()[-1] == "gift.refund_failed"
    assert receiver.taken[-1].json["data"]["gift"]["refunded"]["amount_minor"] == 0


def test_a_dispute_is_told_when_it_opens_and_when_it_is_closed(
    given: Given, settle: Settle, box: Sandbox, dashboard: stripe.StripeClient, receiver: Receiver
) -> None:
    donation = given()
    receiver.hook()
    assert donation.stripe_charge_id is not None
    dispute_id = box.dispute(donation.stripe_charge_id)
    settle()
    dashboard.v1.disputes.update(dispute_id, {"evidence": {"uncategorized_text": "winning_evidence"}, "submit": True})
    box.advance(seconds=120 * 86400)
    settle()
    assert receiver.kinds() == ["gift.disputed", "gift.dispute_closed"]
    opened, closed = (each.json["data"] for each in receiver.taken)
    assert (opened["dispute"]["id"], opened["gift"]["disputed"]["amount_minor"]) == (dispute_id, 2500)
    assert (closed["dispute"]["status"], closed["gift"]["disputed"]["amount_minor"]) == ("won", 0)


def test_a_promise_is_told_when_it_begins_changes_and_ends_and_not_at_each_charge(
    promises: Promises, receiver: Receiver
) -> None:
    receiver.hook("recurring.started", "recurring.changed", "recurring.ended")
    promise = promises.begin()
    promises.pass_days(35)
    assert receiver.kinds() == ["recurring.started"]
    before = terms_of(promise)
    promises.change(promise, "change", replace(before, amount=before.amount + before.amount))
    promises.settle()
    promises.change(promise, "cancel", replace(terms_of(promise), ends=True))
    promises.pass_days(40)
    assert receiver.kinds() == ["recurring.started", "recurring.changed", "recurring.changed", "recurring.ended"]
    raised, stopped, ended = (each.json["data"]["recurring"] for each in receiver.taken[1:])
    assert (raised["id"], raised["amount"]["amount"]) == (promise.reference, "30.00")
    assert (stopped["ends_with_period"], stopped["status"], ended["status"]) == (True, "active", "canceled")


def test_who_is_forgotten_is_told_by_number_and_leaves_what_is_kept_of_earlier_events(
    gifts: Gifts, settle: Settle, receiver: Receiver
) -> None:
    receiver.hook(personal=True)
    receiver.status, receiver.text = 200, f"thank you, {AMAL.email}"
    donation = gifts.paid(AMAL)
    gifts.paid(PETRA)
    settle()
    assert {each.answer for each in every(HookTry)} == {receiver.text}
    receiver.text = ""
    event = every(HookEvent)[0]
    assert AMAL.email in json.dumps(message_of(event, personal=True))
    with committed():
        wish = ask_erasure(db.session.get_one(Donor, every(Donation)[0].donor_id), "command", SYSTEM)
    forget_person(wish.id)
    settle()
    erased = receiver.taken[-1].json
    assert (erased["type"], list(erased["data"]["donor"])) == ("donor.erased", ["id"])
    assert AMAL.email not in json.dumps(message_of(event, personal=True))
    emptied = {each.delivery_id: each.answer for each in every(HookTry)}
    about = {each.id: db.session.get_one(HookEvent, each.event_id).about_id for each in every(HookDelivery)}
    assert {emptied[key] for key, subject in about.items() if subject == donation.id} == {""}
    assert f"thank you, {AMAL.email}" in emptied.values(), "another person's stays"


def test_donors_who_turn_out_to_be_one_are_told_as_one(gifts: Gifts, settle: Settle, receiver: Receiver) -> None:
    gifts.paid(AMAL)
    gifts.paid(PETRA)
    settle()
    receiver.hook("donor.joined")
    stays, goes = (each.donor_id for each in every(Donation))
    with committed():
        link_address(stays, normalise_email(PETRA.email), Who("member", stays))
    settle()
    data = receiver.taken[0].json["data"]
    assert data["donor"]["id"] != data["joined"]["id"]
    assert {each.donor_id for each in every(Donation)} == {stays} != {goes}
