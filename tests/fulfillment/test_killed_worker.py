"""The worker is killed (SIGKILL) between any two steps: another one finishes, nothing is lost and nothing doubled."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from donate.giving.models import Donation
from donate.mail.models import MailMessage
from donate.queue.models import Job
from donate.receipts.models import Receipt
from tests.make.gifts import Gifts
from tests.make.outbox import Outbox
from tests.make.rows import count, every, fresh


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
