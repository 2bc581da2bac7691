"""A measured line: a ratio taken several times, its goal, and the table of all of them."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One measured thing beside another: each ratio is of one round.

    Args:
        name: What was measured.
        beside: What it was measured beside.
        goal: The bound of the median.
        ratios: One a round.
        at_least: Whether the goal is the least instead of the most.
    """

    name: str
    beside: str
    goal: float
    ratios: list[float]
    at_least: bool = False

    @property
    def median(self) -> float:
        """The middle ratio."""
        return statistics.median(self.ratios)

    @property
    def is_met(self) -> bool:
        """Whether the median keeps to the goal."""
        return self.median >= self.goal if self.at_least else self.median <= self.goal


def write_table(lines: Sequence[Line]) -> str:
    """Write the lines as a table: median, spread and goal."""
    rows = ["| what | beside | median | lowest to highest | goal | |", "|---|---|---:|---:|---:|---|"]
    for line in lines:
        spread = f"{min(line.ratios):.2f} to {max(line.ratios):.2f}"
        goal = f"{'≥' if line.at_least else '≤'} {line.goal:.1f}"
        met = "met" if line.is_met else "missed"
        rows.append(f"| {line.name} | {line.beside} | {line.median:.2f} | {spread} | {goal} | {met} |")
    return "\n".join(rows) + "\n"
