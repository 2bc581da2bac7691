"""Checkout Sessions: opened by the API, paid on the hosted page or with Elements, expired by the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from donate.sandbox import catalogue, customers, events, lists, merge, rules, saving, session_rules
from donate.sandbox.cards import DEBITS
from donate.sandbox.clock import DAY
from donate.sandbox.errors import missing
from donate.sandbox.session_rules import Asked, Line
from donate.sandbox.store import Obj, equals, new_id

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox
    from donate.sandbox.wire import Call

# Kept as given; the rest of what is accepted is acted on.
KEPT = ("billing_address_collection", "client_reference_id", "customer_email", "locale", "submit_type", "success_url",
        "cancel_url", "origin_context", "payment_method_collection",
        "integration_identifier")  # fmt: skip
ACCEPTED = {*KEPT, "adaptive_pricing", "branding_settings", "currency", "custom_text", "customer", "customer_creation",
            "customer_update", "expires_at", "line_items", "metadata", "mode", "payment_intent_data",
            "setup_intent_data", "subscription_data", "ui_mode", "wallet_options", "excluded_payment_method_types",
            "allowed_payment_method_types"}  # fmt: skip
INTENT_DATA = {"description", "metadata", "receipt_email", "setup_future_usage", "statement_descriptor",
               "statement_descriptor_suffix", "capture_method"}  # fmt: skip
SETUP_DATA = {"description", "metadata"}
SUBSCRIPTION_DATA = {"description", "metadata", "billing_mode", "proration_behavior"}


# -- opening ------------------------------------------------------------------------------------------------


def create(call: Call) -> Obj:
    """Open a session after every rule has been kept."""
    box, params = call.box, call.params
    asked = Asked(box, params, [])
    for check in session_rules.BEFORE_LINES:
        check(asked)
    merge.only(params, ACCEPTED | {"return_url", "invoice_creation"}, "checkout sessions")
    merge.only(params.get("payment_intent_data", {}), INTENT_DATA, "payment_intent_data")
    merge.only(params.get("setup_intent_data", {}), SETUP_DATA, "setup_intent_data")
    merge.only(params.get("subscription_data", {}), SUBSCRIPTION_DATA, "subscription_data")
    if "customer" in params:
        customers.get_customer(box, params["customer"])
    session = _setup(box, params) if asked.mode == "setup" else _payable(asked)
    box.store.add(session)
    box.store.plan(session["expires_at"], "expire_session", session["id"])
    return session


def _setup(box: Sandbox, params: dict[str, Any]) -> Obj:
    session = _session(box, params, params["currency"])
    saving.prepare(box, session, params.get("setup_intent_data", {}))
    return session


def _payable(asked: Asked) -> Obj:
    box, params = asked.box, asked.params
    asked.lines = [_line(box, line, f"line_items[{n}]") for n, line in enumerate(params.get("line_items", []))]
    for check in session_rules.AFTER_LINES:
        check(asked)
    session = _session(box, params, asked.lines[0].currency)
    _add_lines(box, session, asked.lines)
    return session


def _line(box: Sandbox, line: dict[str, Any], param: str) -> Line:
    merge.only(line, {"price", "price_data", "quantity", "metadata"}, "line_items")
    rules.check_price_or_data(line, param)
    rules.check_quantity(line, param)
    if "price" in line:
        price = box.store.get("price", line["price"])
        if price is None:
            raise missing("price", line["price"], f"{param}[price]", status=400)
        product = box.store.get("product", price["product"])
        recurring = price["recurring"]
        return Line(param, line["quantity"], price["currency"], price["unit_amount"], recurring, price, product, {})
    data, inner = line["price_data"], f"{param}[price_data]"
    rules.check_currency(data["currency"], f"{inner}[currency]")
    rules.check_recurring(data.get("recurring"), inner)
    product = None
    if "product" in data:
        product = box.store.get("product", data["product"])
        rules.check_product_exists(product, data["product"], f"{inner}[product]")
    amount = catalogue.unit_amount(data, inner)
    return Line(param, line["quantity"], data["currency"], amount, data.get("recurring"), None, product, data)


# Fields the sandbox never fills, or fills later.
UNUSED = (
    "after_expiration", "allow_promotion_codes", "client_secret", "collected_information", "consent",
    "consent_collection", "currency_conversion", "customer_account", "customer_creation", "customer_details",
    "invoice", "invoice_creation", "payment_intent", "payment_link", "payment_method_configuration_details",
    "permissions", "recovered_from", "saved_payment_method_options", "setup_intent",
    "shipping_address_collection", "shipping_cost", "subscription", "wallet_options",
)  # fmt: skip


def _session(box: Sandbox, params: dict[str, Any], currency: str) -> Obj:
    now, identifier, mode = box.clock.now(), new_id("cs_test_a1", 56), params["mode"]
    ui_mode = params.get("ui_mode", "hosted_page")
    session: Obj = {
        **dict.fromkeys(UNUSED),
        "id": identifier,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": params.get("adaptive_pricing", {}).get("enabled", True)},
        "amount_subtotal": 0,
        "amount_total": 0,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "created": now,
        "currency": currency,
        "custom_fields": [],
        "custom_text": {name: params.get("custom_text", {}).get(name) or None for name in TEXTS},
        "customer": params.get("customer"),
        "discounts": [],
        "expires_at": params.get("expires_at", now + DAY),
        "livemode": False,
        "metadata": merge.metadata({}, params.get("metadata")),
        "mode": mode,
        "payment_method_collection": "always" if mode == "subscription" else "if_required",
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": _kinds(box, params, currency),
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
        "status": "open",
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": ui_mode,
        "url": f"{box.base_url}/c/pay/{identifier}" if ui_mode == "hosted_page" else None,
        **{name: params.get(name, DEFAULTS.get(name)) for name in KEPT},
        "_intent_data": params.get("payment_intent_data", {}),
        "_subscription_data": params.get("subscription_data", {}),
        "_shop": params.get("branding_settings", {}).get("display_name"),
        "_intent": None,
    }  # fmt: skip
    if ui_mode == "elements":
        session["return_url"] = params["return_url"]
        session["client_secret"] = new_id(f"{identifier}_secret_", 60)
    if "customer" not in params:
        session["customer_creation"] = params.get("customer_creation", CREATION[mode])
    return session


def _kinds(box: Sandbox, params: dict[str, Any], currency: str) -> list[str]:
    """Return the kinds of payment that are offered: cards, and the bank debits of the currency."""
    debits = [kind for kind, money in DEBITS.items() if money == currency and box.setting("bank_debits")]
    allowed = params.get("allowed_payment_method_types", ["card", *debits])
    excluded = params.get("excluded_payment_method_types", [])
    return [kind for kind in ("card", *debits) if kind in allowed and kind not in excluded]


TEXTS = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
CREATION = {"payment": "if_required", "setup": "if_required", "subscription": "always"}
DEFAULTS = {"billing_address_collection": None, "payment_method_collection": "if_required"}


def _add_lines(box: Sandbox, session: Obj, lines: list[Line]) -> None:
    items = []
    for line in lines:
        product, price = line.product, line.price
        if product is None:
            product = catalogue.make_product(box, line.data["product_data"])
        if price is None:
            price = catalogue.make_price(box, line.data, product["id"], active=False, param=f"{line.param}[price_data]")
        total = line.amount * line.quantity
        items.append({
            "id": new_id("li_1"),
            "object": "item",
            "amount_discount": 0,
            "amount_subtotal": total,
            "amount_tax": 0,
            "amount_total": total,
            "currency": line.currency,
            "description": product["name"],
            "metadata": {},
            "price": events.public(price),
            "quantity": line.quantity,
        })  # fmt: skip
    session["_lines"] = items
    session["amount_subtotal"] = session["amount_total"] = sum(item["amount_total"] for item in items)


def way_back(session: Obj) -> str:
    """Return where a session leads after it was paid, its id put in where it is asked for."""
    wanted = session["success_url"] or session.get("return_url")
    return str(wanted).replace("{CHECKOUT_SESSION_ID}", session["id"])


# -- ending ---------------------------------------------------------------------------------------------------


def expire_due(box: Sandbox, identifier: str, due: int) -> None:
    """Expire a session that nobody paid in time."""
    session = box.store.get("checkout.session", identifier)
    if session is not None and session["status"] == "open":
        _expire(box, session)


def _expire(box: Sandbox, session: Obj) -> Obj:
    intent = box.store.get("payment_intent", session["_intent"] or "")
    session |= {"status": "expired", "url": None}
    box.store.save(session)
    if intent is not None and intent["status"] != "succeeded":
        canceled = {**intent, "status": "canceled", "canceled_at": box.clock.now(), "next_action": None,
                    "cancellation_reason": "automatic"}  # fmt: skip
        box.store.save(canceled)
        events.emit(box, "payment_intent.canceled", canceled)
    if session["mode"] == "setup":
        saving.abandon(box, session)
    events.emit(box, "checkout.session.expired", session)
    return session


def get_session(box: Sandbox, identifier: str) -> Obj:
    """Return a session that exists."""
    session = box.store.get("checkout.session", identifier)
    if session is None:
        raise missing("checkout.session", identifier, "session")
    return session


def retrieve(call: Call) -> Obj:
    """Answer a session."""
    return get_session(call.box, call.ids[0])


def expire(call: Call) -> Obj:
    """Expire an open session."""
    session = get_session(call.box, call.ids[0])
    rules.check_session_open(session, "expired")
    return _expire(call.box, session)


def list_all(call: Call) -> Obj:
    """Answer sessions, newest first."""
    where = lists.filters(call.params, "customer", "payment_intent", "status", "subscription")
    email = call.params.get("customer_details", {}).get("email")
    if email is not None:
        where.append(equals("$.customer_details.email", email))
    return lists.page(call, "checkout.session", where)


def line_items_of(session: Obj) -> Obj:
    """Return a session's lines as a list object."""
    return lists.listing(f"/v1/checkout/sessions/{session['id']}/line_items", list(session["_lines"]))


def list_line_items(call: Call) -> Obj:
    """Answer a session's lines."""
    page = line_items_of(get_session(call.box, call.ids[0]))
    limit = lists.check_limit(call.params)
    page["has_more"] = len(page["data"]) > limit
    page["data"] = page["data"][:limit]
    return page


ROUTES = [
    ("POST", "/v1/checkout/sessions", create),
    ("GET", "/v1/checkout/sessions", list_all),
    ("GET", "/v1/checkout/sessions/{session}", retrieve),
    ("GET", "/v1/checkout/sessions/{session}/line_items", list_line_items),
    ("POST", "/v1/checkout/sessions/{session}/expire", expire),
]
