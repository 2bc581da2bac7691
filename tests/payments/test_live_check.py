"""The check on a real account: skipped without a key, never on a live one, and sound where the sandbox answers."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from werkzeug.serving import make_server

from donate import clock, payments
from donate.sandbox.app import Sandbox
from donate.sandbox.serve import QuietHandler
from tests import live_check


@pytest.fixture
def address() -> Iterator[str]:
    """Return the address of a sandbox of its own, in real time."""
    box = Sandbox(check_responses=True)
    server = make_server("127.0.0.1", 0, box.wsgi, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    clock.follow(None)
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    box.close()
    payments.connect("", "")


def test_without_a_key_it_says_why_it_is_skipped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("STRIPE_SECRET_KEY", raising=False)
    assert live_check.main() == 0
    assert capsys.readouterr().out.startswith("skipped: STRIPE_SECRET_KEY is not set")


def test_a_live_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_live_1")
    assert live_check.main() == 1


def test_every_step_goes_well_where_the_sandbox_answers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_test_1")
    monkeypatch.setenv("STRIPE_API_BASE", address)
    assert live_check.main() == 0, capsys.readouterr().out
