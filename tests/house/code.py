"""Read the project's own code: every module as a tree, with its path."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Module:
    """One file of code.

    Args:
        path: From the project's folder, with slashes.
        tree: As Python reads it.
        lines: How many.
    """

    path: str
    tree: ast.Module
    lines: int

    @property
    def caption(self) -> str:
        """The first line of the module's docstring; empty where it has none."""
        return (ast.get_docstring(self.tree) or "").partition("\n")[0].strip()

    def is_in(self, *places: str) -> bool:
        """Tell whether the file is one of these, or inside one of these folders (which end with a slash)."""
        return any(self.path.startswith(place) if place.endswith("/") else self.path == place for place in places)


@lru_cache(maxsize=1)
def modules() -> tuple[Module, ...]:
    """Read every module of the application, but not the migrations: those never change once written."""
    paths = [ROOT / "wsgi.py", *sorted((ROOT / "donate").rglob("*.py"))]
    return tuple(_read(path) for path in paths if "versions" not in path.parts)


def _read(path: Path) -> Module:
    text = path.read_text()
    return Module(path.relative_to(ROOT).as_posix(), ast.parse(text), text.count("\n"))


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Give the full name of all that a tree imports, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Give every call with what is called, in dots: ``session.commit``, ``datetime.now``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield dotted(node.func), node


def dotted(node: ast.AST) -> str:
    """Write a name or an attribute in dots; what is neither is left out."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else f".{node.attr}"
    return ""
