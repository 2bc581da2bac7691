"""What the giving door's tests share: a form as a browser would fill and send it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

Fields = dict[str, str]


def fields_of(page: str) -> Fields:
    """Read what a browser would send from a page's form: hidden fields, what is ticked, what is typed."""
    fields: Fields = {}
    for tag in re.findall(r"<input[^>]*>", page):
        attributes = {name: html.unescape(value) for name, value in re.findall(r'([a-z-]+)="([^"]*)"', tag)}
        if attributes.get("type") in ("radio", "checkbox") and " checked" not in tag:
            continue
        if "name" in attributes:
            fields[attributes["name"]] = attributes.get("value", "")
    for name, text in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL):
        fields[name] = html.unescape(text)
    return fields


@pytest.fixture
def open_form(newsroom: None, client: FlaskClient) -> Callable[..., Fields]:
    """Return a way to open the form and read its fields, with an e-mail typed in."""

    def open_one(address: str = "/donate", **typed: str) -> Fields:
        answer = client.get(address)
        assert answer.status_code == 200, answer.status
        return {**fields_of(answer.text), "email": "leila@example.org", **typed}

    return open_one


@pytest.fixture
def press(client: FlaskClient) -> Callable[..., TestResponse]:
    """Return a way to press the button of a filled form."""

    def send(fields: Fields, path: str = "/donate", **headers: Any) -> TestResponse:
        return client.post(path, data=fields, headers=headers or None)

    return send
