"""The preview of a change: both schedules side by side, and a press that does exactly what the second one says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from flask import make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from donate import references
from donate.errors import ChangeRefused, NotFound
from donate.fulfillment.change_promise import change_promise
from donate.payments.errors import StripeRefused, StripeUnanswered
from donate.recurring.models import RecurringDonation
from donate.recurring.queries import get_recurring
from donate.recurring.schedule import Line, schedule
from donate.recurring.terms import Terms, terms_of
from donate.web.account.mine import promise_path, zone
from donate.web.who import member

_log = structlog.get_logger("account")


@dataclass(frozen=True)
class Preview:
    """One act, and what it changes.

    Args:
        act: Of ``acts_open``.
        now: The terms as they are.
        wanted: As they would be.
        before: What happens next as it is.
        after: What happens next then.
    """

    act: str
    now: Terms
    wanted: Terms
    before: list[Line]
    after: list[Line]

    def mark(self) -> str:
        """Give what tells this preview from any other: it goes along with the press."""
        told = [self.now.plain(), [line.plain() for line in self.after]]
        return references.fingerprint(self.act, json.dumps(told, sort_keys=True))


def preview_of(promise: RecurringDonation, act: str, wanted: Terms) -> Preview:
    """Reckon what an act would change."""
    now = terms_of(promise)
    return Preview(act, now, wanted, schedule(now, zone=zone()), schedule(wanted, zone=zone()))


def show_preview(
    promise: RecurringDonation,
    preview: Preview,
    *,
    fields: Mapping[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    """Show both schedules, and the button.

    Args:
        promise: Whose.
        preview: Of the act.
        fields: What the press must carry so that the same is reckoned again.
        problem: ``moved``, ``under_way``, ``not_open``, ``refused`` or ``unanswered``: what became of the last press.
        status: Of the answer.
    """
    page = render_template(
        "account/preview.html",
        promise=promise,
        preview=preview,
        changed={line.on for line in preview.after if line not in preview.before},
        fields=fields or {},
        problem=problem,
    )
    return make_response(page, status)


def press(
    promise: RecurringDonation, preview: Preview, *, fields: Mapping[str, str] | None = None, then: str = ""
) -> ResponseReturnValue:
    """Do what was shown; where anything moved meanwhile, show how it would be now.

    Args:
        promise: Whose.
        preview: Reckoned anew from what the press carries.
        fields: What the press carried.
        then: The act's own page to go to; empty goes to the promise.
    """
    if request.form.get("shown", "") != preview.mark():
        return show_preview(promise, preview, fields=fields, problem="moved", status=409)
    promise_id, reference = promise.id, promise.reference
    try:
        change = change_promise(
            promise_id,
            preview.act,
            preview.wanted,
            shown=preview.after,
            based_on=preview.now,
            who=member().as_who(),
        )
    except ChangeRefused as refused:
        problem = refused.message.removeprefix("change_")
        return _again(promise_id, preview, fields, problem, 409)
    except StripeRefused as refused:
        # Its message may repeat what was typed, so it stays out of the log.
        _log.error("change_refused", promise=reference, act=preview.act, code=refused.code, param=refused.param)
        return _again(promise_id, preview, fields, "refused", 422)
    except StripeUnanswered as unknown:
        _log.warning("change_unanswered", promise=reference, act=preview.act, said=unknown.values["said"])
        return _again(promise_id, preview, fields, "unanswered", 503)
    done = then if change.status == "done" else ""
    return redirect(promise_path(reference, done) + ("" if done else f"?change={change.reference}"), 303)


def _again(
    promise_id: int, preview: Preview, fields: Mapping[str, str] | None, problem: str, status: int
) -> ResponseReturnValue:
    promise = get_recurring(promise_id)
    return show_preview(
        promise, preview_of(promise, preview.act, preview.wanted), fields=fields, problem=problem, status=status
    )


def must_be_open(is_open: bool) -> None:
    """Refuse a page whose act is not possible in this state.

    Raises:
        NotFound: ``act_missing``.
    """
    if not is_open:
        raise NotFound("act_missing")
