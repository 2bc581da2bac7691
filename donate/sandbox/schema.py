"""Hold every request and every object to the API version the installed stripe package pins."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import jsonschema_rs

from donate.sandbox import schema_build, schema_source
from donate.sandbox.schema_build import Builder, list_schema
from donate.sandbox.schema_form import Json, RequestProblem, coerce, decode_form
from donate.sandbox.schema_words import find_meant, word_refusal

__all__ = [
    "API_VERSION",
    "Operation",
    "RequestProblem",
    "check_object",
    "check_request",
    "decode_form",
    "find_operation",
    "list_operations",
    "use_cache",
]

PACKAGE_VERSION, API_VERSION = schema_source.read_versions()
EXPAND: Final[Json] = {"type": "array", "items": {"type": "string", "minLength": 1}}

_cache_dir: Path | None = None


@dataclass(frozen=True)
class Operation:
    """Name one operation of the API and the class of its parameters."""

    method: str
    template: str
    params: str
    module: str = ""


def use_cache(path: Path | None) -> None:
    """Keep built schemas in a folder, so that the next process need not build them.

    Args:
        path: The folder, made when missing; None keeps them in memory only.
    """
    global _cache_dir  # one setting for the process, like the schemas themselves
    if path is None:
        _cache_dir = None
        return
    # Another stripe or another builder makes other schemas: never read theirs.
    digest = hashlib.sha256()
    for module in (schema_build, schema_source):
        digest.update(Path(str(module.__file__)).read_bytes())
    _cache_dir = path / f"stripe-{PACKAGE_VERSION}-{digest.hexdigest()[:12]}"
    _cache_dir.mkdir(parents=True, exist_ok=True)


def _cached(name: str, build: Callable[[], Any]) -> Any:
    if _cache_dir is None:
        return build()
    path = _cache_dir / f"{name}.json"
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        made = build()
    # Several processes may build at once; each replaces the file whole.
    with tempfile.NamedTemporaryFile("w", dir=_cache_dir, suffix=".tmp", delete=False) as handle:
        json.dump(made, handle)
    os.replace(handle.name, path)
    return made


# ── operations ─────────────────────────────────────────────────────────────────────────────────────────────────────


@functools.cache
def _operations() -> dict[tuple[str, int], list[tuple[list[str], Operation]]]:
    table: dict[tuple[str, int], list[tuple[list[str], Operation]]] = {}
    for method, template, module, params in _cached("operations", schema_source.read_operations):
        parts = template.strip("/").split("/")
        table.setdefault((method, len(parts)), []).append((parts, Operation(method, template, params, module)))
    for rows in table.values():
        # /v1/customers/search is not a customer named "search": the most literal template wins.
        rows.sort(key=lambda row: sum(part.startswith("{") for part in row[0]))
    return table


def find_operation(method: str, path: str) -> Operation | None:
    """Find the operation a request calls.

    Args:
        method: "GET", "POST" or "DELETE".
        path: The request's path, such as "/v1/customers/cus_1".

    Returns:
        The operation, or None where Stripe has none.
    """
    parts = path.strip("/").split("/")
    for template, operation in _operations().get((method.upper(), len(parts)), []):
        if all(
            (wanted.startswith("{") and part) or wanted == part for wanted, part in zip(template, parts, strict=True)
        ):
            return operation
    return None


def list_operations() -> list[tuple[str, str]]:
    """List every v1 operation the installed stripe package can call.

    Returns:
        Methods and path templates, sorted.
    """
    return sorted((row.method, row.template) for rows in _operations().values() for _, row in rows)


# ── requests ───────────────────────────────────────────────────────────────────────────────────────────────────────


@functools.cache
def _request_validator(operation: Operation) -> tuple[Json, jsonschema_rs.Validator]:
    def build() -> Json:
        return Builder(wire=True).build(operation.module, operation.params)

    schema = _cached(f"request-{operation.module}.{operation.params}", build)
    schema["properties"].setdefault("expand", EXPAND)
    return schema, jsonschema_rs.validator_for(schema)


def check_request(operation: Operation, params: Json) -> Json:
    """Check a decoded request against its operation.

    Args:
        operation: What `find_operation` found.
        params: What `decode_form` decoded.

    Returns:
        The parameters with their types: integers, numbers, booleans; "" where that unsets a field.

    Raises:
        RequestProblem: Stripe would refuse the request.
    """
    schema, validator = _request_validator(operation)
    coerced: Json = coerce(params, schema, schema["$defs"])
    if validator.is_valid(coerced):
        return coerced
    raise word_refusal([leaf for error in validator.iter_errors(coerced) for leaf in find_meant(error, schema)])


# ── objects ────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Resource:
    """Check the schema keyword "resource": the objects that may stand here, or any where none is named."""

    def __init__(self, parent_schema: Json, value: Any, schema_path: list[str | int]) -> None:
        self.names: list[str] = value

    def validate(self, instance: Any) -> None:
        for problem in self.iter_errors(instance):
            raise problem

    def iter_errors(self, instance: Any) -> Iterator[ValueError]:
        # Each kind of object has a validator of its own, built when first met: one for all that a customer can reach
        # would hold most of the API.
        if isinstance(instance, dict):
            for problem in _object_problems(instance, self.names):
                yield ValueError(problem)


def _envelope(name: str) -> Json:
    schema = list_schema({"type": "object", "resource": []})
    if name == "search_result":
        schema["properties"]["object"] = {"enum": ["search_result"]}
        schema["properties"]["next_page"] = {"type": ["string", "null"]}
    # Given only where it was asked for by expanding it.
    schema["properties"]["total_count"] = {"type": "integer"}
    return {**schema, "$defs": {}}


def _build_object(name: str) -> Json:
    module, class_name = schema_source.read_resources()[name]
    schema = Builder(wire=False).build(module, class_name)
    if name == "event":
        # The class says no more than "an object", since any resource may stand there.
        schema["$defs"][f"{module}:Event.Data"]["properties"]["object"] = {"type": "object", "resource": []}
    return schema


@functools.cache
def _object_validator(name: str, deleted: bool) -> tuple[Json, jsonschema_rs.Validator] | None:
    if name in ("list", "search_result"):
        schema = _envelope(name)
    elif name in schema_source.read_resources():
        schema = _cached(f"object-{name}", lambda: _build_object(name))
    else:
        return None
    if deleted and "deleted" in schema["properties"]:
        # What is left of a deleted object is its id.
        schema = {**schema, "required": ["id", "object", "deleted"]}
    return schema, jsonschema_rs.validator_for(schema, keywords={"resource": _Resource})


def check_object(obj: Json) -> list[str]:
    """Check an object the API answers, with everything in it, or an event with the object it carries.

    Args:
        obj: The object as JSON.

    Returns:
        What is wrong, each with its place; nothing where all is as Stripe has it.
    """
    problems = [problem.removeprefix(": ") for problem in _object_problems(obj, [])]
    if obj.get("object") == "event" and not problems:
        problems += _unknown_previous(obj)
    return problems


def _object_problems(obj: Json, allowed: list[str]) -> list[str]:
    name = obj.get("object")
    if not isinstance(name, str) or (allowed and name not in allowed):
        return [f"object: {name!r} is not {' or '.join(allowed) or 'the name of an object'}"]
    found = _object_validator(name, obj.get("deleted") is True)
    if found is None:
        return [f"object: the API has no object {name!r}"]
    schema, validator = found
    if validator.is_valid(obj):
        return []
    return [_described(leaf) for error in validator.iter_errors(obj) for leaf in find_meant(error, schema)]


def _described(error: jsonschema_rs.ValidationError) -> str:
    """Say what is wrong as "place: what", with an empty place for the object itself."""
    place = ".".join(str(step) for step in error.instance_path)
    if error.kind.name == "resource":
        # An object within the object has named its own place already.
        return f"{place}{'' if not place or error.message.startswith(':') else '.'}{error.message}"
    if error.kind.name == "enum":
        return f"{place}: {error.instance!r} is not one of {error.kind.as_dict()['options']}"
    return f"{place}: {error.message}"


def _unknown_previous(event: Json) -> list[str]:
    """Name what an event says has changed though its object has no such field."""
    data = event["data"]
    changed, fields = data.get("previous_attributes") or {}, data["object"]
    return [f"data.previous_attributes: {name!r} is no field of the object" for name in changed if name not in fields]
