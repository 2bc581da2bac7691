"""The worker is killed (SIGKILL) between any two steps: another one finishes, nothing is lost and nothing doubled."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import make_server

from donate.giving.models import Donation
from donate.mail.models import MailMessage
from donate.queue.models import Job
from donate.receipts.models import Receipt
from donate.sandbox.app import Sandbox
from donate.sandbox.serve import QuietHandler
from tests.make.gifts import Gifts
from tests.make.outbox import Outbox
from tests.make.rows import count, every, fresh

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def doomed(app: Flask, box: Sandbox) -> Iterator[Callable[[int], str]]:
    """Return a way to run a worker, in another process, that is killed after its n-th step."""
    server = make_server("127.0.0.1", 0, box.wsgi, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    chosen = app.config["DONATE"]
    environ = {
        "PATH": os.environ["PATH"],
        "DONATE_NO_DEMO_ENV": "1",
        "DATABASE_URL": chosen.database_url,
        "SECRET_KEY": chosen.secret_key,
        "SITE_URL": chosen.site_url,
        "STRIPE_SECRET_KEY": chosen.stripe_secret_key,
        "STRIPE_API_BASE": f"http://127.0.0.1:{server.server_port}",
        "MAIL_URL": chosen.mail_url,
    }
    command = [sys.executable, "-m", "tests.make.doomed"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        ask, answers = process.stdin, process.stdout

        def run(step: int) -> str:
            ask.write(f"{step}\n")
            ask.flush()
            return answers.readline().strip()

        yield run
        ask.close()
        process.wait(timeout=30)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("frequency", ["once", "month"])
def test_a_worker_killed_after_any_step_loses_and_doubles_nothing(
    gifts: Gifts,
    doomed: Callable[[int], str],
    deliver: Callable[[], int],
    work: Callable[[], int],
    now_due: Callable[[], None],
    outbox: Outbox,
    frequency: str,
) -> None:
    steps = 0
    while True:
        steps += 1
        donation = gifts.paid(frequency=frequency)
        deliver()
        ended = doomed(steps)
        assert ended in ("killed", "done")
        now_due()  # the dead worker's leases run out
        work()
        assert fresh(donation).status == "succeeded", f"killed after step {steps}"
        # A receipt each; and each promise after the first is asked about.
        letters = steps if frequency == "once" else 2 * steps - 1
        assert (count(Donation), count(Receipt)) == (steps, steps), steps
        assert (count(MailMessage), len(outbox)) == (letters, letters), steps
        assert {job.state for job in every(Job)} == {"done"}
        if ended == "done":
            break
    assert steps > 8
    assert [each.number for each in every(Receipt)] == [f"2026-{number:06d}" for number in range(1, steps + 1)]
