"""Another program of the newsroom, on this machine: takes what hooks send, checks it by itself, answers as told."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from flask import Flask

from donate.connections.hooks import HookWish, make_hook
from donate.connections.kinds import KINDS
from donate.connections.models import Hook
from donate.db import committed
from donate.reach import connection
from donate.team.hire import add_staff
from donate.team.history import SYSTEM, Who

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Taken:
    """One message as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """What it says."""
        return json.loads(self.body)

    @property
    def id(self) -> str:
        """Its ``webhook-id``."""
        return self.headers["webhook-id"]

    def is_signed_with(self, secret: str) -> bool:
        """Check its signature as the specification says, with nothing of ours."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = b".".join((self.id.encode(), self.headers["webhook-timestamp"].encode(), self.body))
        wanted = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return wanted in self.headers["webhook-signature"].split(" ")


@dataclass
class Receiver:
    """The program: ``status`` is what it answers, or ``answer`` writes to the socket itself."""

    port: int = 0
    status: int = 204
    text: str = ""
    answer: Answer | None = None
    taken: list[Taken] = field(default_factory=list)
    #: Names that lead elsewhere than to this machine, each look-up taking the next of its answers.
    elsewhere: dict[str, list[list[str]]] = field(default_factory=dict)
    looked_up: list[str] = field(default_factory=list)
    hooks: list[tuple[Hook, str]] = field(default_factory=list)

    def url(self, host: str = "crm.example", path: str = "/in") -> str:
        """Give its address."""
        return f"http://{host}:{self.port}{path}"

    def resolve(self, host: str, _port: int) -> list[str]:
        """Lead every name to this machine, but those that a test leads elsewhere."""
        self.looked_up.append(host)
        answers = self.elsewhere.get(host)
        if answers is None:
            return ["127.0.0.1"]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def hook(self, *kinds: str, personal: bool = False, url: str = "") -> tuple[Hook, str]:
        """Make a hook that leads here; give it and its secret."""
        with committed():
            wish = HookWish("Supporter list", url or self.url(), kinds or KINDS, personal)
            keeper, _token = add_staff("owner@newsroom.example", "owner", SYSTEM)
            made = make_hook(wish, Who("staff", keeper.id))
        self.hooks.append(made)
        return made

    def kinds(self) -> list[str]:
        """Give what it was told of, in order."""
        return [each.json["type"] for each in self.taken]


@contextmanager
def open_receiver() -> Iterator[Receiver]:
    """Serve a receiver on a free port."""
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.taken.append(Taken(self.path, dict(self.headers), body))
            if found.answer is not None:
                found.answer(self)
                return
            self.send_response(found.status)
            self.send_header("Content-Length", str(len(found.text.encode())))
            self.end_headers()
            self.wfile.write(found.text.encode())

        def do_GET(self) -> None:
            # Who followed a redirect would come so.
            found.taken.append(Taken(self.path, dict(self.headers), b""))

        def log_message(self, *_words: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_who: object) -> None:
            # Who breaks off reads no answer.
            pass

    server = Server(("127.0.0.1", 0), Handler)
    found.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def receiver(app: Flask) -> Iterator[Receiver]:
    """Return a receiver, which hooks of this process may lead to although it is this machine."""
    with open_receiver() as found:
        connection.connect(post_to_loopback=True, resolve=found.resolve)
        yield found
        connection.connect()
