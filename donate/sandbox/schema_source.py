"""Read the names, operations and classes of the installed stripe package from its source.

The source is parsed, never run and never imported: that keeps the sandbox quick to start and true to the files alone.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path


@functools.cache
def find_package() -> Path:
    """Find the folder of the installed stripe package without importing it.

    Returns:
        The folder that holds the package's source.

    Raises:
        RuntimeError: The package is not installed as source files.
    """
    spec = find_spec("stripe")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the stripe package is not installed")
    return Path(next(iter(spec.submodule_search_locations)))


class Source:
    """Hold one file of the package: its classes, its assignments, and where its other names come from."""

    def __init__(self, module: str) -> None:
        self.module = module
        path = find_package().joinpath(*module.split(".")[1:]).with_suffix(".py")
        tree = ast.parse(path.read_bytes())
        self.classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
        self.values: dict[str, ast.expr] = {}
        self.imports: dict[str, tuple[str, str]] = {}
        for node in _module_statements(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                self.imports.update({name.asname or name.name: (node.module, name.name) for name in node.names})
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                self.values[node.targets[0].id] = node.value
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
                self.values[node.target.id] = node.value


def _module_statements(tree: ast.Module) -> Iterator[ast.stmt]:
    for node in tree.body:
        # Names used only in annotations are imported under `if TYPE_CHECKING:`.
        if isinstance(node, ast.If):
            yield from node.body
        else:
            yield node


@functools.lru_cache(maxsize=4)  # a class needs few other modules, and a parsed one is large
def read_source(module: str) -> Source:
    """Parse one module of the package.

    Args:
        module: Its dotted name, such as "stripe.checkout._session".

    Returns:
        The module's names.
    """
    return Source(module)


def read_versions() -> tuple[str, str]:
    """Read the package's version and the API version it pins.

    Returns:
        The package's version and the API's, such as ("16.1.0", "2026-10-28.endive").
    """
    version = ast.literal_eval(read_source("stripe._version").values["VERSION"])
    pinned = next(
        node.value
        for node in read_source("stripe._api_version").classes["_ApiVersion"].body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "CURRENT"
    )
    return str(version), str(ast.literal_eval(pinned))


@functools.cache
def read_resources() -> dict[str, tuple[str, str]]:
    """Read which class describes which object.

    Returns:
        A value of an object's "object" field → its module and class.
    """
    table = ast.literal_eval(read_source("stripe._object_classes").values["OBJECT_CLASSES"])
    return {name: place for name, place in table.items() if name not in ("list", "search_result", "file_upload")}


@functools.cache
def read_resource_names() -> dict[tuple[str, str], str]:
    """Read which object a class describes.

    Returns:
        A module and class → the value of the "object" field.
    """
    return {place: name for name, place in read_resources().items()}


def read_operations() -> list[tuple[str, str, str, str]]:
    """Read every v1 operation the client's services can call.

    Returns:
        Method, path template, and the module and class of its parameters, sorted.
    """
    root = find_package()
    found: dict[tuple[str, str], tuple[str, str]] = {}
    # Everything is parsed but v2, which is another API, and the parameters, which are many and hold no service.
    folders = [path for path in root.iterdir() if path.is_dir() and path.name not in ("params", "v2")]
    services = [*root.glob("_*_service.py"), *(path for folder in folders for path in folder.rglob("_*_service.py"))]
    for path in sorted(services):
        parts = path.relative_to(root).with_suffix("").parts
        source = Source(".".join(("stripe", *parts)))  # read once, so not worth keeping
        for service in source.classes.values():
            for method in service.body:
                call = _service_call(method) if isinstance(method, ast.FunctionDef) else None
                if call and isinstance(method, ast.FunctionDef) and (params := _params_class(method)):
                    found.setdefault(call, source.imports[params])
    return [(*call, *place) for call, place in sorted(found.items())]


def _service_call(method: ast.FunctionDef) -> tuple[str, str] | None:
    # Every method ends in `return cast("…", self._request(…))`.
    for node in ast.walk(method.body[-1]):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr not in ("_request", "_request_stream"):
                continue
            verb, path = node.args[:2]
            if isinstance(path, ast.Call) and isinstance(path.func, ast.Attribute):
                path = path.func.value  # "/v1/…/{id}".format(id=…)
            if isinstance(verb, ast.Constant) and isinstance(path, ast.Constant):
                template = str(path.value)
                return (str(verb.value).upper(), template) if template.startswith("/v1/") else None
    return None


def _params_class(method: ast.FunctionDef) -> str | None:
    for argument in method.args.args:
        if argument.arg == "params" and argument.annotation is not None:
            for node in ast.walk(argument.annotation):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    return node.value
    return None


def find_class(
    names: list[str], source: Source, scope: Iterable[ast.ClassDef]
) -> tuple[Source, tuple[ast.ClassDef, ...]]:
    """Find the class a dotted name means where it is written.

    Args:
        names: The dotted name, split.
        source: The module it is written in.
        scope: The classes it is written in, outermost first: inner names win, as Python has it.

    Returns:
        The module that defines the class, and the classes down to it.

    Raises:
        ValueError: An outer class has no such inner class.
    """
    path = list(scope)
    while path:
        inner = _inner(path[-1], names[0])
        if inner is not None:
            return source, (*path, *_descend(inner, names[1:]))
        path.pop()
    if names[0] in source.classes:
        return source, tuple(_descend(source.classes[names[0]], names[1:]))
    module, name = source.imports[names[0]]
    return find_class([name, *names[1:]], read_source(module), ())


def _descend(node: ast.ClassDef, names: list[str]) -> list[ast.ClassDef]:
    path = [node]
    for name in names:
        inner = _inner(path[-1], name)
        if inner is None:
            raise ValueError(f"{path[-1].name} has no class {name}")
        path.append(inner)
    return path


def _inner(node: ast.ClassDef, name: str) -> ast.ClassDef | None:
    return next((item for item in node.body if isinstance(item, ast.ClassDef) and item.name == name), None)


def read_renamed(node: ast.ClassDef) -> dict[str, str]:
    """Read which attributes are spelled otherwise on the wire.

    Args:
        node: A resource's class.

    Returns:
        The attribute → the field, such as "from_" → "from".
    """
    for item in node.body:
        if isinstance(item, ast.Assign) and ast.unparse(item.targets[0]) == "_field_remappings":
            return dict(ast.literal_eval(item.value))
    return {}
