"""A connection to an address that was looked at: to that address and no other, and cut when its time is up."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from dataclasses import dataclass

import certifi

from donate.errors import Unreadable
from donate.reach.addresses import Resolver, Target, find_target, resolve_name


@dataclass
class _Ways:
    """How names are looked up, and whether this machine itself may be reached."""

    resolve: Resolver = resolve_name
    allow_loopback: bool = False
    post_to_loopback: bool = False


_ways = _Ways()


def connect(*, allow_loopback: bool = False, post_to_loopback: bool = False, resolve: Resolver = resolve_name) -> None:
    """Choose how addresses are reached.

    Args:
        allow_loopback: Whether this machine itself, at any port, may be read from: for tests and trials.
        post_to_loopback: Whether it may be posted to.
        resolve: Turns names into addresses.
    """
    _ways.allow_loopback = allow_loopback
    _ways.post_to_loopback = post_to_loopback
    _ways.resolve = resolve


def look_at(url: str) -> Target:
    """Look at an address to read from, and at what its name leads to, once: the connection goes nowhere else.

    Args:
        url: An http or https address.

    Raises:
        Unreadable: What ``find_target`` says.
    """
    return find_target(url, _ways.resolve, allow_loopback=_ways.allow_loopback)


def look_at_receiver(url: str) -> Target:
    """Look at an address to post to, likewise.

    Args:
        url: An https address; http only on this machine itself, where that may be posted to.

    Raises:
        Unreadable: What ``find_target`` says, and ``not_https``.
    """
    target = find_target(url, _ways.resolve, allow_loopback=_ways.post_to_loopback)
    if target.scheme != "https" and not target.is_here:
        raise Unreadable("not_https", host=target.host)
    return target


class Clockwork:
    """Cuts the connection when the time is up, whatever it is waiting for then.

    Args:
        seconds: How long all of it may take.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.is_over = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Clockwork:
        self._timer.start()
        return self

    def __exit__(self, *_problem: object) -> None:
        self._timer.cancel()

    def watch(self, connection: socket.socket) -> None:
        """Cut this connection when the time is up."""
        self._socket = connection
        if self.is_over:
            self._cut()

    def check(self) -> None:
        """Refuse to go on when the time is up.

        Raises:
            Unreadable: ``too_slow`` (seconds).
        """
        if self.is_over:
            raise Unreadable("too_slow", seconds=int(self.seconds))

    def _cut(self) -> None:
        self.is_over = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                # The plain socket's own: that of TLS would unwrap it under the reader's hands.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class Connection(http.client.HTTPConnection):
    """Speaks to the addresses that were looked at, in the name they were looked up for.

    Args:
        target: Just looked at.
        connect_seconds: How long each of its addresses may take to answer.
        clockwork: Counts all the rest.
    """

    def __init__(self, target: Target, connect_seconds: float, clockwork: Clockwork) -> None:
        super().__init__(target.host, target.port)
        self._target, self._connect_seconds, self._clockwork = target, connect_seconds, clockwork

    def connect(self) -> None:
        """Connect to the first address that answers."""
        problem: OSError = OSError("no address")
        for address in self._target.addresses[:4]:
            self._clockwork.check()
            try:
                self.sock = socket.create_connection((address, self.port), self._connect_seconds)
                break
            except OSError as found:
                problem = found
        else:
            raise problem
        # From here on the clockwork alone counts.
        self.sock.settimeout(self._clockwork.seconds)
        self._clockwork.watch(self.sock)
        if self._target.scheme == "https":
            self.sock = _trusted().wrap_socket(self.sock, server_hostname=self._target.host)
            self._clockwork.watch(self.sock)


def why(problem: OSError | http.client.HTTPException, target: Target, connect_seconds: float) -> Unreadable:
    """Say what a connection ended with.

    Args:
        problem: What was raised, after the clockwork was checked.
        target: Where it went.
        connect_seconds: As the connection had.
    """
    if isinstance(problem, ssl.SSLError):
        return Unreadable("not_trusted", host=target.host)
    if isinstance(problem, TimeoutError):
        return Unreadable("too_slow", seconds=int(connect_seconds))
    if isinstance(problem, http.client.HTTPException):
        return Unreadable("broken_answer", host=target.host)
    return Unreadable("no_answer", host=target.host, says=problem.strerror or "no connection")


def _trusted() -> ssl.SSLContext:
    context = ssl.create_default_context()
    # A bare machine has no list of authorities of its own.
    context.load_verify_locations(certifi.where())
    return context
