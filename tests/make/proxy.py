"""A newsroom behind a keeping proxy: two web processes on one database, and nginx as docs/proxy.md sets it up."""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from tests.make.live import free_port

ROOT = Path(__file__).resolve().parents[2]
_WAIT_SECONDS = 60
# How nginx begins the file of a kept answer: version, valid until, stale for, on error for, changed, stored.
_HEAD = struct.Struct("@6q")


@dataclass(frozen=True)
class Answer:
    """One answer, with header names in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def cache(self) -> str:
        """What the proxy did: ``MISS``, ``HIT``, ``EXPIRED``…"""
        return self.headers.get("x-cache", "")

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


@dataclass(frozen=True)
class Stored:
    """What nginx itself wrote down about an answer it keeps, in seconds.

    Args:
        fresh: How long it is answered without asking.
        stale: How much longer it may be answered while a new one is fetched.
    """

    fresh: int
    stale: int


def why_not() -> str | None:
    """Say why there can be no proxy here; None where there can."""
    if find_nginx() is None:
        return "nginx is not installed (Debian: apt-get install nginx)"
    return None


def find_nginx() -> str | None:
    """Find the program, also where only root looks."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/sbin")


class Proxied:
    """Two web processes and nginx, each on a port of its own."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.webs = [free_port(), free_port()]
        self.port = free_port()
        self.processes: list[subprocess.Popen[bytes]] = []
        self.environ = {
            **{name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")},
            "DONATE_NO_DEMO_ENV": "1",
            "DATABASE_URL": database_url,
            "SECRET_KEY": "a secret of the proxy",
            "SITE_URL": f"http://127.0.0.1:{self.port}",
            "STRIPE_SECRET_KEY": "sk_test_of_the_proxy",
            "STRIPE_WEBHOOK_SECRET": "whsec_of_the_proxy",
            "MAIL_URL": f"file:{folder / 'outbox'}",
            "TRUSTED_PROXIES": "1",
        }

    def open(self) -> None:
        """Load the sample newsroom and start all three."""
        self._run("-m", "tests.make.furnish")
        for port in self.webs:
            self._start(str(port), [sys.executable, "-m", "flask", "serve", "--workers", "1", "--port", str(port)])
        program = find_nginx()
        assert program is not None
        self._start("nginx", [program, "-p", str(self.folder), "-c", str(self._configure())])
        for port in (*self.webs, self.port):
            self._wait_for(port)

    def pause(self, slug: str, status: str = "paused") -> None:
        """Put an appeal into a state, by a process that answers no reader."""
        self.put("appeal", slug, status)

    def put(self, what: str, *words: str) -> None:
        """Change what readers see, by a process that answers no reader.

        Args:
            what: As ``tests.make.put`` names it, such as ``flag``.
            words: Which one, and to what.
        """
        self._run("-m", "tests.make.put", what, *words)

    def get(self, path: str, *, web: int | None = None, **headers: str) -> Answer:
        """Ask the proxy, or one of the web processes behind it.

        Args:
            path: With its query.
            web: 0 or 1; None is the proxy.
            headers: With underscores for dashes.
        """
        port = self.port if web is None else self.webs[web]
        asked = urllib.request.Request(
            f"http://127.0.0.1:{port}{path}", headers={name.replace("_", "-"): text for name, text in headers.items()}
        )
        try:
            with urllib.request.urlopen(asked, timeout=20) as answer:
                status, got, body = answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                status, got, body = error.code, error.headers, error.read()
        return Answer(status, {name.lower(): value for name, value in got.items()}, body)

    def stored(self, path: str) -> Stored:
        """Read what nginx wrote down about an answer it keeps."""
        _version, valid_until, stale, _on_error, _changed, stored_at = _HEAD.unpack_from(self._file(path).read_bytes())
        assert abs(stored_at - time.time()) < 3600, "this nginx begins its files in another way"
        return Stored(valid_until - stored_at, stale)

    def age(self, path: str, seconds: int) -> None:
        """Make an answer that nginx keeps as old as if it had waited so long."""
        file = self._file(path)
        version, valid_until, stale, on_error, changed, stored_at = _HEAD.unpack_from(file.read_bytes())
        with file.open("r+b") as kept:
            earlier = int(time.time()) - seconds
            until = earlier + valid_until - stored_at
            kept.write(_HEAD.pack(version, until, stale, on_error, changed, earlier))

    def close(self) -> None:
        """End what was started, by its id."""
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _configure(self) -> Path:
        """Write nginx's file: what the document says, with this run's ports and folders."""
        pieces = re.findall(r"```nginx\n(.*?)```", (ROOT / "docs" / "proxy.md").read_text(), re.DOTALL)
        said = "\n".join(pieces)
        changes = {
            "server 127.0.0.1:5000;": " ".join(f"server 127.0.0.1:{port};" for port in self.webs),
            "/var/cache/nginx/donate": str(self.folder / "cache"),
            "listen 443 ssl;": f"listen 127.0.0.1:{self.port};",
            "    ssl_certificate /etc/ssl/news.example.org.pem;\n": "",
            "    ssl_certificate_key /etc/ssl/news.example.org.key;\n": "",
        }
        for old, new in changes.items():
            assert said.count(old) == 1, f"docs/proxy.md should say once: {old}"
            said = said.replace(old, new)
        scratch = "\n".join(
            f"{kind}_temp_path {self.folder / kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root;" if os.geteuid() == 0 else ""
        file = self.folder / "nginx.conf"
        file.write_text(
            f"{user} daemon off; worker_processes 2; pid {self.folder / 'nginx.pid'};\n"
            f"error_log {self.folder / 'nginx.log'};\nevents {{ }}\nhttp {{\naccess_log off;\n{scratch}\n{said}\n}}\n"
        )
        return file

    def _file(self, path: str) -> Path:
        wanted = f"KEY: http127.0.0.1{path}\n".encode()
        for _ in range(100):
            # nginx answers first and files the answer then: under "<name>.<number>" while it writes.
            files = [file for file in (self.folder / "cache").rglob("*") if file.is_file() and not file.suffix]
            found = [file for file in files if wanted in file.read_bytes()]
            if len(found) == 1:
                return found[0]
            time.sleep(0.1)
        raise AssertionError(f"{path} is not kept, or kept twice")

    def _run(self, *words: str) -> None:
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=self.environ, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def _start(self, name: str, command: list[str]) -> None:
        with (self.folder / f"{name}.out").open("ab") as log:
            self.processes.append(
                subprocess.Popen(command, cwd=ROOT, env=self.environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            )

    def _wait_for(self, port: int) -> None:
        until = time.monotonic() + _WAIT_SECONDS
        while time.monotonic() < until:
            assert all(process.poll() is None for process in self.processes), self._said()
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"port {port} did not answer: {self._said()}")

    def _said(self) -> str:
        return "\n".join(file.read_text(errors="replace") for file in self.folder.glob("*.out"))
