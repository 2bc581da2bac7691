"""The wire: keys, versions, forms, routes and answers of /v1 as Stripe speaks them."""

from __future__ import annotations

import base64
import binascii
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from donate.sandbox import (
    attaching,
    balance,
    catalogue,
    charges,
    checkout,
    clocks,
    collecting,
    customers,
    disputes,
    endpoints,
    events,
    expand,
    invoices,
    lists,
    payments,
    payouts,
    previews,
    refunds,
    search,
    settling,
    setup_intents,
    subscriptions,
)
from donate.sandbox.errors import ApiError
from donate.sandbox.faults import Fault, headers, refusal
from donate.sandbox.idempotency import fingerprint
from donate.sandbox.schema import API_VERSION, RequestProblem, check_request, decode_form, find_operation
from donate.sandbox.store import Obj, new_id

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox

HANG = 599  # an answer that never arrives; the in-process client turns it into a connection error
Handler = Callable[["Call"], Obj]


@dataclass
class Call:
    """One request that passed validation."""

    box: Sandbox
    path: str
    ids: tuple[str, ...]
    params: dict[str, Any]


@dataclass
class Received:
    """A request as it came."""

    method: str
    path: str
    query: str
    body: str
    headers: Mapping[str, str]
    in_process: bool = False


@dataclass
class Answer:
    """What goes back."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


def _routes() -> list[tuple[str, str, Handler]]:
    rooms = (
        search,
        customers,
        catalogue,
        checkout,
        payments,
        attaching,
        setup_intents,
        charges,
        subscriptions,
        invoices,
        previews,
        settling,
        collecting,
        events,
        endpoints,
        balance,
        payouts,
        refunds,
        disputes,
        clocks,
    )
    return [route for room in rooms for route in room.ROUTES]


ROUTES = _routes()
_PATTERNS = [
    (method, re.compile("^" + re.sub(r"\{\w+\}", "([^/]+)", template) + "$"), handler)
    for method, template, handler in ROUTES
]
# The type of the objects that a path answers, for expand[].
_TYPES = {
    "customers": "customer",
    "products": "product",
    "prices": "price",
    "payment_intents": "payment_intent",
    "setup_intents": "setup_intent",
    "charges": "charge",
    "payment_methods": "payment_method",
    "subscriptions": "subscription",
    "invoices": "invoice",
    "invoice_payments": "invoice_payment",
    "balance_transactions": "balance_transaction",
    "refunds": "refund",
    "disputes": "dispute",
    "events": "event",
    "payouts": "payout",
    "test_helpers": "test_helpers.test_clock",
    "webhook_endpoints": "webhook_endpoint",
}


def answer(box: Sandbox, received: Received) -> Answer:
    """Answer one request of the API, faults included."""
    request_id = new_id("req_", 14)
    fault = box.faults.for_request(received.method, received.path, received.query)
    if fault is not None and fault.kind == "timeout_before":
        result = _hang(fault, received)
    else:
        result = _answer(box, received, request_id, fault)
        if fault is not None and fault.kind == "timeout_after":
            result = _hang(fault, received, result)
    if received.path.startswith("/v1/test_helpers/") and result.status == 200:
        clocks.finish(box)
    result.headers.update(headers(fault))
    result.headers.update({"Request-Id": request_id, "Stripe-Version": API_VERSION})
    key = received.headers.get("Idempotency-Key")
    if key:
        result.headers["Idempotency-Key"] = key
    box.note_request(received, result.status)
    return result


def _answer(box: Sandbox, received: Received, request_id: str, fault: Fault | None) -> Answer:
    log = f"{box.base_url}/_sandbox/requests#{request_id}"
    try:
        authenticate(received.headers.get("Authorization"))
        _check_version(received.headers.get("Stripe-Version"))
        refused = refusal(fault, received.headers.get("Idempotency-Key")) if fault is not None else None
        if refused is not None:
            raise refused
        return _perform(box, received, request_id, log, fault.kind if fault is not None else "")
    except ApiError as error:
        return Answer(error.status, error.body(log))


def _hang(fault: Fault, received: Received, after: Answer | None = None) -> Answer:
    """Hold the answer as a dead line would; in process there is nobody to wait for."""
    if received.in_process:
        return Answer(HANG, {})
    time.sleep(30 if fault.seconds is None else fault.seconds)
    lost: Obj = {"error": {"type": "api_error", "message": "The sandbox was told to answer too late."}}
    return after or Answer(500, lost)


def authenticate(header: str | None) -> None:
    """Accept a test key by Bearer or Basic, refuse everything else with a sentence."""
    scheme, _, value = (header or "").partition(" ")
    key = ""
    if scheme.lower() == "bearer":
        key = value.strip()
    elif scheme.lower() == "basic":
        try:
            key = base64.b64decode(value).decode().split(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            key = ""
    if key.startswith(("sk_live_", "rk_live_", "pk_live_")):
        raise ApiError(
            "This is a practice sandbox: it takes no live keys. Take the live key out of this machine's settings and"
            " use one that begins with sk_test_.",
            status=403,
        )
    if not key:
        raise ApiError(
            "You did not provide an API key. Provide your test key in the Authorization header, using Bearer auth"
            " (e.g. 'Authorization: Bearer sk_test_…').",
            status=401,
        )
    if not key.startswith(("sk_test_", "rk_test_")):
        raise ApiError(f"Invalid API Key provided: {key[:8]}****", status=401)


def _check_version(version: str | None) -> None:
    if version is not None and version != API_VERSION:
        raise ApiError(
            f"Invalid Stripe API version: {version}. This sandbox speaks {API_VERSION}, the version of the installed"
            " stripe package.",
        )


def _perform(box: Sandbox, received: Received, request_id: str, log: str, fault: str) -> Answer:
    """Do what is asked, once for a key; a 500 that is kept is the key's answer from then on, made or not."""
    params = _read_params(received)
    handler, ids = _find(received)
    key = received.headers.get("Idempotency-Key") if received.method == "POST" else None
    mark = fingerprint(received.method, received.path, params)
    with box.idempotency.flight(key), box.store.lock:
        with box.store.transaction():
            before = box.idempotency.stored(key, mark) if key else None
        if before is not None:
            return Answer(before[0], before[1], {"Idempotent-Replayed": "true"})
        with box.store.transaction(), box.clock.at(), box.on_behalf_of(request_id, key):
            broken = ApiError("The sandbox was told to fail after doing this.", status=500, type="api_error")
            result, store = Answer(500, broken.body(log)), True
            if fault != "http_500_kept":
                done, store = _run(box, Call(box, received.path, ids, params), handler, log)
                result = result if fault == "http_500_after" else done
            if key and store:
                box.idempotency.store(key, mark, result.status, result.body)
    return result


def _run(box: Sandbox, call: Call, handler: Handler, log: str) -> tuple[Answer, bool]:
    paths = call.params.pop("expand", [])
    try:
        body = handler(call)
        shown = box.present(body)
        if paths:
            expand.apply(box, shown, paths, _type_of(call.path, shown))
        box.check(shown)
        return Answer(200, shown), True
    except ApiError as error:
        if not error.keep:
            raise
        return Answer(error.status, error.body(log)), error.store


def _type_of(path: str, shown: Obj) -> str:
    if shown.get("object") not in lists.ENVELOPES:
        return str(shown.get("object", ""))
    if path.endswith("/line_items"):
        return "item"
    if path.endswith("/lines"):
        return "line_item"
    if path.endswith("/payment_methods"):
        return "payment_method"
    parts = path.split("/")
    return "checkout.session" if "/checkout/sessions" in path else _TYPES[parts[2]]


def _read_params(received: Received) -> dict[str, Any]:
    operation = find_operation(received.method, received.path)
    if operation is None:
        raise ApiError(
            f"Unrecognized request URL ({received.method}: {received.path}). Please see https://docs.stripe.com or we"
            " can help at https://support.stripe.com/.",
            status=404,
        )
    if received.body and "json" in received.headers.get("Content-Type", ""):
        raise ApiError(
            "Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have"
            " any questions, we can help at https://support.stripe.com/.",
        )
    text = "&".join(part for part in (received.query, received.body) if part)
    try:
        return dict(check_request(operation, decode_form(parse_qsl(text, keep_blank_values=True))))
    except RequestProblem as problem:
        raise ApiError(problem.message, code=problem.code, param=problem.param) from problem


def _find(received: Received) -> tuple[Handler, tuple[str, ...]]:
    for method, pattern, handler in _PATTERNS:
        found = pattern.match(received.path) if method == received.method else None
        if found:
            return handler, found.groups()
    raise ApiError(
        f"Stripe knows {received.method} {received.path}; the practice sandbox does not act it out.",
        status=404,
        code="sandbox_not_modelled",
    )
