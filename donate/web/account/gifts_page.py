"""A member's gifts: what repeats and when next, and every gift ever made with an address they proved."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from donate import clock, references
from donate.appeals.campaign import campaign_from
from donate.appeals.models import Appeal
from donate.db import db
from donate.giving.queries import count_by_recurring
from donate.newsroom.models import Fund
from donate.receipts.queries import list_statements_of
from donate.recurring.acts import acts_open
from donate.recurring.schedule import schedule
from donate.recurring.terms import terms_of
from donate.reports.gifts_of import GiftLine, count_gifts_of, list_gifts_of, list_promises_of
from donate.web.access import for_members
from donate.web.account.door import account
from donate.web.account.mine import zone
from donate.web.language import current_language
from donate.web.reading import url_for
from donate.web.who import member

AT_ONCE = 20


@account.get("")
@for_members
def gifts() -> ResponseReturnValue:
    """Show a page of the member's gifts, under what repeats."""
    donor = member().donor
    total = count_gifts_of(donor.id)
    last = max(1, -(-total // AT_ONCE))
    page = min(_page_number(), last)
    lines = list_gifts_of(donor.id, skip=(page - 1) * AT_ONCE, at_most=AT_ONCE)
    promises = list_promises_of(donor.id)
    return render_template(
        "account/gifts.html",
        donor=donor,
        promises=promises,
        lines_of={promise.id: schedule(terms_of(promise), zone=zone()) for promise in promises},
        may={promise.id: acts_open(promise, now=clock.now()) for promise in promises},
        instalments=count_by_recurring([promise.id for promise in promises]),
        funds={promise.fund_id: db.session.get_one(Fund, promise.fund_id) for promise in promises},
        lines=lines,
        appeals=_appeal_titles(lines),
        gift_url=_gift_url,
        statements=list_statements_of(donor.id),
        sent=bool(request.args.get("sent")),
        total=total,
        first=(page - 1) * AT_ONCE + 1,
        page=page,
        last=last,
    )


def _page_number() -> int:
    asked = request.args.get("page", "")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


def _gift_url(reference: str) -> str:
    return url_for("give.gift", reference=reference, key=references.sign("gift", reference))


def _appeal_titles(lines: list[GiftLine]) -> dict[int, str]:
    titles = {}
    for appeal_id in {line.appeal_id for line in lines if line.appeal_id is not None}:
        appeal = db.session.get_one(Appeal, appeal_id)
        words = None if appeal.is_evergreen else campaign_from(appeal).words(current_language())
        if words is not None:
            titles[appeal_id] = words.headline
    return titles
