"""Paying a Checkout Session: the card typed on the hosted page, the bank asked, the promise begun."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from donate.sandbox import billing, collecting, customers, events, invoices, payments, rules, saving
from donate.sandbox.cards import Card
from donate.sandbox.store import Obj

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox

SOMEBODY = "practice@example.org"  # when nobody typed an address


def pay(box: Sandbox, session: Obj, card: Card, *, email: str | None = None, name: str | None = None,
        bank: str | None = None) -> tuple[Obj, dict[str, Any] | None]:  # fmt: skip
    """Try a card on an open session; the answer is the session and, where refused, Stripe's error."""
    rules.check_session_open(session, "paid")
    rules.check_method_offered(card.kind, session["payment_method_types"])
    email = email or _known_email(box, session)
    if card.asks_bank and bank is None:
        bank = "approve"
    if session["mode"] == "setup":
        refusal = saving.keep(box, session, card, email=email, name=name, bank=bank)
    else:
        refusal = _charge(box, session, card, email, name, bank)
    if refusal is not None:
        return box.store.save(session), refusal
    session["customer_details"] = {
        "address": {**payments.NO_ADDRESS, "country": card.country},
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": name,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }
    session |= {"status": "complete", "url": None, "_pending": None}
    if session["mode"] != "setup":
        intent = box.store.get("payment_intent", session["_intent"]) or {}
        session["payment_status"] = "unpaid" if intent["status"] == "processing" else "paid"
    box.store.save(session)
    events.emit(box, "checkout.session.completed", session)
    return session, None


def _charge(box: Sandbox, session: Obj, card: Card, email: str, name: str | None,
            bank: str | None) -> dict[str, Any] | None:  # fmt: skip
    """Take the money and begin what was promised; the answer is Stripe's error where the card was refused."""
    intent = _intent_for(box, session)
    if card.now is not None or bank == "refuse":
        method = payments.make_method(box, card, email, name, None)
        intent = payments.attempt(box, intent, method, off_session=False, bank=bank)
        return payments.refusal_body(intent)
    if session["mode"] == "payment":
        _complete_payment(box, session, intent, card, email, name, bank)
    else:
        _complete_subscription(box, session, intent, card, email, name, bank)
    return None


def ask_bank(box: Sandbox, session: Obj, card: Card, email: str | None) -> None:
    """Leave the session waiting for the answer of the donor's bank."""
    rules.check_session_open(session, "paid")
    email = email or _known_email(box, session)
    method = payments.make_method(box, card, email, None, None)
    url = f"{box.base_url}/c/pay/{session['id']}/bank"
    if session["mode"] == "setup":
        saving.ask_bank(box, session, method, url)
    else:
        payments.ask_bank(box, _intent_for(box, session), method, url)
    session["_pending"] = {"card": card.token, "email": email}
    box.store.save(session)


def _known_email(box: Sandbox, session: Obj) -> str:
    customer = box.store.get("customer", session["customer"] or "") or {}
    return str(session["customer_email"] or customer.get("email") or SOMEBODY)


def _intent_for(box: Sandbox, session: Obj) -> Obj:
    """Return the session's payment intent, made at the first attempt and used again after a refusal."""
    found = box.store.get("payment_intent", session["_intent"] or "")
    if found is not None:
        return found
    subscribing = session["mode"] == "subscription"
    intent = payments.make_intent(
        box,
        amount=session["amount_total"],
        currency=session["currency"],
        customer=session["customer"],
        data={"description": "Subscription creation"} if subscribing else session["_intent_data"],
        setup_future_usage="off_session" if subscribing else None,
    )
    session["_intent"] = intent["id"]
    if not subscribing:
        session["payment_intent"] = intent["id"]
    return intent


def _customer_for(box: Sandbox, session: Obj, email: str, name: str | None) -> str:
    if session["customer"] is None:
        locale = session["locale"]
        session["customer"] = customers.make_customer(
            box,
            {"email": email, "name": name, "preferred_locales": [locale] if locale and locale != "auto" else []},
        )["id"]
    return str(session["customer"])


def _complete_payment(box: Sandbox, session: Obj, intent: Obj, card: Card, email: str, name: str | None,
                      bank: str | None) -> None:  # fmt: skip
    saves = bool(intent["setup_future_usage"])
    if session["customer"] is None and session["customer_creation"] == "always":
        intent = {**intent, "customer": _customer_for(box, session, email, name)}
    method = payments.make_method(box, card, email, name, intent["customer"] if saves else None)
    payments.attempt(box, intent, method, off_session=False, bank=bank)


def _complete_subscription(box: Sandbox, session: Obj, intent: Obj, card: Card, email: str, name: str | None,
                           bank: str | None) -> None:  # fmt: skip
    customer = _customer_for(box, session, email, name)
    method = payments.make_method(box, card, email, name, customer)
    events.emit(box, "payment_method.attached", method)
    line = session["_lines"][0]
    price = box.store.get("price", line["price"]["id"]) or line["price"]
    subscription, invoice = billing.begin(
        box, customer=customer, price=price, quantity=line["quantity"], method=method, name=line["description"],
        data=session["_subscription_data"],
    )  # fmt: skip
    invoice = invoices.finalize(box, invoice)
    collecting.collect(box, invoice, method, off_session=False, intent=intent, bank=bank)
    session["subscription"], session["invoice"] = subscription["id"], invoice["id"]
