"""The parts of the settings that are words for readers: whoever may change texts changes them."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from donate.web.access import needs
from donate.web.staff.door import staff
from donate.web.staff.settings.part_page import save_part, show_part
from donate.web.staff.settings.parts import TEXTS


@staff.get("/settings/texts/<part>")
@needs("change_texts")
def texts_part(part: str) -> ResponseReturnValue:
    """Show words for readers."""
    return show_part(part, TEXTS)


@staff.post("/settings/texts/<part>")
@needs("change_texts")
def save_texts(part: str) -> ResponseReturnValue:
    """Save words for readers, or draw them without saving."""
    return save_part(part, TEXTS)
