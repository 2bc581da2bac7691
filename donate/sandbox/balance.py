"""The balance: what a charge brought, its fee, and when the money may leave; the figures come late."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from donate.sandbox import events, lists
from donate.sandbox.clock import DAY
from donate.sandbox.errors import missing
from donate.sandbox.store import Obj, equals, new_id

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox
    from donate.sandbox.wire import Call

SETTLES_AFTER = 2 * DAY
MONDAY = 4  # the first day of the epoch was a Thursday
# What Stripe's reports call each type of transaction: https://docs.stripe.com/reports/reporting-categories
CATEGORIES = {
    "adjustment": "other_adjustment",
    "charge": "charge",
    "contribution": "contribution",
    "payment": "charge",
    "payment_failure_refund": "charge_failure",
    "payment_refund": "refund",
    "payment_reversal": "charge_failure",
    "payout": "payout",
    "payout_cancel": "payout_reversal",
    "payout_failure": "payout_reversal",
    "payout_minimum_balance_hold": "payout_minimum_balance_hold",
    "payout_minimum_balance_release": "payout_minimum_balance_release",
    "refund": "refund",
    "refund_failure": "refund_failure",
    "reserve_hold": "risk_reserved_funds",
    "reserve_release": "risk_reserved_funds",
    "reserved_funds": "risk_reserved_funds",
    "stripe_fee": "fee",
    "stripe_fx_fee": "fee",
    "tax_fee": "tax",
    "topup": "topup",
    "transfer": "transfer",
}


def fee_on(box: Sandbox, amount: int) -> int:
    """Return the fee in minor units of the settlement currency, rounded half up."""
    percent, fixed = Decimal(str(box.setting("fee_percent"))), int(box.setting("fee_fixed"))
    return int((Decimal(amount) * percent / 100).quantize(Decimal(1), ROUND_HALF_UP)) + fixed


def book(box: Sandbox, *, type: str, amount: int, currency: str, source: str | None, fee: int = 0,
         description: str | None = None, exchange_rate: float | None = None, category: str | None = None,
         at_once: bool = False) -> Obj:  # fmt: skip
    """Write one balance transaction; money in may leave after two days, unless it is said to be there at once."""
    now = box.clock.now()
    available_on = (now + SETTLES_AFTER) // DAY * DAY if amount > 0 and not at_once else now
    details: list[dict[str, Any]] = []
    if fee:
        details.append({"amount": fee, "application": None, "currency": currency,
                        "description": "Stripe processing fees", "type": "stripe_fee"})  # fmt: skip
    transaction: Obj = {
        "id": new_id("txn_1"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": available_on,
        "balance_type": "payments",
        "created": now,
        "currency": currency,
        "description": description,
        "exchange_rate": exchange_rate,
        "fee": fee,
        "fee_details": details,
        "net": amount - fee,
        "reporting_category": category or CATEGORIES.get(type, "other_adjustment"),
        "source": source,
        "status": "available" if available_on <= now else "pending",
        "type": type,
        "_payout": None,
    }
    box.store.add(transaction, tag=source)
    if transaction["status"] == "pending":
        box.store.plan(available_on, "funds_available", transaction["id"])
    elif amount > 0:
        plan_payout(box, currency)
    return transaction


def plan_payout(box: Sandbox, currency: str) -> None:
    """Let what is there leave for the bank at the next time for payouts, once for a currency."""
    interval = box.setting("payout_interval")
    if interval == "manual":
        return
    due = (box.clock.now() // DAY + 1) * DAY
    if interval == "weekly":
        due += (MONDAY - due // DAY) % 7 * DAY
    if not box.store.is_planned("pay_out", currency):
        box.store.plan(due, "pay_out", currency)


def settle(box: Sandbox, charge_id: str, due: int) -> None:
    """Give a charge its balance transaction, some seconds after it succeeded."""
    charge = box.store.get("charge", charge_id)
    if charge is None or charge["balance_transaction"]:
        return
    amount, currency, rate = converted(box, charge["amount"], charge["currency"])
    by_card = charge["payment_method_details"]["type"] == "card"
    transaction = book(
        box, type="charge" if by_card else "payment", amount=amount, currency=currency, source=charge_id,
        fee=fee_on(box, amount), description=charge["description"], exchange_rate=rate,
    )  # fmt: skip
    events.changed(box, "charge.updated", charge, {**charge, "balance_transaction": transaction["id"]})


def settled(box: Sandbox, charge: Obj) -> tuple[Obj, Obj]:
    """Return a charge and its balance transaction, made at once where it hasn't come yet."""
    settle(box, charge["id"], box.clock.now())
    charge = box.store.get("charge", charge["id"]) or charge
    transaction = box.store.get("balance_transaction", charge["balance_transaction"])
    assert transaction is not None
    return charge, transaction


def share(charge: Obj, transaction: Obj, amount: int) -> int:
    """Return what the first `amount` of a charge brought in the settlement currency, at the charge's own rate."""
    part = Decimal(amount) * transaction["amount"] / charge["amount"]
    return int(part.quantize(Decimal(1), ROUND_HALF_UP))


def converted(box: Sandbox, amount: int, currency: str) -> tuple[int, str, float | None]:
    """Return an amount in the currency the account settles in, with the rate where it was converted.

    Settings: `settlement_currency` (none: every currency settles as it is) and `rates`, which name for a
    currency how many minor units of the settlement currency one of its minor units brings.
    """
    target = box.setting("settlement_currency")
    rate = (box.setting("rates") or {}).get(currency)
    if not target or target == currency or rate is None:
        return amount, currency, None
    brought = (Decimal(amount) * Decimal(str(rate))).quantize(Decimal(1), ROUND_HALF_UP)
    return int(brought), str(target), float(rate)


def become_available(box: Sandbox, transaction_id: str, due: int) -> None:
    """Let a transaction's net leave the balance from now on."""
    transaction = box.store.get("balance_transaction", transaction_id)
    if transaction is not None:
        box.store.save({**transaction, "status": "available"})
        plan_payout(box, transaction["currency"])


def current(box: Sandbox) -> Obj:
    """Return the balance: all transactions summed by currency and state."""
    rows = box.store.run(
        "SELECT json_extract(json, '$.currency'), json_extract(json, '$.status'), SUM(json_extract(json, '$.net'))"
        " FROM objects WHERE type = 'balance_transaction' GROUP BY 1, 2"
    )
    sums = {(currency, status): int(total) for currency, status, total in rows}
    currencies = sorted({currency for currency, _ in sums}) or ["usd"]

    def column(status: str) -> list[Obj]:
        amounts = [(currency, sums.get((currency, status), 0)) for currency in currencies]
        return [{"amount": amount, "currency": currency, "source_types": {"card": amount}}
                for currency, amount in amounts]  # fmt: skip

    return {
        "object": "balance",
        "available": column("available"),
        "livemode": False,
        "pending": column("pending"),
        "refund_and_dispute_prefunding": {"available": [], "pending": []},
    }


def retrieve_balance(call: Call) -> Obj:
    """Answer the balance."""
    return current(call.box)


def retrieve_transaction(call: Call) -> Obj:
    """Answer a balance transaction."""
    transaction = call.box.store.get("balance_transaction", call.ids[0])
    if transaction is None:
        raise missing("balance transaction", call.ids[0])
    return transaction


def list_transactions(call: Call) -> Obj:
    """Answer balance transactions, newest first."""
    where = lists.filters(call.params, "currency", "source", "type")
    if "payout" in call.params:
        where.append(equals("$._payout", call.params["payout"]))
    return lists.page(call, "balance_transaction", where)


def retrieve_account(call: Call) -> Obj:
    """Answer the account, for a health check."""
    name = call.box.setting("business_name")
    return {
        "id": "acct_1PracticeSandbox",
        "object": "account",
        "business_profile": {"mcc": None, "name": name, "product_description": None, "support_address": None,
                             "support_email": None, "support_phone": None, "support_url": None, "url": None},
        "business_type": "non_profit",
        "charges_enabled": True,
        "country": "US",
        "created": 1_700_000_000,
        "default_currency": "usd",
        "details_submitted": True,
        "email": None,
        "metadata": {},
        "payouts_enabled": True,
        "type": "standard",
    }  # fmt: skip


ROUTES = [
    ("GET", "/v1/account", retrieve_account),
    ("GET", "/v1/balance", retrieve_balance),
    ("GET", "/v1/balance_transactions", list_transactions),
    ("GET", "/v1/balance_transactions/{id}", retrieve_transaction),
]
