"""Draw a receipt's paper as a PDF that a screen reader can read, in the reader's language."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from donate.receipts.drawable import drawable, without_marks
from donate.receipts.look import PaperLook
from donate.receipts.paper import Paper

if TYPE_CHECKING:
    import typst

TEMPLATE = Path(__file__).parents[2] / "templates/receipts/receipt.typ"
FONTS = Path(__file__).parent / "fonts"

_one_at_a_time = threading.Lock()


def draw_pdf(paper: Paper, look: PaperLook | None = None) -> bytes:
    """Draw a paper; the same paper with the same look gives the same bytes.

    Args:
        paper: Words only; they are handed over as values, and none of them is ever read as markup.
        look: The newsroom's own; None is the house's.

    Returns:
        A PDF/UA-1 file (ISO 14289-1), with the paper's language and title set.
    """
    if look is not None and look.kind:
        try:
            return _draw(paper, look)
        except RuntimeError:
            # A picture that browsers show and the compiler does not: a receipt without its logo is still a receipt.
            look = PaperLook(look.accent)
    return _draw(paper, look or PaperLook())


def _draw(paper: Paper, look: PaperLook) -> bytes:
    values = _values(paper) | {"look": look.values()}
    try:
        return compile_template(values)
    except RuntimeError as refused:
        if "PDF/UA" not in str(refused):
            raise
        # A mark upon a letter of another script's font has no glyph, and PDF/UA wants one for each (7.21.8).
        return compile_template(_each_text(_values(paper), without_marks) | {"look": look.values()})


def compile_template(values: dict[str, Any]) -> bytes:
    """Lay out values with the template, as they are; ``draw_pdf`` makes them safe to draw.

    Args:
        values: The fields of a ``Paper``, as JSON has them.

    Raises:
        RuntimeError: When the template is wrong, or what came out is no PDF/UA.
    """
    words = {"paper": json.dumps(values, ensure_ascii=False)}
    # The compiler holds one document at a time, and a server's threads share it.
    with _one_at_a_time:
        drawn = _compiler().compile(sys_inputs=words, pdf_standards="ua-1")
    assert isinstance(drawn, bytes)
    return drawn


def _values(paper: Paper) -> dict[str, Any]:
    values: dict[str, Any] = _each_text(asdict(paper) | {"numeric": sorted(paper.numeric)}, drawable)
    return values


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _each_text(held, change) for key, held in value.items()}
    if isinstance(value, (list, tuple)):
        return [_each_text(held, change) for held in value]
    return value


@cache
def _compiler() -> typst.Compiler:
    """Make the one compiler of this process, which keeps the fonts and the template read."""
    import typst  # 80 MB of machine code, for those only who draw a PDF

    return typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=[FONTS], ignore_system_fonts=True)
