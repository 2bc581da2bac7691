"""Empty forms, drawn once an edition for each link; every reader's own reference and token are set into a copy."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app, request

from donate import references
from donate.web.give.form_token import make_token
from donate.web.shelf import OutNow, shelf

# Links differ by appeal, story and source; the rare ones are drawn anew.
MOST_FORMS = 300


@dataclass(frozen=True)
class Blank:
    """A drawn form: its page with the reference and token it was drawn with."""

    out: OutNow
    page: str
    reference: str
    token: str

    def fill(self) -> str:
        """Write the page with a reference and token of its own."""
        reference = references.new_reference()
        own = {self.token: make_token(reference, self.out.day), self.reference: reference}
        page = self.page
        for old, new in own.items():
            page = page.replace(old, new)
        return page


def blank_form(draw: Callable[[], tuple[str, str, str]]) -> str:
    """Give this link's form, drawn only where it was not drawn since anything changed.

    Args:
        draw: Gives the page, and the reference and token standing in it.
    """
    kept: OrderedDict[tuple[str, bytes], Blank] = current_app.extensions.setdefault("blank_forms", OrderedDict())
    key, out = (request.script_root, request.query_string), shelf().out_now()
    blank = kept.get(key)
    if blank is None or blank.out is not out:
        kept[key] = blank = Blank(out, *draw())
        while len(kept) > MOST_FORMS:
            kept.popitem(last=False)
    return blank.fill()
