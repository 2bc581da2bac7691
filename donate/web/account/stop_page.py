"""Stopping a promise: what else might fit, the day it ends, and afterwards a reason, if one is wanted."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from donate import clock
from donate.db import committed, lock
from donate.money import Money, decimals, symbol
from donate.recurring.acts import acts_open
from donate.recurring.cancel import ASK_AGAIN_MONTHS, REASONS, ask_again, cancel, cancel_now, note_reason
from donate.recurring.models import RecurringDonation
from donate.recurring.pause import pauses_offered
from donate.recurring.schedule import add_months, charged_on, due_after, schedule
from donate.recurring.terms import Terms, terms_of
from donate.web.access import for_members
from donate.web.account.door import account
from donate.web.account.mine import fresh_promise, my_promise, promise_path, zone
from donate.web.account.preview import press, preview_of, show_preview
from donate.web.account.promise_page import not_now

_WORDS = 1000


@account.get("/recurring/<reference>/stop")
@for_members
def stop(reference: str) -> ResponseReturnValue:
    """Show what else might fit, with the way to stop always in view."""
    promise = fresh_promise(reference)
    acts, terms = acts_open(promise, now=clock.now()), terms_of(promise)
    if not acts & {"cancel", "cancel_now"}:
        return not_now(promise)
    if "cancel_now" in acts:
        # Nothing else fits a gift whose bank says no.
        return redirect(promise_path(reference, "stop/confirm"), 303)
    offered = pauses_offered(terms) if "pause" in acts else []
    return render_template(
        "account/stop.html",
        promise=promise,
        acts=acts,
        sign=symbol(promise.currency),
        half=_whole(promise, 2),
        yearly=_whole(promise, Fraction(1, 4)),
        next_on=schedule(terms, zone=zone(), charges=1)[0].on,
        rests=[(number, charged_on(due_after(terms, number), zone())) for number in (1, 3, 6) if number in offered],
    )


@account.get("/recurring/<reference>/stop/confirm")
@for_members
def confirm_stop(reference: str) -> ResponseReturnValue:
    """Show what stopping would change, and from when."""
    promise = fresh_promise(reference)
    acts = acts_open(promise, now=clock.now())
    if not acts & {"cancel", "cancel_now"}:
        return not_now(promise)
    return show_preview(promise, preview_of(promise, *_stopping(promise)))


@account.post("/recurring/<reference>/stop/confirm")
@for_members
def do_stop(reference: str) -> ResponseReturnValue:
    """Stop; it is done when Stripe confirms it."""
    promise = fresh_promise(reference)
    if not acts_open(promise, now=clock.now()) & {"cancel", "cancel_now"}:
        return not_now(promise)
    return press(promise, preview_of(promise, *_stopping(promise)), then="stopped")


def _stopping(promise: RecurringDonation) -> tuple[str, Terms]:
    terms = terms_of(promise)
    if "cancel" in acts_open(promise, now=clock.now()):
        return "cancel", cancel(terms)
    return "cancel_now", cancel_now(terms)


@account.get("/recurring/<reference>/stopped")
@for_members
def stopped(reference: str) -> ResponseReturnValue:
    """Say that it is stopped, and ask why, if they care to say."""
    promise = my_promise(reference)
    if not _is_stopped(promise):
        return not_now(promise)
    return render_template(
        "account/stopped.html",
        promise=promise,
        lines=schedule(terms_of(promise), zone=zone()),
        reasons=REASONS,
        ask_again=[(months, _in_months(months)) for months in ASK_AGAIN_MONTHS],
        noted=request.args.get("noted", ""),
    )


@account.post("/recurring/<reference>/stopped")
@for_members
def say_why(reference: str) -> ResponseReturnValue:
    """Keep a reason, and when to ask again."""
    promise = my_promise(reference)
    if not _is_stopped(promise):
        return not_now(promise)
    reason, months = request.form.get("reason", ""), request.form.get("ask_again", "")
    with committed():
        promise = lock(RecurringDonation, promise.id)
        if reason in REASONS or request.form.get("words"):
            note_reason(promise, reason if reason in REASONS else "other", request.form.get("words", "")[:_WORDS])
        if months in {str(number) for number in ASK_AGAIN_MONTHS}:
            ask_again(promise, _in_months(int(months)))
        elif months == "never":
            ask_again(promise, None)
    return redirect(promise_path(reference, "stopped") + "?noted=1", 303)


def _whole(promise: RecurringDonation, parts: int | Fraction) -> Money:
    """Give a part of what reaches the newsroom, in whole units of its currency where that is something."""
    unit = 10 ** decimals(promise.currency)
    minor = int((promise.amount_minor - promise.fee_cover_minor) / parts)
    return Money(max(minor // unit, 1) * unit, promise.currency)


def _is_stopped(promise: RecurringDonation) -> bool:
    return promise.cancel_at_period_end or promise.ended_at is not None


def _in_months(months: int) -> date:
    return clock.on(add_months(clock.now(), months), zone())
