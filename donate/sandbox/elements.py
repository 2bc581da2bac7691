"""What Stripe.js asks of Stripe for Elements: the script that stands in for it, its frame, and the two calls behind.

Stripe doesn't document these calls; only what its script offers a page is kept to: https://docs.stripe.com/js.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, request, send_from_directory, url_for

from donate.sandbox import checkout, paying, rules
from donate.sandbox.admin import box
from donate.sandbox.cards import BY_TOKEN, ON_THE_PAGE
from donate.sandbox.elements_words import RIGHT_TO_LEFT, words_in
from donate.sandbox.errors import ApiError
from donate.sandbox.pages import money
from donate.sandbox.store import Obj

blueprint = Blueprint("elements", __name__)
_FILES = Path(__file__).parent / "static"


@blueprint.after_request
def for_pages_of_this_machine(answer: Response) -> Response:
    """Let the pages that hold the script read its answers; who may ask at all, ``only_this_machine`` says."""
    answer.headers["Access-Control-Allow-Origin"] = request.headers.get("Origin", "*")
    answer.headers["Access-Control-Allow-Headers"] = "*"  # a test's browser sends more than a reader's
    answer.headers["Vary"] = "Origin"
    return answer


@blueprint.get("/js/stripe.js")
def script() -> Response:
    """Serve the script that stands in for Stripe's."""
    return send_from_directory(_FILES, "stripe.js")


@blueprint.get("/js/frame")
def frame() -> Response:
    """Show the practice cards, as the Payment Element shows fields for a card: in a frame of Stripe's own."""
    language = request.args.get("locale", "en")
    session = _session(request.args.get("secret", ""))
    offered = [card for card in ON_THE_PAGE if card.kind in session["payment_method_types"]]
    words = words_in(language)
    page = render_template(
        "element.html", cards=offered, words=words, language=language if words.known else "en",
        direction="rtl" if language in RIGHT_TO_LEFT else "ltr",
    )  # fmt: skip
    answer = current_app.make_response(page)
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none';"
        " frame-ancestors http://127.0.0.1:* http://localhost:*"
    )
    return answer


@blueprint.post("/js/session")
def look() -> Response:
    """Answer what a page may know of a session."""
    return jsonify({"session": _shown(_asked())})


@blueprint.post("/js/confirm")
def confirm() -> Response:
    """Try the chosen card; the answer is the session, Stripe's error, or the bank's page."""
    words = words_in(request.form.get("locale", "en"))
    card = BY_TOKEN.get(request.form.get("card", ""))
    with box().acting():
        session = _asked()
        if card is None or card.kind not in session["payment_method_types"]:
            return _error("incomplete_number", words.incomplete)
        if session["status"] != "open":
            return _error("checkout_session_not_open", words.closed)
        if card.asks_bank:
            paying.ask_bank(box(), session, card, None)
            return jsonify({"redirect": url_for("pages.bank", identifier=session["id"], _external=True)})
        session, refusal = paying.pay(box(), session, card)
    if refusal is not None:
        error = refusal["error"]
        return _error(error["code"], words.refusals.get(error["code"], error["message"]), error.get("decline_code"))
    return jsonify({"session": _shown(session), "back": checkout.way_back(session)})


@blueprint.errorhandler(ApiError)
def told(error: ApiError) -> Response:
    """Answer an error as the script hands it to the page."""
    return _error(error.code or "invalid_request", error.message)


def _asked() -> Obj:
    key = request.form.get("key", "")
    if not key.startswith("pk_test_"):
        raise ApiError(f"Invalid API Key provided: {key[:8]}…", param="key")
    return _session(request.form.get("client_secret", ""))


def _session(secret: str) -> Obj:
    session = checkout.get_session(box(), secret.partition("_secret_")[0])
    if session["client_secret"] != secret:
        raise ApiError("The client secret provided does not match this session.", param="client_secret")
    return session


def _error(code: str, message: str, decline_code: str | None = None) -> Response:
    return jsonify({"error": {"code": code, "message": message, "declineCode": decline_code}})


def _shown(session: Obj) -> dict[str, Any]:
    """Return a session as the script shows it: https://docs.stripe.com/js/custom_checkout/session_object."""
    currency, total = session["currency"], session["amount_total"] or 0
    places = 0 if currency in rules.ZERO_DECIMAL else 3 if currency in rules.THREE_DECIMAL else 2
    is_open = session["status"] == "open"
    return {
        "id": session["id"],
        "livemode": False,
        "canConfirm": is_open,
        "currency": currency,
        "email": session["customer_email"],
        "minorUnitsAmountDivisor": 10**places,
        "status": {"type": session["status"], "paymentStatus": session["payment_status"]} if not is_open
        else {"type": "open"},
        "total": {"total": {"amount": money(total, currency), "minorUnitsAmount": total}},
    }  # fmt: skip
