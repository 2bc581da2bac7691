"""Products and prices."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from donate.sandbox import events, lists, merge, rules
from donate.sandbox.errors import ApiError, missing, required
from donate.sandbox.store import Obj, equals, new_id

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox
    from donate.sandbox.wire import Call

PRODUCT_FIELDS = ("name", "active", "description", "images", "statement_descriptor", "unit_label", "url", "shippable",
                  "tax_code", "default_price")  # fmt: skip
PRODUCT_ACCEPTED = {*PRODUCT_FIELDS, "id", "metadata", "type"}
PRICE_ACCEPTED = {"active", "currency", "lookup_key", "metadata", "nickname", "product", "product_data", "recurring",
                  "tax_behavior", "unit_amount", "unit_amount_decimal", "billing_scheme"}  # fmt: skip


def make_product(box: Sandbox, params: dict[str, Any]) -> Obj:
    """Create a product and record the event."""
    merge.only(params, PRODUCT_ACCEPTED, "products")
    identifier = params.get("id") or new_id("prod_", 14)
    if box.store.get("product", identifier):
        raise ApiError("Product already exists.", code="resource_already_exists", param="id")
    now = box.clock.now()
    product: Obj = {
        "id": identifier,
        "object": "product",
        "active": True,
        "created": now,
        "default_price": None,
        "description": None,
        "images": [],
        "livemode": False,
        "marketing_features": [],
        "metadata": {},
        "name": "",
        "package_dimensions": None,
        "shippable": None,
        "statement_descriptor": None,
        "tax_code": None,
        "type": "service",
        "unit_label": None,
        "updated": now,
        "url": None,
    }
    merge.fields(product, params, *PRODUCT_FIELDS)
    box.store.add(product)
    events.emit(box, "product.created", product)
    return product


def get_product(box: Sandbox, identifier: str, param: str = "product", status: int = 400) -> Obj:
    """Return a product that exists."""
    product = box.store.get("product", identifier)
    if product is None:
        raise missing("product", identifier, param, status=status)
    return product


def unit_amount(data: dict[str, Any], param: str) -> int:
    """Return the amount of a price in minor units; fractions of a cent are not acted out."""
    amount, exact = data.get("unit_amount"), data.get("unit_amount_decimal")
    if (amount is None) == (exact is None):
        raise required(f"{param}[unit_amount]" if param else "unit_amount")
    if amount is None:
        if Decimal(str(exact)) % 1:
            raise ApiError("The practice sandbox takes whole minor units only.", param=param or "unit_amount_decimal")
        amount = int(Decimal(str(exact)))
    if amount < 0:
        raise ApiError("Invalid non-negative integer", code="parameter_invalid_integer", param=param or "unit_amount")
    return int(amount)


def make_price(box: Sandbox, data: dict[str, Any], product: str, *, active: bool = True, param: str = "") -> Obj:
    """Create a price and record the event; an inline price_data makes an inactive one."""
    rules.check_recurring(data.get("recurring"), param)
    rules.check_currency(data["currency"], f"{param}[currency]" if param else "currency")
    recurring = data.get("recurring")
    amount = unit_amount(data, param)
    price: Obj = {
        "id": new_id("price_1"),
        "object": "price",
        "active": active and data.get("active", True),
        "billing_scheme": "per_unit",
        "created": box.clock.now(),
        "currency": data["currency"],
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": data.get("lookup_key"),
        "metadata": merge.metadata({}, data.get("metadata")),
        "nickname": data.get("nickname"),
        "product": product,
        "recurring": recurring and {
            "interval": recurring["interval"],
            "interval_count": recurring.get("interval_count", 1),
            "meter": None,
            "trial_period_days": None,
            "usage_type": "licensed",
        },
        "tax_behavior": data.get("tax_behavior", "unspecified"),
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "recurring" if recurring else "one_time",
        "unit_amount": amount,
        "unit_amount_decimal": str(amount),
    }  # fmt: skip
    box.store.add(price)
    events.emit(box, "price.created", price)
    return price


def plan_of(price: Obj) -> Obj:
    """Return the older name of a recurring price, which subscription items still carry."""
    recurring = price["recurring"]
    return {
        "id": price["id"],
        "object": "plan",
        "active": price["active"],
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "billing_scheme": "per_unit",
        "created": price["created"],
        "currency": price["currency"],
        "interval": recurring["interval"],
        "interval_count": recurring["interval_count"],
        "livemode": False,
        "metadata": price["metadata"],
        "meter": None,
        "nickname": price["nickname"],
        "product": price["product"],
        "tiers_mode": None,
        "transform_usage": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }


def create_product(call: Call) -> Obj:
    """Create a product, under an id of the caller's own where given."""
    return make_product(call.box, call.params)


def retrieve_product(call: Call) -> Obj:
    """Answer a product."""
    return get_product(call.box, call.ids[0], "id", 404)


def update_product(call: Call) -> Obj:
    """Change a product."""
    merge.only(call.params, PRODUCT_ACCEPTED, "products")
    before = get_product(call.box, call.ids[0], "id", 404)
    after = dict(before)
    merge.fields(after, call.params, *PRODUCT_FIELDS)
    if after != before:
        after["updated"] = call.box.clock.now()
        events.changed(call.box, "product.updated", before, after)
    return after


def list_products(call: Call) -> Obj:
    """Answer products, newest first."""
    where = lists.filters(call.params, "active", "url", "shippable", "type")
    if "ids" in call.params:
        where.append((f"id IN ({','.join('?' * len(call.params['ids']))})", list(call.params["ids"])))
    return lists.page(call, "product", where)


def create_price(call: Call) -> Obj:
    """Create a price of a product."""
    params = call.params
    merge.only(params, PRICE_ACCEPTED, "prices")
    if ("product" in params) == ("product_data" in params):
        raise required("product")
    if "product" in params:
        product = get_product(call.box, params["product"])
    else:
        product = make_product(call.box, params["product_data"])
    return make_price(call.box, params, product["id"])


def retrieve_price(call: Call) -> Obj:
    """Answer a price."""
    price = call.box.store.get("price", call.ids[0])
    if price is None:
        raise missing("price", call.ids[0])
    return price


def update_price(call: Call) -> Obj:
    """Change what may change of a price: never its amount."""
    merge.only(call.params, {"active", "lookup_key", "metadata", "nickname", "tax_behavior"}, "prices")
    before = retrieve_price(call)
    after = dict(before)
    merge.fields(after, call.params, "active", "lookup_key", "nickname", "tax_behavior")
    if after != before:
        events.changed(call.box, "price.updated", before, after)
    return after


def list_prices(call: Call) -> Obj:
    """Answer prices, newest first."""
    where = lists.filters(call.params, "active", "currency", "product", "type")
    for name in ("interval", "usage_type"):
        if name in call.params.get("recurring", {}):
            where.append(equals(f"$.recurring.{name}", call.params["recurring"][name]))
    keys = call.params.get("lookup_keys")
    if keys:
        where.append((f"json_extract(json, '$.lookup_key') IN ({','.join('?' * len(keys))})", list(keys)))
    return lists.page(call, "price", where)


ROUTES = [
    ("POST", "/v1/products", create_product),
    ("GET", "/v1/products", list_products),
    ("GET", "/v1/products/{id}", retrieve_product),
    ("POST", "/v1/products/{id}", update_product),
    ("POST", "/v1/prices", create_price),
    ("GET", "/v1/prices", list_prices),
    ("GET", "/v1/prices/{price}", retrieve_price),
    ("POST", "/v1/prices/{price}", update_price),
]
