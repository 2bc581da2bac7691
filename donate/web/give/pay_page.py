"""The page of ours where a gift is paid: the Payment Element in the reader's language, and the way to Stripe's page.

Without JavaScript, or where Stripe's script does not come, it says in the reader's language what the next page is.
"""

from __future__ import annotations

import structlog
from flask import Response, abort, current_app, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from donate import clock, references
from donate.db import db
from donate.errors import AttemptHeld, NotFound
from donate.fulfillment.apply_checkout import MovedMeanwhile
from donate.fulfillment.release import release_attempt
from donate.fulfillment.restart_promise import restart_promise
from donate.giving.models import Donation
from donate.giving.queries import get_donation_by_reference
from donate.giving.start import asked_again
from donate.newsroom.models import Fund
from donate.newsroom.queries import get_newsroom
from donate.payments.checkout import ELEMENTS, HOSTED_PAGE, retrieve_session, speaks
from donate.payments.errors import StripeRefused, StripeUnanswered
from donate.payments.stripe_js import stripe_js
from donate.payments.units import to_stripe
from donate.recurring.begin import Authorisation
from donate.recurring.models import RecurringDonation
from donate.recurring.queries import find_recurring, get_recurring
from donate.web.give.attempt import try_gift
from donate.web.give.door import give
from donate.web.give.ways import change_path, gift_path, ways_for
from donate.web.headers import keep_nothing, pay_policy, site_url
from donate.web.language import LANGUAGES, current_language
from donate.web.origin import is_from_elsewhere
from donate.web.surface import pay_path

_log = structlog.get_logger("give")


@give.get("/donate/pay/<reference>")
def pay(reference: str) -> ResponseReturnValue:
    """Show what is paid and the fields for it; a gift that can't be paid here any more shows how it stands."""
    donation, has_key = _found(reference, request.args.get("key", ""))
    if not has_key:
        # Whoever pays may see the giver's address in Stripe's fields.
        return redirect(gift_path(reference, current_language()).partition("?")[0], 303)
    if not _is_open(donation):
        return redirect(gift_path(reference, current_language()), 303)
    if donation.ui_mode == HOSTED_PAGE:
        return _page(donation)
    assert donation.stripe_checkout_session_id is not None
    try:
        session = retrieve_session(donation.stripe_checkout_session_id)
    except (StripeUnanswered, StripeRefused) as error:
        _log.warning("payment_page_unanswered", reference=reference, error=repr(error))
        return _page(donation, is_unreachable=True)
    if session.status != "open":
        return redirect(gift_path(reference, current_language()), 303)
    return _page(donation, client_secret=session.client_secret)


@give.post("/donate/pay/<reference>")
def pay_elsewhere(reference: str) -> ResponseReturnValue:
    """Close the payment here and lead to Stripe's page for the same gift."""
    donation, has_key = _found(reference, request.form.get("key", ""))
    if is_from_elsewhere(request, site_url()) or not has_key:
        abort(400)
    try:
        moved = _moved(donation)
    except (AttemptHeld, MovedMeanwhile) as held:
        return redirect(gift_path(held.values["reference"], current_language(), held="1"), 303)
    except (StripeUnanswered, StripeRefused) as error:
        _log.warning("payment_page_not_opened", reference=reference, error=repr(error))
        return _page(donation, is_unreachable=True)
    if moved.status != "pending":
        return redirect(gift_path(moved.reference, current_language(), held="1"), 303)
    return redirect(moved.checkout_url, 303)


def _found(reference: str, key: str) -> tuple[Donation, bool]:
    if not references.is_reference(reference):
        raise NotFound("gift_missing", reference=reference)
    donation = get_donation_by_reference(reference)
    return donation, references.is_signed(key, "gift", donation.reference)


def _is_open(donation: Donation) -> bool:
    ends_at = donation.checkout_expires_at
    has_page = donation.stripe_checkout_session_id is not None
    return donation.status == "pending" and has_page and ends_at is not None and clock.now() < ends_at


def _moved(donation: Donation) -> Donation:
    """Give the same gift with Stripe's page open for it; of one gift never more than one page can be paid."""
    ways = ways_for(db.session.get_one(Fund, donation.fund_id), get_newsroom())
    promise = get_recurring(donation.recurring_id) if donation.recurring_id is not None else None
    allowed = _allowed(promise) if promise is not None else None
    ended = find_recurring(promise.restarts) if promise is not None and promise.restarts else None
    if ended is None or allowed is None:
        return try_gift(asked_again(donation, ui_mode=HOSTED_PAGE), allowed, ways)
    if donation.ui_mode == ELEMENTS:
        release_attempt(donation.id)
    return restart_promise(ended.id, allowed, ways, ui_mode=HOSTED_PAGE)


def _allowed(promise: RecurringDonation) -> Authorisation:
    return Authorisation(promise.authorisation_text, promise.authorisation_version, promise.authorisation_language)


def _page(donation: Donation, *, client_secret: str = "", is_unreachable: bool = False) -> Response:
    settings = current_app.config["DONATE"]
    script = stripe_js(settings.sandbox_origin)
    promise = get_recurring(donation.recurring_id) if donation.recurring_id is not None else None
    here = donation.reference
    page = make_response(
        render_template(
            "give/pay.html",
            gift=donation,
            fund=db.session.get_one(Fund, donation.fund_id),
            promise=promise,
            client_secret=client_secret,
            script=script.url if client_secret else "",
            publishable_key=settings.stripe_publishable_key,
            key=references.sign("gift", here),
            # As Stripe's script counts the currency, which is not always as we do.
            sum_at_stripe=to_stripe(donation.amount),
            is_unreachable=is_unreachable,
            is_translated=speaks(current_language()),
            change=change_path(here, current_language()),
            own_page=gift_path(here, current_language()),
            links=[(code, name, pay_path(here, code)) for code, name in LANGUAGES.items()],
        ),
        503 if is_unreachable else 200,
    )
    if client_secret:
        page.headers.update(pay_policy(settings.checkout_origin, script))
    return keep_nothing(page)
