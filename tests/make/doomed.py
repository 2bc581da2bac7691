"""A worker that is killed at its n-th step, in a process of its own: ``python -m tests.make.doomed``.

It reads numbers from standard input. For each it forks a child that drains the worker and is killed (SIGKILL) right
after its n-th step; it answers ``killed`` or, when the work had fewer steps, ``done``. A step is whatever another
process can see: each commit, each request to Stripe, each letter, each message to a hook. Between two of them nothing
is seen by anybody, so to be killed after one is to be killed before the next.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any

import stripe
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from donate.app import create_app
from donate.commands.worker import JOBS, drain
from donate.connections import deliver as hooks
from donate.mail import deliver
from donate.queue.work import Worker


def work_until(step: int, app: Flask) -> None:
    """Drain the worker; die after the step of this number."""
    left = step

    def pass_step(*_given: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Session, "after_commit", pass_step)
    stripe.RequestsClient.request = _then(pass_step, stripe.RequestsClient.request)  # type: ignore[method-assign]
    deliver._send = _then(pass_step, deliver._send)
    hooks.post = _then(pass_step, hooks.post)  # type: ignore[attr-defined]
    with app.app_context():
        drain(Worker(JOBS))


def _then(pass_step: Callable[[], None], act: Callable[..., Any]) -> Callable[..., Any]:
    def acted(*given: Any, **named: Any) -> Any:
        answer = act(*given, **named)
        pass_step()
        return answer

    return acted


def main() -> None:
    """Answer each number with how its child ended."""
    # Made once, before any connection is open: each child opens its own.
    app = create_app()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                work_until(int(line), app)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        ended = {-signal.SIGKILL: "killed", 0: "done"}.get(os.waitstatus_to_exitcode(status), "broken")
        sys.stdout.write(ended + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
