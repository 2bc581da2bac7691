"""What exports write, as SQL: amounts, days and moments as texts, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from functools import cache
from typing import Any

from babel.numbers import list_currencies
from sqlalchemy import ColumnElement, Text, case, func, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from donate.money import decimals

NOTHING: ColumnElement[str] = literal_column("''", Text())
_TRUE, _FALSE = literal_column("'true'", Text()), literal_column("'false'", Text())


class amount(FunctionElement[str]):  # it is called like a function of SQL
    """Write minor units with a currency's own decimals, as ``Money.plain`` does; nothing where there are none.

    Args:
        minor: Integer minor units.
        currency: ISO 4217 code.
    """

    type, inherit_cache, name = Text(), True, "amount"


class moment(FunctionElement[str]):
    """Write a moment in UTC, such as ``2026-03-02T10:00:00Z``."""

    type, inherit_cache, name = Text(), True, "moment"


class day(FunctionElement[str]):
    """Write a day, such as ``2026-03-02``."""

    type, inherit_cache, name = Text(), True, "day"


class month(FunctionElement[str]):
    """Write a day's month, such as ``2026-03``."""

    type, inherit_cache, name = Text(), True, "month"


def known(value: Any) -> ColumnElement[str]:
    """Write a text, nothing where there is none."""
    return func.coalesce(value, NOTHING)


def yes_or_no(value: Any) -> ColumnElement[str]:
    """Write ``true`` or ``false``."""
    return case((value, _TRUE), else_=_FALSE)


@cache
def _others() -> dict[int, str]:
    """Give the currencies that have not two decimals, quoted, by how many they have."""
    found: dict[int, list[str]] = {}
    for code in sorted(list_currencies()):
        if decimals(code) != 2:
            found.setdefault(decimals(code), []).append(f"'{code}'")
    return {places: ", ".join(codes) for places, codes in sorted(found.items())}


def _by_currency(currency: str, minor: str, write: Any) -> str:
    other = "".join(f" WHEN {currency} IN ({codes}) THEN {write(places)}" for places, codes in _others().items())
    return f"CASE WHEN {minor} IS NULL THEN ''{other} ELSE {write(2)} END"


@compiles(amount, "postgresql")
def _amount_on_postgresql(element: amount, compiler: SQLCompiler, **given: Any) -> str:
    minor, currency = (compiler.process(each, **given) for each in element.clauses)

    def write(places: int) -> str:
        # A number times one of so many decimals has so many: exact, and never rounded.
        return f"CAST(({minor}) * 0.{'1'.zfill(places)} AS TEXT)" if places else f"CAST({minor} AS TEXT)"

    return _by_currency(currency, minor, write)


@compiles(amount, "sqlite")
def _amount_on_sqlite(element: amount, compiler: SQLCompiler, **given: Any) -> str:
    minor, currency = (compiler.process(each, **given) for each in element.clauses)

    def write(places: int) -> str:
        if not places:
            return f"CAST({minor} AS TEXT)"
        sign, whole = f"CASE WHEN ({minor}) < 0 THEN '-' ELSE '' END", 10**places
        return f"printf('%s%d.%0{places}d', {sign}, abs({minor}) / {whole}, abs({minor}) % {whole})"

    return _by_currency(currency, minor, write)


@compiles(moment, "postgresql")
def _moment_on_postgresql(element: moment, compiler: SQLCompiler, **given: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **given)} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"


@compiles(moment, "sqlite")
def _moment_on_sqlite(element: moment, compiler: SQLCompiler, **given: Any) -> str:
    # Moments lie there as texts: 2026-03-02 10:00:00.000000.
    kept = compiler.process(element.clauses, **given)
    return f"substr({kept}, 1, 10) || 'T' || substr({kept}, 12, 8) || 'Z'"


@compiles(day, "postgresql")
def _day_on_postgresql(element: day, compiler: SQLCompiler, **given: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **given)}, 'YYYY-MM-DD')"


@compiles(month, "postgresql")
def _month_on_postgresql(element: month, compiler: SQLCompiler, **given: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **given)}, 'YYYY-MM')"


@compiles(day, "sqlite")
def _day_on_sqlite(element: day, compiler: SQLCompiler, **given: Any) -> str:
    return f"substr({compiler.process(element.clauses, **given)}, 1, 10)"


@compiles(month, "sqlite")
def _month_on_sqlite(element: month, compiler: SQLCompiler, **given: Any) -> str:
    return f"substr({compiler.process(element.clauses, **given)}, 1, 7)"
