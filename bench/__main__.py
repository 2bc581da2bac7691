"""python -m bench: measure everything, print the table, keep it in RESULTS.md."""

from __future__ import annotations

import os
import sys

from bench import choosing, pages, receipts, webhooks
from bench.keep import keep_head
from bench.lines import write_table


def main() -> int:
    """Measure; 1 when a goal is missed."""
    lines = pages.measure_pages() + choosing.measure_choosing() + receipts.measure_receipts()
    # Shown as soon as it is known: the rest takes minutes.
    sys.stdout.write(write_table(lines) + "\n")
    sys.stdout.flush()
    lines += webhooks.measure_webhooks()
    table = write_table(lines)
    sys.stdout.write(table)
    keep_head(
        "# The last results\n\n"
        "Each line is a ratio of two things measured one after the other, so that a machine's other work weighs on "
        f"both; the median of {pages.ROUNDS} rounds for pages, {choosing.ROUNDS} for asks, {receipts.ROUNDS} for "
        f"receipts and {webhooks.ROUNDS} for webhooks. Pages: CPU of the "
        "server a request, beside a bare Flask hello on the same granian, over one connection. Receipts: files a "
        "CPU-second, beside those of the library alone. Webhooks: on "
        f"PostgreSQL with every commit on the disk. The machine: {_machine()}.\n\n" + table
    )
    return 0 if all(line.is_met for line in lines) else 1


def _machine() -> str:
    cores, load = os.cpu_count(), os.getloadavg()[1]
    return f"{cores} cores, {load:.1f} processes waiting for them on the average of the last five minutes"


sys.exit(main())
