"""Changing objects the way Stripe does: metadata merges, an empty string unsets."""

from __future__ import annotations

from typing import Any

from donate.sandbox.errors import ApiError, unmodelled
from donate.sandbox.store import Obj


def metadata(old: dict[str, str], given: Any) -> dict[str, str]:
    """Return metadata with the given keys merged in; an empty value removes a key, an empty whole removes all."""
    if given is None:
        return dict(old)
    if given == "":
        return {}
    merged = {**old, **given}
    merged = {key: str(value) for key, value in merged.items() if value != ""}
    for key, value in merged.items():
        if len(key) > 40 or "[" in key or "]" in key:
            raise ApiError(
                f"Metadata keys must be at most 40 characters and without square brackets: {key}", param="metadata"
            )
        if len(value) > 500:
            raise ApiError(
                f"Metadata values can have up to 500 characters, but you passed in a value that is {len(value)}"
                f" characters. Invalid value: {value[:40]}…",
                param=f"metadata[{key}]",
            )
    if len(merged) > 50:
        raise ApiError("You can only have 50 metadata keys.", param="metadata")
    return merged


def fields(obj: Obj, params: dict[str, Any], *names: str) -> None:
    """Copy the given fields onto an object; an empty string unsets."""
    for name in names:
        if name in params:
            obj[name] = None if params[name] == "" else params[name]
    if "metadata" in params:
        obj["metadata"] = metadata(obj.get("metadata") or {}, params["metadata"])


def only(params: dict[str, Any], names: set[str], what: str) -> None:
    """Refuse parameters that Stripe accepts and this sandbox would silently ignore."""
    for name in params:
        if name not in names:
            raise unmodelled(f"`{name}` on {what}", name)
