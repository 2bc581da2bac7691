"""Workers that are killed (SIGKILL) after the step of a number, in a process of their own."""

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

from donate.sandbox.app import Sandbox
from donate.sandbox.serve import QuietHandler

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
        "HOOKS_TO_LOOPBACK": "1",
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
