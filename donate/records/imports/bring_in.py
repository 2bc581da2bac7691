"""Bring in a file of past gifts, part by part: each part is one transaction, and a part that stands is passed over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.exc import IntegrityError

from donate.cells import csv_lines
from donate.db import committed, db
from donate.newsroom.queries import get_newsroom
from donate.payments.gateway import is_live
from donate.records.imports.formats import FORMATS, Format, refuse_other_format
from donate.records.imports.gift import PastGift, RowRefused
from donate.records.imports.match import Match, Matcher
from donate.records.imports.queries import list_erased_hashes
from donate.records.imports.read_cells import Habits
from donate.records.imports.report import Report
from donate.records.imports.seen import Seen
from donate.records.imports.sentences import kind_of_reason, sentence_for
from donate.records.imports.table import FileRefused, Row, Table, open_table
from donate.records.imports.targets import Mapped, Targets
from donate.records.imports.write import write_matches
from donate.team.history import Who, record_history

#: Rows of one transaction.
AT_ONCE = 500
_TRIES = 5


@dataclass(frozen=True)
class Asked:
    """How a file is read.

    Args:
        system: One of ``FORMATS``.
        mapped: What its funds and appeals are here.
        zone: Of moments that name none; empty for the format's own, or the newsroom's.
        dates: ``dmy`` or ``mdy``, where the file writes numbers only; empty for the format's own order, if any.
        decimal: ``point`` or ``comma``.
        currency: Of amounts that name none.
        encoding: How its letters are written, where somebody knows.
    """

    system: str
    mapped: Mapped = field(default_factory=Mapped)
    zone: str = ""
    dates: str = ""
    decimal: str = "point"
    currency: str = ""
    encoding: str = ""


class Tell(Protocol):
    """Hears how far a reading is: rows, bytes read, bytes in all."""

    def __call__(self, rows: int, done: int, size: int) -> None:
        """Hear it."""


def bring_in(
    path: Path, asked: Asked, *, is_dry: bool, who: Who, errors: Path | None = None, tell: Tell | None = None
) -> Report:
    """Read a file of past gifts and write what is new of it; call outside ``committed()``.

    Whoever stops it in the middle and begins again ends with the same rows: a gift is known by its number in the other
    system. Memory does not grow with the file.

    Args:
        path: The file.
        asked: How it is read.
        is_dry: Match and count, and write nothing into the database.
        who: For the history.
        errors: Where the rows that were left out are written, each with its reason; none writes no such file.
        tell: Hears how far it is.

    Raises:
        FileRefused: The file as a whole can't be read, or a fund or appeal that was named is not here.
    """
    form = FORMATS[asked.system]
    table = open_table(path, form.columns, asked.encoding)
    refuse_other_format(table, form)
    habits = _habits(asked, form)
    report = Report(asked.system, is_dry, encoding=table.encoding)
    with ExitStack() as opened:
        seen = opened.enter_context(Seen())
        matcher = Matcher(asked.system, _targets(asked.mapped), seen, list_erased_hashes())
        left_out = opened.enter_context(_LeftOut(errors, table)) if errors is not None else None
        for part in _parts(table, form, habits):
            matches = _match_and_write(asked.system, matcher, seen, part, is_dry=is_dry)
            seen.keep()
            report.add(_count(matches, seen, report))
            if left_out is not None:
                left_out.write(matches)
            if tell is not None:
                tell(report.rows, table.done, table.size)
    if not is_dry and (report.gifts["new"] or report.gifts["updated"]):
        with committed():
            record_history(who, "import_gifts", "import", asked.system, after=dict(report.gifts))
    return report


def _habits(asked: Asked, form: Format) -> Habits:
    home = get_newsroom().time_zone
    zone = asked.zone or form.zone or home
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise FileRefused("zone_unknown", zone=zone) from None
    return Habits(zone, home, asked.dates or form.dates, asked.decimal, asked.currency.upper())


def _targets(mapped: Mapped) -> Targets:
    try:
        return Targets(mapped)
    except RowRefused as refused:
        raise FileRefused(refused.message, **refused.values) from refused


def _parts(table: Table, form: Format, habits: Habits) -> Iterator[list[tuple[Row, PastGift | RowRefused]]]:
    rows = table.rows()
    livemode = is_live()
    while part := list(islice(rows, AT_ONCE)):
        yield [_read(each, form, habits, livemode=livemode) for each in part]


def _read(
    each: Row | tuple[Row, RowRefused], form: Format, habits: Habits, *, livemode: bool
) -> tuple[Row, PastGift | RowRefused]:
    if isinstance(each, tuple):
        return each
    try:
        return each, form.read(each, habits, livemode=livemode)
    except RowRefused as refused:
        return each, refused


def _match_and_write(
    system: str, matcher: Matcher, seen: Seen, part: list[tuple[Row, PastGift | RowRefused]], *, is_dry: bool
) -> list[Match]:
    if is_dry:
        return matcher.match(part)
    for _ in range(_TRIES):
        try:
            with committed():
                matches = matcher.match(part)
                write_matches(system, matches, seen, get_newsroom().language)
        except IntegrityError as error:
            # Another import, or a gift that arrived, made one of these donors or gifts a moment ago.
            seen.take_back()
            clash = error
        else:
            db.session.expunge_all()
            return matches
    raise clash


def _count(matches: list[Match], seen: Seen, so_far: Report) -> Report:
    part = Report(so_far.system, so_far.is_dry, rows=len(matches))
    for match in matches:
        if match.refused is not None:
            part.count_refused(kind_of_reason(match.refused), match.row.line)
            continue
        part.gifts[match.outcome] += 1
        if match.outcome == "new" and match.gift is not None and match.person is not None:
            gone = match.gift.refunded.amount if match.gift.refunded is not None else None
            part.count_new(match.gift.amount, match.gift.received_on.year, gone)
            if match.person.is_new:
                part.donors["new"] += 1
            elif match.person.donor_id is not None and seen.meet_donor(match.person.donor_id):
                part.donors["known"] += 1
    return part


class _LeftOut:
    """The rows that were left out, as a file to correct and import again: line, reason, and the row as it was."""

    def __init__(self, path: Path, table: Table) -> None:
        self._path, self._table = path, table

    def __enter__(self) -> _LeftOut:
        # Whoever gave stands in it.
        self._path.touch(mode=0o600)
        self._file = self._path.open("wb")
        # With the mark, a spreadsheet reads it as UTF-8.
        self._file.write(b"\xef\xbb\xbf" + csv_lines([["line", "reason", *self._table.header]]))
        self.rows = 0
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()
        if not self.rows:
            self._path.unlink(missing_ok=True)

    def write(self, matches: list[Match]) -> None:
        """Write those of a part."""
        lines = [[m.row.line, sentence_for(m.refused), *m.row.cells] for m in matches if m.refused is not None]
        self.rows += len(lines)
        self._file.write(csv_lines(lines))
