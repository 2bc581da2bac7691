"""A second recurring gift: keep both, make them one, or let the new one stay a single gift."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from donate import clock
from donate.errors import DonateError
from donate.fulfillment.change_promise import change_promise
from donate.recurring.acts import acts_open
from donate.recurring.cancel import cancel
from donate.recurring.change import change_terms
from donate.recurring.models import RecurringDonation
from donate.recurring.queries import find_earlier_live, get_recurring
from donate.recurring.terms import terms_of
from donate.web.access import for_members
from donate.web.account.door import account
from donate.web.account.mine import fresh_promise, promise_path, zone
from donate.web.account.preview import Preview, preview_of
from donate.web.account.promise_page import not_now
from donate.web.who import member


@account.get("/recurring/<reference>/second")
@for_members
def second(reference: str) -> ResponseReturnValue:
    """Show both gifts and the three ways."""
    new = fresh_promise(reference)
    first = find_earlier_live(new)
    if first is None or "cancel" not in acts_open(new, now=clock.now()):
        return not_now(new)
    return _page(new, fresh_promise(first.reference))


@account.post("/recurring/<reference>/second")
@for_members
def make_one(reference: str) -> ResponseReturnValue:
    """Stop the new gift and raise the first by it, as was shown."""
    new = fresh_promise(reference)
    found = find_earlier_live(new)
    if found is None or "cancel" not in acts_open(new, now=clock.now()):
        return not_now(new)
    first = fresh_promise(found.reference)
    both = _both(new, first)
    if both is None or request.form.get("shown", "") != both[0].mark() + both[1].mark():
        return _page(new, first, problem="moved", status=409)
    ids = new.id, first.id
    for promise_id, preview in zip(ids, both, strict=True):
        # The new one ends first: were the other to fail after it, nobody would be charged twice.
        try:
            _do(promise_id, preview)
        except DonateError:
            return _page(get_recurring(ids[0]), get_recurring(ids[1]), problem="unanswered", status=503)
    return redirect(promise_path(get_recurring(ids[1]).reference), 303)


def _do(promise_id: int, preview: Preview) -> None:
    change_promise(
        promise_id, preview.act, preview.wanted, shown=preview.after, based_on=preview.now, who=member().as_who()
    )


def _both(new: RecurringDonation, first: RecurringDonation) -> tuple[Preview, Preview] | None:
    """Reckon what making them one would change; none where they differ in currency, rhythm or state."""
    if (new.currency, new.interval) != (first.currency, first.interval):
        return None
    if "change" not in acts_open(first, now=clock.now()) or "cancel" not in acts_open(new, now=clock.now()):
        return None
    stop = preview_of(new, "cancel", cancel(terms_of(new)))
    now = terms_of(first)
    raised = change_terms(
        now,
        amount=first.amount + new.amount,
        fee_cover=now.fee_cover + terms_of(new).fee_cover,
        interval=first.interval,
        next_on=None,
        zone=zone(),
    )
    return stop, preview_of(first, "change", raised)


def _page(
    new: RecurringDonation, first: RecurringDonation, *, problem: str = "", status: int = 200
) -> ResponseReturnValue:
    page = render_template("account/second.html", promise=new, first=first, both=_both(new, first), problem=problem)
    return make_response(page, status)
