"""Record one offline gift: who gave, found or new, then what came; one gift however often its form is sent."""

from __future__ import annotations

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from donate import clock, references
from donate.errors import OfflineRefused, PeriodRefused
from donate.fulfillment.apply_offline import apply_offline
from donate.newsroom.queries import get_newsroom
from donate.reports.givers import find_giver, search_givers
from donate.web.access import needs
from donate.web.reading import url_for
from donate.web.staff.door import staff
from donate.web.staff.offline.frame import offline_frame
from donate.web.staff.offline.read_form import Read, in_order, read_currency, read_day, read_entry, typed_of
from donate.web.staff.offline.words import say_refusal
from donate.web.who import colleague


@staff.get("/offline/gift")
@needs("record_offline_gifts")
def offline_giver() -> ResponseReturnValue:
    """Look for who gave."""
    asked = request.args.get("q", "").strip()[:200]
    found = search_givers(asked) if asked else []
    return render_template("staff/offline/giver.html", asked=asked, found=found, **offline_frame())


@staff.get("/offline/gift/new")
@needs("record_offline_gifts")
def offline_form() -> ResponseReturnValue:
    """Show the form, for a donor who was found or for somebody new."""
    donor = find_giver(request.args.get("donor", "")[:16])
    newsroom = get_newsroom()
    typed = typed_of({}) | {
        "reference": references.new_reference(),
        "donor": donor.reference if donor is not None else "",
        "currency": newsroom.default_currency,
        "received_on": clock.today(newsroom.time_zone).isoformat(),
    }
    return _form(Read(typed, donor=donor))


@staff.post("/offline/gift/new")
@needs("record_offline_gifts")
def record_offline_gift() -> ResponseReturnValue:
    """Record the gift, once for its form."""
    currency = read_currency(request.form.get("currency", ""))
    read = read_entry(request.form, currency)
    day, problem = read_day(read.typed["received_on"], clock.today(get_newsroom().time_zone))
    if problem:
        read = read.with_problem("received_on", problem)
    if read.entry is None or day is None:
        return _form(read), 422
    try:
        reference = apply_offline(read.entry, day, colleague().as_who())
    except PeriodRefused as refused:
        return _form(read.with_problem("received_on", say_refusal(refused))), 422
    except OfflineRefused as refused:
        return _form(read.with_problem("reference", say_refusal(refused))), 422
    return redirect(url_for("staff.offline_gift", reference=reference, recorded=1), 303)


def _form(read: Read) -> str:
    return render_template(
        "staff/offline/form.html",
        read=read,
        typed=read.typed,
        problems=read.problems,
        errors=in_order(read.problems),
        **offline_frame(),
    )
