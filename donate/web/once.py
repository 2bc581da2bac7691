"""``{% once … %}``: a part of a page that is drawn once an edition and set into every page that has it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, has_request_context, request
from jinja2 import Template, nodes
from jinja2.environment import TemplateModule
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context

from donate.errors import NotFound
from donate.web.language import current_language
from donate.web.shelf import shelf

# Parts kept an edition and language, a few hundred bytes each; what comes after is drawn each time.
MOST_PARTS = 5000
_HERE = "donate.once"


class Once(Extension):
    """Keeps what stands between ``{% once a, b %}`` and ``{% endonce %}`` by edition, language and the values named.

    What is kept may depend on the newsroom, its sections and the page's language, which it shares with every page of
    the edition, and on nothing else that is not named: no reader, no address, no article.
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
        kept = _kept()
        drawn = kept.get((place, values))
        if drawn is None:
            drawn = caller()
            if len(kept) < MOST_PARTS:
                kept[place, values] = drawn
        return drawn


def _kept() -> dict[Any, str]:
    """Give what the edition keeps for this page's language, looked up once a request.

    A part is drawn after that, so it is of this edition or of a newer one, never of one before it.
    """
    if not has_request_context():
        return {}
    kept: dict[Any, str] | None = request.environ.get(_HERE)
    if kept is None:
        try:
            parts = shelf().out_now().parts
        except NotFound:
            return {}
        kept = request.environ[_HERE] = parts.setdefault((request.script_root, current_language()), {})
    return kept


class OnceRead(Template):
    """A template whose macros are read once a process, wherever it is imported."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        # Jinja compares all globals of page and macros at each import; none of our pages brings its own.
        return super()._get_default_module()


def equip(app: Flask) -> None:
    """Teach the application's templates the tag."""
    app.jinja_env.add_extension(Once)
    app.jinja_env.template_class = OnceRead
