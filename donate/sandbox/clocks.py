"""Stripe's test clocks, over the one clock that the whole sandbox has: moving any of them moves everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from donate.sandbox import customers, events, lists, merge
from donate.sandbox.clock import DAY
from donate.sandbox.errors import ApiError, missing, required, unmodelled
from donate.sandbox.rules import rule
from donate.sandbox.store import Obj, equals, new_id

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox
    from donate.sandbox.wire import Call

TYPE = "test_helpers.test_clock"
KEPT_FOR = 30 * DAY  # of real time at Stripe; here a clock stays until it is deleted
SAME_MOMENT = 60  # seconds by which a caller's "now" may differ from the sandbox's


@rule()
def check_clock_begins_now(frozen_time: int, now: int) -> None:
    """Take a test clock that begins at the sandbox's own time; one in another time can't be acted out."""
    if abs(frozen_time - now) > SAME_MOMENT:
        raise unmodelled(
            f"a test clock in another time than its own, {now}: move that first, by /_sandbox/advance or"
            " /_sandbox/reset",
            "frozen_time",
        )


@rule()
def check_clock_moves_forward(clock: Obj, target: int, now: int) -> None:
    """Refuse to move a test clock back, or to a moment that the sandbox has left behind."""
    if target <= clock["frozen_time"]:
        raise ApiError("`frozen_time` must be later than the clock's current frozen time.", param="frozen_time")
    if target < now:
        raise unmodelled(f"a test clock behind its own time, {now}", "frozen_time")


def get_clock(box: Sandbox, identifier: str) -> Obj:
    """Return a test clock that exists."""
    clock = box.store.get(TYPE, identifier)
    if clock is None:
        raise missing("test_clock", identifier, "test_clock")
    return clock


def create(call: Call) -> Obj:
    """Create a test clock at the sandbox's own time."""
    box, params = call.box, call.params
    merge.only(params, {"frozen_time", "name"}, "test clocks")
    if "frozen_time" not in params:
        raise required("frozen_time")
    now = box.clock.now()
    check_clock_begins_now(params["frozen_time"], now)
    clock: Obj = {
        "id": new_id("clock_1"),
        "object": TYPE,
        "created": now,
        "deletes_after": now + KEPT_FOR,
        "frozen_time": params["frozen_time"],
        "livemode": False,
        "name": params.get("name"),
        "status": "ready",
        "status_details": {},
    }
    events.emit(box, f"{TYPE}.created", box.store.add(clock))
    return clock


def retrieve(call: Call) -> Obj:
    """Answer a test clock."""
    return get_clock(call.box, call.ids[0])


def list_all(call: Call) -> Obj:
    """Answer test clocks, newest first."""
    return lists.page(call, TYPE, [])


def advance(call: Call) -> Obj:
    """Say that the clock moves; finish() moves it when this has been answered, as it takes Stripe a while too."""
    box, clock = call.box, get_clock(call.box, call.ids[0])
    target = call.params["frozen_time"]
    check_clock_moves_forward(clock, target, box.clock.now())
    moving = {**clock, "status": "advancing", "status_details": {"advancing": {"target_frozen_time": target}}}
    events.emit(box, f"{TYPE}.advancing", box.store.save(moving))
    return moving


def finish(box: Sandbox) -> None:
    """Do what falls due up to where clocks are moving, outside every lock, and set all clocks there."""
    for clock in box.store.find(TYPE, "$.status", "advancing"):
        target = clock["status_details"]["advancing"]["target_frozen_time"]
        box.advance(to=target)
        with box.acting(), box.on_its_own():
            for one in box.store.select(TYPE):
                one |= {"frozen_time": max(one["frozen_time"], target), "status": "ready", "status_details": {}}
                box.store.save(one)
                if one["id"] == clock["id"]:
                    events.emit(box, f"{TYPE}.ready", one)


def delete(call: Call) -> Obj:
    """Delete a test clock with the customers on it and what they subscribed to."""
    box, clock = call.box, get_clock(call.box, call.ids[0])
    for customer in box.store.select("customer", [equals("$.test_clock", clock["id"])]):
        customers.remove(box, customer)
    events.emit(box, f"{TYPE}.deleted", clock)
    return box.store.remove(clock)


ROUTES = [
    ("POST", "/v1/test_helpers/test_clocks", create),
    ("GET", "/v1/test_helpers/test_clocks", list_all),
    ("GET", "/v1/test_helpers/test_clocks/{test_clock}", retrieve),
    ("DELETE", "/v1/test_helpers/test_clocks/{test_clock}", delete),
    ("POST", "/v1/test_helpers/test_clocks/{test_clock}/advance", advance),
]
