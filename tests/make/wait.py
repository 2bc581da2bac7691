"""Wait for another process to have done something, with an end to the patience."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE_SECONDS = 30


def until(what: Callable[[], bool], why: str) -> float:
    """Look again and again until something is so; say how many seconds that took.

    Args:
        what: Looks.
        why: What was waited for, told when the patience ends.
    """
    began = time.monotonic()
    while not what():
        assert time.monotonic() - began < PATIENCE_SECONDS, why
        time.sleep(0.05)
    return time.monotonic() - began
