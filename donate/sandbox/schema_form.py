"""Read a request's form fields in bracket notation and give its strings the types the schema asks for."""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]

INTEGER = re.compile(r"-?[0-9]+")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")


class RequestProblem(Exception):
    """Say, as Stripe would, why a request is refused.

    Args:
        message: Stripe's sentence.
        param: The parameter in bracket notation, where one is to blame.
        code: Stripe's error code, where it has one for this.
    """

    def __init__(self, message: str, param: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param
        self.code = code


def decode_form(pairs: list[tuple[str, str]]) -> Json:
    """Decode form or query fields in bracket notation.

    Args:
        pairs: The fields in the order they came, such as ("items[0][price]", "price_1") or ("expand[]", "customer").

    Returns:
        Nested dicts and lists of strings.

    Raises:
        RequestProblem: Two fields contradict each other, or a name is not in bracket notation.
    """
    root: Json = {}
    for name, value in pairs:
        match = KEY.fullmatch(name)
        if match is None:
            raise RequestProblem(f"Received unknown parameter: {name}", name, "parameter_unknown")
        steps = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
        _put(root, steps, value, name)
    return {key: _settle(value) for key, value in root.items()}


def _put(node: Json, steps: list[str], value: str, name: str) -> None:
    """Put one value at its place; lists are dicts keyed by position until all fields are read."""
    for at, step in enumerate(steps):
        last = at == len(steps) - 1
        key = _next_index(node, None if last else steps[at + 1]) if step == "" else step
        if last:
            if isinstance(node.get(key), dict):
                raise RequestProblem(f"Invalid object: {name} was given twice, as a value and as an object.", name)
            node[key] = value
            return
        inner = node.setdefault(key, {})
        if not isinstance(inner, dict):
            raise RequestProblem(f"Invalid object: {name} was given twice, as a value and as an object.", name)
        node = inner


def _next_index(node: Json, inner_key: str | None) -> str:
    """Choose the place of `[]`: a[][b]=1&a[][c]=2 is one element, a[][b]=1&a[][b]=2 are two."""
    if inner_key and node:
        newest = str(len(node) - 1)
        if isinstance(node.get(newest), dict) and inner_key not in node[newest]:
            return newest
    return str(len(node))


def _settle(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    settled = {key: _settle(item) for key, item in value.items()}
    if settled and set(settled) == {str(index) for index in range(len(settled))}:
        return [settled[str(index)] for index in range(len(settled))]
    return settled


def coerce(value: Any, schema: Json, defs: Json) -> Any:
    """Give the strings of a decoded request the types its schema asks for.

    What cannot be read stays as it came, for the validator to name.

    Args:
        value: A decoded value.
        schema: Its schema.
        defs: The schema's definitions.

    Returns:
        The value with integers, numbers, booleans, lists and maps where the schema has them.
    """
    schema = choose_branch(value, schema, defs)
    kind = schema.get("type")
    if isinstance(value, str):
        return _coerce_text(value, kind)
    if kind == "array":
        if isinstance(value, dict) and value and all(key.isdigit() for key in value):
            value = [value[key] for key in sorted(value, key=int)]
        if isinstance(value, list):
            return [coerce(item, schema.get("items", {}), defs) for item in value]
    if kind == "object":
        if isinstance(value, list):  # metadata[0]=x is a map with the key "0"
            value = {str(index): item for index, item in enumerate(value)}
        if isinstance(value, dict):
            known, other = schema.get("properties", {}), schema.get("additionalProperties")
            rest = other if isinstance(other, dict) else {}
            return {key: coerce(item, known.get(key, rest), defs) for key, item in value.items()}
    return value


def _coerce_text(value: str, kind: Any) -> Any:
    if kind == "integer" and INTEGER.fullmatch(value):
        return int(value)
    if kind == "number" and NUMBER.fullmatch(value):
        return float(value)
    if kind == "boolean" and value in ("true", "false"):
        return value == "true"
    return value


def choose_branch(value: Any, schema: Json, defs: Json) -> Json:
    """Choose the alternative a value most likely means.

    Args:
        value: A decoded value.
        schema: A schema that may be a reference or have alternatives.
        defs: The schema's definitions.

    Returns:
        A schema without alternatives at its top.
    """
    while "$ref" in schema:
        schema = defs[schema["$ref"].removeprefix("#/$defs/")]
    if "anyOf" not in schema:
        return schema
    branches = [choose_branch(value, branch, defs) for branch in schema["anyOf"]]
    return max(branches, key=lambda branch: _likeness(value, branch))


def _likeness(value: Any, branch: Json) -> int:
    """Score how well a branch fits; unknown words count as a bad number, which is what Stripe calls them."""
    kind = branch.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    if isinstance(value, str):
        if "enum" in branch:
            return 4 if value in branch["enum"] else 0
        if kind in ("integer", "number", "boolean"):
            return 3 if not isinstance(_coerce_text(value, kind), str) else 1
        return 2 if "string" in kinds else 0
    if isinstance(value, list | dict) and kind == "array":
        return 2 if isinstance(value, list) or all(key.isdigit() for key in value) else 0
    if isinstance(value, dict) and "object" in kinds:
        known = branch.get("properties", value)
        return 1 + sum(key in known for key in value)
    return 0
