"""Real processes under a supervisor, on SQLite or on a PostgreSQL of their own; any of them may be killed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from tests.make import application, cluster
from tests.make.live import ROOT, Live

_DOOM = [sys.executable, "-m", "tests.make.doom"]
# A busy machine starts a process slowly; whoever waits fails only when nothing comes at all.
_PATIENCE_SECONDS = 120


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)


class Supervised(Live):
    """Sandbox, web and two workers; what died is started again, as an init system would.

    Args:
        folder: For its files.
        database: ``sqlite`` or ``postgresql``.
    """

    def __init__(self, folder: Path, database: str) -> None:
        super().__init__(folder)
        self.killed = 0
        #: What is not started again for the while.
        self.resting: set[str] = set()
        self.cluster: cluster.Cluster | None = None
        if database == "postgresql":
            programs = cluster.find_programs()
            assert programs is not None
            # A short path that its own user may walk: the socket stands in it.
            self.cluster = cluster.Cluster(Path(tempfile.mkdtemp(prefix="drill-pg-")), programs)
            # It is going to crash: what was committed must be there afterwards, as in service.
            self.cluster.start(application.migrate, durable=True)
            self.environ["DATABASE_URL"] = self.cluster.copy("drill")

    def open(self) -> None:
        """Migrate, furnish, and start everything."""
        port = urllib.parse.urlsplit(self.box).port
        flask = [sys.executable, "-m", "flask"]
        self.start("sandbox", [*flask, "sandbox", "serve", "--port", str(port), "--db", str(self.folder / "box.db")])
        self.run("db", "upgrade")
        self.say([sys.executable, "-m", "tests.make.furnish"])
        self.wait_for(f"{self.box}/_sandbox/clock")
        said = self.run("stripe", "setup")
        secret = re.search(r"STRIPE_WEBHOOK_SECRET=(\S+)", said)
        assert secret is not None, said
        self.environ["STRIPE_WEBHOOK_SECRET"] = secret[1]
        self.supervise()

    def supervise(self) -> None:
        """Start what is not running; count what was killed."""
        wanted = {
            "web": ["web", str(urllib.parse.urlsplit(self.site).port)],
            "worker_1": ["flask", "worker"],
            "worker_2": ["flask", "worker"],
        }
        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until:
            for name, words in wanted.items():
                process = self.processes.get(name)
                if name not in self.resting and (process is None or process.poll() is not None):
                    self.killed += process is not None
                    self.start(name, [*_DOOM, *words])
            if self.ask(f"{self.site}/readyz")[0] == 200:
                return
            time.sleep(0.05)
        raise AssertionError(f"web does not come back: {self.log('web')}")

    def rest(self, *names: str) -> None:
        """End processes politely, and start them again only when told to wake."""
        self.resting.update(names)
        for name in names:
            self.end(name)

    def wake(self) -> None:
        """Start all that rests or died."""
        self.resting.clear()
        self.supervise()

    def doom(self, name: str, point: str) -> None:
        """Replace a process by one that dies at a point.

        Args:
            name: ``web`` or ``worker_1``.
            point: Such as ``after_stripe:1``.
        """
        if name in self.processes:
            self.end(name)
        words = ["web", str(urllib.parse.urlsplit(self.site).port)] if name == "web" else ["flask", "worker"]
        self.environ["DOOM"] = point
        self.start(name, [*_DOOM, *words])
        del self.environ["DOOM"]
        if name == "web":
            self.wait_until_answers()

    def wait_until_dead(self, name: str) -> None:
        """Wait until a doomed process has killed itself."""
        try:
            ended = self.processes[name].wait(timeout=_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise AssertionError(f"{name} never came to where it was to die: {self.log(name)[-3000:]}") from error
        assert ended == -9, f"{name} ended by itself: {self.log(name)[-3000:]}"

    def end(self, name: str) -> None:
        """End a process politely."""
        process = self.processes[name]
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=20)

    def wait_until_answers(self) -> None:
        """Wait until the web process listens; one that is doomed may die of the first request that matters."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until and self.processes["web"].poll() is None:
            try:
                with _OPENER.open(f"{self.site}/healthz", timeout=5):
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"web did not come up: {self.log('web')}")

    def act(self, *words: str, doom: str = "") -> subprocess.CompletedProcess[str]:
        """Run one act in a process of its own and give how it ended."""
        environ = {**self.environ, **({"DOOM": doom} if doom else {})}
        done = subprocess.run(
            [*_DOOM, *words], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=300, check=False
        )
        self.killed += done.returncode == -9
        return done

    def counted(self) -> dict[str, Any]:
        """Give what is in the rows."""
        found: dict[str, Any] = json.loads(self.act("count").stdout)
        return found

    def ask(self, url: str, data: bytes | None = None, headers: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Ask for an address; give status, text, and where it leads. 0 where nobody answered.

        Args:
            url: Whole.
            data: To post it.
            headers: Sent along.
        """
        request = urllib.request.Request(url, data, headers or {})
        try:
            with _OPENER.open(request, timeout=60) as answer:
                return answer.status, answer.read().decode(), ""
        except urllib.error.HTTPError as other:
            with other:
                return other.code, other.read().decode(errors="replace"), other.headers.get("Location", "")
        except OSError:
            return 0, "", ""

    def stripe(self, path: str, **asked: str) -> Any:
        """Ask the sandbox as Stripe is asked, every page of a list."""
        key = {"Authorization": f"Bearer {self.environ['STRIPE_SECRET_KEY']}"}
        found: list[Any] = []
        while True:
            _, text, _ = self.ask(f"{self.box}{path}?{urllib.parse.urlencode({**asked, 'limit': '100'})}", None, key)
            page = json.loads(text)
            found += page["data"]
            if not page["has_more"]:
                return found
            asked["starting_after"] = page["data"][-1]["id"]

    def sandbox(self, path: str, **values: str) -> int:
        """Use one of the sandbox's own handles; give the status."""
        return self.ask(f"{self.box}/_sandbox/{path}", urllib.parse.urlencode(values).encode())[0]

    def faults(self, *faults: dict[str, Any]) -> None:
        """Let the sandbox misbehave."""
        body = json.dumps(list(faults)).encode()
        status, text, _ = self.ask(f"{self.box}/_sandbox/faults", body, {"Content-Type": "application/json"})
        assert status == 200, text

    def restart_database(self) -> None:
        """Restart PostgreSQL as a crash would; SQLite has no server to lose."""
        if self.cluster is not None:
            self.cluster.restart()

    def close(self) -> None:
        """End everything by its id."""
        super().close()
        if self.cluster is not None:
            self.cluster.stop()
            shutil.rmtree(self.cluster.folder, ignore_errors=True)
