"""Stripe's search query language: clauses of field, operator and value, read and held against an object."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from donate.sandbox.errors import ApiError
from donate.sandbox.rules import rule
from donate.sandbox.store import Obj

UNREADABLE = (
    'We were unable to parse your search query. Try using the format `metadata["key"]:"value"` to query for metadata or'
    ' key:"value" to query for other fields.'
)
CLAUSE = re.compile(
    r"""(?P<minus>-?)(?P<field>[a-z_][a-z0-9_.]*)(?:\[(?P<mark>["'])(?P<key>[^"']+)(?P=mark)\])?"""
    r"""(?P<operator>:|~|>=|<=|>|<)(?P<value>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[\w.+-]+)"""
)
CLAUSES_AT_MOST = 10
SUBSTRING_AT_LEAST = 3
COMPARE: dict[str, Callable[[int, int], bool]] = {
    ":": lambda have, want: have == want,
    ">": lambda have, want: have > want,
    "<": lambda have, want: have < want,
    ">=": lambda have, want: have >= want,
    "<=": lambda have, want: have <= want,
}


@dataclass(frozen=True)
class Clause:
    """One condition; `value` is None where the field must be unset."""

    field: str
    key: str | None
    operator: str
    value: str | None
    negated: bool


@dataclass(frozen=True)
class Query:
    """Conditions that must hold all, or any."""

    clauses: tuple[Clause, ...]
    any_of: bool

    def fits(self, obj: Obj, fields: dict[str, tuple[str, str]]) -> bool:
        """Return whether an object is one that was looked for."""
        held = (_holds(clause, obj, fields) != clause.negated for clause in self.clauses)
        return any(held) if self.any_of else all(held)


def read(text: str, fields: dict[str, tuple[str, str]], resource: str) -> Query:
    """Read a query whose fields are given by name with their path and kind: string, token or numeric."""
    clauses: list[Clause] = []
    joins: list[str] = []
    rest = text.strip()
    while rest:
        found = CLAUSE.match(rest)
        if found is None:
            raise ApiError(UNREADABLE, param="query")
        clauses.append(_clause(found))
        rest, join = _join(rest[found.end() :])
        if join:
            joins.append(join)
    check_search_clauses(clauses, joins)
    for clause in clauses:
        check_search_field(clause, fields, resource)
        check_search_operator(clause, fields[clause.field][1])
    return Query(tuple(clauses), "OR" in joins)


def _clause(found: re.Match[str]) -> Clause:
    quoted = found["value"]
    value: str | None = quoted
    if quoted[0] in "\"'":
        value = re.sub(r"\\(.)", r"\1", quoted[1:-1])
    elif quoted.lower() == "null":
        value = None
    return Clause(found["field"], found["key"], found["operator"], value, bool(found["minus"]))


def _join(rest: str) -> tuple[str, str]:
    """Return what follows a clause and the word between, AND where there is only a space."""
    found = re.match(r"\s+(?:(AND|OR)\s+)?(?=\S)", rest, re.IGNORECASE)
    if found is None:
        if rest.strip():
            raise ApiError(UNREADABLE, param="query")
        return "", ""
    return rest[found.end() :], (found[1] or "AND").upper()


@rule()
def check_search_clauses(clauses: list[Clause], joins: list[str]) -> None:
    """Take one to ten clauses of a search, joined all by AND or all by OR."""
    if not clauses or len(joins) != len(clauses) - 1:
        raise ApiError(UNREADABLE, param="query")
    if len(clauses) > CLAUSES_AT_MOST:
        raise ApiError(f"A search query can have up to {CLAUSES_AT_MOST} clauses.", param="query")
    if len(set(joins)) > 1:
        raise ApiError("You can't combine AND and OR in the same search query.", param="query")


@rule()
def check_search_field(clause: Clause, fields: dict[str, tuple[str, str]], resource: str) -> None:
    """Refuse a search by a field that is not searchable, and metadata without its key."""
    if clause.field not in fields:
        raise ApiError(
            f"Field `{clause.field}` is an unsupported search field for resource `{resource}`. See"
            f" https://stripe.com/docs/search#query-fields-for-{resource} for a list of supported fields.",
            param="query",
        )
    if (clause.field == "metadata") != (clause.key is not None):
        raise ApiError(UNREADABLE, param="query")


@rule()
def check_search_operator(clause: Clause, kind: str) -> None:
    """Keep > and < to numbers, and ~ to strings of three letters or more."""
    if kind == "numeric":
        number = clause.value is None or re.fullmatch(r"-?\d+", clause.value)
        if clause.operator == "~" or not number:
            raise ApiError(f"Field `{clause.field}` is numeric: compare it with a whole number.", param="query")
    elif clause.operator not in (":", "~"):
        raise ApiError(f"Field `{clause.field}` can't be compared by `{clause.operator}`.", param="query")
    elif clause.operator == "~" and (kind != "string" or len(clause.value or "") < SUBSTRING_AT_LEAST):
        raise ApiError(
            f"Substring match needs a string field and {SUBSTRING_AT_LEAST} characters or more: `{clause.field}`.",
            param="query",
        )


def _holds(clause: Clause, obj: Obj, fields: dict[str, tuple[str, str]]) -> bool:
    path, kind = fields[clause.field]
    have: Any = obj
    for name in path.split(".") if clause.key is None else ("metadata", clause.key):
        have = have.get(name) if isinstance(have, dict) else None
    if clause.value is None or have is None:
        return clause.value is None and have is None
    if kind == "numeric":
        return COMPARE[clause.operator](have, int(clause.value))
    text = str(have).lower()
    return clause.value.lower() in text if clause.operator == "~" else clause.value.lower() == text
