"""Lines of a batch: typed in one row by keyboard and kept at once; filled in, changed and removed on their own page."""

from __future__ import annotations

from dataclasses import fields

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from donate.appeals.models import Appeal
from donate.db import committed, db
from donate.errors import NotFound, OfflineRefused
from donate.giving.offline.batch import add_line, change_line, choose_donor, entry_of, remove_line
from donate.giving.offline.entry import OfflineEntry, lacks
from donate.giving.offline.models import OfflineBatch, OfflineLine
from donate.giving.offline.queries import find_line, get_batch
from donate.newsroom.models import Fund
from donate.reports.givers import find_giver, giver_of, same_givers
from donate.web.access import needs
from donate.web.reading import url_for
from donate.web.staff.door import staff
from donate.web.staff.offline.batch_page import show_batch
from donate.web.staff.offline.frame import offline_frame
from donate.web.staff.offline.read_form import FIELDS, SOMEBODY_NEW, Read, in_order, missing_of, read_entry
from donate.web.staff.offline.words import say_refusal
from donate.web.who import colleague

_ROW = ("reference", "who", "amount", "method", "number")


@staff.post("/offline/batches/<reference>/lines")
@needs("record_offline_gifts")
def add_offline_line(reference: str) -> ResponseReturnValue:
    """Keep one more line, and go on with the next."""
    batch, typed = get_batch(reference), {name: request.form.get(name, "").strip()[:300] for name in _ROW}
    read = read_entry({**typed, **_who_of(typed["who"]), **_for_what(batch)}, batch.currency, is_draft=True)
    problems = dict(read.problems)
    if not typed["who"]:
        problems["who"] = _("Write who gave: a name, an e-mail address, or both.")
    elif "email" in problems:
        problems["who"] = problems.pop("email")
    if read.entry is None or problems:
        return show_batch(batch, typed=typed, problems=problems), 422
    batch_id, who = batch.id, colleague().as_who()
    try:
        with committed():
            add_line(batch_id, read.entry, who)
    except OfflineRefused as refused:
        return show_batch(get_batch(reference), typed=typed, problem=say_refusal(refused)), 422
    # No fragment: with one, browsers leave the focus alone, and the next line is typed from the keyboard.
    return redirect(url_for("staff.offline_batch", reference=reference), 303)


@staff.get("/offline/batches/<reference>/lines/<line>")
@needs("record_offline_gifts")
def offline_line(reference: str, line: str) -> ResponseReturnValue:
    """Show a line with all its fields."""
    batch, row = _found(reference, line)
    entry = entry_of(row, batch)
    donor = giver_of(row.donor_id) if row.donor_id is not None else None
    same = tuple(same_givers(entry)) if "donor" in lacks(entry) else ()
    return _form(batch, row, Read(_typed_of(entry, donor.reference if donor else ""), same=same, donor=donor))


@staff.post("/offline/batches/<reference>/lines/<line>")
@needs("record_offline_gifts")
def save_offline_line(reference: str, line: str) -> ResponseReturnValue:
    """Change a line."""
    batch, row = _found(reference, line)
    read = read_entry({**request.form, "reference": line}, batch.currency, is_draft=True)
    if read.entry is not None:
        problems = missing_of(read.entry)
        if problems:
            same = tuple(same_givers(read.entry)) if "donor" in problems else ()
            read = Read(read.typed, problems, None, same, read.donor)
    if read.entry is None:
        return _form(batch, row, read), 422
    batch_id, who = batch.id, colleague().as_who()
    try:
        with committed():
            change_line(batch_id, read.entry, who)
    except OfflineRefused as refused:
        return show_batch(get_batch(reference), problem=say_refusal(refused)), 422
    return redirect(url_for("staff.offline_batch", reference=reference), 303)


@staff.post("/offline/batches/<reference>/lines/<line>/donor")
@needs("record_offline_gifts")
def choose_offline_donor(reference: str, line: str) -> ResponseReturnValue:
    """Say who gave a line's gift: one of those known here, or somebody new."""
    batch, _row = _found(reference, line)
    chosen = request.form.get("donor", "")
    donor = find_giver(chosen) if chosen != SOMEBODY_NEW else None
    if donor is None and chosen != SOMEBODY_NEW:
        return show_batch(batch, problem=_("Choose which donor this is, or say that it is somebody new.")), 422
    batch_id, who = batch.id, colleague().as_who()
    try:
        with committed():
            choose_donor(batch_id, line, donor.donor_id if donor is not None else None, who)
    except OfflineRefused as refused:
        return show_batch(get_batch(reference), problem=say_refusal(refused)), 422
    return redirect(url_for("staff.offline_batch", reference=reference), 303)


@staff.post("/offline/batches/<reference>/lines/<line>/remove")
@needs("record_offline_gifts")
def remove_offline_line(reference: str, line: str) -> ResponseReturnValue:
    """Take a line out."""
    batch, _row = _found(reference, line)
    batch_id, who = batch.id, colleague().as_who()
    try:
        with committed():
            remove_line(batch_id, line, who)
    except OfflineRefused as refused:
        return show_batch(get_batch(reference), problem=say_refusal(refused)), 422
    return redirect(url_for("staff.offline_batch", reference=reference), 303)


def _found(reference: str, line: str) -> tuple[OfflineBatch, OfflineLine]:
    batch = get_batch(reference)
    row = find_line(batch.id, line)
    if row is None:
        raise NotFound("line_missing", reference=line[:20])
    return batch, row


def _form(batch: OfflineBatch, row: OfflineLine, read: Read) -> str:
    return render_template(
        "staff/offline/line.html",
        batch=batch,
        line=row,
        read=read,
        typed=read.typed,
        problems=read.problems,
        errors=in_order(read.problems),
        **offline_frame(),
    )


def _who_of(text: str) -> dict[str, str]:
    """Read who gave as it is typed in one field: a name, an address, or both; a donor's reference too."""
    donor = find_giver(text.upper()) if len(text) == 16 else None
    if donor is not None:
        return {"donor": donor.reference}
    words = text.replace("<", " ").replace(">", " ").split()
    names = [word for word in words if "@" not in word]
    email = next((word for word in words if "@" in word), "")
    return {"email": email, "first_name": " ".join(names[:-1]), "last_name": names[-1] if names else ""}


def _for_what(batch: OfflineBatch) -> dict[str, str]:
    appeal = db.session.get(Appeal, batch.appeal_id) if batch.appeal_id is not None else None
    return {
        "giver": "person",
        "fund": db.session.get_one(Fund, batch.fund_id).code,
        "appeal": appeal.slug if appeal is not None else "",
    }


def _typed_of(entry: OfflineEntry, donor: str) -> dict[str, str]:
    names = {each.name for each in fields(OfflineEntry)}
    typed = {name: str(getattr(entry, name)) if name in names else "" for name in FIELDS}
    return typed | {
        "amount": entry.amount.plain(),
        "donor": donor or (SOMEBODY_NEW if entry.is_new else ""),
        **_for_what_of(entry),
    }


def _for_what_of(entry: OfflineEntry) -> dict[str, str]:
    appeal = db.session.get(Appeal, entry.appeal_id) if entry.appeal_id is not None else None
    return {
        "fund": db.session.get_one(Fund, entry.fund_id).code,
        "appeal": appeal.slug if appeal is not None else "",
    }
