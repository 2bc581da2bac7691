"""Past gifts from elsewhere at the desk: a file is handed in, looked at, and brought in after a press."""

from __future__ import annotations

import shutil
from pathlib import Path

from flask import Response, current_app, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from donate import clock
from donate.appeals.campaign import campaign_from
from donate.appeals.queries import list_appeals
from donate.db import committed
from donate.errors import NotFound
from donate.money import Money
from donate.newsroom.queries import list_funds
from donate.records.imports.formats import FORMATS
from donate.records.imports.models import ImportOrder
from donate.records.imports.order import (
    MOST_BYTES,
    ImportMoved,
    confirm_import,
    folder_of,
    left_out_of,
    order_import,
    prepare_folder,
)
from donate.records.imports.queries import find_import, list_imports
from donate.records.imports.report import report_from
from donate.web.access import needs
from donate.web.reading import url_for
from donate.web.staff.door import staff
from donate.web.staff.home import frame
from donate.web.staff.imports_form import Form, empty_form, read_form
from donate.web.staff.imports_words import say_outcome, say_state, say_system
from donate.web.staff.results_page import title_of
from donate.web.who import colleague

#: Beside the file a form holds only a few fields.
_WITH_FORM = MOST_BYTES + 100_000


@staff.get("/imports")
@needs("import_gifts")
def imports() -> str:
    """Show the form and one's own files."""
    return _show(empty_form())


@staff.post("/imports")
@needs("import_gifts", most_bytes=_WITH_FORM)
def hand_in() -> ResponseReturnValue:
    """Take a file and have it looked at; nothing of it is written yet."""
    sent = request.files.get("file")
    form = read_form(request.form, has_file=sent is not None and bool(sent.filename))
    if form.asked is None or sent is None:
        return _show(form), 422
    folder = _folder()
    try:
        reference, path = prepare_folder(folder)
        with sent.stream:
            sent.save(path)
        path.chmod(0o600)
    except OSError:
        form.problems["file"] = _("The file could not be kept here: ask whoever keeps this system to look at its disk.")
        return _show(form), 422
    try:
        with committed():
            order_import(reference, colleague().staff.id, form.asked)
    except Exception:
        shutil.rmtree(folder_of(folder, reference), ignore_errors=True)
        raise
    return redirect(url_for("staff.import_order", reference=reference), 303)


@staff.get("/imports/<reference>")
@needs("import_gifts")
def import_order(reference: str) -> str:
    """Show how far a file is, and what came of it."""
    return _show_order(_mine(reference))


@staff.get("/imports/<reference>/confirm")
@needs("import_gifts", fresh=True)
def confirm_order(reference: str) -> ResponseReturnValue:
    """Say once more what will be brought in, and give its button; here the second factor is asked for anew."""
    order = _mine(reference)
    if order.state != "looked":
        return redirect(url_for("staff.import_order", reference=order.reference), 303)
    return _show_order(order, is_asked=True)


@staff.post("/imports/<reference>/confirm")
@needs("import_gifts", fresh=True)
def bring_in_order(reference: str) -> ResponseReturnValue:
    """Have a file brought in that was looked at."""
    order = _mine(reference)
    try:
        with committed():
            confirm_import(order.id)
    except ImportMoved:
        pass  # pressed twice, or after its day: its page says how it stands
    return redirect(url_for("staff.import_order", reference=reference), 303)


@staff.get("/imports/<reference>/left-out")
@needs("import_gifts")
def import_left_out(reference: str) -> ResponseReturnValue:
    """Hand out what was left out of a file, to whoever handed it in."""
    order = _mine(reference)
    path = left_out_of(_folder(), order.reference).resolve()
    if order.state not in ("looked", "done") or order.expires_at < clock.now() or not path.is_file():
        raise NotFound("export_gone", reference=order.reference)
    answer: Response = send_file(
        path, as_attachment=True, download_name="left-out.csv", mimetype="text/csv", max_age=0, conditional=False,
        etag=False,
    )  # fmt: skip
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _folder() -> Path:
    return Path(current_app.config["DONATE"].exports_dir)


def _mine(reference: str) -> ImportOrder:
    order = find_import(reference, colleague().staff.id)
    if order is None:
        raise NotFound("export_missing", reference=reference[:20])
    return order


def _show(form: Form) -> str:
    return render_template(
        "staff/imports.html",
        form=form,
        systems=list(FORMATS),
        funds=list_funds(),
        appeals={each.slug: title_of(each) for each in map(campaign_from, list_appeals())},
        orders=list_imports(colleague().staff.id),
        most=MOST_BYTES // 1024 // 1024,
        say_system=say_system,
        say_state=say_state,
        **frame(),
    )


def _show_order(order: ImportOrder, *, is_asked: bool = False) -> str:
    report = report_from(order.report) if order.report else None
    totals = [
        (currency, year, gifts, Money(minor, currency), Money(back, currency))
        for (currency, year), (gifts, minor, back) in sorted(report.totals.items())
    ] if report is not None else []  # fmt: skip
    return render_template(
        "staff/import.html",
        order=order,
        report=report,
        totals=totals,
        is_asked=is_asked,
        percent=min(100, 100 * order.bytes_done // order.bytes_all) if order.bytes_all else 0,
        say_system=say_system,
        say_outcome=say_outcome,
        **frame(),
    )
