"""Exports: rows from a snapshot into a file whose cells no spreadsheet runs, with a manifest beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import count, groupby
from typing import Any, BinaryIO

from sqlalchemy import Select

from donate.cells import csv_line
from donate.db import snapshot
from donate.errors import ExportRefused
from donate.reports import (
    appeal_donors,
    appeals,
    articles,
    donations,
    donors,
    history,
    journal,
    ledger,
    moved,
    payouts,
    receipts,
    recurring,
)
from donate.reports.copy import csv_blocks
from donate.reports.files import Part, Sums
from donate.reports.xlsx import write_xlsx

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
        appeal: An appeal's slug; ``NO_APPEAL`` is of gifts to none.
        offline: Whether a journal also holds gifts that never passed Stripe: those are booked by hand as a rule.
        by: Of a ledger: only entries of gifts whose ``key`` it is, one of ``ledger.accounts.FACETS``.
        part: Of a ledger: only entries of one of the sums of ``reports.income.TYPES``.
        entry_type: Of a ledger: only entries of this type.
        currency: Of a ledger: only entries settled in it; of movements: only those in it.
        moved: Of movements: only those of this kind, one of ``recurring.models.MOVEMENT_KINDS``.
    """

    since: date | None = None
    until: date | None = None
    fund: str | None = None
    appeal: str | None = None
    offline: bool = False
    by: str = ""
    key: str = ""
    part: str = ""
    entry_type: str = ""
    currency: str = ""
    moved: str = ""

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
    """One kind of export: its columns, what they hold, and its rows."""

    columns: tuple[str, ...]
    rows: Callable[[Period], Iterator[dict[str, Any]]]
    #: The columns whose sums stand in the manifest, per currency; the first is said aloud.
    summed: tuple[str, ...] = ()
    most: Most | None = None
    #: The same rows as one statement of texts, where there can be very many of them.
    asked: Callable[[Period], Select[Any]] | None = None
    #: The columns of money, each with the column of its currency.
    amounts: Mapping[str, str] = field(default_factory=dict)
    #: The columns of other numbers; a year or a count is one, an id or a postcode is not.
    numbers: frozenset[str] = frozenset()

    @cached_property
    def days(self) -> frozenset[str]:
        """The columns of dates: their names say so, as everywhere."""
        return frozenset(column for column in self.columns if column.endswith("_on") or column == "journal_date")

    @cached_property
    def moments(self) -> frozenset[str]:
        """The columns of moments in UTC."""
        return frozenset(column for column in self.columns if column.endswith("_at"))


def _in(currency: str, *columns: str) -> dict[str, str]:
    return dict.fromkeys(columns, currency)


_RAISED = _in("currency", "raised_gross", "refunded", "disputed", "raised_net")
_COUNTED = frozenset({"gifts", "donors", "new_donors", "monthly_begun", "yearly_begun", "views", "presses", "closes"})

#: The forms a file is written in.
FORMS = ("csv", "xlsx", "jsonl")
#: What ``flask export`` writes.
KINDS = {
    "appeals": Kind(
        appeals.COLUMNS,
        appeals.export_appeals,
        summed=("raised_net", "raised_gross"),
        amounts=_RAISED | _in("goal_currency", "goal", "counted_towards_goal"),
        numbers=_COUNTED,
    ),
    "articles": Kind(
        articles.COLUMNS,
        articles.export_articles,
        summed=("raised_net", "raised_gross"),
        amounts=_RAISED,
        numbers=_COUNTED,
    ),
    "donors": Kind(
        donors.COLUMNS,
        donors.export_donors,
        summed=("kept", "given"),
        amounts=_in("currency", "given", "refunded", "disputed", "kept"),
        numbers=frozenset({"gifts", "recurring_live"}),
    ),
    "donations": Kind(
        donations.COLUMNS,
        donations.export_donations,
        asked=donations.ask_donations,
        summed=("amount", "fee_covered"),
        amounts=_in("currency", "amount", "refunded", "disputed", "fee_covered", "deductible", "benefit_value")
        | _in("settlement_currency", "settlement_amount", "fee", "net"),
        numbers=frozenset({"exchange_rate"}),
    ),
    "history": Kind(history.COLUMNS, history.export_history),
    "journal": Kind(
        journal.COLUMNS,
        journal.export_journal,
        summed=("debit", "credit"),
        amounts=_in("currency", "debit", "credit"),
        numbers=frozenset({"line_no"}),
    ),
    "ledger": Kind(
        ledger.COLUMNS,
        ledger.export_ledger,
        asked=ledger.ask_entries,
        summed=("gross",),
        amounts=_in("currency", "gross")
        | _in("settlement_currency", "settlement_gross", "settlement_fee", "settlement_net"),
        numbers=frozenset({"exchange_rate"}),
    ),
    "movements": Kind(
        moved.COLUMNS,
        moved.export_movements,
        asked=moved.ask_movements,
        summed=("annual_change",),
        amounts=_in("currency", "annual_before", "annual_after", "annual_change"),
        numbers=frozenset({"number"}),
    ),
    "payouts": Kind(
        payouts.COLUMNS,
        payouts.export_payouts,
        summed=("amount", "difference"),
        amounts=_in(
            "currency", "amount", "gross", "fees", "refunds", "disputes", "adjustments", "outside", "difference"
        ),
        numbers=frozenset({"rows"}),
    ),
    # Not summed: a statement repeats its gifts' receipts, and a void one the receipt that stands for it.
    "receipts": Kind(
        receipts.COLUMNS,
        receipts.export_receipts,
        amounts=_in("currency", "amount", "benefit_value", "deductible"),
        numbers=frozenset({"year"}),
    ),
    "recurring": Kind(
        recurring.COLUMNS,
        recurring.export_recurring,
        summed=("amount",),
        amounts=_in("currency", "amount", "fee_covered", "received"),
        numbers=frozenset({"restarts", "gifts"}),
    ),
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
    "appeal_donors": Kind(
        appeal_donors.COLUMNS,
        appeal_donors.export_appeal_donors,
        summed=("raised_net",),
        amounts=_in("currency", "raised_net"),
        numbers=frozenset({"gifts"}),
    ),
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
    """Write an export row by row into one file, all of it as the database is when it begins.

    Args:
        name: One of ``KINDS`` or ``AT_THE_DESK``.
        period: Which rows.
        form: ``csv`` (UTF-8, CRLF, RFC 4180), ``jsonl`` or ``xlsx``.
        out: Where the bytes go, from first to last; it need not be able to seek.
        shape: One of ``SHAPES``, for a journal.

    Returns:
        The manifest: rows, sums per currency, SHA-256 of the bytes.

    Raises:
        JournalRefused: See ``reports.journal``.
        ExportRefused: ``csv_only``, or what ``reports.xlsx`` can't write; what went out until then is no file.
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
        ExportRefused: As for ``write_export``.
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
    if form == "xlsx" and kind.most is not None:
        # What reads such a shape reads CSV.
        raise ExportRefused("csv_only", shape=shape)
    sums = Sums(kind.summed)
    with snapshot():
        if form == "csv" and kind.asked is not None:
            parts = [Part(open_part(1), _head(kind))]
            places = [kind.columns.index(column) for column in ("currency", *kind.summed)]
            for data, many in csv_blocks(kind.asked(period), places, sums.add):
                parts[0].put(data, many)
                if tell is not None:
                    tell(parts[0].rows)
        else:
            rows = _told(sums.seen(kind.rows(period)), tell)
            parts = (
                _as_workbook(name, kind, rows, open_part)
                if form == "xlsx"
                else _as_lines(kind, rows, form, open_part, most)
            )
    asked = {
        "from": period.since, "to": period.until, "fund": period.fund, "appeal": period.appeal,
        **({"offline": "true"} if period.offline else {}),
        **({"by": period.by, "key": period.key} if period.by else {}),
        **{name: value for name in ("part", "entry_type", "currency", "moved") if (value := getattr(period, name))},
    }  # fmt: skip
    digests = [part.digest.hexdigest() for part in parts]
    return Manifest(
        kind=name,
        period={key: str(value) if value is not None else None for key, value in asked.items()},
        rows=sum(part.rows for part in parts),
        sums=sums.plain(),
        sha256=digests[0] if len(parts) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest(),
        shape=shape,
        form=form,
        parts=[{"rows": part.rows, "sha256": digest} for part, digest in zip(parts, digests, strict=True)]
        if len(parts) > 1
        else [],
    )


def _told(rows: Iterable[dict[str, Any]], tell: Callable[[int], None] | None) -> Iterator[dict[str, Any]]:
    """Give rows on, and tell now and then how many there were."""
    for number, row in enumerate(rows, 1):
        yield row
        if tell is not None and number % _TELL_ROWS == 0:
            tell(number)


def _as_workbook(
    name: str, kind: Kind, rows: Iterable[dict[str, Any]], open_part: Callable[[int], BinaryIO]
) -> list[Part]:
    parts = [Part(open_part(1))]
    parts[0].rows = write_xlsx(parts[0], name, kind, rows)
    return parts


def _as_lines(
    kind: Kind,
    given: Iterable[dict[str, Any]],
    form: str,
    open_part: Callable[[int], BinaryIO],
    most: Most | None,
) -> list[Part]:
    write = csv_line if form == "csv" else _json_line
    head = _head(kind) if form == "csv" else ""
    parts = [Part(open_part(1), head)]
    each = count()
    together = (lambda row: row[most.together]) if most is not None else (lambda _row: next(each))
    for _, rows in groupby(given, together):
        lines = [write(kind.columns, row).encode() for row in rows]
        if most is not None and parts[-1].is_over(lines, most.rows, most.bytes):
            parts.append(Part(open_part(len(parts) + 1), head))
        parts[-1].put(b"".join(lines), len(lines))
    return parts


def _head(kind: Kind) -> str:
    return csv_line(kind.columns, dict(zip(kind.columns, kind.columns, strict=True)))


def _json_line(columns: tuple[str, ...], row: dict[str, Any]) -> str:
    return json.dumps({column: row.get(column, "") for column in columns}, ensure_ascii=False) + "\n"
