"""Compile each address of the application once a process, though every test makes its own application.

Werkzeug writes and compiles a function for every rule of a new map; that was a quarter of a test's time. The functions
depend on the rule's pieces and defaults alone, so equal rules may share them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

_compiled: dict[tuple[Any, ...], Callable[..., tuple[str, str]]] = {}
_compile = Rule._compile_builder


def _remembered(self: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    if self.defaults:  # these are turned into text by the rule's own converters
        return _compile(self, append_unknown)
    key = (self.rule, tuple(self._trace), append_unknown)
    if key not in _compiled:
        _compiled[key] = _compile(self, append_unknown)
    return _compiled[key]


def remember_routes() -> None:
    """Let every map of this process share the functions of equal rules."""
    Rule._compile_builder = _remembered  # type: ignore[method-assign]
