"""The card page of a refused charge: from its letter, without signing in, for as long as that charge is open.

It shows the sum and the card's last digits, and opens nothing but Stripe's page for another card.
"""

from __future__ import annotations

import structlog
from flask import Response, abort, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from donate import references
from donate.errors import DonateError, NotFound
from donate.fulfillment.apply_subscription import apply_subscription
from donate.fulfillment.change_card import apply_card_change, open_card_change
from donate.recurring.models import CardChange, FailedCharge
from donate.recurring.queries import (
    find_card_change,
    find_failed_charge_by_reference,
    get_recurring,
    list_open_failed_charges,
)
from donate.web.give.door import give
from donate.web.headers import keep_nothing, site_url
from donate.web.language import current_language, prefixed
from donate.web.origin import is_from_elsewhere
from donate.web.reading import url_for

_log = structlog.get_logger("give")


@give.get("/card/<reference>")
def card(reference: str) -> ResponseReturnValue:
    """Show what is open and which charge another card collects; after a visit, what it brought."""
    failed = _found(reference, request.args.get("key", ""))
    visit = _visit(failed)
    if visit is not None:
        try:
            visit = apply_card_change(visit.id)
        except DonateError as error:
            # Its event and the sweep bring it; the page says that it is being looked into.
            _log.warning("card_not_known", failed=reference, error=repr(error))
    return _page(failed, visit)


@give.post("/card/<reference>")
def another_card(reference: str) -> ResponseReturnValue:
    """Lead to Stripe's page for another card."""
    if is_from_elsewhere(request, site_url()):
        abort(400)
    key = request.form.get("key", "")
    failed = _found(reference, key)
    if not _is_open(failed):
        return _page(failed, None)
    back = site_url() + prefixed(f"/card/{reference}?key={key}", current_language())
    try:
        visit = open_card_change(
            failed.recurring_id,
            failed_charge_id=failed.id,
            site=site_url(),
            language=current_language(),
            return_url=lambda visit: f"{back}&visit={visit}",
        )
    except DonateError as error:
        _log.warning("card_page_not_opened", failed=reference, error=repr(error))
        return _page(failed, None, is_unreachable=True)
    return redirect(visit.checkout_url, 303)


def _found(reference: str, key: str) -> FailedCharge:
    failed = find_failed_charge_by_reference(reference)
    if failed is None or not references.is_signed(key, "card", reference):
        raise NotFound("card_page_missing")
    return failed


def _visit(failed: FailedCharge) -> CardChange | None:
    visit = find_card_change(request.args.get("visit", ""))
    return visit if visit is not None and visit.recurring_id == failed.recurring_id else None


def _is_open(failed: FailedCharge) -> bool:
    """Ask Stripe: the bank may have paid, or the gift may have ended, a moment ago."""
    subscription_id = get_recurring(failed.recurring_id).stripe_subscription_id
    try:
        if subscription_id is not None:
            apply_subscription(subscription_id)
    except DonateError as error:
        _log.warning("promise_not_known", failed=failed.reference, error=repr(error))
    return any(each.id == failed.id for each in list_open_failed_charges(failed.recurring_id))


def _page(failed: FailedCharge, visit: CardChange | None, *, is_unreachable: bool = False) -> Response:
    still_open = list_open_failed_charges(failed.recurring_id)
    page = render_template(
        "give/card.html",
        is_open=any(each.id == failed.id for each in still_open),
        newest=still_open[0] if still_open else failed,
        earlier=still_open[1:],
        last4=get_recurring(failed.recurring_id).card_last4,
        visit=visit,
        is_unreachable=is_unreachable,
        action=url_for("give.another_card", reference=failed.reference),
        key=references.sign("card", failed.reference),
    )
    return keep_nothing(make_response(page, 503 if is_unreachable else 200))
