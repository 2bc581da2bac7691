"""Coming in as a reader or a staff member does: by the mail, the button, the code and the authenticator."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from donate import clock
from donate.db import committed
from donate.team.hire import add_staff
from donate.team.history import SYSTEM
from donate.team.models import Staff
from donate.team.queries import get_staff
from donate.team.second_factor import secret_of
from tests.make.outbox import Outbox, text_of

Work = Callable[[], int]


def hidden(page: str) -> dict[str, str]:
    """Read the hidden fields of a page's first form."""
    form = page[page.index("<form") : page.index("</form")]
    fields = {}
    for tag in re.findall(r'<input type="hidden"[^>]*>', form):
        found = dict(re.findall(r'(name|value)="([^"]*)"', tag))
        fields[found["name"]] = html.unescape(found["value"])
    return fields


def press(client: FlaskClient, path: str, form: str = "", **typed: str) -> TestResponse:
    """Open a page and press its button, or send its token to another address.

    Args:
        client: The browser.
        path: The page.
        form: Where the form leads; empty is the page's own address.
        typed: What is filled in.
    """
    shown = client.get(path)
    assert shown.status_code == 200, f"{path}: {shown.status} {shown.headers.get('Location')}"
    return client.post(form or path, data={**hidden(shown.text), **typed})


@dataclass(frozen=True)
class Keys:
    """What a sign-in mail holds.

    Args:
        link: Its path.
        code: Six digits.
    """

    link: str
    code: str


def keys_of(letter: EmailMessage) -> Keys:
    """Read the link and the code of a mail."""
    text = text_of(letter)
    link = re.search(r"https?://[^/\s]+(\S*/signin/link/\S+)", text)
    code = re.search(r"^(\d{6})$", text, re.MULTILINE)
    assert link is not None, text
    assert code is not None, text
    return Keys(link[1], code[1])


class Comings:
    """Ways in, for as many people and browsers as a test needs."""

    def __init__(self, app: Flask, work: Work, outbox: Outbox) -> None:
        self.app = app
        self.work = work
        self.outbox = outbox
        #: The code that set each colleague's second factor, by address: used, whatever the clock says by now.
        self.spent: dict[str, str] = {}

    def browser(self) -> FlaskClient:
        """Open another browser, that nobody has used."""
        return self.app.test_client()

    def ask(self, client: FlaskClient, email: str, *, form: str = "/signin", **typed: str) -> TestResponse:
        """Ask for a mail, and let it go out."""
        answer = press(client, form, email=email, **typed)
        self.work()
        return answer

    def mailed(self, email: str) -> Keys:
        """Read the newest mail to an address."""
        return keys_of(self.outbox.to(email)[-1])

    def use_link(self, client: FlaskClient, link: str) -> TestResponse:
        """Open a link and press the button."""
        return press(client, link, "/signin/link")

    def member(self, email: str, client: FlaskClient | None = None) -> FlaskClient:
        """Sign in as a member by the mailed link, and give the browser."""
        client = client or self.browser()
        self.ask(client, email)
        answer = self.use_link(client, self.mailed(email.strip().lower()).link)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/account"), answer.text
        return client

    def hire(self, role: str = "owner", email: str = "") -> tuple[str, str]:
        """Add a staff member; give their address and the path of their first link."""
        email = email or f"{role}@newsroom.example"
        with committed():
            _staff, token = add_staff(email, role, SYSTEM)
        return email, f"/signin/link/{token}"

    def colleague(self, role: str = "owner", email: str = "") -> FlaskClient:
        """Add a staff member and bring them to the desk, second factor and all."""
        email, link = self.hire(role, email)
        client = self.browser()
        assert self.use_link(client, link).headers["Location"].startswith("/signin/second")
        self.spent[email] = self.code_now(get_staff(email))
        answer = press(client, "/signin/second/set", code=self.spent[email])
        assert answer.status_code == 200, answer.text
        return client

    def code_now(self, staff: Staff, *, later: int = 0) -> str:
        """Give what the authenticator shows, some half minutes later."""
        step = int(clock.real_now().timestamp()) // 30 + later
        return pyotp.TOTP(secret_of(staff)).generate_otp(step)


@pytest.fixture
def comings(app: Flask, newsroom: None, work: Work, outbox: Outbox) -> Comings:
    """Return ways to come in to the sample newsroom."""
    return Comings(app, work, outbox)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Return a way to let real time pass, as sessions and limits see it."""
    real, passed = clock.real_now, timedelta()

    def moved() -> datetime:
        return real() + passed

    def let_pass(time: timedelta) -> None:
        nonlocal passed
        passed += time

    monkeypatch.setattr(clock, "real_now", moved)
    return let_pass
