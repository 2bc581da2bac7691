"""An export's files as they grow, and the sums of what was written into them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, BinaryIO


class Part:
    """One file as it grows, with the digest of its bytes; it is only written on.

    Args:
        out: Where the bytes go.
        head: Its first line.
    """

    def __init__(self, out: BinaryIO, head: str = "") -> None:
        self._out, self.rows, self._bytes = out, 0, 0
        self.digest = hashlib.sha256()
        self.write(head.encode())

    def write(self, data: bytes) -> int:
        """Write bytes."""
        self.digest.update(data)
        self._out.write(data)
        self._bytes += len(data)
        return len(data)

    def flush(self) -> None:
        """Let go of what is held."""
        self._out.flush()

    def close(self) -> None:
        """Leave the file to whoever opened it."""

    def is_over(self, lines: list[bytes], most_rows: int, most_bytes: int) -> bool:
        """Tell whether some lines more would be too much, unless nothing stands here yet."""
        too_many = self.rows + len(lines) > most_rows
        return self.rows > 0 and (too_many or self._bytes + sum(map(len, lines)) > most_bytes)

    def put(self, data: bytes, rows: int) -> None:
        """Write lines, and count the rows they are."""
        self.write(data)
        self.rows += rows


class Sums:
    """The sums of some columns, by currency.

    Args:
        columns: Of amounts as exports write them; none sums nothing.
    """

    def __init__(self, columns: tuple[str, ...]) -> None:
        self._columns = columns
        self._of: dict[str, dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys(columns, Decimal(0)))

    def seen(self, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Give rows on, and count them in."""
        for row in rows:
            if self._columns:
                self.add([row["currency"], *[row.get(column) or "" for column in self._columns]])
            yield row

    def add(self, texts: Sequence[str]) -> None:
        """Count one row in: its currency, then its amounts in their order."""
        of_currency = self._of[texts[0]]
        for column, text in zip(self._columns, texts[1:], strict=True):
            of_currency[column] += Decimal(text or 0)

    def plain(self) -> dict[str, dict[str, str]]:
        """Write them as the manifest does."""
        return {
            code: {key: str(value) for key, value in sorted(each.items())} for code, each in sorted(self._of.items())
        }
