"""The sandbox itself: store, clock, queue and engine wired together, and its web application."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from flask import Flask

from donate.sandbox import (
    admin,
    balance,
    billing,
    checkout,
    disputes,
    elements,
    endpoints,
    events,
    lists,
    pages,
    paying,
    payments,
    payouts,
)
from donate.sandbox.cards import BY_TOKEN, Card
from donate.sandbox.clock import Clock
from donate.sandbox.deliveries import Deliveries, Delivery
from donate.sandbox.engine import Engine
from donate.sandbox.errors import ApiError, CardDeclined, SandboxDefect, missing
from donate.sandbox.faults import Faults
from donate.sandbox.idempotency import Idempotency
from donate.sandbox.inprocess import InProcessClient
from donate.sandbox.schema import check_object
from donate.sandbox.store import Obj, Store
from donate.sandbox.wire import Received

REQUESTS_KEPT = 5000
# What can be set by POST /_sandbox/settings.
SETTINGS: dict[str, Any] = {
    "business_name": "The practice newsroom",
    "fee_percent": 2.9,
    "fee_fixed": 30,
    "fee_delay": 5,
    "payout_interval": "daily",
    "dispute_fee": 1500,
    "settlement_currency": None,
    "rates": {},
    "upcoming_days": 7,
    "after_retries": "cancel",
    "bank_debits": True,
    "debit_days": 5,
    "search_delay": 0,
}


@dataclass(frozen=True)
class Current:
    """On whose behalf things happen now: a request, or nobody's."""

    request_id: str | None = None
    idempotency_key: str | None = None


class Sandbox:
    """One practice Stripe account with its own time.

    With `deliver="http"` events are posted by whoever runs the engine: the ticker of serve(), or each advance().
    With `deliver="pull"` they wait for pull_deliveries(). `check_responses` holds every answer and event to the
    classes of the installed stripe package.
    """

    def __init__(self, db: str = ":memory:", check_responses: bool = False, fee_delay: int | None = None,
                 base_url: str = "http://127.0.0.1:12111",
                 deliver: Literal["http", "pull"] = "http") -> None:  # fmt: skip
        self.base_url = base_url.rstrip("/")
        self.delivers_itself = deliver == "http"
        self.check_responses = check_responses
        self.wake = threading.Event()
        self.current = Current()
        self.store = Store(db)
        self.clock = Clock(self.store)
        self.faults = Faults(self.store)
        self.deliveries = Deliveries(self)
        self.idempotency = Idempotency(self.store, self.clock)
        self.engine = Engine(self)
        if fee_delay is not None:
            self.store.set("fee_delay", fee_delay)
        self.wsgi = self._application()

    def _application(self) -> Flask:
        application = Flask("donate.sandbox")
        application.config["SANDBOX"] = self
        application.config["SANDBOX_SETTINGS"] = SETTINGS
        application.config["PROPAGATE_EXCEPTIONS"] = self.check_responses
        for blueprint in (admin.blueprint, pages.blueprint, elements.blueprint):
            application.register_blueprint(blueprint)
        return application

    # -- for those who hold the sandbox in their own process ---------------------------------------------------

    def http_client(self) -> InProcessClient:
        """Return a client for StripeClient(http_client=…) that calls the sandbox in process."""
        return InProcessClient(self)

    def offset(self) -> float:
        """Return the seconds between sandbox time and real time."""
        return self.clock.offset

    def reset(self, at: float | None = None, *, keep_endpoints: bool = False) -> None:
        """Drop everything; the clock starts at a moment of choice, or in the present."""
        with self.store.transaction():
            self.store.empty(keep="webhook_endpoint" if keep_endpoints else None)
            self.faults.replace([])
            self.clock.set_offset(0.0 if at is None else at - time.time())

    def advance(self, seconds: float | None = None, *, to: float | None = None) -> None:
        """Move the clock and do what falls due, in the order of time."""
        self.engine.advance_to(self.clock.exact() + (seconds or 0) if to is None else to)

    def complete(self, session_id: str, payment_method: str = "pm_card_visa", email: str | None = None, *,
                 name: str | None = None, bank: str = "approve") -> str:  # fmt: skip
        """Pay a session as a browser on the hosted page would and return where it would go next.

        Raises:
            CardDeclined: the card was refused; the session stays open.
        """
        card = find_card(payment_method)
        with self.acting():
            session = checkout.get_session(self, session_id)
            _, refusal = paying.pay(self, session, card, email=email, name=name, bank=bank if card.asks_bank else None)
        if refusal is not None:
            raise CardDeclined(refusal)
        return checkout.way_back(session)

    def dispute(self, charge_id: str, reason: str = "fraudulent", *, inquiry: bool = False) -> str:
        """Dispute a charge as the payer's bank would and return the dispute's id; an inquiry takes no money."""
        with self.acting(), self.on_its_own():
            return str(disputes.make_dispute(self, charge_id, reason, inquiry=inquiry)["id"])

    def decide(self, dispute_id: str, outcome: Literal["win", "lose", "escalate", "appeal"]) -> None:
        """Decide a dispute as the bank would; an inquiry won is closed, escalated it takes the money."""
        with self.acting(), self.on_its_own():
            dispute = disputes.get_dispute(self, dispute_id)
            disputes.decide(self, dispute, outcome)

    def pull_deliveries(self) -> list[Delivery]:
        """Return the signed deliveries that wait; the caller posts each and calls its answer()."""
        now = self.clock.exact()
        self.engine.run_until(now)
        taken = []
        while (due := self.deliveries.next_due(now)) is not None:
            delivery = self.deliveries.take(due[0])
            if delivery is not None:
                taken.append(delivery)
        return taken

    def add_endpoint(self, url: str, secret: str | None = None, events: list[str] | None = None) -> tuple[str, str]:
        """Create a webhook endpoint and return its id and secret."""
        with self.acting():
            endpoint = endpoints.make_endpoint(self, {"url": url, "enabled_events": events or ["*"]}, secret)
        return endpoint["id"], endpoint["_secret"]

    def requests(self) -> list[dict[str, Any]]:
        """Return what was received, oldest first."""
        return [json.loads(row[0]) for row in self.store.run("SELECT json FROM requests ORDER BY id")]

    def clear_requests(self) -> None:
        """Forget what was received."""
        self.store.run("DELETE FROM requests")

    # -- for the sandbox's own files ------------------------------------------------------------------------------

    @contextmanager
    def acting(self) -> Iterator[None]:
        """Do one thing whole: under the lock, at one moment, written together."""
        with self.store.transaction(), self.clock.at():
            yield

    @contextmanager
    def on_behalf_of(self, request_id: str | None, key: str | None) -> Iterator[None]:
        """Name the request in the events that follow."""
        before, self.current = self.current, Current(request_id, key)
        try:
            yield
        finally:
            self.current = before

    def on_its_own(self) -> Any:
        """Say that what follows was asked by nobody."""
        return self.on_behalf_of(None, None)

    def setting(self, name: str) -> Any:
        """Return a setting of the sandbox."""
        return self.store.setting(name, SETTINGS.get(name))

    @property
    def fee_delay(self) -> int:
        """Return the seconds between a charge and its balance transaction."""
        return int(self.setting("fee_delay"))

    def present(self, obj: Obj) -> Obj:
        """Return an object, or a list of them, as the API shows it."""
        shown = events.public(obj)
        if shown.get("object") in lists.ENVELOPES:
            shown["data"] = [events.public(element) for element in shown["data"]]
        return shown

    def included(self, obj: Obj, field: str) -> Obj | None:
        """Return a list that is shown only when asked for by expand[]."""
        if field == "line_items":
            return checkout.line_items_of(self.store.get("checkout.session", obj["id"]) or {})
        if field == "payments":
            found = self.store.find("invoice_payment", "$.invoice", obj["id"])
            return lists.listing("/v1/invoice_payments", [events.public(one) for one in found])
        return None

    def check(self, obj: Obj) -> None:
        """Raise when an answer or event is not what stripe's own classes describe."""
        if not self.check_responses:
            return
        for one in obj["data"] if obj.get("object") in lists.ENVELOPES else [obj]:
            problems = check_object(one)
            if problems:
                raise SandboxDefect(f"{one.get('object')} {one.get('id')}: " + "; ".join(problems))

    def end_subscription(self, subscription: Obj, reason: str) -> None:
        """Cancel a subscription at once."""
        billing.end(self, subscription, reason)

    def fail_payout(self, payout_id: str, code: str = "account_closed") -> None:
        """Let the bank send a payout back."""
        with self.acting():
            payouts.fail(self, payouts.get_payout(self, payout_id), code)

    def book(self, type: str, amount: int, currency: str, fee: int = 0, description: str | None = None) -> str:
        """Move the balance by hand, with any type of transaction there is, and return its id."""
        with self.acting():
            made = balance.book(self, type=type, amount=amount, currency=currency, source=None, fee=fee,
                                description=description, at_once=True)  # fmt: skip
        return str(made["id"])

    def outside_charge(self, amount: int, currency: str) -> str:
        """Take money for another product of the same account, and return the charge's id."""
        with self.acting():
            method = payments.make_method(self, find_card("pm_card_visa"), "shop@example.org", None, None)
            intent = payments.make_intent(self, amount=amount, currency=currency, customer=None,
                                          data={"description": "A mug"})  # fmt: skip
            intent = payments.attempt(self, intent, method, off_session=False)
        return str(intent["latest_charge"])

    def note_request(self, received: Received, status: int) -> None:
        """Keep what was received, for tests and for the page of the sandbox."""
        noted = {
            "method": received.method,
            "path": received.path,
            "query": received.query,
            "body": received.body,
            "idempotency_key": received.headers.get("Idempotency-Key"),
            "stripe_version": received.headers.get("Stripe-Version"),
            "status": status,
            "at": self.clock.now(),
        }
        with self.store.transaction():
            self.store.run("INSERT INTO requests (json) VALUES (?)", json.dumps(noted))
            self.store.run("DELETE FROM requests WHERE id <= (SELECT MAX(id) FROM requests) - ?", REQUESTS_KEPT)

    def close(self) -> None:
        """Close the file."""
        self.store.close()


def find_card(token: str) -> Card:
    """Return the practice card of a token."""
    card = BY_TOKEN.get(token)
    if card is None:
        raise missing("PaymentMethod", token, "payment_method", status=400)
    return card


__all__ = ["ApiError", "CardDeclined", "Delivery", "Sandbox"]
