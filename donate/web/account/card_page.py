"""Another card for a promise: to Stripe's page and back, for a signed-in member."""

from __future__ import annotations

import structlog
from flask import redirect, request
from flask.typing import ResponseReturnValue

from donate import clock
from donate.errors import ChangeRefused, DonateError
from donate.fulfillment.change_card import apply_card_change, open_card_change
from donate.recurring.acts import acts_open
from donate.recurring.queries import find_card_change
from donate.web.access import for_members
from donate.web.account.door import account
from donate.web.account.mine import fresh_promise, my_promise, promise_path
from donate.web.account.promise_page import not_now
from donate.web.headers import site_url
from donate.web.language import current_language

_log = structlog.get_logger("account")


@account.post("/recurring/<reference>/card")
@for_members
def another_card(reference: str) -> ResponseReturnValue:
    """Lead to Stripe's page for another card."""
    promise = fresh_promise(reference)
    if "card" not in acts_open(promise, now=clock.now()):
        return not_now(promise)
    back = site_url() + promise_path(reference, "card")
    try:
        visit = open_card_change(
            promise.id,
            failed_charge_id=None,
            site=site_url(),
            language=current_language(),
            return_url=lambda visit: f"{back}?visit={visit}",
        )
    except ChangeRefused:
        return not_now(my_promise(reference))
    except DonateError as error:
        _log.warning("card_page_not_opened", promise=reference, error=repr(error))
        return redirect(promise_path(reference) + "?no_card_page=1", 303)
    return redirect(visit.checkout_url, 303)


@account.get("/recurring/<reference>/card")
@for_members
def back_from_card(reference: str) -> ResponseReturnValue:
    """Come back from Stripe's page: what was done there takes effect before the promise is shown."""
    promise = my_promise(reference)
    visit = find_card_change(request.args.get("visit", ""))
    if visit is None or visit.recurring_id != promise.id:
        return redirect(promise_path(reference), 303)
    try:
        apply_card_change(visit.id)
    except DonateError as error:
        # Its event and the sweep bring it; the page says that it is being looked into.
        _log.warning("card_not_known", promise=reference, error=repr(error))
    return redirect(promise_path(reference) + f"?card={visit.reference}", 303)
