"""A granian server under measurement, and what it spends on a request."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """Give a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """Granian serving one application on loopback.

    Args:
        target: ``module:app``.
        environ: Added to the environment.
        workers: Processes that serve.
        threads: Of each.
    """

    def __init__(
        self, target: str, environ: Mapping[str, str] | None = None, *, workers: int = 1, threads: int = 1
    ) -> None:
        self.port = free_port()
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
            "--workers", str(workers), "--blocking-threads", str(threads), "--no-ws", "--log-level", "error", target,
        ]  # fmt: skip
        self.process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **(environ or {})}, start_new_session=True
        )
        self._wait()

    def _wait(self) -> None:
        for _ in range(200):
            try:
                self.get("/healthz")
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("the server did not come up")

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> http.client.HTTPResponse:
        """Ask once and read the whole answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path, headers=dict(headers or {}))
        answer = connection.getresponse()
        answer.body = answer.read()  # type: ignore[attr-defined]
        connection.close()
        return answer

    def cpu(self) -> float:
        """Tell the CPU seconds all processes of the server have used."""
        return cpu_of_tree(self.process.pid)

    def spend(self, path: str, times: int, headers: Mapping[str, str] | None = None, expect: int = 200) -> float:
        """Ask many times for one path; give the server's CPU milliseconds a request.

        Args:
            path: What to ask for.
            times: How often.
            headers: Sent along.
            expect: The status each answer must have.
        """
        return self.spend_on([path] * times, headers, expect)

    def spend_on(self, paths: Sequence[str], headers: Mapping[str, str] | None = None, expect: int = 200) -> float:
        """Ask for paths one after another over one connection; give the server's CPU milliseconds a request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        before = self.cpu()
        for path in paths:
            connection.request("GET", path, headers=dict(headers or {}))
            answer = connection.getresponse()
            answer.read()
            if answer.status != expect:
                raise RuntimeError(f"{path}: {answer.status}, not {expect}")
        spent = self.cpu() - before
        connection.close()
        return spent / len(paths) * 1000

    def end(self) -> None:
        """End the server and its workers."""
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def cpu_of_tree(pid: int) -> float:
    """Tell the CPU seconds that a process and all it started have used."""
    return sum(_cpu_of(each) for each in _tree(pid))


def _tree(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            children = (task / "children").read_text().split()
        except OSError:
            continue
        for child in children:
            found += _tree(int(child))
    return found


def _cpu_of(pid: int) -> float:
    # https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html : fields 14 and 15, after the name in brackets.
    after = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after[11]) + int(after[12])) / _TICKS
