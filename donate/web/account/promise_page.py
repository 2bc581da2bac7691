"""One promise of a member: what it does next, what was changed, and the doors to change it."""

from __future__ import annotations

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from donate import clock
from donate.db import db
from donate.giving.queries import summarise_recurring
from donate.newsroom.models import Fund
from donate.recurring.acts import acts_open
from donate.recurring.cancel import reactivate
from donate.recurring.models import RecurringChange, RecurringDonation
from donate.recurring.pause import pause, pauses_offered, resume
from donate.recurring.queries import (
    find_asked_change,
    find_card_change,
    list_changes,
    list_open_failed_charges,
)
from donate.recurring.schedule import charged_on, due_after, schedule
from donate.recurring.skip import skip_next
from donate.recurring.terms import terms_of
from donate.web.access import for_members
from donate.web.account.door import account
from donate.web.account.mine import fresh_promise, promise_path, zone
from donate.web.account.preview import press, preview_of, show_preview

_SIMPLE = {"skip": skip_next, "resume": resume, "reactivate": reactivate}


@account.get("/recurring/<reference>")
@for_members
def promise(reference: str) -> ResponseReturnValue:
    """Show a promise."""
    promise = fresh_promise(reference)
    visit = find_card_change(request.args.get("card", ""))
    return render_template(
        "account/promise.html",
        promise=promise,
        acts=acts_open(promise, now=clock.now()),
        lines=schedule(terms_of(promise), zone=zone()),
        fund=db.session.get_one(Fund, promise.fund_id),
        sum=summarise_recurring(promise.id),
        changes=list_changes(promise.id),
        asked=find_asked_change(promise.id),
        just=_just_made(promise),
        visit=visit if visit is not None and visit.recurring_id == promise.id else None,
        failed=list_open_failed_charges(promise.id),
    )


def _just_made(promise: RecurringDonation) -> RecurringChange | None:
    wanted = request.args.get("change", "")
    return next((change for change in list_changes(promise.id, 5) if change.reference == wanted), None)


@account.get("/recurring/<reference>/<any(skip, resume, reactivate):act>")
@for_members
def act(reference: str, act: str) -> ResponseReturnValue:
    """Show what skipping, going on or taking a stop back would change."""
    promise = fresh_promise(reference)
    if act not in acts_open(promise, now=clock.now()):
        return not_now(promise)
    return show_preview(promise, preview_of(promise, act, _SIMPLE[act](terms_of(promise))))


@account.post("/recurring/<reference>/<any(skip, resume, reactivate):act>")
@for_members
def do_act(reference: str, act: str) -> ResponseReturnValue:
    """Skip, go on, or take a stop back."""
    promise = fresh_promise(reference)
    if act not in acts_open(promise, now=clock.now()):
        return not_now(promise)
    return press(promise, preview_of(promise, act, _SIMPLE[act](terms_of(promise))))


@account.get("/recurring/<reference>/pause")
@for_members
def rest(reference: str) -> ResponseReturnValue:
    """Offer how long to pause, or show what the chosen pause would change."""
    promise = fresh_promise(reference)
    if "pause" not in acts_open(promise, now=clock.now()):
        return not_now(promise)
    charges = _charges(request.args.get("charges", ""))
    terms = terms_of(promise)
    if charges not in pauses_offered(terms):
        offered = [(number, charged_on(due_after(terms, number), zone())) for number in pauses_offered(terms)]
        return render_template(
            "account/pause.html", promise=promise, offered=offered, lines=schedule(terms, zone=zone())
        )
    return show_preview(promise, preview_of(promise, "pause", pause(terms, charges)), fields={"charges": str(charges)})


@account.post("/recurring/<reference>/pause")
@for_members
def do_rest(reference: str) -> ResponseReturnValue:
    """Pause for as long as was shown."""
    promise = fresh_promise(reference)
    charges, terms = _charges(request.form.get("charges", "")), terms_of(promise)
    if "pause" not in acts_open(promise, now=clock.now()) or charges not in pauses_offered(terms):
        return not_now(promise)
    return press(promise, preview_of(promise, "pause", pause(terms, charges)), fields={"charges": str(charges)})


def _charges(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0


def not_now(promise: RecurringDonation) -> ResponseReturnValue:
    """Go back to the promise, which says how it stands and what is possible."""
    return redirect(promise_path(promise.reference) + "?not_now=1", 303)
