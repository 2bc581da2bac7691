"""python -m bench.renewals: what applying a renewal costs among few stored gifts and among very many.

Two seeded databases, a worker process for each. Round by round each applies the same number of renewals, one after
the other: `invoice.paid` makes the gift, its receipt and its letter's row, `charge.updated` books it. Stripe's
answers are recorded ones, given in process; letters are queued and not sent.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import stripe

from bench.keep import keep_section
from bench.lines import Line, write_table
from bench.newsroom import serve_environment
from bench.recorded import Recorded
from bench.server import ROOT, cpu_of_tree
from donate.app import create_app
from donate.commands.worker import drain
from donate.db import committed, db
from donate.queue.work import Worker
from donate.settings import read
from donate.webhooks.dispatch import apply_event
from donate.webhooks.receive import store_event
from tests.make import application
from tests.make.cluster import Cluster, find_programs, why_not

ROUNDS, RENEWALS = 10, 1000
SMALL, LARGE = 10_000, 1_000_000
GOAL = 1.2
_EVENTS_EACH = 2
_AT = "2026-06-01T10:00:00Z"


class Site:
    """A seeded database and the worker that applies renewals to it.

    Args:
        environ: Its settings.
        donations: How many gifts are stored before.
        cpu: Tells the CPU seconds of the database's own server, where it has one.
    """

    def __init__(self, environ: Mapping[str, str], donations: int, cpu: Callable[[], float]) -> None:
        self.environ = {**os.environ, **environ}
        self.cpu = cpu
        self._flask("db", "upgrade")
        self._flask("seed", "--donors", str(donations // 4), "--donations", str(donations), "--until", "2026-05-31")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.renewals", "--apply"], cwd=ROOT, env=self.environ, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def _flask(self, *words: str) -> None:
        command = [sys.executable, "-m", "flask", *words]
        subprocess.run(command, cwd=ROOT, env=self.environ, check=True, stdout=subprocess.DEVNULL)

    def spend(self, renewals: int) -> tuple[float, float]:
        """Apply renewals; give CPU and wall milliseconds an event."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{renewals}\n")
        self.process.stdin.flush()
        if self.process.stdout.readline() != "stored\n":
            raise RuntimeError("the worker ended")
        before = self.cpu()
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        spent = json.loads(self.process.stdout.readline())
        events = renewals * _EVENTS_EACH
        return (spent["cpu"] + self.cpu() - before) * 1000 / events, spent["wall"] * 1000 / events

    def end(self) -> None:
        """End the worker."""
        self.process.terminate()
        self.process.wait(timeout=20)


def measure(
    environs: Mapping[int, Mapping[str, str]], cpu: Callable[[], float], name: str, renewals: int
) -> tuple[list[Line], str]:
    """Measure on two databases of one kind.

    Args:
        environs: Settings by the number of stored gifts, the smaller first.
        cpu: Of the database's server.
        name: Of the kind.
        renewals: Of one round.
    """
    sites: list[Site] = []
    try:
        sites += [Site(environ, donations, cpu) for donations, environ in environs.items()]
        for site in sites:
            site.spend(renewals // 5)  # warm
        spent = [[site.spend(renewals) for site in sites] for _ in range(ROUNDS)]
    finally:
        for site in sites:
            site.end()
    small, large = environs
    beside = f"the same among {small:,}"
    lines = [
        Line(f"{name}: {what} of a renewal's event among {large:,} gifts", beside, GOAL,
             [b[at] / a[at] for a, b in spent])
        for at, what in enumerate(("CPU", "time"))
    ]  # fmt: skip
    costs = [sum(each[site][0] for each in spent) / ROUNDS for site in range(2)]
    return lines, f"{name}: {costs[0]:.2f} and {costs[1]:.2f} milliseconds of CPU an event.\n"


def measure_sqlite(numbers: tuple[int, int], renewals: int) -> tuple[list[Line], str]:
    """Measure on two files."""
    folder = Path(tempfile.mkdtemp(prefix="donate-bench-"))
    try:
        environs = {}
        for number in numbers:
            (folder / str(number)).mkdir()
            environs[number] = serve_environment(folder / str(number))
        return measure(environs, lambda: 0.0, "SQLite", renewals)
    finally:
        shutil.rmtree(folder)


def measure_postgresql(numbers: tuple[int, int], renewals: int) -> tuple[list[Line], str]:
    """Measure on two databases of one cluster, with every commit on the disk.

    Raises:
        RuntimeError: Where there is no PostgreSQL, with the reason.
    """
    why, programs = why_not(), find_programs()
    if why is not None or programs is None:
        raise RuntimeError(f"PostgreSQL is not measured: {why}")
    folder = Path(tempfile.mkdtemp(prefix="donate-bench-"))
    cluster = Cluster(folder, programs)
    try:
        cluster.start(application.migrate, durable=True)
        environs = {
            number: {**serve_environment(folder), "DATABASE_URL": cluster.copy(f"bench_{number}")} for number in numbers
        }
        return measure(environs, lambda: cpu_of_tree(cluster.pid()), "PostgreSQL", renewals)
    finally:
        cluster.stop()
        shutil.rmtree(folder)


# -- in the worker process ---------------------------------------------------------------------------------------------


def apply_on_order() -> None:
    """Store as many renewals as a line asks for, apply them at the next line, and print what that took."""
    recorded = Recorded([])
    app = create_app(read(), http_client=recorded, ask_offset=lambda: 0.0)
    with app.app_context():
        asked = "SELECT id FROM recurring_donation ORDER BY id"
        recorded.promises = [int(row[0]) for row in db.session.execute(sa.text(asked))]
        # Renewals come in no order of our rows.
        recorded.promises.sort(key=lambda number: number * 2_654_435_761 % 2**32)
        hands = Worker({"apply_event": apply_event, "deliver_mail": lambda message_id: None})
        done = 0
        for line in sys.stdin:
            until = done + int(line)
            _store(range(done, until))
            done = until
            _say("stored")
            sys.stdin.readline()
            cpu, wall = time.process_time(), time.monotonic()
            drain(hands)
            _say(json.dumps({"cpu": time.process_time() - cpu, "wall": time.monotonic() - wall}))
            _prove(done)


def _store(numbers: range) -> None:
    with committed():
        for kind, prefix in (("invoice.paid", "in"), ("charge.updated", "ch")):
            for number in numbers:
                store_event(_event(kind, f"{prefix}_bench_{number}"))


def _event(kind: str, object_id: str) -> bytes:
    said: dict[str, Any] = {"id": f"evt_{object_id}", "object": "event", "type": kind, "livemode": False,
                            "api_version": stripe.api_version, "data": {"object": {"id": object_id}}}  # fmt: skip
    return json.dumps(said).encode()


def _prove(renewals: int) -> None:
    """Fail where what was measured is not what should be: each renewal a gift, a receipt, a letter and an entry."""
    for asked in (
        "SELECT count(*) FROM donation WHERE stripe_invoice_id LIKE 'in_bench_%' AND status = 'succeeded'",
        "SELECT count(*) FROM ledger_entry WHERE stripe_charge_id LIKE 'ch_bench_%' AND donation_id IS NOT NULL",
        "SELECT count(*) FROM receipt JOIN donation ON donation.id = donation_id"
        " WHERE stripe_invoice_id LIKE 'in_bench_%'",
    ):
        found = db.session.scalar(sa.text(asked))
        if found != renewals:
            raise RuntimeError(f"{found} for {renewals} renewals: {asked}")


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main() -> int:
    """Measure and keep the table; 1 when the goal is missed."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--apply", action="store_true", help=argparse.SUPPRESS)
    words.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    words.add_argument("--large", type=int, default=LARGE)
    words.add_argument("--renewals", type=int, default=RENEWALS, help="of one round")
    asked = words.parse_args()
    if asked.apply:
        apply_on_order()
        return 0
    kinds = {"sqlite": measure_sqlite, "postgresql": measure_postgresql}
    met = True
    for database in asked.database or kinds:
        lines, costs = kinds[database]((SMALL, asked.large), asked.renewals)
        table = write_table(lines)
        sys.stdout.write(f"{costs}\n{table}\n")
        how = f"{ROUNDS} rounds of {asked.renewals} renewals each, {_EVENTS_EACH} events a renewal."
        keep_section(f"Renewals, {database}", f"{how} {costs}\n{table}")
        met = met and all(line.is_met for line in lines)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
