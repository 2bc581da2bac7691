"""An appeal's links with the name of where they go out, as text and as codes for print."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from urllib.parse import urlencode

import segno
from flask import Response, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from donate.appeals.models import Appeal
from donate.appeals.queries import get_appeal
from donate.web.access import needs
from donate.web.headers import site_url
from donate.web.language import LANGUAGES, prefixed
from donate.web.staff.door import staff
from donate.web.staff.home import frame

LONGEST_SOURCE = 60
_SOURCE = re.compile(r"[A-Za-z0-9_.-]*")
_DOORS = ("page", "form")
_KINDS = {"svg": "image/svg+xml", "png": "image/png"}


@dataclass(frozen=True)
class Link:
    """One link.

    Args:
        door: ``page`` for the appeal's own, ``form`` for the donation form.
        qr: Drawn for the screen.
    """

    door: str
    language: str
    address: str
    qr: Markup


@staff.get("/appeals/<slug>/links")
@needs("see_appeals")
def appeal_links(slug: str) -> ResponseReturnValue:
    """Show an appeal's links; a source that can't stand in one is named with what to do."""
    row, typed = get_appeal(slug), request.args.get("source", "").strip()
    problem = _refuse(typed)
    source = "" if problem else typed
    page = render_template(
        "staff/appeal_links.html",
        appeal=row,
        typed=typed,
        problem=problem,
        source=source,
        links=[_link(row, door, language, source) for language in LANGUAGES for door in _DOORS],
        languages=LANGUAGES,
        **frame(),
    )
    return make_response(page, 422 if problem else 200)


@staff.get("/appeals/<slug>/qr")
@needs("see_appeals")
def appeal_qr(slug: str) -> ResponseReturnValue:
    """Give one link's code as a file to print."""
    row, kind = get_appeal(slug), request.args.get("as", "svg")
    door, language, source = (request.args.get(name, "") for name in ("to", "language", "source"))
    if kind not in _KINDS or door not in _DOORS or language not in LANGUAGES or _refuse(source):
        abort(404)
    written = io.BytesIO()
    code = segno.make(_address(row, door, language, source), error="m", micro=False)
    code.save(written, kind=kind, scale=16, border=4, dark="#000", light="#fff")
    response = Response(written.getvalue(), mimetype=_KINDS[kind])
    name = "-".join(part for part in (row.slug, door, language, source) if part)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def _refuse(source: str) -> str:
    if not _SOURCE.fullmatch(source):
        return str(_("Use letters a to z, digits and the signs - _ . only, such as spring-poster."))
    if len(source) > LONGEST_SOURCE:
        return str(_("Make this shorter: %(most)s letters fit.", most=LONGEST_SOURCE))
    return ""


def _link(row: Appeal, door: str, language: str, source: str) -> Link:
    address = _address(row, door, language, source)
    code = segno.make(address, error="m", micro=False).svg_inline(omitsize=True, border=4, dark="#000", light="#fff")
    # Drawn by segno from an address of ours: paths and numbers only.
    return Link(door, language, address, Markup(code))  # noqa: S704


def _address(row: Appeal, door: str, language: str, source: str) -> str:
    path = f"/appeals/{row.slug}" if door == "page" else "/donate"
    named = {"appeal": row.slug if door == "form" else "", "source": source}
    query = urlencode({name: value for name, value in named.items() if value})
    return site_url() + prefixed(path + (f"?{query}" if query else ""), language)
