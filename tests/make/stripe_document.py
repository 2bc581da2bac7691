"""Stripe's OpenAPI document, its operations and objects made into validators when they are first asked for."""

from __future__ import annotations

import functools
import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import jsonschema_rs

from donate.sandbox.schema_form import RequestProblem, coerce, decode_form
from donate.sandbox.schema_words import find_meant

Json = dict[str, Any]
# What only describes, and what JSON Schema has another word for.
_PASSED_OVER = {"description", "title", "example", "format", "nullable", "encoding"}
# Maps of anybody's own keys: an "object" in them names nothing of Stripe's.
_FREE = {"metadata", "previous_attributes"}
_ENVELOPES = {"list", "search_result"}


@dataclass(frozen=True)
class Difference:
    """Something the document says otherwise: "charge.amount" or "POST /v1/refunds amount", and what is wrong."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class Document:
    """One release of the document.

    Args:
        path: Where it lies, as gzipped JSON.
    """

    def __init__(self, path: Path) -> None:
        with gzip.open(path) as handle:
            self._spec: Json = json.load(handle)
        self.release: str = self._spec["info"]["version"]
        self._components: Json = self._spec["components"]["schemas"]
        #: A component's key → the word its objects carry in "object".
        self._words: dict[str, str] = {}
        for key, value in self._components.items():
            word = next(iter(value.get("properties", {}).get("object", {}).get("enum", [])), None)
            if word is not None and word not in _ENVELOPES:
                self._words[key] = word
        self._keys = {(word, key.startswith("deleted_")): key for key, word in self._words.items()}
        self._operations = [
            (verb.upper(), re.compile(re.sub(r"\{\w+\}", "[^/]+", template)), template)
            # /v1/customers/search is no customer named "search"
            for template in sorted(self._spec["paths"], key=lambda path: path.count("{"))
            for verb in self._spec["paths"][template]
        ]

    @functools.cache  # noqa: B019 - one document a process, kept to its end
    def find(self, method: str, path: str) -> str | None:
        """Find the template of the operation a request calls, or nothing where the document has none."""
        found = (template for verb, way, template in self._operations if verb == method and way.fullmatch(path))
        return next(found, None)

    # -- requests -----------------------------------------------------------------------------------------------

    def check_request(self, method: str, template: str, fields: str) -> list[Difference]:
        """Say what the document has against the form fields or query of a request."""
        called = f"{method} {template}"
        schema, validator = self._request(method, template)
        try:
            sent = coerce(decode_form(parse_qsl(fields, keep_blank_values=True)), schema, {})
        except RequestProblem as problem:
            return [Difference(called, problem.message)]
        return [] if validator.is_valid(sent) else list(_differences(called + " ", validator, schema, sent))

    @functools.cache  # noqa: B019
    def _request(self, method: str, template: str) -> tuple[Json, jsonschema_rs.Validator]:
        operation = self._spec["paths"][template][method.lower()]
        content = operation.get("requestBody", {}).get("content", {})
        form = content.get("application/x-www-form-urlencoded", {}).get("schema", {})
        query = [one for one in operation.get("parameters", []) if one["in"] == "query"]
        whole = {
            "type": "object",
            "properties": {**{one["name"]: one["schema"] for one in query}, **form.get("properties", {})},
            "required": [*(one["name"] for one in query if one.get("required")), *form.get("required", [])],
        }
        return self._compiled(whole)

    # -- answers ------------------------------------------------------------------------------------------------

    def check_answer(self, method: str, template: str, status: int, body: Any) -> list[Difference]:
        """Say what the document has against an answer, with every object in it."""
        called = f"{method} {template}" if status < 400 else "error"
        schema, validator = self._answer(method, template, status < 400)
        found = [] if validator.is_valid(body) else list(_differences(called + ".", validator, schema, body))
        return found + self.check_objects(body)

    def check_objects(self, given: Any) -> list[Difference]:
        """Say what the document has against each object in what is given: an object, an event, a list, anything."""
        found: list[Difference] = []
        for one in _objects(given):
            key = self._keys.get((one["object"], one.get("deleted") is True)) or self._keys.get((one["object"], False))
            if key is None:
                found.append(Difference(one["object"], "the document has no such object"))
                continue
            schema, validator = self._object(key)
            if not validator.is_valid(one):
                found += _differences(one["object"] + ".", validator, schema, one)
        return found

    @functools.cache  # noqa: B019
    def _answer(self, method: str, template: str, good: bool) -> tuple[Json, jsonschema_rs.Validator]:
        answers = self._spec["paths"][template][method.lower()]["responses"]
        return self._compiled(answers["200" if good else "default"]["content"]["application/json"]["schema"])

    @functools.cache  # noqa: B019
    def _object(self, key: str) -> tuple[Json, jsonschema_rs.Validator]:
        return self._compiled(self._components[key])

    # -- from the document's words to JSON Schema's ---------------------------------------------------------------

    def _compiled(self, described: Json) -> tuple[Json, jsonschema_rs.Validator]:
        parts: Json = {}
        schema = {**self._plain(described, parts), "$defs": parts}
        return schema, jsonschema_rs.validator_for(schema)

    def _plain(self, node: Json, parts: Json) -> Json:
        """Write one schema of the document as JSON Schema; the components it needs are added to the parts."""
        if "$ref" in node:
            return self._referred(node["$ref"].rpartition("/")[2], parts)
        plain: Json = {}
        for key, value in node.items():
            if key == "properties":
                plain[key] = {name: self._plain(field, parts) for name, field in value.items()}
            elif key in ("anyOf", "oneOf"):
                # an object that may stand for its own id is listed beside the string already
                plain["anyOf"] = [self._plain(branch, parts) for branch in value]
            elif key == "items" or (key == "additionalProperties" and isinstance(value, dict)):
                plain[key] = self._plain(value, parts)
            elif key not in _PASSED_OVER and not key.startswith("x-"):
                plain[key] = value
        if "properties" in plain:
            # the document says so at the top of a request only; Stripe keeps to it everywhere
            plain.setdefault("additionalProperties", False)
        return {"anyOf": [plain, {"type": "null"}]} if node.get("nullable") is True else plain

    def _referred(self, key: str, parts: Json) -> Json:
        if key in self._words:
            # An object within an object has a validator of its own: here it is enough that the right one stands.
            return {"type": "object", "properties": {"object": {"enum": [self._words[key]]}}, "required": ["object"]}
        if key not in parts:
            parts[key] = {}  # holds the place, for parts that contain themselves
            parts[key] = self._plain(self._components[key], parts)
        return {"$ref": f"#/$defs/{key}"}


def _objects(given: Any) -> Iterator[Json]:
    if isinstance(given, dict):
        if isinstance(given.get("object"), str) and given["object"] not in _ENVELOPES:
            yield given
        for name, value in given.items():
            if name not in _FREE and isinstance(value, dict | list):
                yield from _objects(value)
    elif isinstance(given, list):
        for value in given:
            yield from _objects(value)


def _differences(before: str, validator: jsonschema_rs.Validator, schema: Json, value: Any) -> Iterator[Difference]:
    for error in validator.iter_errors(value):
        for leaf in find_meant(error, schema):
            path = [str(step) for step in leaf.instance_path if not isinstance(step, int)]
            detail = leaf.kind.as_dict()
            if leaf.kind.name == "additionalProperties":
                for name in detail["unexpected"]:
                    yield Difference(before + ".".join([*path, name]), "the document does not have it")
            elif leaf.kind.name == "required":
                yield Difference(before + ".".join([*path, detail["property"]]), "the document requires it")
            else:
                yield Difference(before + ".".join(path), leaf.message[:200])
