"""Reading from an address that someone else wrote: public hosts only, a few redirects, bounded in size and time."""

from __future__ import annotations

import contextlib
import http.client
import re
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, cast
from urllib.parse import urljoin

from donate.db import refuse_inside_committed
from donate.errors import Unreadable
from donate.reach.addresses import Target
from donate.reach.connection import Clockwork, Connection, look_at, why

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
    with Clockwork(limits.total) as clockwork:
        for _hop in range(_REDIRECTS + 1):
            target = look_at(url)
            answer = _ask(target, headers, limits, clockwork)
            if isinstance(answer, Fetched):
                return answer
            url = answer
    raise Unreadable("redirects", most=_REDIRECTS)


def _ask(target: Target, headers: Mapping[str, str], limits: Limits, clockwork: Clockwork) -> Fetched | str:
    """Make one request: the answer, or the address it redirects to."""
    connection = Connection(target, limits.connect, clockwork)
    opened = contextlib.ExitStack()
    try:
        connection.request("GET", target.path, headers={"Host": target.host_header, **headers})
        response = opened.enter_context(contextlib.closing(connection.getresponse()))
        location = response.headers.get("Location")
        if response.status in (301, 302, 303, 307, 308) and location:
            return urljoin(target.url, location)
        return _take(target, response, limits, clockwork)
    except (OSError, http.client.HTTPException) as problem:
        clockwork.check()
        raise why(problem, target, limits.connect) from problem
    finally:
        # The answer owns the connection's socket once its head is read.
        opened.close()
        connection.close()


def _take(target: Target, response: http.client.HTTPResponse, limits: Limits, clockwork: Clockwork) -> Fetched:
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
