"""A worker of its own that notes each job it runs: ``python -m tests.make.counting FILE [hang]``."""

from __future__ import annotations

import os
import sys
import time

from donate.app import create_app
from donate.queue.work import Worker


def main(path: str, *, hangs: bool) -> None:
    """Run what is due, adding one line a job; a worker that hangs takes one job and never ends it."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(number: int) -> None:
        os.write(file, f"{number}\n".encode())
        if hangs:
            time.sleep(600)

    with create_app().app_context():
        Worker({"count": note}).run_due()


if __name__ == "__main__":
    main(sys.argv[1], hangs="hang" in sys.argv)
