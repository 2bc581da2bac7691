"""Post to an address that somebody else wrote: no redirect is followed, and little of the answer is read."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from dataclasses import dataclass

from donate.db import refuse_inside_committed
from donate.reach.connection import Clockwork, Connection, look_at_receiver, why

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 10.0
#: How much of an answer is read; what comes after it is cut off unread.
MOST_BYTES = 1024


@dataclass(frozen=True)
class Answered:
    """What came back.

    Args:
        status: HTTP's.
        text: The beginning of the body.
    """

    status: int
    text: str


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answered:
    """Post a body; call outside ``committed()``.

    The address's name is resolved once, all its addresses are looked at, and the connection goes to one of those. A
    redirect is an answer like any other: followed, it could lead what was signed for one receiver to another.

    Args:
        url: https; http only where this machine itself may be reached.
        body: As it is signed.
        headers: Beside Host, Content-Length and our name.

    Raises:
        Unreadable: What ``look_at_receiver`` says; ``no_answer``, ``not_trusted``, ``too_slow`` or ``broken_answer``.
    """
    refuse_inside_committed("posting to an address")
    with Clockwork(TOTAL_SECONDS) as clockwork:
        target = look_at_receiver(url)
        connection = Connection(target, CONNECT_SECONDS, clockwork)
        # The answer owns the connection's socket once its head is read: it is closed by itself.
        response: http.client.HTTPResponse | None = None
        try:
            connection.request(
                "POST",
                target.path,
                body=body,
                headers={
                    "Host": target.host_header,
                    "User-Agent": "donate/0.1 (hooks)",
                    "Connection": "close",
                    **headers,
                },
            )
            response = connection.getresponse()
            # A head that was cut off looks like one that ended.
            clockwork.check()
            return Answered(response.status, _beginning(response))
        except (OSError, http.client.HTTPException) as problem:
            clockwork.check()
            raise why(problem, target, CONNECT_SECONDS) from problem
        finally:
            if response is not None:
                response.close()
            connection.close()


def _beginning(response: http.client.HTTPResponse) -> str:
    """Read the beginning of an answer, which has said by its status what counts: a body that breaks off does not."""
    try:
        return response.read(MOST_BYTES).decode("utf-8", "replace").replace("\x00", "")
    except (OSError, http.client.HTTPException):
        return ""
