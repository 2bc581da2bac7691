"""A batch is opened with its control totals, changed while it is open, thrown away, or posted once both agree."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from donate import clock, references
from donate.appeals.models import Appeal
from donate.db import committed, db
from donate.errors import OfflineRefused, PeriodRefused
from donate.fulfillment.apply_offline import press_batch
from donate.giving.offline.batch import change_batch, discard_batch, open_batch
from donate.giving.offline.models import OfflineBatch
from donate.giving.offline.queries import get_batch
from donate.newsroom.models import Fund
from donate.newsroom.queries import get_general_fund, get_newsroom
from donate.web.access import needs
from donate.web.reading import url_for
from donate.web.staff.door import staff
from donate.web.staff.offline.batch_page import show_batch
from donate.web.staff.offline.frame import offline_frame
from donate.web.staff.offline.read_head import HeadRead, read_head
from donate.web.staff.offline.words import say_refusal
from donate.web.who import colleague


@staff.get("/offline/batches/new")
@needs("record_offline_gifts")
def new_batch() -> ResponseReturnValue:
    """Ask for what was counted by hand."""
    newsroom = get_newsroom()
    today = clock.today(newsroom.time_zone)
    typed = {
        "reference": references.new_reference(), "name": "", "count": "", "sum": "",
        "currency": newsroom.default_currency, "received_on": today.isoformat(), "fund": get_general_fund().code,
        "appeal": "",
    }  # fmt: skip
    return _form(HeadRead(typed))


@staff.post("/offline/batches/new")
@needs("record_offline_gifts")
def begin_batch() -> ResponseReturnValue:
    """Open a batch."""
    read = read_head(request.form)
    if read.head is None:
        return _form(read), 422
    with committed():
        reference = open_batch(read.head, colleague().as_who()).reference
    return redirect(url_for("staff.offline_batch", reference=reference), 303)


@staff.get("/offline/batches/<reference>/head")
@needs("record_offline_gifts")
def batch_head(reference: str) -> ResponseReturnValue:
    """Show what was counted by hand, to be put right."""
    batch = get_batch(reference)
    return _form(HeadRead(_typed_of(batch)), batch)


@staff.post("/offline/batches/<reference>/head")
@needs("record_offline_gifts")
def save_head(reference: str) -> ResponseReturnValue:
    """Change what was counted by hand."""
    batch = get_batch(reference)
    read, batch_id, who = read_head({**request.form, "reference": reference}), batch.id, colleague().as_who()
    if read.head is None:
        return _form(read, batch), 422
    try:
        with committed():
            change_batch(batch_id, read.head, who)
    except OfflineRefused as refused:
        return _form(read.with_problem("currency", say_refusal(refused)), get_batch(reference)), 422
    return redirect(url_for("staff.offline_batch", reference=reference), 303)


@staff.post("/offline/batches/<reference>/post")
@needs("record_offline_gifts")
def post_batch(reference: str) -> ResponseReturnValue:
    """Post a batch whose lines agree with its control totals; pressed twice it is posted once."""
    batch_id, who = get_batch(reference).id, colleague().as_who()
    try:
        press_batch(batch_id, who)
    except (OfflineRefused, PeriodRefused) as refused:
        return show_batch(get_batch(reference), problem=say_refusal(refused)), 422
    return redirect(url_for("staff.offline_batch", reference=reference), 303)


@staff.post("/offline/batches/<reference>/discard")
@needs("record_offline_gifts")
def throw_batch_away(reference: str) -> ResponseReturnValue:
    """Throw an open batch away, lines and all."""
    batch_id, who = get_batch(reference).id, colleague().as_who()
    try:
        with committed():
            discard_batch(batch_id, who)
    except OfflineRefused as refused:
        return show_batch(get_batch(reference), problem=say_refusal(refused)), 422
    return redirect(url_for("staff.offline", discarded=1), 303)


def _form(read: HeadRead, batch: OfflineBatch | None = None) -> str:
    words: dict[str, Any] = {
        "title": _("Open a batch") if batch is None else _("Put the control totals right"),
        "action": url_for("staff.begin_batch")
        if batch is None
        else url_for("staff.save_head", reference=batch.reference),
    }
    return render_template(
        "staff/offline/head.html",
        batch=batch,
        typed=read.typed,
        problems=read.problems,
        errors=list(read.problems.items()),
        **words,
        **offline_frame(),
    )


def _typed_of(batch: OfflineBatch) -> dict[str, str]:
    appeal = db.session.get(Appeal, batch.appeal_id) if batch.appeal_id is not None else None
    return {
        "reference": batch.reference, "name": batch.name, "count": str(batch.control_count),
        "sum": batch.control.plain(), "currency": batch.currency, "received_on": batch.received_on.isoformat(),
        "fund": db.session.get_one(Fund, batch.fund_id).code, "appeal": appeal.slug if appeal is not None else "",
    }  # fmt: skip
