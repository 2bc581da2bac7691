"""python -m bench: measure everything, print the table, keep it in RESULTS.md."""

from __future__ import annotations

import sys

from bench.pages import ASKED, ROUNDS, Line, measure_pages
from bench.server import ROOT


def main() -> int:
    """Measure; 1 when a goal is missed."""
    lines = measure_pages()
    table = write_table(lines)
    sys.stdout.write(table)
    (ROOT / "bench" / "RESULTS.md").write_text(
        "# The last results\n\n"
        f"CPU of the server a request, as a ratio to a bare Flask hello on the same granian in the same run; {ROUNDS} "
        f"rounds of {ASKED} requests, each beside its own yardstick. A machine's other work weighs on both sides.\n\n"
        + table
    )
    return 0 if all(line.median <= line.goal for line in lines) else 1


def write_table(lines: list[Line]) -> str:
    """Write the lines as a table: median, spread and goal."""
    rows = ["| what | median × hello | lowest to highest | goal | |", "|---|---:|---:|---:|---|"]
    for line in lines:
        met = "met" if line.median <= line.goal else "missed"
        spread = f"{min(line.ratios):.2f} to {max(line.ratios):.2f}"
        rows.append(f"| {line.name} | {line.median:.2f} | {spread} | {line.goal:.1f} | {met} |")
    return "\n".join(rows) + "\n"


sys.exit(main())
