"""Reading from an address that someone else wrote: public hosts only, a few redirects, bounded in size and time."""

from __future__ import annotations

import contextlib
import http.client
import re
import socket
import ssl
import tempfile
import threading
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, cast
from urllib.parse import urljoin

import certifi

from donate.articles.addresses import Resolver, Target, find_target, resolve_name
from donate.db import refuse_inside_committed
from donate.errors import Unreadable

_REDIRECTS = 5
_HEADERS = {"User-Agent": "donate/0.1 (articles)", "Accept-Encoding": "gzip", "Connection": "close"}
_PIECE = 64 * 1024
_IN_MEMORY = 2 * 1024 * 1024
# Sites that name no kind send none, or the one for any bytes; what it is, its content tells.
_KINDS = re.compile(r"(text/|application/([\w.-]+\+)?(xml|json)\b|application/(octet-stream|x?html|rss|atom|rdf))")


@dataclass(frozen=True)
class Limits:
    """How much a source may send, and how long it may take: bytes and seconds."""

    most: int = 50 * 1024 * 1024
    most_html: int = 5 * 1024 * 1024
    connect: float = 5
    total: float = 30


@dataclass(frozen=True)
class Fetched:
    """An answer: its body in a temporary file, its headers by lower-case name."""

    url: str
    status: int
    headers: Mapping[str, str]
    file: BinaryIO

    @property
    def charset(self) -> str:
        """The encoding its header says, or nothing."""
        found = re.search(r"charset\s*=\s*\"?([\w.:-]+)", self.headers.get("content-type", ""))
        return found[1] if found else ""


@dataclass
class _Ways:
    """How names are looked up, and whether this machine itself may be read from."""

    resolve: Resolver = resolve_name
    allow_loopback: bool = False


_ways = _Ways()


def connect(*, allow_loopback: bool = False, resolve: Resolver = resolve_name) -> None:
    """Choose how addresses are reached.

    Args:
        allow_loopback: Whether this machine itself, at any port, may be read from: for tests and trials.
        resolve: Turns names into addresses.
    """
    _ways.allow_loopback = allow_loopback
    _ways.resolve = resolve


def fetch(
    url: str, *, limits: Limits | None = None, etag: str = "", last_modified: str = "", accept: str = "*/*"
) -> Fetched:
    """Fetch an address; close the answer's file when it has been read.

    Every hop's name is resolved once, all its addresses are looked at, and the connection goes to one of those:
    no second look-up can lead elsewhere. No cookie, no name and no password is sent or kept.

    Args:
        url: http or https.
        limits: How much and how long; None is 50 MB (5 MB of a page) and 30 seconds.
        etag: Of the answer known already: 304 comes back where it still holds.
        last_modified: The same, by date.
        accept: The kinds that are wanted.

    Raises:
        Unreadable: What ``find_target`` says; ``no_answer`` (host, says), ``not_trusted`` (host), ``too_slow``
            (seconds), ``answered`` (status), ``redirects``, ``answer_too_large`` (most), ``kind_refused`` (kind),
            ``packed_badly``, ``broken_answer``.
    """
    refuse_inside_committed("reading from an address")
    limits = limits or Limits()
    headers = {"Accept": accept, **_HEADERS}
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    with _Clockwork(limits.total) as clockwork:
        for _hop in range(_REDIRECTS + 1):
            target = find_target(url, _ways.resolve, allow_loopback=_ways.allow_loopback)
            answer = _ask(target, headers, limits, clockwork)
            if isinstance(answer, Fetched):
                return answer
            url = answer
    raise Unreadable("redirects", most=_REDIRECTS)


class _Clockwork:
    """Cuts the connection when the time is up, whatever it is waiting for then."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.is_over = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> _Clockwork:
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


class _Connection(http.client.HTTPConnection):
    """Speaks to the addresses that were looked at, in the name they were looked up for."""

    def __init__(self, target: Target, limits: Limits, clockwork: _Clockwork) -> None:
        super().__init__(target.host, target.port)
        self._target, self._limits, self._clockwork = target, limits, clockwork

    def connect(self) -> None:
        """Connect to the first address that answers."""
        problem: OSError = OSError("no address")
        for address in self._target.addresses[:4]:
            self._clockwork.check()
            try:
                self.sock = socket.create_connection((address, self.port), self._limits.connect)
                break
            except OSError as found:
                problem = found
        else:
            raise problem
        # From here on the clockwork alone counts.
        self.sock.settimeout(self._limits.total)
        self._clockwork.watch(self.sock)
        if self._target.scheme == "https":
            self.sock = _trusted().wrap_socket(self.sock, server_hostname=self._target.host)
            self._clockwork.watch(self.sock)


def _trusted() -> ssl.SSLContext:
    context = ssl.create_default_context()
    # A bare machine has no list of authorities of its own.
    context.load_verify_locations(certifi.where())
    return context


def _ask(target: Target, headers: Mapping[str, str], limits: Limits, clockwork: _Clockwork) -> Fetched | str:
    """Make one request: the answer, or the address it redirects to."""
    connection = _Connection(target, limits, clockwork)
    opened = contextlib.ExitStack()
    try:
        connection.request("GET", target.path, headers={"Host": target.host_header, **headers})
        response = opened.enter_context(contextlib.closing(connection.getresponse()))
        location = response.headers.get("Location")
        if response.status in (301, 302, 303, 307, 308) and location:
            return urljoin(target.url, location)
        return _take(target, response, limits, clockwork)
    except ssl.SSLError as problem:
        clockwork.check()
        raise Unreadable("not_trusted", host=target.host) from problem
    except (OSError, http.client.HTTPException) as problem:
        clockwork.check()
        if isinstance(problem, TimeoutError):
            raise Unreadable("too_slow", seconds=int(limits.connect)) from problem
        if isinstance(problem, http.client.HTTPException):
            raise Unreadable("broken_answer", host=target.host) from problem
        raise Unreadable("no_answer", host=target.host, says=problem.strerror or "no connection") from problem
    finally:
        # The answer owns the connection's socket once its head is read.
        opened.close()
        connection.close()


def _take(target: Target, response: http.client.HTTPResponse, limits: Limits, clockwork: _Clockwork) -> Fetched:
    """Take an answer's body, as much of it as is allowed."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if response.status not in (200, 304):
        raise Unreadable("answered", status=response.status)
    if kind and response.status == 200 and not _KINDS.match(kind):
        raise Unreadable("kind_refused", kind=kind[:80])
    most = limits.most_html if kind in ("text/html", "application/xhtml+xml") else limits.most
    file = cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115  # its reader closes it
    try:
        size = 0
        for piece in _unpacked(_pieces(response, most), headers.get("content-encoding", "").strip().lower()):
            size += len(piece)
            if size > most:
                raise _too_large(most)
            file.write(piece)
        # A connection that was cut looks like one that ended.
        clockwork.check()
        if response.length:
            raise Unreadable("broken_answer", host=target.host)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return Fetched(target.url, response.status, headers, file)


def _pieces(response: http.client.HTTPResponse, most: int) -> Iterator[bytes]:
    taken = 0
    while piece := response.read(_PIECE):
        taken += len(piece)
        if taken > most:
            raise _too_large(most)
        yield piece


def _unpacked(pieces: Iterator[bytes], coding: str) -> Iterator[bytes]:
    """Unpack gzip in small pieces, so that a little never becomes a lot before it is counted."""
    if coding in ("", "identity"):
        yield from pieces
        return
    if coding not in ("gzip", "x-gzip"):
        raise Unreadable("packed_badly")
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        for piece in pieces:
            while piece:
                yield unpacker.decompress(piece, _PIECE)
                piece = unpacker.unconsumed_tail
                if unpacker.eof:
                    piece = unpacker.unused_data
                    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        yield unpacker.flush()
    except zlib.error as problem:
        raise Unreadable("packed_badly") from problem


def _too_large(most: int) -> Unreadable:
    return Unreadable("answer_too_large", most=f"{most // 1024**2} MB")
