"""What the giving door's tests share: a form as a browser would fill and send it, and the payment page's answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from donate.sandbox.app import Sandbox
from tests.make.fields import Fields, fields_of


@pytest.fixture
def read_fields() -> Callable[[str], Fields]:
    """Return a way to read what a browser would send from a page."""
    return fields_of


@pytest.fixture
def open_form(newsroom: None, client: FlaskClient) -> Callable[..., Fields]:
    """Return a way to open the form and read its fields, with an e-mail and more typed in."""

    def open_one(address: str = "/donate", **typed: str) -> Fields:
        answer = client.get(address)
        assert answer.status_code == 200, answer.status
        return {**fields_of(answer.text), "email": "leila@example.org", **typed}

    return open_one


@pytest.fixture
def press(client: FlaskClient) -> Callable[..., TestResponse]:
    """Return a way to press the button of a filled form."""

    def send(fields: Fields, path: str = "/donate", headers: dict[str, str] | None = None) -> TestResponse:
        return client.post(path, data=fields, headers=headers)

    return send


@pytest.fixture
def pay(box: Sandbox) -> Callable[..., int]:
    """Return a way to pay on the payment page; says how the page answered."""

    def complete(checkout_url: str, card: str = "pm_card_visa") -> int:
        session = checkout_url.rpartition("/")[2]
        path = f"/_sandbox/checkout/sessions/{session}/complete"
        return box.wsgi.test_client().post(path, data={"payment_method": card}).status_code

    return complete


@pytest.fixture
def sessions(box: Sandbox) -> Callable[..., int]:
    """Return a way to count the payment pages of a state that were ever opened."""

    def count(status: str = "open") -> int:
        return sum(each["status"] == status for each in box.store.select("checkout.session"))

    return count
