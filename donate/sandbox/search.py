"""Search over what is kept, by Stripe's query language, a page at a time."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import TYPE_CHECKING

from donate.sandbox import lists, search_query
from donate.sandbox.errors import ApiError
from donate.sandbox.store import Obj

if TYPE_CHECKING:
    from donate.sandbox.wire import Call

METADATA = {"metadata": ("metadata", "string")}
CREATED = {"created": ("created", "numeric")}
MONEY = {"currency": ("currency", "token"), "customer": ("customer", "token")}
ON_A_CARD = {
    f"payment_method_details.card.{name}": (f"payment_method_details.card.{name}", kind)
    for name, kind in (("brand", "token"), ("exp_month", "numeric"), ("exp_year", "numeric"),
                       ("fingerprint", "token"), ("last4", "token"))
}  # fmt: skip
# By resource: its searchable fields, each with its path and kind (docs.stripe.com/search#query-fields).
FIELDS: dict[str, dict[str, tuple[str, str]]] = {
    "charges": METADATA | CREATED | MONEY | ON_A_CARD | {
        "amount": ("amount", "numeric"),
        "billing_details.address.postal_code": ("billing_details.address.postal_code", "token"),
        "disputed": ("disputed", "token"),
        "refunded": ("refunded", "token"),
        "status": ("status", "token"),
    },
    "customers": METADATA | CREATED | {
        "email": ("email", "string"),
        "name": ("name", "string"),
        "phone": ("phone", "string"),
    },
    "invoices": METADATA | CREATED | MONEY | {
        "number": ("number", "string"),
        "receipt_number": ("receipt_number", "string"),
        "status": ("status", "token"),
        "subscription": ("parent.subscription_details.subscription", "token"),
        "total": ("total", "numeric"),
    },
    "payment_intents": METADATA | CREATED | MONEY | {
        "amount": ("amount", "numeric"),
        "status": ("status", "token"),
    },
    "prices": METADATA | {
        "active": ("active", "token"),
        "currency": ("currency", "token"),
        "lookup_key": ("lookup_key", "string"),
        "product": ("product", "token"),
        "type": ("type", "token"),
    },
    "products": METADATA | {
        "active": ("active", "token"),
        "description": ("description", "string"),
        "name": ("name", "string"),
        "shippable": ("shippable", "token"),
        "url": ("url", "string"),
    },
    "subscriptions": METADATA | CREATED | {
        "canceled_at": ("canceled_at", "numeric"),
        "status": ("status", "token"),
    },
}  # fmt: skip


def _searching(resource: str) -> Callable[[Call], Obj]:
    def search(call: Call) -> Obj:
        """Answer what fits a query, newest first, as far as it has become searchable."""
        fields, limit = FIELDS[resource], lists.check_limit(call.params)
        query = search_query.read(call.params["query"], fields, resource)
        known = call.box.clock.now() - int(call.box.setting("search_delay"))
        kept = call.box.store.select(resource.removesuffix("s"), [("created <= ?", [known])])
        found = [one for one in kept if query.fits(one, fields)]
        data = _after(found, call.params.get("page"))
        more = len(data) > limit
        return {
            "object": "search_result",
            "data": data[:limit],
            "has_more": more,
            "next_page": _mark(data[limit - 1]) if more else None,
            "url": call.path,
        }

    return search


def _mark(last: Obj) -> str:
    return base64.urlsafe_b64encode(last["id"].encode()).decode()


def _after(found: list[Obj], page: str | None) -> list[Obj]:
    """Return what follows the object that a page ended with."""
    if page is None:
        return found
    try:
        last = base64.urlsafe_b64decode(page.encode()).decode()
    except (binascii.Error, UnicodeDecodeError):
        last = ""
    places = [place for place, one in enumerate(found) if one["id"] == last]
    if not places:
        raise ApiError("Invalid page: pass the `next_page` of the same search.", param="page")
    return found[places[0] + 1 :]


ROUTES = [("GET", f"/v1/{resource}/search", _searching(resource)) for resource in FIELDS]
