"""Start an ended promise again, as it was, on a page that says what is allowed by it."""

from __future__ import annotations

import structlog
from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from donate import clock, references
from donate.db import db
from donate.errors import DonateError
from donate.fulfillment.restart_promise import restart_promise
from donate.giving.models import Donation
from donate.giving.open_checkout import Ways
from donate.money import show_in_text
from donate.newsroom.models import Fund
from donate.newsroom.queries import get_newsroom
from donate.payments.setup import product_id
from donate.recurring.acts import acts_open
from donate.recurring.begin import Authorisation
from donate.recurring.models import RecurringDonation
from donate.web.access import for_members
from donate.web.account.door import account
from donate.web.account.mine import fresh_promise, promise_path
from donate.web.account.promise_page import not_now
from donate.web.authorisation import authorisation
from donate.web.headers import site_url
from donate.web.language import current_language, say
from donate.web.reading import url_for
from donate.web.surface import leads_on, pay_path, ui_mode_for

_log = structlog.get_logger("account")


@account.get("/recurring/<reference>/restart")
@for_members
def restart(reference: str) -> ResponseReturnValue:
    """Show what starts again, and the words that allow it."""
    promise = fresh_promise(reference)
    if "restart" not in acts_open(promise, now=clock.now()):
        return not_now(promise)
    return render_template(
        "account/restart.html",
        promise=promise,
        fund=db.session.get_one(Fund, promise.fund_id),
        allowed=_allowed(promise),
    )


@account.post("/recurring/<reference>/restart")
@for_members
def do_restart(reference: str) -> ResponseReturnValue:
    """Lead to the payment page of the new promise."""
    promise = fresh_promise(reference)
    if "restart" not in acts_open(promise, now=clock.now()):
        return not_now(promise)
    try:
        donation = restart_promise(promise.id, _allowed(promise), _ways, ui_mode=ui_mode_for(promise.language))
    except DonateError as error:
        _log.warning("restart_not_opened", promise=reference, error=repr(error))
        return redirect(promise_path(reference) + "?no_card_page=1", 303)
    return redirect(leads_on(donation) if donation.status == "pending" else _gift_url(donation), 303)


def _allowed(promise: RecurringDonation) -> Authorisation:
    newsroom = get_newsroom()
    name = say(newsroom.words.get("name")) or newsroom.name
    total = show_in_text(promise.amount, current_language())
    return authorisation(promise.interval, name, total, clock.today(newsroom.time_zone))


def _ways(donation: Donation) -> Ways:
    fund = db.session.get_one(Fund, donation.fund_id)
    return Ways(
        site=site_url(),
        gift_url=site_url() + _gift_url(donation),
        product=product_id(fund.code),
        pay_url=site_url() + pay_path(donation.reference, donation.language),
    )


def _gift_url(donation: Donation) -> str:
    reference = donation.reference
    return url_for("give.gift", reference=reference, key=references.sign("gift", reference))
