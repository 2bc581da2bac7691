"""Post prepared requests over several connections at once, as fast as they are answered."""

from __future__ import annotations

import contextlib
import re
import selectors
import socket
import time
from collections.abc import Iterator, Sequence

CONNECTIONS = 16
_MOST_SECONDS = 60


def write_post(path: str, body: bytes, **headers: str) -> bytes:
    """Write a request as it goes over the wire.

    Args:
        path: What it is posted to.
        body: As it is sent.
        headers: With underscores for dashes.
    """
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    lines += [f"{name.replace('_', '-')}: {text}" for name, text in headers.items()]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


def post_all(port: int, requests: Sequence[bytes]) -> float:
    """Post every request, each connection the next one when it has its answer; give requests a second.

    Args:
        port: Of this machine.
        requests: Each must be answered 200, with a short body.
    """
    waiting = iter(requests)
    with selectors.DefaultSelector() as answers, contextlib.ExitStack() as ends:
        for _ in range(CONNECTIONS):
            connection = ends.enter_context(socket.create_connection(("127.0.0.1", port)))
            answers.register(connection, selectors.EVENT_READ, bytearray())
        began = time.monotonic()
        unanswered = sum(_send_next(key.fileobj, waiting) for key in answers.get_map().values())
        while unanswered:
            if time.monotonic() - began > _MOST_SECONDS:
                raise RuntimeError(f"{len(requests)} requests were not answered in {_MOST_SECONDS} seconds")
            for key, _ in answers.select(1):
                key.data.extend(key.fileobj.recv(65536))
                if _is_whole(key.data):
                    key.data.clear()
                    unanswered -= not _send_next(key.fileobj, waiting)
        return len(requests) / (time.monotonic() - began)


def _send_next(connection: socket.socket, waiting: Iterator[bytes]) -> bool:
    request = next(waiting, None)
    if request is not None:
        connection.sendall(request)
    return request is not None


def _is_whole(answer: bytearray) -> bool:
    """Tell whether an answer has come to its end; one that is not 200 ends the measurement."""
    if not answer.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"not 200: {bytes(answer[:200])!r}")
    head, end, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    return bool(end) and length is not None and len(body) >= int(length[1])
