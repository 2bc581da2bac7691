"""The real processes over HTTP: sandbox, web and worker, each on its own port, with a folder of their own."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.make.outbox import Outbox

if TYPE_CHECKING:
    from tests.make.second_opinion import Opinion

ROOT = Path(__file__).resolve().parents[2]
_FLASK = [sys.executable, "-m", "flask"]
_WAIT_SECONDS = 60
_PORTS = range(20_000, 32_000)
_given: set[int] = set()
# A test run that is killed takes these along (util-linux, which every Debian has).
_WITH_US = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []


class Live:
    """A newsroom that is open: its addresses, its mail, and hands to stop and start its processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = f"http://127.0.0.1:{free_port()}"
        self.box = f"http://127.0.0.1:{free_port()}"
        self.outbox = Outbox(folder / "outbox")
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.environ = {
            **{name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")},
            "DONATE_NO_DEMO_ENV": "1",
            "PYTHONUNBUFFERED": "1",
            "PYTHONWARNINGS": "default",
            "DATABASE_URL": f"sqlite:///{folder / 'live.db'}",
            "SECRET_KEY": "a secret of the journeys",
            "SITE_URL": self.site,
            "STRIPE_SECRET_KEY": "sk_test_of_the_journeys",
            "STRIPE_PUBLISHABLE_KEY": "pk_test_of_the_journeys",
            "STRIPE_API_BASE": self.box,
            "MAIL_URL": f"file:{folder / 'outbox'}",
            # Browsers say which network they come from, as a proxy would.
            "TRUSTED_PROXIES": "1",
            # The programs that are told things are on this machine too.
            "HOOKS_TO_LOOPBACK": "1",
        }

    def open(self) -> None:
        """Migrate, load the sample newsroom, start all three processes."""
        port = urllib.parse.urlsplit(self.box).port
        self.start("sandbox", [*_FLASK, "sandbox", "serve", "--port", str(port), "--db", str(self.folder / "box.db")])
        self.run("db", "upgrade")
        self.say([sys.executable, "-m", "tests.make.furnish"])
        self.wait_for(f"{self.box}/_sandbox/clock")
        said = self.run("stripe", "setup")
        secret = re.search(r"STRIPE_WEBHOOK_SECRET=(\S+)", said)
        assert secret is not None, said
        self.environ["STRIPE_WEBHOOK_SECRET"] = secret[1]
        self.start("web", [*_FLASK, "serve", "--workers", "1"])
        self.start("worker", [*_FLASK, "worker"])
        self.wait_for(f"{self.site}/readyz")

    def run(self, *words: str) -> str:
        """Run a flask command to its end and give what it printed."""
        return self.say([*_FLASK, *words])

    def asks(self, *words: str) -> int:
        """Run a flask command to its end and give the code it ended with."""
        command = [*_FLASK, *words]
        return subprocess.run(command, cwd=ROOT, env=self.environ, capture_output=True, timeout=300).returncode

    def say(self, command: list[str]) -> str:
        """Run a command to its end and give what it printed."""
        done = subprocess.run(command, cwd=ROOT, env=self.environ, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    def start(self, name: str, command: list[str]) -> None:
        """Start a process that writes into its own log."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [*_WITH_US, *command], cwd=ROOT, env=self.environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def wait_for(self, url: str) -> None:
        """Wait until an address answers 200; a process that ended meanwhile fails."""
        until = time.monotonic() + _WAIT_SECONDS
        while time.monotonic() < until:
            for name, process in self.processes.items():
                assert process.poll() is None, f"{name} ended: {self.log(name)}"
            try:
                with urllib.request.urlopen(url, timeout=5) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"{url} did not answer: {[self.log(name) for name in self.processes]}")

    def advance(self, days: int) -> None:
        """Move the sandbox's clock; returns when all deliveries have been answered and the worker has done them."""
        self.run("sandbox", "advance", "--days", str(days))
        time.sleep(1.1)  # every process asks the sandbox's clock once a second: none draws a form of an earlier day now

    def an_appeal(self) -> str:
        """Give the slug of an appeal of the sample newsroom."""
        facts = tomllib.loads((ROOT / "donate" / "commands" / "sample" / "appeals.toml").read_text())
        slug: str = facts["appeals"][0]["slug"]
        return slug

    def log(self, name: str) -> str:
        """Give what a process wrote so far."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def close(self) -> None:
        """End what was started, by its id."""
        for process in reversed(self.processes.values()):
            if process.poll() is None:
                process.terminate()
        for process in self.processes.values():
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def free_port() -> int:
    """Find a port of this machine that nobody uses, and that stays free until its server starts.

    Linux gives 32768 and up to connections that go out: one of those could take the port meanwhile.
    """
    while True:
        port = _PORTS.start + secrets.randbelow(len(_PORTS))
        if port in _given:
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        _given.add(port)
        return port


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory, second_opinion: Opinion | None) -> Iterator[Live]:
    """Return an open newsroom of real processes; an error in a log, or what Stripe's document has otherwise, fails."""
    newsroom = Live(tmp_path_factory.mktemp("live"))
    try:
        newsroom.open()
        yield newsroom
        if second_opinion is not None:
            assert second_opinion.review(newsroom.box, newsroom.environ["STRIPE_SECRET_KEY"]) == []
    finally:
        newsroom.close()
    for name in newsroom.processes:
        # A browser that keeps its connection open makes the server end its worker the hard way: after the tests.
        said = re.sub(r"\[WARNING\] Killing worker-\d+ after it refused[^\n]*", "", newsroom.log(name))
        # Who presses beyond their role is refused, and the log says so: some journeys mean just that.
        said = re.sub(r"[^\n]*\[warning *\] refused [^\n]*permission=[^\n]*", "", said)
        assert not re.search(r"Traceback|\berror\b|\bWarning\b", said, re.IGNORECASE), f"{name} said: {said}"
