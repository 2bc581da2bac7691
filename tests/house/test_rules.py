"""What may be used where: libraries, queries, commits, clocks, hidden imports, names of files."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.code import Module, calls, imports, modules

# Where the application speaks HTTP or a terminal, and the few files that need its context.
_FLASK = ("donate/app.py", "donate/web/", "donate/commands/", "donate/mail/render.py", "donate/migrations/env.py",
          "donate/sandbox/")  # fmt: skip
# Libraries that take long to load, or that only some install: these alone may be imported where they are used.
_SLOW = {"typst", "rustpy_xlsxwriter", "xlsxwriter", "flask_openapi3", "webauthn", "trafilatura", "lxml"}
_BANNED = {"utils", "helpers", "common", "misc", "base", "manager", "service", "core", "types", "constants"}
_MONEY = re.compile(r"(^|_)(amount|money|minor|gift|price|cents|gross|net)(_|$)")


def offenders(rule: Iterator[str]) -> list[str]:
    return sorted(set(rule))


@pytest.mark.parametrize(
    ("library", "places"),
    [
        ("stripe", ("donate/payments/", "donate/sandbox/")),
        ("smtplib", ("donate/mail/",)),
        ("flask", _FLASK),
        ("flask_babel", ("donate/app.py", "donate/web/", "donate/commands/", "donate/mail/render.py")),
        ("flask_sqlalchemy", ("donate/db.py",)),
        ("requests", ()),
    ],
)
def test_a_library_is_imported_only_where_the_house_says(library: str, places: tuple[str, ...]) -> None:
    found = [
        f"{module.path}:{line}"
        for module in modules()
        for name, line in imports(module.tree)
        if name.partition(".")[0] == library and not module.is_in(*places)
    ]
    assert found == []


def test_rows_are_asked_for_in_queries_reports_and_the_queue_only() -> None:
    found = [
        f"{module.path}:{call.lineno}"
        for module in modules()
        if not module.path.endswith("/queries.py") and not module.is_in("donate/reports/", "donate/queue/")
        for name, call in calls(module.tree)
        if name in ("select", "sa.select", "sqlalchemy.select")
    ]
    assert found == []


def test_only_committed_commits() -> None:
    found = [
        f"{module.path}:{call.lineno}"
        for module in modules()
        if not module.is_in("donate/db.py", "donate/sandbox/")
        for name, call in calls(module.tree)
        if name.endswith(".commit")
    ]
    assert found == []


def test_only_the_clock_knows_the_time() -> None:
    asks = re.compile(r"(^|\.)(datetime\.now|datetime\.utcnow|date\.today|datetime\.today|time\.time)$")
    found = [
        f"{module.path}:{call.lineno} {name}"
        for module in modules()
        if not module.is_in("donate/clock.py", "donate/sandbox/")
        for name, call in calls(module.tree)
        if asks.search(name)
    ]
    assert found == []


def test_nothing_is_imported_inside_a_function_but_slow_libraries() -> None:
    found = [
        f"{module.path}:{line} {name}"
        for module in modules()
        for function in ast.walk(module.tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for name, line in imports(function)
        if name.partition(".")[0] not in _SLOW
    ]
    assert found == []


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [module.path for module in modules() if module.path.rpartition("/")[2].removesuffix(".py") in _BANNED] == []


def test_every_module_begins_with_one_sentence_that_says_what_it_is() -> None:
    assert [module.path for module in modules() if not re.fullmatch(r".{8,140}[.!?]", module.caption)] == []


def test_every_public_function_and_class_says_what_it_does() -> None:
    assert offenders(_undocumented()) == []


def _undocumented() -> Iterator[str]:
    for module in modules():
        for node in _public(module.tree):
            if ast.get_docstring(node) is None:
                yield f"{module.path}:{node.lineno} {node.name}"


def _public(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (
                    part for part in node.body if isinstance(part, ast.FunctionDef) and not part.name.startswith("_")
                )


def test_money_is_never_a_float() -> None:
    assert offenders(_floats()) == []


def _floats() -> Iterator[str]:
    for module in modules():
        if module.is_in("donate/sandbox/"):
            continue
        for node in ast.walk(module.tree):
            name, annotation = _named(node)
            if annotation is not None and "float" in ast.unparse(annotation) and _MONEY.search(name):
                yield f"{module.path}:{getattr(node, 'lineno', 0)} {name}"
        yield from _float_calls(module)


def _named(node: ast.AST) -> tuple[str, ast.expr | None]:
    if isinstance(node, ast.arg):
        return node.arg, node.annotation
    if isinstance(node, ast.AnnAssign):
        return ast.unparse(node.target), node.annotation
    if isinstance(node, ast.FunctionDef):
        return node.name, node.returns
    return "", None


def _float_calls(module: Module) -> Iterator[str]:
    for name, call in calls(module.tree):
        if name == "float" and call.args and _MONEY.search(ast.unparse(call.args[0])):
            yield f"{module.path}:{call.lineno} {ast.unparse(call)}"


def test_importing_a_room_wakes_nothing_else() -> None:
    """A room's __init__ is its caption; what a room needs is imported by the file that needs it."""
    allowed = {"donate/payments/__init__.py", "donate/web/__init__.py", "donate/commands/__init__.py"}
    found = [
        module.path
        for module in modules()
        if module.path.endswith("/__init__.py")
        and not module.is_in("donate/web/", "donate/sandbox/")
        and module.path not in allowed
        and list(imports(module.tree))
    ]
    assert found == []


def test_files_that_grow_are_named(record_property: pytest.RecordProperty) -> None:
    """Sizes are a smell and not a law: the list is printed with ``-s``, and nothing fails."""
    large = sorted((module.lines, module.path) for module in modules() if module.lines > 300)
    for lines, path in reversed(large):
        print(f"{lines:5} {path}")  # noqa: T201  # meant for who asks with -s
    record_property("files over 300 lines", len(large))
