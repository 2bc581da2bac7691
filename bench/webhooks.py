"""How fast events are verified and stored, beside bare commits on the same PostgreSQL, with every commit on the disk.

Each round takes the four side by side: rows by one bare psycopg connection, events to our door, the same events again,
and events to a door written as the library's guide does, all in the same application on the same server.
"""

from __future__ import annotations

import itertools
import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import stripe

from bench.lines import Line
from bench.newsroom import serve_environment
from bench.posting import post_all, write_post
from bench.server import Server, cpu_of_tree
from tests.make import application
from tests.make.cluster import Cluster, find_programs, why_not

ROUNDS = 5
EVENTS = 1500
_OUR_DOOR, _NAIVE_DOOR = "/webhooks/stripe", "/bench/naive-hook"
_SECRET = "whsec_for_measuring"  # noqa: S105  # of this measurement alone
_INSERT = """
INSERT INTO stripe_event (event_id, type, api_version, livemode, object_id, payload, received_at, state)
VALUES (%s, %s, %s, %s, %s, %s, %s, 'received') ON CONFLICT (event_id) DO NOTHING
"""


def measure_webhooks() -> list[Line]:
    """Measure the webhook's door; nothing where there is no PostgreSQL.

    Raises:
        RuntimeError: With the reason.
    """
    why, programs = why_not(), find_programs()
    if why is not None or programs is None:
        raise RuntimeError(f"webhooks are not measured: {why}")
    folder = Path(tempfile.mkdtemp(prefix="donate-bench-"))
    cluster = Cluster(folder, programs)
    try:
        cluster.start(application.migrate, durable=True)
        return _measure_on(cluster)
    finally:
        cluster.stop()
        shutil.rmtree(folder)


def _measure_on(cluster: Cluster) -> list[Line]:
    url = cluster.copy("bench")
    environ = {**serve_environment(cluster.folder), "DATABASE_URL": url, "STRIPE_WEBHOOK_SECRET": _SECRET}
    server = Server("bench.naive_hook:app", environ, workers=2, threads=4)
    try:
        return _rounds(cluster, server)
    finally:
        server.end()


def _rounds(cluster: Cluster, server: Server) -> list[Line]:
    numbers = itertools.count()
    to_bare: list[float] = []
    to_naive: list[float] = []
    again: list[float] = []

    def cpu() -> float:
        return server.cpu() + cpu_of_tree(cluster.pid())

    for _ in range(2):
        post_all(server.port, _posts(_OUR_DOOR, numbers, EVENTS // 5))  # warm
        post_all(server.port, _posts(_NAIVE_DOOR, numbers, EVENTS // 5))
    for _ in range(ROUNDS):
        bare = _commit_bare(cluster, numbers)
        posts, at_first = _posts(_OUR_DOOR, numbers, EVENTS), cpu()
        ours = post_all(server.port, posts)
        then = cpu()
        post_all(server.port, posts)
        again.append((cpu() - then) / (then - at_first))
        naive = post_all(server.port, _posts(_NAIVE_DOOR, numbers, EVENTS))
        to_bare.append(ours / bare)
        to_naive.append(ours / naive)
    return [
        Line("webhooks stored a second", "commits of one bare psycopg connection", 0.5, to_bare, at_least=True),
        Line("the same", "construct_event and a row of the ORM", 2.0, to_naive, at_least=True),
        Line("CPU of a repeated delivery", "its first", 1.0, again),
    ]


def _commit_bare(cluster: Cluster, numbers: Iterator[int]) -> float:
    rows = [_event(number) for number in itertools.islice(numbers, EVENTS)]
    said = [(body, json.loads(body)) for body in rows]
    at = datetime.now(UTC)
    with psycopg.connect(f"host={cluster.folder} user=postgres dbname=bench", autocommit=True) as connection:
        began = time.monotonic()
        for body, event in said:
            row = (event["id"], event["type"], event["api_version"], False, event["data"]["object"]["id"], body, at)
            connection.execute(_INSERT, row, prepare=True)
        return EVENTS / (time.monotonic() - began)


def _posts(path: str, numbers: Iterator[int], how_many: int) -> list[bytes]:
    bodies = [_event(number) for number in itertools.islice(numbers, how_many)]
    sign = stripe.WebhookSignature.generate_signature_header
    return [write_post(path, body, Stripe_Signature=sign(body.decode(), _SECRET)) for body in bodies]


def _event(number: int) -> bytes:
    """Write an event of the size that a payment's has, some 2.5 kilobytes."""
    payment = {
        "id": f"pi_{number:024d}",
        "object": "payment_intent",
        "amount": 2500,
        "currency": "usd",
        "status": "succeeded",
        "metadata": {f"key_{at}": f"a value of some length, {at}" for at in range(20)},
        "payment_method_options": {f"way_{at}": {"request_three_d_secure": "automatic"} for at in range(15)},
        "shipping": None,
        "transfer_data": None,
    }
    event = {
        "id": f"evt_{number:024d}",
        "object": "event",
        "api_version": stripe.api_version,
        "created": 1772445600,
        "data": {"object": payment},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": "req_0", "idempotency_key": "key"},
        "type": "payment_intent.succeeded",
    }
    return json.dumps(event, indent=2).encode()
