"""``{% once … %}``: a part of a page that is drawn once an edition and set into every page that has it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, has_request_context, request
from jinja2 import Template, nodes
from jinja2.environment import TemplateModule
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context, new_context
from sqlalchemy.exc import SQLAlchemyError

from donate.errors import NotFound
from donate.web.language import current_language
from donate.web.shelf import shelf

# Parts kept an edition and language, a few hundred bytes each; what comes after is drawn each time.
MOST_PARTS = 5000
_HERE, _DRAWING = "donate.once", "donate.drawing_part"
#: Named instead of values, it lets a part be drawn for this page alone.
ALONE = object()
# Stand in kept parts for what is each page's own; no text has them, and addresses may carry them as they are.
_MARK = secrets.token_hex(6)
PATH, STORY = f"~path-{_MARK}~", f"~story-{_MARK}~"
_fills: dict[str, Callable[[], str]] = {}
# By place and values: what was drawn, and whether it has slots.
_Kept = dict[tuple[Any, Any], tuple[str, bool]]


def fill_with(slot: str, give: Callable[[], str]) -> None:
    """Say what is set into a slot of kept parts at each page.

    Args:
        slot: ``PATH`` or ``STORY``.
        give: Tells it for the page being drawn, in letters that need no escaping.
    """
    _fills[slot] = give


def is_for_many() -> bool:
    """Tell whether what is being drawn is kept for other pages, so that slots stand for what is this one's."""
    return has_request_context() and _DRAWING in request.environ


class Once(Extension):
    """Keeps what stands between ``{% once a, b %}`` and ``{% endonce %}`` by edition, language and the values named.

    What is kept may depend on the newsroom, its sections and the page's language, which it shares with every page of
    the edition, and on nothing else that is not named: no reader, no address, no article. The page's own path and story
    stand in it as slots.
    """

    tags = {"once"}

    def parse(self, parser: Parser) -> nodes.Node:
        """Read the tag, its values and what stands in it."""
        line = next(parser.stream).lineno
        values = [] if parser.stream.current.type == "block_end" else [parser.parse_tuple()]
        body = parser.parse_statements(("name:endonce",), drop_needle=True)
        # The template's name and a number in it, the same in every process: compiled templates may be kept on the disk.
        place = nodes.Const((parser.name, parser.free_identifier().name))
        return nodes.CallBlock(self.call_method("_draw", [place, *values]), [], [], body).set_lineno(line)

    def _draw(self, place: tuple[str, str], values: Any = None, *, caller: Callable[[], str]) -> str:
        if values is ALONE or not has_request_context():
            return caller()
        environ = request.environ
        kept: _Kept = environ[_HERE] if _HERE in environ else _find_kept(environ)
        part = kept.get((place, values))
        if part is None:
            part = _drawn(caller, environ)
            if len(kept) < MOST_PARTS:
                kept[place, values] = part
        text, has_slots = part
        return _filled(text) if has_slots and _DRAWING not in environ else text


def _find_kept(environ: dict[str, Any]) -> _Kept:
    """Give what the edition keeps for this page's language, looked up once a request.

    A part is drawn after that, so it is of this edition or of a newer one, never of one before it.
    """
    try:
        parts = shelf().out_now().parts
    except (NotFound, SQLAlchemyError):
        return {}
    kept = environ[_HERE] = parts.setdefault((request.script_root, current_language()), {})
    return kept


def _drawn(draw: Callable[[], str], environ: dict[str, Any]) -> tuple[str, bool]:
    if _DRAWING in environ:  # a part of a part, whose slots are the outer one's to fill
        text = draw()
    else:
        environ[_DRAWING] = True
        try:
            text = draw()
        finally:
            del environ[_DRAWING]
    # Plain from here on: what fills a slot needs no escaping, and Markup would escape it each time.
    text = str(text)
    return text, any(slot in text for slot in _fills)


def _filled(text: str) -> str:
    for slot, give in _fills.items():
        if slot in text:
            text = text.replace(slot, give())
    return text


class OnceRead(Template):
    """A template whose macros are read once a process, wherever it is imported; it has every template's globals."""

    def new_context(
        self, vars: dict[str, Any] | None = None, shared: bool = False, locals: Mapping[str, Any] | None = None
    ) -> Context:
        """Create a context from the environment's globals: a dictionary is copied at once, a chain key by key."""
        return new_context(self.environment, self.name, self.blocks, vars, shared, self.environment.globals, locals)

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        # Jinja compares all globals of page and macros at each import; none of our pages brings its own.
        return super()._get_default_module()


def equip(app: Flask) -> None:
    """Teach the application's templates the tag."""
    app.jinja_env.add_extension(Once)
    app.jinja_env.template_class = OnceRead
