"""The hosted checkout page and the sandbox's own page, in HTML that needs no script."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from donate.sandbox import cards, checkout, invoices, paying, settling
from donate.sandbox.admin import box
from donate.sandbox.cards import BY_TOKEN
from donate.sandbox.errors import ApiError, missing
from donate.sandbox.rules import THREE_DECIMAL, ZERO_DECIMAL
from donate.sandbox.store import Obj

blueprint = Blueprint(
    "pages", __name__, template_folder="templates", static_folder="static", static_url_path="/_static"
)
PLAIN_HOST = re.compile(r"[\w.:\[\]-]+")  # nothing that could add words to the policy
SIGNS = {"usd": "$", "eur": "€", "gbp": "£", "ils": "₪", "jpy": "¥", "cad": "CA$", "aud": "A$"}
OTHERWISE = {
    "payment_intent_authentication_failure": "Your bank did not confirm the payment.",
    "setup_intent_authentication_failure": "Your bank did not confirm the card.",
}


@blueprint.app_template_filter("money")
def money(amount: int, currency: str) -> str:
    """Write minor units as people read them."""
    decimals = 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2
    number = f"{amount / 10**decimals:,.{decimals}f}"
    sign = SIGNS.get(currency)
    return f"{sign}{number}" if sign else f"{currency.upper()} {number}"


@blueprint.app_template_filter("moment")
def moment(epoch: float) -> str:
    """Write a moment as day and time in UTC."""
    at = datetime.fromtimestamp(epoch, UTC)
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


@blueprint.after_app_request
def guard(answer: Response) -> Response:
    """Allow pages that say nothing else nothing but their own style and forms, and the redirect a form ends in."""
    if answer.mimetype == "text/html":
        targets = " ".join(["'self'", *answer.headers.getlist("X-Form-Target")])
        answer.headers.setdefault(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none';"
            f" form-action {targets}",
        )
    answer.headers.remove("X-Form-Target")
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer


@blueprint.get("/favicon.ico")
def favicon() -> tuple[str, int]:
    """Answer that there is no picture."""
    return "", 204


def every(session: Obj) -> str:
    """Return how often a session's line repeats, in words."""
    recurring = _recurring(session)
    if recurring is None:
        return ""
    count, interval = recurring["interval_count"], recurring["interval"]
    return f"every {interval}" if count == 1 else f"every {count} {interval}s"


def _recurring(session: Obj) -> Obj | None:
    """Return how a session's line repeats; a session that only keeps a card has no line."""
    return session["_lines"][0]["price"]["recurring"] if session["_lines"] else None


def again(session: Obj, now: int) -> str:
    """Return when the next charges would come, in words."""
    recurring, today = _recurring(session), datetime.fromtimestamp(now, UTC)
    if recurring is None or recurring["interval_count"] != 1 or recurring["interval"] not in ("month", "year"):
        return every(session)
    if recurring["interval"] == "year":
        return f"every {today.day} {today:%B}"
    ending = "th" if 10 < today.day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(today.day % 10, "th")
    return f"on the {today.day}{ending}" + (" or the month’s last day" if today.day > 28 else "")


def _page(session: Obj, template: str, status: int = 200, **values: Any) -> Response:
    """Show a page of a session; Chromium applies form-action to redirects, so its way out is allowed."""
    with box().store.lock:
        now, shop = box().clock.now(), session["_shop"] or box().setting("business_name")
        customer = box().store.get("customer", session["customer"] or "") or {}
    text = render_template(
        template, session=session, every=every(session), again=again(session, now), now=now, shop=shop,
        cards=cards.ON_THE_PAGE, accounts=_accounts(session),
        email=values.pop("email", None) or session["customer_email"] or customer.get("email") or "",
        back=checkout.way_back(session), **values,
    )  # fmt: skip
    answer = current_app.make_response((text, status))
    for name in ("success_url", "cancel_url", "return_url"):
        parts = urlsplit(session.get(name) or "")
        if PLAIN_HOST.fullmatch(parts.netloc):
            answer.headers.add("X-Form-Target", f"{parts.scheme}://{parts.netloc}")
    return answer


def _accounts(session: Obj) -> list[cards.Card]:
    """Return the practice bank accounts that a session offers."""
    return [one for one in cards.ACCOUNTS if one.title and one.kind in session["payment_method_types"]]


def _find(identifier: str) -> Obj:
    with box().acting():
        return checkout.get_session(box(), identifier)


def _hosted(identifier: str) -> Obj:
    """Return a session that has a hosted page."""
    session = _find(identifier)
    if session["ui_mode"] != "hosted_page":
        raise missing("checkout.session", identifier, "session")
    return session


@blueprint.errorhandler(ApiError)
def not_there(error: ApiError) -> tuple[str, int]:
    """Say in a page what the API would say in JSON."""
    return render_template("problem.html", words=error.message), error.status


@blueprint.get("/c/pay/<identifier>")
def hosted(identifier: str) -> Response:
    """Show what is asked for and the practice cards."""
    session = _hosted(identifier)
    if session["status"] != "open":
        return _page(session, "closed.html")
    return _page(session, "checkout.html", chosen="pm_card_visa", problem="")


@blueprint.post("/c/pay/<identifier>")
def pay(identifier: str) -> Response:
    """Try the chosen card: on to the newsroom, to the bank, or back with the reason."""
    session, chosen = _hosted(identifier), request.form.get("card", "")
    email = request.form.get("email", "").strip()
    card = BY_TOKEN.get(chosen)
    if session["status"] != "open":
        return _page(session, "closed.html")
    if card is None or card.kind not in session["payment_method_types"] or "@" not in email:
        problem = "Choose a practice card." if "@" in email else "Type an e-mail address, such as name@example.org."
        return _page(session, "checkout.html", 422, chosen=chosen, problem=problem, email=email)
    if card.asks_bank:
        with box().acting():
            paying.ask_bank(box(), checkout.get_session(box(), identifier), card, email)
        return redirect(url_for("pages.bank", identifier=identifier), 303)
    return _try(identifier, chosen, email, None)


@blueprint.get("/c/pay/<identifier>/bank")
def bank(identifier: str) -> Response:
    """Show the practice bank's question."""
    session = _find(identifier)
    if session["status"] != "open":
        return _page(session, "closed.html")
    if not session.get("_pending"):
        return redirect(url_for("pages.hosted", identifier=identifier), 303)
    return _page(session, "bank.html", last4=BY_TOKEN[session["_pending"]["card"]].last4)


@blueprint.post("/c/pay/<identifier>/bank")
def bank_answered(identifier: str) -> Response:
    """Go on with what the donor told the bank."""
    session = _find(identifier)
    pending = session.get("_pending")
    if session["status"] != "open":
        return _page(session, "closed.html")
    if not pending:
        return redirect(url_for("pages.hosted", identifier=identifier), 303)
    decision = "approve" if request.form.get("decision") == "approve" else "refuse"
    return _try(identifier, pending["card"], pending["email"], decision)


def _try(identifier: str, token: str, email: str, decision: str | None) -> Response:
    with box().acting():
        session = checkout.get_session(box(), identifier)
        if session["status"] != "open":
            return _page(session, "closed.html")
        session["_pending"] = None
        session, refusal = paying.pay(box(), session, BY_TOKEN[token], email=email, bank=decision)
    if refusal is None or session["ui_mode"] == "elements":
        # The seller's own page says how it went.
        return redirect(checkout.way_back(session), 303)
    error = refusal["error"]
    problem = OTHERWISE.get(error["code"], error["message"])
    return _page(session, "checkout.html", 402, chosen=token, problem=problem, email=email)


@blueprint.get("/_sandbox/receipts/<identifier>")
@blueprint.get("/_sandbox/invoices/<identifier>")
def paper(identifier: str) -> str:
    """Show the practice receipt of a charge or the practice page of an invoice."""
    with box().store.lock:
        found = box().store.get("charge", identifier) or box().store.get("invoice", identifier)
        if found is None:
            raise missing("receipt", identifier)
        return render_template("paper.html", paper=found, shop=box().setting("business_name"))


@blueprint.post("/_sandbox/invoices/<identifier>")
def confirm(identifier: str) -> Response:
    """Go on with what the payer of a waiting invoice told their bank."""
    decision = "approve" if request.form.get("decision") == "approve" else "refuse"
    with box().acting():
        settling.confirm(box(), invoices.get_invoice(box(), identifier), decision)
    return redirect(url_for("pages.paper", identifier=identifier), 303)


@blueprint.get("/")
@blueprint.get("/_sandbox")
def desk() -> str:
    """Show the clock, the last sessions, events and deliveries, and the practice cards."""
    store = box().store
    with store.lock:
        deliveries = store.run(
            "SELECT d.event, o.tag, json_extract(w.json, '$.url'), d.state, d.tries, d.answer, d.due FROM deliveries d"
            " LEFT JOIN objects o ON o.id = d.event LEFT JOIN objects w ON w.id = d.endpoint"
            " ORDER BY d.id DESC LIMIT 25"
        )
        return render_template(
            "desk.html",
            now=box().clock.now(),
            offset=box().clock.offset,
            shop=box().setting("business_name"),
            sessions=[(one, every(one)) for one in store.select("checkout.session", limit=15)],
            events=store.select("event", limit=25),
            deliveries=deliveries,
            cards=(*cards.ALL, *cards.ACCOUNTS),
        )
