"""Deliveries: signed, tried again for three days, never led astray, and every try written down."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler

import pytest
import sqlalchemy as sa
from flask import Flask

from donate import clock, references
from donate.connections import deliver
from donate.connections.again import send_again, send_test
from donate.connections.announce import announce
from donate.connections.empty import KEEP, drop_old_events
from donate.connections.hooks import BOTH, remove_hook, renew_hook_secret
from donate.connections.models import Hook, HookDelivery, HookEvent, HookTry
from donate.connections.switch import switch_off, switch_on
from donate.db import NotInCommitted, committed, db
from donate.errors import Unreadable
from donate.queue.models import Job
from donate.reach import post as posting
from donate.reach.post import post
from donate.team.hire import add_staff
from donate.team.history import SYSTEM, Who
from donate.team.models import History
from tests.make.gifts import Gifts
from tests.make.outbox import Outbox, text_of
from tests.make.race import Race
from tests.make.receiver import Receiver
from tests.make.rows import count, every

Work = Callable[[], int]
Later = Callable[[timedelta], None]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OWNER = Who("staff", 1)


def happen(kind: str = "gift.succeeded") -> None:
    """Let something happen that hooks are told of."""
    with committed():
        announce(kind, references.new_reference(), ("gift", 0), lambda: {"gift": {"donor": {"id": None}}})


def the_delivery() -> HookDelivery:
    (found,) = every(HookDelivery)
    return found


def the_hook() -> Hook:
    (found,) = every(Hook)
    return found


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a receiver take less time than in service."""
    monkeypatch.setattr(posting, "TOTAL_SECONDS", 0.5)


def test_the_signature_holds_by_the_specification_and_with_no_other_secret(
    newsroom: None, receiver: Receiver, work: Work
) -> None:
    _hook, secret = receiver.hook()
    happen()
    work()
    (taken,) = receiver.taken
    assert taken.is_signed_with(secret)
    assert not taken.is_signed_with("whsec_" + "A" * 44)
    assert abs(int(taken.headers["webhook-timestamp"]) - clock.real_now().timestamp()) < 60
    assert taken.headers["Content-Type"] == "application/json"
    assert taken.headers["Host"] == f"crm.example:{receiver.port}"
    taken.body += b" "
    assert not taken.is_signed_with(secret), "nor does it hold for another body"


def test_the_secret_is_nowhere_in_the_database(newsroom: None, receiver: Receiver) -> None:
    hook, secret = receiver.hook()
    kept = " ".join(str(value) for value in db.session.execute(sa.select(Hook.__table__)).one())
    assert secret.removeprefix("whsec_") not in kept
    assert hook.salt in kept


def test_for_a_day_after_a_change_both_secrets_sign(
    newsroom: None, receiver: Receiver, work: Work, later: Later
) -> None:
    hook, old = receiver.hook()
    with committed():
        new = renew_hook_secret(hook, OWNER)
    happen()
    work()
    later(BOTH + MINUTE)
    happen()
    work()
    first, second = receiver.taken
    assert (first.is_signed_with(old), first.is_signed_with(new)) == (True, True)
    assert (second.is_signed_with(old), second.is_signed_with(new)) == (False, True)


def test_what_fails_is_tried_again_for_three_days_under_one_id_and_then_given_up(
    newsroom: None, receiver: Receiver, work: Work, later: Later
) -> None:
    receiver.hook()
    receiver.status, receiver.text = 500, "try later"
    began = clock.real_now()
    happen()
    work()
    for wait in deliver.WAITS:
        assert the_delivery().state == "waiting"
        later(wait - timedelta(seconds=30))
        work()
        tries = count(HookTry)
        later(timedelta(seconds=31))
        work()
        assert count(HookTry) == tries + 1, "not before its time, and then"
    found = the_delivery()
    assert (found.state, found.tries, found.next_at, found.last_status) == ("given_up", 10, None, 500)
    assert timedelta(days=3) < clock.real_now() - began < timedelta(days=3, hours=6)
    assert {each.id for each in receiver.taken} == {every(HookEvent)[0].reference}
    assert len({each.headers["webhook-timestamp"] for each in receiver.taken}) == 10, "each signed anew"
    assert {(each.status, each.answer) for each in every(HookTry)} == {(500, "try later")}
    later(DAY * 2)
    assert (work(), count(HookTry)) == (0, 10)


def test_what_arrives_at_last_is_sent_no_more_and_ends_the_failing(
    newsroom: None, receiver: Receiver, work: Work, later: Later
) -> None:
    receiver.hook()
    receiver.status = 503
    happen()
    work()
    assert the_hook().failing_since is not None
    receiver.status = 200
    later(MINUTE)
    work()
    found = the_delivery()
    assert (found.state, found.tries, found.last_status) == ("delivered", 2, 200)
    assert (the_hook().failing_since, the_hook().rests_until) == (None, None)
    later(DAY)
    work()
    assert len(receiver.taken) == 2


def test_a_hook_that_fails_rests_so_that_it_holds_up_nothing_else(
    newsroom: None, receiver: Receiver, work: Work, later: Later
) -> None:
    receiver.hook()
    receiver.status = 500
    for _ in range(5):
        happen()
    work()
    assert len(receiver.taken) == 1, "the others wait untried"
    receiver.status = 200
    later(MINUTE)
    work()
    assert {each.state for each in every(HookDelivery)} == {"delivered"}
    assert sorted(each.tries for each in every(HookDelivery)) == [1, 1, 1, 1, 2]


def test_five_days_without_an_arrival_switch_it_off_with_one_letter_to_each_owner(
    newsroom: None, receiver: Receiver, work: Work, later: Later, outbox: Outbox
) -> None:
    receiver.hook()
    with committed():
        add_staff("second@newsroom.example", "owner", SYSTEM)
        add_staff("desk@newsroom.example", "support", SYSTEM)
    receiver.status = 500
    for _ in range(3):
        happen()
        work()
        later(DAY * 2 + HOUR)
        work()
    hook = the_hook()
    assert hook.off_because == "failing"
    assert hook.off_since is not None
    for address in ("owner@newsroom.example", "second@newsroom.example"):
        (letter,) = outbox.to(address)
        assert "Supporter list" in letter["Subject"]
        assert hook.reference in text_of(letter)
    assert outbox.to("desk@newsroom.example") == []
    sent = len(receiver.taken)
    happen()
    later(DAY)
    work()
    assert len(receiver.taken) == sent, "nothing more is sent"
    assert "held" in {each.state for each in every(HookDelivery)}
    assert [row.act for row in every(History)].count("switch_off_hook") == 1


def test_a_receiver_that_is_gone_for_good_is_believed_at_once(
    newsroom: None, receiver: Receiver, work: Work, outbox: Outbox
) -> None:
    receiver.hook()
    receiver.status = 410
    happen()
    work()
    work()
    assert the_hook().off_because == "gone"
    assert "410" in text_of(outbox.to("owner@newsroom.example")[0])


def test_what_was_held_is_sent_when_it_is_switched_on_again(newsroom: None, receiver: Receiver, work: Work) -> None:
    hook, _ = receiver.hook()
    happen()
    with committed():
        switch_off(hook, "person", OWNER)
    work()
    assert (the_delivery().state, receiver.taken) == ("held", [])
    with committed():
        assert switch_on(the_hook(), OWNER) == 1
    work()
    assert (the_delivery().state, len(receiver.taken)) == ("delivered", 1)


def test_somebody_may_send_it_again_under_the_same_id(
    newsroom: None, receiver: Receiver, work: Work, later: Later
) -> None:
    receiver.hook()
    happen()
    work()
    found = send_again(the_delivery(), OWNER)
    assert (found.state, found.tries) == ("delivered", 2)
    assert len({each.id for each in receiver.taken}) == 1
    later(HOUR)
    work()
    assert len(receiver.taken) == 2, "the job that stood by for a killed press does nothing more"


def test_what_a_killed_press_left_is_sent_by_the_worker(
    newsroom: None, receiver: Receiver, work: Work, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook, _ = receiver.hook()
    with monkeypatch.context() as killed:
        killed.setattr("donate.connections.again.deliver_hook", lambda *_given, **_named: None)
        send_test(hook, OWNER)
    work()
    assert receiver.taken == []
    later(MINUTE)
    work()
    assert receiver.kinds() == ["test"]


def test_a_test_event_goes_to_one_hook_at_once_and_counts_for_nothing_when_it_fails(
    newsroom: None, receiver: Receiver
) -> None:
    hook, secret = receiver.hook("gift.refunded")
    receiver.hook("gift.refunded", url=receiver.url(path="/other"))
    found = send_test(hook, OWNER)
    assert (found.state, receiver.kinds(), receiver.taken[0].path) == ("delivered", ["test"], "/in")
    assert receiver.taken[0].is_signed_with(secret)
    receiver.status = 404
    assert send_test(hook, OWNER).state == "given_up"
    assert [each.failing_since for each in every(Hook)] == [None, None]


def test_a_redirect_is_an_answer_and_is_not_followed(newsroom: None, receiver: Receiver, work: Work) -> None:
    receiver.hook()

    def lead_on(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(307)
        handler.send_header("Location", receiver.url(path="/elsewhere"))
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    receiver.answer = lead_on
    happen()
    work()
    assert [each.path for each in receiver.taken] == ["/in"]
    assert (the_delivery().state, the_delivery().last_status) == ("waiting", 307)


@pytest.mark.parametrize(
    "address",
    ["10.0.0.7", "192.168.1.1", "169.254.169.254", "127.0.0.1", "::1", "fd00::1", "::ffff:10.0.0.7", "0.0.0.0"],
)
def test_no_name_leads_into_a_private_network(
    newsroom: None, receiver: Receiver, work: Work, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This machine itself is private too, but where a setting for trials says otherwise."""
    monkeypatch.setattr("donate.reach.connection._ways.post_to_loopback", False)
    receiver.elsewhere["crm.example"] = [[address]]
    receiver.hook(url="https://crm.example/in")
    happen()
    work()
    assert (receiver.taken, every(HookTry)[0].problem) == ([], "address_private")


def test_one_private_address_among_public_ones_is_enough_to_refuse(receiver: Receiver) -> None:
    receiver.elsewhere["crm.example"] = [["93.184.215.14", "10.0.0.7"]]
    with pytest.raises(Unreadable, match="address_private"):
        post("https://crm.example/", b"{}", {})


def test_a_name_that_changes_between_look_and_connection_leads_nowhere_else(
    newsroom: None, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: public when looked at, private a moment later. It is looked up once, and connected to as found."""
    receiver.elsewhere["crm.example"] = [["93.184.215.14"], ["127.0.0.1"]]
    reached: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], _seconds: float) -> None:
        reached.append(address)
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr("donate.reach.connection.socket.create_connection", connect)
    with pytest.raises(Unreadable, match="no_answer"):
        post("https://crm.example/", b"{}", {})
    assert (receiver.looked_up, reached) == (["crm.example"], [("93.184.215.14", 443)])


def test_plain_http_goes_nowhere_but_to_this_machine(receiver: Receiver) -> None:
    receiver.elsewhere["crm.example"] = [["93.184.215.14"]]
    with pytest.raises(Unreadable, match="not_https"):
        post("http://crm.example/", b"{}", {})


@pytest.mark.usefixtures("quick")
def test_a_receiver_that_never_answers_is_cut_off(newsroom: None, receiver: Receiver, work: Work) -> None:
    receiver.hook()
    done = threading.Event()
    receiver.answer = lambda _handler: done.wait(30) and None
    try:
        happen()
        work()
    finally:
        done.set()
    (tried,) = every(HookTry)
    assert (tried.status, tried.problem, the_delivery().state) == (None, "too_slow", "waiting")


@pytest.mark.usefixtures("quick")
def test_a_receiver_that_drips_its_answer_is_cut_off_too(newsroom: None, receiver: Receiver, work: Work) -> None:
    receiver.hook()
    done = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not done.wait(0.1):
            handler.wfile.write(b"X-More: 1\r\n")

    receiver.answer = drip
    try:
        happen()
        work()
    finally:
        done.set()
    assert every(HookTry)[0].problem == "too_slow"


def test_of_a_huge_answer_the_beginning_is_kept(newsroom: None, receiver: Receiver, work: Work) -> None:
    receiver.hook()
    receiver.status, receiver.text = 200, "é" * 5_000_000
    happen()
    work()
    (tried,) = every(HookTry)
    assert (the_delivery().state, len(tried.answer)) == ("delivered", posting.MOST_BYTES // 2)


def test_what_is_not_http_is_no_answer(newsroom: None, receiver: Receiver, work: Work) -> None:
    receiver.hook()
    receiver.answer = lambda handler: handler.wfile.write(b"\x00\x01 nothing like it\r\n\r\n") and None
    happen()
    work()
    assert every(HookTry)[0].problem == "broken_answer"


def test_nothing_is_posted_inside_a_transaction(app: Flask) -> None:
    with committed(), pytest.raises(NotInCommitted):
        post("https://crm.example/", b"{}", {})


def deliver_twice_at_once(race: Race) -> None:
    delivery = the_delivery()
    key, tries = delivery.id, delivery.tries
    race.meet_after(deliver, "post")
    race.run(*[lambda: deliver.deliver_hook(key, tries)] * 2)


def test_two_workers_with_one_delivery_send_it_under_one_id_and_write_one_try(
    newsroom: None, receiver: Receiver, race: Race
) -> None:
    receiver.hook()
    happen()
    deliver_twice_at_once(race)
    assert (race.stumbled, len({each.id for each in receiver.taken})) == ([], 1)
    assert (the_delivery().tries, count(HookTry)) == (1, 1)


def test_the_two_above_would_stumble_if_they_did_not_look_again(
    newsroom: None, receiver: Receiver, race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A control: whoever does not look whether it was written meanwhile writes a second first try."""
    receiver.hook()
    happen()
    real = deliver.lock

    def forgetful(model: type[HookDelivery], row_id: int) -> HookDelivery:
        row = real(model, row_id)
        row.tries = 0
        return row

    monkeypatch.setattr(deliver, "lock", forgetful)
    deliver_twice_at_once(race)
    assert len(race.stumbled) == 1


def test_a_worker_killed_at_any_step_delivers_it_all_the_same_under_one_id(
    gifts: Gifts,
    receiver: Receiver,
    doomed: Callable[[int], str],
    now_due: Callable[[], None],
    work: Work,
) -> None:
    receiver.hook(url=receiver.url("127.0.0.1"))
    steps, twice = 0, 0
    while True:
        steps += 1
        receiver.taken.clear()
        happen()
        ended = doomed(steps)
        now_due()
        work()
        newest = every(HookEvent)[-1]
        assert {each.id for each in receiver.taken} == {newest.reference}, f"killed after step {steps}"
        assert {each.state for each in every(HookDelivery)} == {"delivered"}
        twice += len(receiver.taken) == 2
        if ended == "done":
            break
    assert (steps > 3, twice) == (True, 1), "killed between the answer and our row it is sent twice, and only then"


def test_after_ninety_days_nothing_of_a_delivery_is_kept(newsroom: None, receiver: Receiver, work: Work) -> None:
    receiver.hook()
    happen()
    happen()
    work()
    with committed() as session:
        old = session.scalars(sa.select(HookEvent).order_by(HookEvent.id)).first()
        assert old is not None
        old_id = old.id
        old.at = clock.now() - KEEP - MINUTE
    with committed():
        drop_old_events()
    assert (count(HookEvent), count(HookDelivery), count(HookTry)) == (1, 1, 1)
    assert every(HookEvent)[0].id != old_id


def test_a_hook_taken_away_while_its_receiver_answers_leaves_nothing(
    newsroom: None, receiver: Receiver, app: Flask
) -> None:
    hook, _ = receiver.hook()
    happen()

    def take_away(handler: BaseHTTPRequestHandler) -> None:
        with app.app_context(), committed() as session:
            found = session.get_one(Hook, hook_id)
            switch_off(found, "person", OWNER)
            remove_hook(found, OWNER)
        handler.send_response(204)
        handler.end_headers()

    receiver.answer, hook_id, key = take_away, hook.id, the_delivery().id
    deliver.deliver_hook(key, 0)
    assert (len(receiver.taken), count(Hook), count(HookDelivery), count(HookTry)) == (1, 0, 0, 0)


def test_a_hook_that_is_on_is_not_taken_away(newsroom: None, receiver: Receiver) -> None:
    hook, _ = receiver.hook()
    with committed(), pytest.raises(ValueError, match="switch it off first"):
        remove_hook(hook, OWNER)


def test_the_job_of_a_delivery_carries_nothing_of_what_it_tells(newsroom: None, receiver: Receiver) -> None:
    receiver.hook(personal=True)
    happen()
    (job,) = [each for each in every(Job) if each.name == "deliver_hook"]
    assert sorted(job.args) == ["delivery_id", "tries"]
