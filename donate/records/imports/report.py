"""What came of a file: how many gifts and people were new or known, what they add up to, and why rows were left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from donate.money import Money


@dataclass
class Report:
    """The sums of one reading.

    Args:
        system: Whose format.
        is_dry: Whether nothing was written.
        rows: How many were read.
        gifts: By what became of them: ``new``, ``known`` (imported before), ``ours`` (came through this desk, or by
            another file), ``updated`` (more of it went back than was known) and ``refused``.
        donors: How many people are ``new``, and how many of ``new`` gifts' givers were here before (``known``).
        totals: {(currency, year): [new gifts, what they come to, what went back of them]}, in minor units.
        reasons: How many rows were left out for each reason.
        first_lines: The first line of each reason.
        encoding: How the file's letters were read.
    """

    system: str
    is_dry: bool
    rows: int = 0
    gifts: Counter[str] = field(default_factory=Counter)
    donors: Counter[str] = field(default_factory=Counter)
    totals: dict[tuple[str, int], list[int]] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    first_lines: dict[str, int] = field(default_factory=dict)
    encoding: str = ""

    def count_new(self, amount: Money, year: int, refunded: Money | None) -> None:
        """Count a new gift into the totals of its year."""
        sums = self.totals.setdefault((amount.currency, year), [0, 0, 0])
        sums[0] += 1
        sums[1] += amount.minor
        sums[2] += refunded.minor if refunded is not None else 0

    def count_refused(self, sentence: str, line: int) -> None:
        """Count a row that was left out."""
        self.gifts["refused"] += 1
        self.reasons[sentence] += 1
        self.first_lines.setdefault(sentence, line)

    def add(self, part: Report) -> None:
        """Add what came of a part of the file."""
        self.rows += part.rows
        self.gifts.update(part.gifts)
        self.donors.update(part.donors)
        self.reasons.update(part.reasons)
        for reason, line in part.first_lines.items():
            self.first_lines.setdefault(reason, line)
        for key, sums in part.totals.items():
            mine = self.totals.setdefault(key, [0, 0, 0])
            self.totals[key] = [one + other for one, other in zip(mine, sums, strict=True)]

    def plain(self) -> dict[str, Any]:
        """Write it as JSON keeps it."""
        return {
            "system": self.system,
            "is_dry": self.is_dry,
            "rows": self.rows,
            "gifts": dict(self.gifts),
            "donors": dict(self.donors),
            "totals": [[currency, year, *sums] for (currency, year), sums in sorted(self.totals.items())],
            "reasons": [[reason, many, self.first_lines[reason]] for reason, many in self.reasons.most_common()],
            "encoding": self.encoding,
        }


def report_from(plain: dict[str, Any]) -> Report:
    """Read one from JSON."""
    return Report(
        system=plain["system"],
        is_dry=plain["is_dry"],
        rows=plain["rows"],
        gifts=Counter(plain["gifts"]),
        donors=Counter(plain["donors"]),
        totals={(currency, year): sums for currency, year, *sums in plain["totals"]},
        reasons=Counter({reason: many for reason, many, _line in plain["reasons"]}),
        first_lines={reason: line for reason, _many, line in plain["reasons"]},
        encoding=plain["encoding"],
    )
