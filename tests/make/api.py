"""Programs that read with tokens, and a newsroom that has something to be read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from donate.connections.models import ApiToken
from donate.connections.tokens import SCOPES, make_token
from donate.db import committed, db
from donate.donors.models import Donor
from donate.fulfillment.forget_person import forget_person
from donate.giving.models import Donation
from donate.records.erase import ask_erasure
from donate.sandbox.app import Sandbox
from donate.team.hire import add_staff
from donate.team.history import SYSTEM, Who
from tests.make.gifts import Gifts
from tests.make.refunds import give_back
from tests.make.rows import fresh
from tests.people import AMAL, NOAM, PETRA, YARA

Settle = Callable[..., None]


@dataclass(frozen=True)
class Program:
    """Somebody's program with a token of its own."""

    app: Flask
    row: ApiToken
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """What it sends with each request."""
        return {"Authorization": f"Bearer {self.token}"}

    def ask(self, path: str, **more: str) -> TestResponse:
        """Read an address of the API, with further headers."""
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return self.app.test_client().get(f"/api/v1{path}", headers={**self.headers, **named})

    def read(self, path: str) -> Any:
        """Read an address that answers."""
        answer = self.ask(path)
        assert answer.status_code == 200, answer.text
        return answer.json

    def ids(self, path: str) -> list[str]:
        """Read a list, page by page, and give what it holds in order."""
        found: list[str] = []
        page = self.read(path)
        # Where the list is begun in its middle, each page's cursor takes the place of the one before.
        rest = re.sub(r"[?&]cursor=[^&]*", "", path)
        while True:
            found += [each["id"] for each in page["data"]]
            if page["next_cursor"] is None:
                return found
            page = self.read(f"{rest}{'&' if '?' in rest else '?'}cursor={page['next_cursor']}")


@pytest.fixture
def program(app: Flask, newsroom: None) -> Callable[..., Program]:
    """Return a maker of programs whose token has some scopes; without any named, all of them."""

    def make(*scopes: str, days: int = 0) -> Program:
        with committed():
            keeper, _link = add_staff("owner@newsroom.example", "owner", SYSTEM)
            row, token = make_token("Supporter list", scopes or SCOPES, days, Who("staff", keeper.id))
        return Program(app, row, token)

    return make


@pytest.fixture
def much(gifts: Gifts, settle: Settle, box: Sandbox) -> list[Donation]:
    """Return gifts of many kinds: single, repeated, given back in part, only tried, of somebody who was forgotten."""
    made = [
        gifts.paid(AMAL, amount="25.00", cover="1.06"),
        gifts.paid(NOAM, amount="15.00", frequency="month"),
        gifts.paid(PETRA, amount="40.00"),
        gifts.paid(YARA, amount="9.00", appeal_id=None, article_id=None, article_slug=""),
        gifts.begin(AMAL, amount="7.00"),
    ]
    settle()
    give_back(fresh(made[0]), "5.00")
    with committed():
        wish = ask_erasure(db.session.get_one(Donor, fresh(made[2]).donor_id), "command", SYSTEM)
    forget_person(wish.id)
    settle()
    # Stripe tells a moment later what each brought, and appeals count by that.
    box.advance(seconds=10)
    settle()
    return [fresh(each) for each in made]
