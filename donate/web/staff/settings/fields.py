"""Fields of the settings' forms: filled from what the newsroom's file holds, and read into its shape again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from donate.errors import BadAmount
from donate.money import parse_amount

Kind = Literal[
    "line", "area", "lines", "codes", "number", "tick", "choice", "ticks", "words", "areas", "sums", "table", "rows",
    "pairs", "picture",
]  # fmt: skip
#: What is typed, in the shape of the form: texts, ticks, tables of fields and lists of such tables.
Typed = dict[str, Any]

#: More rows than this one form never has: who sends them typed none of them.
MOST_ROWS = 400
# What no keyboard types and PostgreSQL refuses.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_PLACE = "place"


@dataclass(frozen=True)
class Field:
    """One field, or a table of fields.

    Args:
        name: Its key in the file's table.
        kind: What it holds: ``words`` and ``areas`` are texts by language, ``sums`` amounts by currency, ``table`` a
            table of further fields, ``rows`` a list of such tables, ``pairs`` a table of names with one field each.
        label: In the reader's words.
        hint: What to write, and what it does.
        options: (value, words) to choose from.
        keys: Languages of ``words`` and ``areas``, currencies of ``sums``, that are always shown.
        fields: Of a table, or of each row.
        is_number: Whether a choice is a number in the file.
        may_be_missing: Whether a table with nothing in it is left out.
        is_fixed: Whether it stays once it was saved: others carry it.
        is_ordered: Whether rows have a place of their own.
        may_go: Whether a row can be taken out.
        one: What one row is called, for the button that adds another.
        rank: Puts read rows in the file's order.
        rows: How high a text's box is.
        is_half: Whether it shares its line with its neighbour.
        is_wide: Whether each language of it has a line of its own.
    """

    name: str
    kind: Kind
    label: str
    hint: str = ""
    options: Sequence[tuple[str, str]] = ()
    keys: Sequence[str] = ()
    fields: tuple[Field, ...] = ()
    is_number: bool = False
    may_be_missing: bool = False
    is_fixed: bool = False
    is_ordered: bool = False
    may_go: bool = True
    one: str = ""
    rank: Callable[[Any], Any] | None = None
    rows: int = 3
    is_half: bool = False
    is_wide: bool = False


@dataclass
class Reading:
    """What reading a form found.

    Args:
        problems: Sentences that the door words, by the field's name in the form: a message id and its values.
        positions: Where each row that was read stands in the form, by the name of its list.
    """

    problems: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    positions: dict[str, list[int]] = field(default_factory=dict)

    def place(self, key: str) -> str:
        """Give the form's name for a key of the file, such as ``funds.3.code`` for ``funds[2].code``.

        Args:
            key: As a refusal names it.
        """
        name = ""
        for part in key.split("."):
            bare, _, number = part.rstrip("]").partition("[")
            name = f"{name}.{bare}" if name else bare
            if number:
                found = self.positions.get(name, [])
                at = int(number) - 1
                name = f"{name}.{found[at] if at < len(found) else at}"
        return name


def fill(fields: Sequence[Field], values: Mapping[str, Any]) -> Typed:
    """Fill a form's fields.

    Args:
        fields: Of the form.
        values: As the file has them.
    """
    return {each.name: _fill(each, values.get(each.name)) for each in fields}


def _fill(each: Field, value: Any) -> Any:
    match each.kind:
        case "tick":
            return bool(value)
        case "ticks":
            return list(value or [])
        case "lines":
            return "\n".join(value or [])
        case "codes":
            return " ".join(value or [])
        case "words" | "areas" | "sums":
            return {key: (value or {}).get(key, "") for key in dict.fromkeys((*each.keys, *(value or {})))}
        case "table":
            return fill(each.fields, value or {})
        case "rows":
            return [
                {**fill(each.fields, row), "was": True, "gone": False, _PLACE: str(at)}
                for at, row in enumerate(value or [], 1)
            ]
        case "pairs":
            return [
                {"name": name, "value": _flag_word(held), "was": True, "gone": False}
                for name, held in (value or {}).items()
            ]
    return "" if value is None else str(value)


def parse(fields: Sequence[Field], form: Mapping[str, Any], path: str = "") -> Typed:
    """Take what was sent, as typed.

    Args:
        fields: Of the form.
        form: Its values by name, with ``getlist``.
        path: The name of the table they stand in, with a point at its end.
    """
    return {each.name: _parse(each, form, f"{path}{each.name}") for each in fields}


def _parse(each: Field, form: Any, path: str) -> Any:
    match each.kind:
        case "tick":
            return bool(form.get(path))
        case "ticks":
            return [value for value, _words in each.options if value in form.getlist(path)]
        case "area" | "lines":
            return _lines(form.get(path, ""))
        case "areas":
            return {key: _lines(form.get(f"{path}.{key}", "")) for key in _keys(each, form, path)}
        case "words" | "sums":
            return {key: _line(form.get(f"{path}.{key}", "")) for key in _keys(each, form, path)}
        case "table":
            return parse(each.fields, form, f"{path}.")
        case "rows":
            return [_parse_row(each.fields, form, f"{path}.{at}.") for at in _numbers(form, path)]
        case "pairs":
            name = Field("name", "line", "")
            value = each.fields[0]
            return [
                _parse_row((name, Field("value", value.kind, "", options=value.options)), form, f"{path}.{at}.")
                for at in _numbers(form, path)
            ]
    return _line(form.get(path, ""))


def _parse_row(fields: Sequence[Field], form: Any, path: str) -> Typed:
    row = parse(fields, form, path)
    row |= {"was": bool(form.get(f"{path}was")), "gone": bool(form.get(f"{path}gone"))}
    return {**row, _PLACE: _line(form.get(f"{path}{_PLACE}", ""))}


def _keys(each: Field, form: Any, path: str) -> list[str]:
    sent = (name.removeprefix(f"{path}.") for name in form if name.startswith(f"{path}."))
    return list(dict.fromkeys((*each.keys, *(key for key in sent if re.fullmatch(r"[A-Za-z-]{2,8}", key)))))


def _numbers(form: Any, path: str) -> list[int]:
    found = {int(sent[1]) for name in form if (sent := re.match(rf"{re.escape(path)}\.(\d{{1,4}})\.", name))}
    return sorted(found)[:MOST_ROWS]


def read(fields: Sequence[Field], typed: Typed, reading: Reading, path: str = "") -> dict[str, Any]:
    """Read what was typed into the file's shape; what can't be read is named.

    Args:
        fields: Of the form.
        typed: What ``parse`` gave.
        reading: Gathers what is to be put right.
        path: The name of the table they stand in, with a point at its end.
    """
    values = {}
    for each in fields:
        value = _read(each, typed[each.name], reading, f"{path}{each.name}")
        if value is not None:
            values[each.name] = value
    return values


def _read(each: Field, typed: Any, reading: Reading, path: str) -> Any:
    match each.kind:
        case "lines":
            return [line.strip() for line in typed.splitlines() if line.strip()]
        case "codes":
            return [code.upper() for code in re.split(r"[\s,،;]+", typed) if code]
        case "number":
            return _number(typed, reading, path)
        case "choice":
            return _number(typed, reading, path) if each.is_number else typed or None
        case "words" | "areas":
            return {key: text for key, text in typed.items() if text}
        case "sums":
            return _sums(typed, reading, path) or None
        case "table":
            value = read(each.fields, typed, reading, f"{path}.")
            return None if each.may_be_missing and is_blank(typed) else value
        case "rows":
            return _rows(each, typed, reading, path)
        case "pairs":
            rows = [row for row in typed if row["name"] and not row["gone"]]
            return {row["name"]: _flag_or(row["value"]) for row in rows}
    return typed


def add_rows(fields: Sequence[Field], typed: Typed, wanted: str, path: str = "") -> None:
    """Add an empty row to the list that was asked for, and one to each list that has none.

    Args:
        fields: Of the form.
        typed: What ``fill`` or ``parse`` gave; changed here.
        wanted: The list's name in the form; empty where none was asked for.
        path: The name of the table they stand in, with a point at its end.
    """
    for each in fields:
        name = f"{path}{each.name}"
        if each.kind == "table":
            add_rows(each.fields, typed[each.name], wanted, f"{name}.")
        elif each.kind in ("rows", "pairs"):
            rows = typed[each.name]
            for at, row in enumerate(rows):
                if each.kind == "rows":
                    add_rows(each.fields, row, wanted, f"{name}.{at}.")
            if name == wanted or not rows:
                rows.append(_empty_row(each, len(rows) + 1))


def _empty_row(each: Field, place: int) -> Typed:
    inner = fill(each.fields, {}) if each.kind == "rows" else {"name": "", "value": ""}
    return {**inner, "was": False, "gone": False, _PLACE: str(place)}


def is_blank(typed: Any) -> bool:
    """Tell whether nothing was typed: a choice stands somewhere always, so it says nothing."""
    if isinstance(typed, Mapping):
        return all(is_blank(each) for name, each in typed.items() if name not in ("was", "gone", _PLACE, "restriction"))
    if isinstance(typed, list):
        return all(is_blank(each) for each in typed)
    return typed in ("", False, None)


def _rows(each: Field, typed: list[Typed], reading: Reading, path: str) -> list[dict[str, Any]]:
    kept = [(at, row) for at, row in enumerate(typed) if not row["gone"] and (row["was"] or not is_blank(row))]
    found = [(at, row, read(each.fields, row, reading, f"{path}.{at}.")) for at, row in kept]
    if each.is_ordered:
        found.sort(key=lambda one: int(one[1][_PLACE]) if one[1][_PLACE].isdecimal() else MOST_ROWS)
    if each.rank is not None:
        rank = each.rank
        found.sort(key=lambda one: rank(one[2]))
    reading.positions[path] = [at for at, _row, _value in found]
    return [value for _at, _row, value in found]


def _sums(typed: Mapping[str, str], reading: Reading, path: str) -> dict[str, str]:
    sums = {}
    for currency, text in typed.items():
        if not text:
            continue
        try:
            sums[currency] = parse_amount(text, currency).plain()
        except BadAmount as refused:
            reading.problems.setdefault(f"{path}.{currency}", (refused.message, refused.values))
    return sums


def _number(typed: str, reading: Reading, path: str) -> int | None:
    if not typed:
        return None
    if not re.fullmatch(r"\d{1,6}", typed):
        reading.problems.setdefault(path, ("number_wrong", {}))
        return None
    return int(typed)


def _flag_word(held: str | bool) -> str:
    return held if isinstance(held, str) else "false"


def _flag_or(value: str) -> str | bool:
    return False if value == "false" else value


def _line(value: str) -> str:
    return re.sub(r"[\r\n\t]+", " ", _CONTROL.sub("", value)).strip()


def _lines(value: str) -> str:
    return _CONTROL.sub("", value).replace("\r\n", "\n").replace("\r", "\n").strip()
