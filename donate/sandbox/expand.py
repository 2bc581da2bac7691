"""`expand[]`: which ids may be asked for as whole objects, to a depth of four."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from donate.sandbox import lists
from donate.sandbox.errors import ApiError
from donate.sandbox.store import Obj

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox

DEPTH = 4

# By type: a field that may be expanded, and what it names (or may name). A nested field is written with dots.
EXPANDABLE: dict[str, dict[str, str]] = {
    "balance_transaction": {"source": "charge|refund|dispute|payout"},
    "charge": {
        "balance_transaction": "balance_transaction",
        "customer": "customer",
        "payment_intent": "payment_intent",
        "failure_balance_transaction": "balance_transaction",
    },
    "checkout.session": {
        "customer": "customer",
        "invoice": "invoice",
        "line_items": "list item",
        "payment_intent": "payment_intent",
        "subscription": "subscription",
        "setup_intent": "setup_intent",
    },
    "customer": {"invoice_settings.default_payment_method": "payment_method"},
    "dispute": {"charge": "charge", "payment_intent": "payment_intent"},
    "invoice": {
        "customer": "customer",
        "default_payment_method": "payment_method",
        "parent.subscription_details.subscription": "subscription",
        "payments": "list invoice_payment",
    },
    "invoice_payment": {
        "invoice": "invoice",
        "payment.charge": "charge",
        "payment.payment_intent": "payment_intent",
    },
    "line_item": {"pricing.price_details.price": "price"},
    "payment_intent": {
        "customer": "customer",
        "latest_charge": "charge",
        "payment_method": "payment_method",
    },
    "payment_method": {"customer": "customer"},
    "price": {"product": "product"},
    "payout": {
        "balance_transaction": "balance_transaction",
        "failure_balance_transaction": "balance_transaction",
    },
    "plan": {"product": "product"},
    "product": {"default_price": "price"},
    "refund": {
        "balance_transaction": "balance_transaction",
        "charge": "charge",
        "failure_balance_transaction": "balance_transaction",
        "payment_intent": "payment_intent",
    },
    "setup_intent": {"customer": "customer", "payment_method": "payment_method"},
    "subscription": {
        "customer": "customer",
        "default_payment_method": "payment_method",
        "latest_invoice": "invoice",
        "pending_setup_intent": "setup_intent",
    },
}
# By type: whole objects that are always inside, through which a path may lead further.
INSIDE: dict[str, dict[str, str]] = {
    "invoice": {"lines": "list line_item"},
    "item": {"price": "price"},
    "subscription": {"items": "list subscription_item"},
    "subscription_item": {"price": "price", "plan": "plan"},
}


def apply(box: Sandbox, answer: Obj, paths: list[str], type: str) -> Obj:
    """Return the answer with the paths expanded; `type` is that of the object, or of a list's elements."""
    kind = "list " + type if answer.get("object") in lists.ENVELOPES else type
    for path in paths:
        parts = path.split(".")
        if len(parts) > DEPTH:
            raise ApiError(
                f"You cannot expand more than {DEPTH} levels of a property. Property: {path}", param="expand"
            )
        steps = _plan(kind, parts, path)
        _walk(box, answer, steps)
    return answer


def _plan(kind: str, parts: list[str], path: str) -> list[tuple[list[str], str, bool]]:
    """Return the steps of a path as (fields, type reached, whether it is an id to look up)."""
    steps: list[tuple[list[str], str, bool]] = []
    while parts:
        if kind.startswith("list "):
            if parts[0] != "data" or len(parts) == 1:
                raise _refused(path)
            kind, parts = kind.removeprefix("list "), parts[1:]
            steps.append((["data"], kind, False))
            continue
        for length in range(len(parts), 0, -1):
            name = ".".join(parts[:length])
            target = next((EXPANDABLE[one][name] for one in kind.split("|") if name in EXPANDABLE.get(one, {})), None)
            inside = INSIDE.get(kind, {}).get(name) if length < len(parts) else None
            if target or inside:
                kind = target or inside or ""
                steps.append((parts[:length], kind, target is not None))
                parts = parts[length:]
                break
        else:
            raise _refused(path)
    return steps


def _refused(path: str) -> ApiError:
    return ApiError(f"This property cannot be expanded ({path}).", param="expand")


def _walk(box: Sandbox, node: Any, steps: list[tuple[list[str], str, bool]]) -> None:
    if not steps or node is None:
        return
    if isinstance(node, list):
        for element in node:
            _walk(box, element, steps)
        return
    (fields, target, look_up), rest = steps[0], steps[1:]
    *outer, last = fields
    for name in outer:
        node = node.get(name)
        if node is None:
            return
    if look_up and last not in node and not target.startswith("list "):
        return  # a field that is not there is not made by asking for it
    if look_up:
        node[last] = _whole(box, node, last, target)
    _walk(box, node.get(last), rest)


def _whole(box: Sandbox, node: Obj, field: str, target: str) -> Any:
    if target.startswith("list "):
        return box.included(node, field)
    value = node.get(field)
    if not isinstance(value, str):
        return value
    for kind in target.split("|"):
        found = box.store.get(kind, value) or box.store.get("deleted_" + kind, value)
        if found:
            return box.present(found)
    return value
