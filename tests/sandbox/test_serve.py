"""The served sandbox delivers by itself, stops when told, and binds to this machine only."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
import stripe

from donate.sandbox.serve import serve
from tests.make.second_opinion import Opinion


def test_another_host_is_refused() -> None:
    with pytest.raises(ValueError, match="this machine only"):
        serve(0, ":memory:", host="0.0.0.0")


def test_it_serves_the_api_delivers_and_stops(tmp_path: Path, second_opinion: Opinion | None) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = f"from donate.sandbox.serve import serve; serve({port}, {str(tmp_path / 'box.db')!r})"
    process = subprocess.Popen([sys.executable, "-W", "error", "-c", code], cwd=Path(__file__).parents[2],
                               stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": "."})  # fmt: skip
    try:
        _wait(port)
        client = stripe.StripeClient("sk_test_x", base_addresses={"api": f"http://127.0.0.1:{port}"})
        hook = f"http://127.0.0.1:{port}/v1/nothing"  # answers 404: tried, and to be tried again
        client.v1.webhook_endpoints.create({"url": hook, "enabled_events": ["*"]})
        customer = client.v1.customers.create({"email": "a@example.org"})
        assert client.v1.customers.retrieve(customer.id).email == "a@example.org"
        deadline = time.monotonic() + 10
        while not any("/v1/nothing" in one["path"] for one in _get(port, "/_sandbox/requests")):
            assert time.monotonic() < deadline, "nothing was delivered"
            time.sleep(0.05)
        assert second_opinion is None or second_opinion.review(f"http://127.0.0.1:{port}", "sk_test_x") == []
    finally:
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors.decode()
    assert errors == b""


def _get(port: int, path: str) -> list[dict[str, str]]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        found: list[dict[str, str]] = json.loads(answer.read())
        return found


def _wait(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < deadline, "the sandbox did not start"
            time.sleep(0.05)
