"""The sandbox's own handles under /_sandbox: complete, clock, faults, requests, reset; loopback only."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, cast
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from donate.sandbox import wire
from donate.sandbox.errors import ApiError, CardDeclined
from donate.sandbox.inprocess import IN_PROCESS

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox

blueprint = Blueprint("admin", __name__)
CHOICES = {"after_retries": ("cancel", "unpaid", "past_due")}
LOOPBACK_NAMES = {"localhost", "127.0.0.1", "::1"}


def box() -> Sandbox:
    """Return the sandbox that this application shows."""
    return cast("Sandbox", current_app.config["SANDBOX"])


def is_loopback(host: str) -> bool:
    """Return whether a name or address is this machine's own."""
    if host in LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@blueprint.before_app_request
def only_this_machine() -> AnyResponse | None:
    """Refuse callers from elsewhere, other names for this machine, and pages of other sites."""
    host = urlsplit("//" + request.host).hostname or ""
    if not is_loopback(host) or not is_loopback(request.remote_addr or ""):
        return _refusal("The practice sandbox answers on this machine only.")
    origin = request.headers.get("Origin")
    if origin and request.method not in ("GET", "HEAD") and not is_loopback(urlsplit(origin).hostname or ""):
        return _refusal("Another site may not post to the practice sandbox.")
    return None


def _refusal(words: str) -> Response:
    answer = jsonify({"error": {"type": "invalid_request_error", "message": words}})
    answer.status_code = 403
    return answer


@blueprint.errorhandler(ApiError)
def in_stripes_shape(error: ApiError) -> tuple[Response, int]:
    """Answer an error as the API would."""
    return jsonify(error.body(f"{box().base_url}/_sandbox/requests")), error.status


@blueprint.route("/v1/<path:rest>", methods=["GET", "POST", "DELETE", "PUT", "PATCH"])
@blueprint.route("/v2/<path:rest>", methods=["GET", "POST", "DELETE", "PUT", "PATCH"])
def api(rest: str) -> Response:
    """Answer one request of the API."""
    received = wire.Received(
        method=request.method,
        path=request.path,
        query=request.query_string.decode(),
        body=request.get_data(as_text=True, parse_form_data=False),
        headers=cast("Mapping[str, str]", request.headers),
        in_process=bool(request.environ.get(IN_PROCESS)),
    )
    result = wire.answer(box(), received)
    answer = jsonify(result.body)
    answer.status_code = result.status
    answer.headers.update(result.headers)
    return answer


def given() -> dict[str, Any]:
    """Return what was sent, as JSON object, form or query."""
    if request.is_json:
        body = request.get_json()
        if not isinstance(body, dict):
            raise ApiError("Send a JSON object.")
        return body
    return {**request.args.to_dict(), **request.form.to_dict()}


def _number(values: dict[str, Any], name: str) -> float | None:
    value = values.get(name)
    if value in (None, ""):
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        raise ApiError(f"`{name}` is a number of seconds.", param=name) from None


@blueprint.post("/_sandbox/checkout/sessions/<identifier>/complete")
def complete(identifier: str) -> AnyResponse:
    """Pay a session as the hosted page would."""
    values = given()
    try:
        url = box().complete(
            identifier,
            values.get("payment_method") or "pm_card_visa",
            values.get("email") or None,
            name=values.get("name") or None,
            bank=values.get("bank") or "approve",
        )
    except CardDeclined as refusal:
        answer = jsonify(refusal.error)
        answer.status_code = 402
        return answer
    return redirect(url, 303)


@blueprint.post("/_sandbox/payouts/<identifier>/fail")
def fail_payout(identifier: str) -> Response:
    """Let the bank send a payout back."""
    box().fail_payout(identifier, str(given().get("code") or "account_closed"))
    return jsonify({"id": identifier, "status": "failed"})


@blueprint.post("/_sandbox/balance_transactions")
def book_by_hand() -> Response:
    """Move the balance by hand: type, amount and currency, and a fee and description if wanted."""
    values = given()
    amount, fee = _number(values, "amount"), _number(values, "fee")
    if not values.get("type") or not values.get("currency") or amount is None:
        raise ApiError("Send type, amount and currency.", param="type")
    made = box().book(
        str(values["type"]), int(amount), str(values["currency"]).lower(), int(fee or 0), values.get("description")
    )
    return jsonify({"id": made})


@blueprint.post("/_sandbox/charges")
def charge_outside() -> Response:
    """Take money for another product of the same account."""
    values = given()
    amount = _number(values, "amount")
    if amount is None:
        raise ApiError("Send an amount in minor units.", param="amount")
    return jsonify({"id": box().outside_charge(int(amount), str(values.get("currency") or "usd").lower())})


@blueprint.post("/_sandbox/charges/<identifier>/dispute")
def dispute(identifier: str) -> Response:
    """Dispute a charge as the payer's bank would."""
    values = given()
    inquiry = str(values.get("inquiry", "")) in ("1", "true", "True")
    made = box().dispute(identifier, values.get("reason") or "fraudulent", inquiry=inquiry)
    return jsonify({"id": made})


@blueprint.post("/_sandbox/disputes/<identifier>/<any(win, lose, escalate, appeal):outcome>")
def decide(identifier: str, outcome: Literal["win", "lose", "escalate", "appeal"]) -> Response:
    """Decide a dispute as the payer's bank would."""
    box().decide(identifier, outcome)
    return jsonify({"id": identifier})


@blueprint.get("/_sandbox/clock")
def clock() -> Response:
    """Answer what time the sandbox has."""
    with box().store.lock:
        return jsonify({"offset": box().clock.offset, "now": box().clock.now()})


@blueprint.post("/_sandbox/advance")
def advance() -> AnyResponse:
    """Move the clock; the answer comes when all that fell due is done and delivered."""
    values = given()
    seconds, to = _number(values, "seconds"), _number(values, "to")
    if seconds is None and to is None:
        seconds = 86400 * (_number(values, "days") or 0)
    box().advance(seconds, to=to)
    return _back_or(clock)


@blueprint.post("/_sandbox/reset")
def reset() -> AnyResponse:
    """Drop everything; `at` starts the clock there, `keep_endpoints=1` keeps the webhook endpoints."""
    values = given()
    box().reset(_number(values, "at"), keep_endpoints=str(values.get("keep_endpoints", "")) in ("1", "true", "True"))
    return _back_or(clock)


def _back_or(answer: Any) -> AnyResponse:
    """Send a person with a form back to the page, and a program its JSON."""
    if "text/html" in request.headers.get("Accept", ""):
        return redirect("/_sandbox", 303)
    return cast(AnyResponse, answer())


@blueprint.route("/_sandbox/faults", methods=["GET", "POST"])
def faults() -> Response:
    """Take or show the faults that wait to strike."""
    if request.method == "POST":
        return jsonify(box().faults.replace(request.get_json(silent=True)))
    return jsonify(box().faults.all())


@blueprint.route("/_sandbox/requests", methods=["GET", "DELETE"])
def requests() -> Response:
    """Show what was received, or forget it."""
    if request.method == "DELETE":
        box().clear_requests()
    return jsonify(box().requests())


@blueprint.route("/_sandbox/settings", methods=["GET", "POST"])
def settings() -> Response:
    """Show or change the fee, its delay and the like."""
    known = current_app.config["SANDBOX_SETTINGS"]
    if request.method == "POST":
        values = given()
        for name, value in values.items():
            if name not in known:
                raise ApiError(f"The sandbox has no setting {name}.", param=name)
            if value not in CHOICES.get(name, (value,)):
                raise ApiError(f"`{name}` is one of: {', '.join(CHOICES[name])}.", param=name)
            old = known[name]
            box().store.set(name, type(old)(value) if isinstance(old, int | float) else value)
    return jsonify({name: box().setting(name) for name in known})
