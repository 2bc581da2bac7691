"""Say in Stripe's words why a request is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from donate.sandbox.schema_form import Json, RequestProblem, choose_branch


def find_meant(error: jsonschema_rs.ValidationError, schema: Json) -> Iterator[jsonschema_rs.ValidationError]:
    """Replace "none of the alternatives fits" by what is wrong with the one that was meant.

    Args:
        error: What the validator found.
        schema: The whole schema it validated by.

    Returns:
        The error itself, or those of the likeliest alternative.
    """
    if error.kind.name != "anyOf":
        yield error
        return
    branches: Any = schema
    for step in error.schema_path:
        branches = branches[step]
    defs = schema["$defs"]
    meant = choose_branch(error.instance, {"anyOf": branches}, defs)
    for branch, errors in zip(branches, error.kind.as_dict()["context"], strict=True):
        if choose_branch(error.instance, branch, defs) is meant:
            for inner in errors:
                yield from find_meant(inner, schema)
            return


def _urgency(error: jsonschema_rs.ValidationError) -> int:
    # Stripe names what it does not know first, then what it misses, then what it cannot read.
    return {"additionalProperties": 0, "required": 1}.get(error.kind.name, 2)


def word_refusal(errors: list[jsonschema_rs.ValidationError]) -> RequestProblem:
    """Word the refusal of a request as Stripe does.

    Args:
        errors: What is wrong with it, at least one.

    Returns:
        The one problem Stripe would name.
    """
    error = min(errors, key=_urgency)
    kind, path, detail = error.kind.name, error.instance_path, error.kind.as_dict()
    if kind == "additionalProperties":
        names = [_bracketed([*path, name]) for name in detail["unexpected"]]
        plural = "s" if len(names) > 1 else ""
        return RequestProblem(f"Received unknown parameter{plural}: {', '.join(names)}", names[0], "parameter_unknown")
    if kind == "required":
        param = _bracketed([*path, detail["property"]])
        return RequestProblem(f"Missing required param: {param}.", param, "parameter_missing")
    param = _bracketed(path)
    if error.instance == "":
        return _empty(param)
    if kind == "enum":
        words = [str(word) for word in detail["options"] if word not in ("", None)]
        allowed = words[0] if len(words) == 1 else f"one of {', '.join(words[:-1])}, or {words[-1]}"
        return RequestProblem(f"Invalid {param}: must be {allowed}", param)
    wanted = "decimal" if kind == "pattern" else detail.get("types", [kind])[0]
    given = f": {error.instance}" if isinstance(error.instance, str) else ""
    code = "parameter_invalid_integer" if wanted == "integer" else None
    return RequestProblem(f"Invalid {wanted}{given}", param, code)


def _empty(param: str) -> RequestProblem:
    return RequestProblem(
        f"You passed an empty string for '{param}'. We assume empty values are an attempt to unset a parameter; "
        f"however '{param}' cannot be unset. You should remove '{param}' from your request or supply a non-empty "
        "value.",
        param,
        "parameter_invalid_empty",
    )


def _bracketed(path: list[str | int]) -> str:
    first, *rest = [str(step) for step in path]
    return first + "".join(f"[{step}]" for step in rest)
