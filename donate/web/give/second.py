"""A second recurring gift by a member who is signed in is asked about first; a stranger learns nothing here."""

from __future__ import annotations

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from donate.giving.start import GiftRequest
from donate.money import Money
from donate.recurring.queries import list_live_of
from donate.web.headers import keep_nothing
from donate.web.reading import url_for
from donate.web.who import member_or_none

#: What the answer to the question is sent as.
_ANSWER = "second"


def second_asked(asked: GiftRequest) -> ResponseReturnValue | None:
    """Ask a member who gives repeatedly already whether another such gift is meant.

    Args:
        asked: The form's content, read.

    Returns:
        The question; none where there is nothing to ask, or it was answered.
    """
    here = member_or_none()
    if asked.frequency == "once" or here is None or request.form.get(_ANSWER):
        return None
    live = [each for each in list_live_of(here.donor.id) if each.livemode == asked.livemode]
    if not live:
        return None
    first = live[0]
    total = asked.gift + asked.fee_cover
    raised = None
    if (first.currency, first.interval) == (total.currency, asked.frequency):
        gift = first.amount - Money(first.fee_cover_minor, first.currency) + asked.gift
        raised = url_for(
            "account.change",
            reference=first.reference,
            amount=gift.plain(),
            interval=first.interval,
            cover_fee="1" if first.fee_cover_minor or asked.fee_cover else None,
        )
    page = render_template(
        "give/second.html",
        first=first,
        total=total,
        frequency=asked.frequency,
        raised=raised,
        sent=[(name, value) for name, value in request.form.items(multi=True) if name != "frequency"],
    )
    return keep_nothing(make_response(page))
