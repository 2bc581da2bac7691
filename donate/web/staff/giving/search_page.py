"""Find a donor or a gift: the desk's own search, as one types or by a press."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from donate.newsroom.queries import get_newsroom
from donate.reports.find_people import Found, find_people
from donate.web.access import needs
from donate.web.reading import url_for
from donate.web.staff.door import staff
from donate.web.staff.giving.words import say_gift_status
from donate.web.staff.home import frame


@staff.get("/donors")
@needs("see_donors")
def donors() -> ResponseReturnValue:
    """Show the search, and what was found; what is one thing only is opened at once."""
    typed = _typed()
    found = _find(typed)
    if typed and request.args.get("go") == "1" and not found.donors and len(found.gifts) == 1:
        return redirect(url_for("staff.gift", reference=found.gifts[0].reference), 303)
    if typed and request.args.get("go") == "1" and not found.gifts and len(found.donors) == 1:
        return redirect(url_for("staff.donor", reference=found.donors[0].reference), 303)
    return render_template("staff/giving/search.html", **_shown(typed, found), **frame())


@staff.get("/donors/found")
@needs("see_donors")
def donors_found() -> ResponseReturnValue:
    """Give what was found alone, for the page that asks while one types."""
    typed = _typed()
    return render_template("staff/giving/found.html", **_shown(typed, _find(typed)))


def _typed() -> str:
    return request.args.get("q", "").strip()[:200]


def _find(typed: str) -> Found:
    return find_people(typed, tuple(get_newsroom().currencies)) if typed else Found()


def _shown(typed: str, found: Found) -> dict[str, Any]:
    return {"typed": typed, "found": found, "say_status": say_gift_status}
