"""Exports: rows from a snapshot into a file whose cells no spreadsheet runs, with a manifest beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import count, groupby
from typing import Any, BinaryIO

from donate.cells import csv_line
from donate.reports import (
    appeal_donors,
    appeals,
    articles,
    donations,
    donors,
    journal,
    ledger,
    payouts,
    receipts,
    recurring,
)

#: Grows when a column is added.
VERSION = 3
#: After how many rows a listener is told.
_TELL_ROWS = 500


@dataclass(frozen=True)
class Period:
    """Which rows: days of the newsroom's zone, the last one left out.

    Args:
        since: First day; None is from the beginning.
        until: First day left out; None is to the end.
        fund: A fund's code.
        appeal: An appeal's slug.
        offline: Whether a journal also holds gifts that never passed Stripe: those are booked by hand as a rule.
    """

    since: date | None = None
    until: date | None = None
    fund: str | None = None
    appeal: str | None = None
    offline: bool = False

    def words(self, zone: str) -> str:
        """Say the period as a person would check it."""
        last = self.until - timedelta(days=1) if self.until else None
        if self.since and last:
            return f"{self.since} to {last}, both included, days of {zone}"
        if self.since:
            return f"from {self.since} on, days of {zone}"
        if last:
            return f"up to {last}, included, days of {zone}"
        return f"everything, days of {zone}"


@dataclass(frozen=True)
class Most:
    """How much one file may hold where its reader takes no more.

    Args:
        rows: Below its head.
        bytes: Of the whole file.
        together: The column whose equal values stay in one file.
    """

    rows: int
    bytes: int
    together: str


@dataclass(frozen=True)
class Kind:
    """One kind of export: its columns and its rows."""

    columns: tuple[str, ...]
    rows: Callable[[Period], Iterator[dict[str, Any]]]
    #: The columns whose sums stand in the manifest, per currency; the first is said aloud.
    summed: tuple[str, ...] = ()
    most: Most | None = None


#: The forms a file is written in.
FORMS = ("csv", "jsonl")
#: What ``flask export`` writes.
KINDS = {
    "appeals": Kind(appeals.COLUMNS, appeals.export_appeals, summed=("raised_net", "raised_gross")),
    "articles": Kind(articles.COLUMNS, articles.export_articles, summed=("raised_net", "raised_gross")),
    "donors": Kind(donors.COLUMNS, donors.export_donors, summed=("kept", "given")),
    "donations": Kind(donations.COLUMNS, donations.export_donations, summed=("amount", "fee_covered")),
    "journal": Kind(journal.COLUMNS, journal.export_journal, summed=("debit", "credit")),
    "ledger": Kind(ledger.COLUMNS, ledger.export_ledger, summed=("gross",)),
    "payouts": Kind(payouts.COLUMNS, payouts.export_payouts, summed=("amount", "difference")),
    # Not summed: a statement repeats its gifts' receipts, and a void one the receipt that stands for it.
    "receipts": Kind(receipts.COLUMNS, receipts.export_receipts),
    "recurring": Kind(recurring.COLUMNS, recurring.export_recurring, summed=("amount",)),
}
#: The journal as other accountings import it. QuickBooks takes so many rows or bytes a file, Xero so many lines.
SHAPES = {
    "generic": KINDS["journal"],
    "quickbooks-online": Kind(
        journal.QUICKBOOKS, journal.export_for_quickbooks, most=Most(1000, 2_000_000, "Journal No.")
    ),
    "xero": Kind(journal.XERO, journal.export_for_xero, most=Most(300, 2_000_000, "*Narration")),
}


#: What the desk hands out besides, to whom it is allowed.
AT_THE_DESK = {
    "appeal_donors": Kind(appeal_donors.COLUMNS, appeal_donors.export_appeal_donors, summed=("raised_net",)),
}


@dataclass
class Manifest:
    """What a file holds, so that nobody needs to trust it."""

    kind: str
    period: dict[str, str | None]
    rows: int
    sums: dict[str, dict[str, str]]
    sha256: str
    version: int = VERSION
    shape: str = ""
    form: str = "csv"
    #: The files it was split into, where it was: rows and SHA-256 of each.
    parts: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> str:
        """Write it as JSON, the same bytes for the same content."""
        return json.dumps(self.__dict__, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def write_export(name: str, period: Period, form: str, out: BinaryIO, *, shape: str = "") -> Manifest:
    """Write an export row by row into one file.

    Args:
        name: One of ``KINDS`` or ``AT_THE_DESK``.
        period: Which rows.
        form: ``csv`` (UTF-8, CRLF, RFC 4180) or ``jsonl``.
        out: Where the bytes go.
        shape: One of ``SHAPES``, for a journal.

    Returns:
        The manifest: rows, sums per currency, SHA-256 of the bytes.

    Raises:
        JournalRefused: See ``reports.journal``.
    """
    return _write(name, period, form, shape, lambda _number: out, most=None)


def write_parts(
    name: str,
    period: Period,
    form: str,
    open_part: Callable[[int], BinaryIO],
    *,
    shape: str = "",
    tell: Callable[[int], None] | None = None,
) -> Manifest:
    """Write an export into as many files as its reader's limits ask for; what belongs together is never parted.

    Args:
        name: As for ``write_export``.
        period: Likewise.
        form: Likewise.
        open_part: Gives where the bytes of a part go, by its number from 1 on.
        shape: Likewise.
        tell: Told now and then how many rows are written.

    Raises:
        JournalRefused: See ``reports.journal``.
    """
    return _write(name, period, form, shape, open_part, most=_kind(name, shape).most, tell=tell)


def _kind(name: str, shape: str) -> Kind:
    return SHAPES[shape] if name == "journal" and shape else (KINDS | AT_THE_DESK)[name]


def _write(
    name: str,
    period: Period,
    form: str,
    shape: str,
    open_part: Callable[[int], BinaryIO],
    *,
    most: Most | None,
    tell: Callable[[int], None] | None = None,
) -> Manifest:
    kind = _kind(name, shape)
    write = csv_line if form == "csv" else _json_line
    head = csv_line(kind.columns, dict(zip(kind.columns, kind.columns, strict=True))) if form == "csv" else ""
    parts = [_Part(open_part(1), head)]
    sums: dict[str, dict[str, Decimal]] = {}
    written = told = 0
    each = count()
    together = (lambda row: row[most.together]) if most is not None else (lambda _row: next(each))
    for _, rows in groupby(kind.rows(period), together):
        lines = []
        for row in rows:
            lines.append(write(kind.columns, row).encode())
            of_currency = sums.setdefault(row["currency"], {}) if kind.summed else {}
            for column in kind.summed:
                of_currency[column] = of_currency.get(column, Decimal(0)) + Decimal(row.get(column) or 0)
        if most is not None and parts[-1].is_over(lines, most):
            parts.append(_Part(open_part(len(parts) + 1), head))
        parts[-1].put(lines)
        written += len(lines)
        if tell is not None and written >= told + _TELL_ROWS:
            told = written
            tell(written)
    asked = {
        "from": period.since, "to": period.until, "fund": period.fund, "appeal": period.appeal,
        **({"offline": "true"} if period.offline else {}),
    }  # fmt: skip
    digests = [part.digest.hexdigest() for part in parts]
    return Manifest(
        kind=name,
        period={key: str(value) if value is not None else None for key, value in asked.items()},
        rows=sum(part.rows for part in parts),
        sums={code: {key: str(value) for key, value in sorted(each.items())} for code, each in sorted(sums.items())},
        sha256=digests[0] if len(parts) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest(),
        shape=shape,
        form=form,
        parts=[{"rows": part.rows, "sha256": digest} for part, digest in zip(parts, digests, strict=True)]
        if len(parts) > 1
        else [],
    )


class _Part:
    """One file as it grows."""

    def __init__(self, out: BinaryIO, head: str) -> None:
        self._out, self.rows, self._bytes = out, 0, 0
        self.digest = hashlib.sha256()
        self._put(head.encode())

    def is_over(self, lines: list[bytes], most: Most) -> bool:
        """Tell whether some lines more would be too much, unless nothing stands here yet."""
        too_many = self.rows + len(lines) > most.rows
        return self.rows > 0 and (too_many or self._bytes + sum(map(len, lines)) > most.bytes)

    def put(self, lines: list[bytes]) -> None:
        """Write lines."""
        for line in lines:
            self._put(line)
        self.rows += len(lines)

    def _put(self, data: bytes) -> None:
        self.digest.update(data)
        self._out.write(data)
        self._bytes += len(data)


def _json_line(columns: tuple[str, ...], row: dict[str, Any]) -> str:
    return json.dumps({column: row.get(column, "") for column in columns}, ensure_ascii=False) + "\n"
