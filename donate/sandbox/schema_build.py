"""Turn the stripe package's own types into JSON Schemas.

The package carries a TypedDict for every request and a class for every resource, generated for exactly one version
of Stripe's API. What they annotate is the most exact description of the API that can be had offline, and it can never
be of another version than the client the desk speaks with.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, Final

from donate.sandbox.schema_source import Source, find_class, read_renamed, read_resource_names, read_source

Json = dict[str, Any]

SCALARS: Final[dict[str, Json]] = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "bool": {"type": "boolean"},
    "float": {"type": "number"},
    # Decimals travel as strings, so that no client rounds them.
    "Decimal": {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    "Any": {},
    "object": {},
}
LISTS: Final = {"List", "Sequence", "list"}
MAPS: Final = {"Dict", "Mapping", "UntypedStripeObject", "dict"}
WRAPPERS: Final = {"NotRequired", "Required"}
# Their annotations are the client's own (keys, retries, a request's own bookkeeping) and never travel.
CLIENT_BASES: Final = {"RequestOptions", "StripeObject", "TypedDict"}


class Builder:
    """Build one JSON Schema from a class, with every class it reaches inside its own module under $defs."""

    def __init__(self, *, wire: bool) -> None:
        self.wire = wire  # a request's parameters, where an empty string means "unset"
        self.defs: Json = {}

    def build(self, module: str, name: str) -> Json:
        """Build the schema of one class.

        Args:
            module: The module that defines it.
            name: The class.

        Returns:
            A self-contained JSON Schema.
        """
        source = read_source(module)
        root = self._object(source, (source.classes[name],))
        return {**root, "$defs": self.defs}

    def _object(self, source: Source, scope: tuple[ast.ClassDef, ...]) -> Json:
        properties: Json = {}
        required: list[str] = []
        for name, annotation, where in self._fields(source, scope):
            head = _head(annotation)
            if head == "ClassVar" or name.startswith("_"):
                continue
            properties[name] = self.schema(annotation, source, where)
            if head not in ("NotRequired", "Optional"):
                required.append(name)
        return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}

    def _fields(
        self, source: Source, scope: tuple[ast.ClassDef, ...]
    ) -> Iterator[tuple[str, ast.expr, tuple[ast.ClassDef, ...]]]:
        node = scope[-1]
        for base in node.bases:
            if isinstance(base, ast.Name) and base.id not in CLIENT_BASES:
                if base.id in source.classes:
                    yield from self._fields(source, (source.classes[base.id],))
                elif isinstance(call := source.values.get(base.id), ast.Call):
                    # TypedDict("…", {"in": …}) is how a field named like a keyword is spelled.
                    table = call.args[1]
                    assert isinstance(table, ast.Dict)
                    for key, value in zip(table.keys, table.values, strict=True):
                        yield str(ast.literal_eval(key)) if key else "", value, scope
        renamed = read_renamed(node)
        for item in node.body:
            if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
                yield renamed.get(item.target.id, item.target.id), item.annotation, scope

    def schema(self, node: ast.expr, source: Source, scope: tuple[ast.ClassDef, ...]) -> Json:
        """Build the schema of one annotation.

        Args:
            node: The annotation.
            source: The module it stands in.
            scope: The classes it stands in, outermost first: inner names win.

        Returns:
            A JSON Schema.

        Raises:
            ValueError: The annotation is of a kind the package did not use before.
        """
        if isinstance(node, ast.Constant):
            if node.value is None:
                return {"type": "null"}
            return self.schema(ast.parse(str(node.value), mode="eval").body, source, scope)
        if isinstance(node, ast.BinOp):
            return self._union(_alternatives(node), source, scope)
        if isinstance(node, ast.Subscript):
            return self._subscript(node, source, scope)
        if isinstance(node, ast.Name | ast.Attribute):
            return self._named(ast.unparse(node).split("."), source, scope)
        raise ValueError(f"unknown annotation: {ast.unparse(node)}")

    def _subscript(self, node: ast.Subscript, source: Source, scope: tuple[ast.ClassDef, ...]) -> Json:
        head, inner = _head(node), node.slice
        arguments = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        if head == "Literal":
            return {"enum": [ast.literal_eval(item) for item in arguments]}
        if head in WRAPPERS:
            return self.schema(inner, source, scope)
        if head == "Optional":
            return self._union([inner, ast.Constant(None)], source, scope)
        if head == "Union":
            return self._union(arguments, source, scope)
        if head == "ExpandableField":
            return self._union([ast.Name("str"), inner], source, scope)
        if head in LISTS:
            return {"type": "array", "items": self.schema(inner, source, scope)}
        if head in MAPS:
            values = self.schema(arguments[-1], source, scope)
            # Inside a map an empty value is always allowed: it removes one key.
            return {"type": "object", "additionalProperties": {"type": "string"} if "minLength" in values else values}
        if head == "ListObject":
            return list_schema(self.schema(inner, source, scope))
        raise ValueError(f"unknown annotation: {ast.unparse(node)}")

    def _named(self, names: list[str], source: Source, scope: tuple[ast.ClassDef, ...]) -> Json:
        if names[0] in SCALARS:
            # Stripe refuses an empty string unless the type says that it unsets the field.
            return {"type": "string", "minLength": 1} if self.wire and names == ["str"] else dict(SCALARS[names[0]])
        place = source.imports.get(names[0], ("", ""))
        if place in read_resource_names() and len(names) == 1 and not self.wire:
            return {"type": "object", "resource": [read_resource_names()[place]]}  # without parsing its module
        source, path = find_class(names, source, scope)
        if path[0].name == "UntypedStripeObject":
            return {"type": "object"}
        if len(path) == 1 and (resource := read_resource_names().get((source.module, path[0].name))) and not self.wire:
            return {"type": "object", "resource": [resource]}
        key = f"{source.module}:{'.'.join(item.name for item in path)}"
        if key not in self.defs:
            self.defs[key] = {}  # holds the place, for classes that contain themselves
            self.defs[key] = self._object(source, path)
        return {"$ref": f"#/$defs/{key}"}

    def _union(self, nodes: list[ast.expr], source: Source, scope: tuple[ast.ClassDef, ...]) -> Json:
        branches: list[Json] = []
        for node in nodes:
            branch = self.schema(node, source, scope)
            branches.extend(branch.get("anyOf", [branch]))
        return _merge(branches)


def _merge(branches: list[Json]) -> Json:
    """Merge alternatives, so that what remains says most exactly what is allowed."""
    words = list(dict.fromkeys(word for branch in branches for word in branch.get("enum", [])))
    rest = [branch for branch in branches if "enum" not in branch]
    if any(word != "" for word in words if isinstance(word, str)):
        # `Literal[…] | str` only means that a later version may add a word; this version has these.
        rest = [branch for branch in rest if not _is_text(branch)]
    elif "" in words and any(_is_text(branch) for branch in rest):
        rest = [{key: value for key, value in branch.items() if key != "minLength"} for branch in rest]
        words.remove("")
    if {"type": "null"} in rest and words:
        rest.remove({"type": "null"})
        words.append(None)
    resources = [branch for branch in rest if "resource" in branch]
    if resources:
        plain = [branch for branch in rest if branch.keys() == {"type"} and branch["type"] in ("string", "null")]
        rest = [branch for branch in rest if branch not in resources and branch not in plain]
        names = list(dict.fromkeys(name for branch in resources for name in branch["resource"]))
        types = {kind for branch in [*resources, *plain] for kind in _types(branch)}
        rest.append({"type": sorted(types), "resource": names})
    merged = [*([{"enum": words}] if words else []), *(item for i, item in enumerate(rest) if item not in rest[:i])]
    if len(merged) == 2 and merged[1] == {"type": "null"} and isinstance(merged[0].get("type"), str):
        return {**merged[0], "type": [merged[0]["type"], "null"]}
    return merged[0] if len(merged) == 1 else {"anyOf": merged}


def _types(branch: Json) -> list[str]:
    kinds = branch.get("type", [])
    return [kinds] if isinstance(kinds, str) else list(kinds)


def _is_text(branch: Json) -> bool:
    return branch.get("type") == "string" and "pattern" not in branch


def list_schema(items: Json) -> Json:
    """Describe Stripe's list envelope.

    Args:
        items: The schema of each element.

    Returns:
        The envelope's schema.
    """
    return {
        "type": "object",
        "properties": {
            "object": {"enum": ["list"]},
            "data": {"type": "array", "items": items},
            "has_more": {"type": "boolean"},
            "url": {"type": "string"},
        },
        "required": ["object", "data", "has_more", "url"],
        "additionalProperties": False,
    }


def _head(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _head(ast.parse(node.value, mode="eval").body)
    return ast.unparse(node.value if isinstance(node, ast.Subscript) else node)


def _alternatives(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp):
        return [*_alternatives(node.left), *_alternatives(node.right)]
    return [node]
