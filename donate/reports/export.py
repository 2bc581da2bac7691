"""Exports: rows from a snapshot into a file whose cells no spreadsheet runs, with a manifest beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, BinaryIO

from donate.cells import csv_line
from donate.reports import appeal_donors, appeals, articles, donations, ledger, payouts, receipts

#: Grows when a column is added.
VERSION = 2


@dataclass(frozen=True)
class Period:
    """Which rows: days of the newsroom's zone, the last one left out.

    Args:
        since: First day; None is from the beginning.
        until: First day left out; None is to the end.
        fund: A fund's code.
        appeal: An appeal's slug.
    """

    since: date | None = None
    until: date | None = None
    fund: str | None = None
    appeal: str | None = None

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
class Kind:
    """One kind of export: its columns and its rows."""

    columns: tuple[str, ...]
    rows: Callable[[Period], Iterator[dict[str, Any]]]
    #: The columns whose sums stand in the manifest, per currency; the first is said aloud.
    summed: tuple[str, ...] = ()


#: What ``flask export`` writes.
KINDS = {
    "appeals": Kind(appeals.COLUMNS, appeals.export_appeals, summed=("raised_net", "raised_gross")),
    "articles": Kind(articles.COLUMNS, articles.export_articles, summed=("raised_net", "raised_gross")),
    "donations": Kind(donations.COLUMNS, donations.export_donations, summed=("amount", "fee_covered")),
    "ledger": Kind(ledger.COLUMNS, ledger.export_ledger, summed=("gross",)),
    "payouts": Kind(payouts.COLUMNS, payouts.export_payouts, summed=("amount", "difference")),
    # Not summed: a statement repeats its gifts' receipts, and a void one the receipt that stands for it.
    "receipts": Kind(receipts.COLUMNS, receipts.export_receipts),
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

    def as_json(self) -> str:
        """Write it as JSON, the same bytes for the same content."""
        return json.dumps(self.__dict__, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def write_export(name: str, period: Period, form: str, out: BinaryIO) -> Manifest:
    """Write an export row by row.

    Args:
        name: One of ``KINDS`` or ``AT_THE_DESK``.
        period: Which rows.
        form: ``csv`` (UTF-8, CRLF, RFC 4180) or ``jsonl``.
        out: Where the bytes go.

    Returns:
        The manifest: rows, sums per currency, SHA-256 of the bytes.
    """
    kind = (KINDS | AT_THE_DESK)[name]
    digest = hashlib.sha256()
    count = 0
    sums: dict[str, dict[str, Decimal]] = {}

    def put(text: str) -> None:
        data = text.encode()
        digest.update(data)
        out.write(data)

    write = csv_line if form == "csv" else _json_line
    if form == "csv":
        put(csv_line(kind.columns, dict(zip(kind.columns, kind.columns, strict=True))))
    for row in kind.rows(period):
        put(write(kind.columns, row))
        count += 1
        of_currency = sums.setdefault(row["currency"], {}) if kind.summed else {}
        for column in kind.summed:
            of_currency[column] = of_currency.get(column, Decimal(0)) + Decimal(row[column])
    asked = {"from": period.since, "to": period.until, "fund": period.fund, "appeal": period.appeal}
    return Manifest(
        kind=name,
        period={key: str(value) if value is not None else None for key, value in asked.items()},
        rows=count,
        sums={code: {key: str(value) for key, value in sorted(each.items())} for code, each in sorted(sums.items())},
        sha256=digest.hexdigest(),
    )


def _json_line(columns: tuple[str, ...], row: dict[str, Any]) -> str:
    return json.dumps({column: row.get(column, "") for column in columns}, ensure_ascii=False) + "\n"
