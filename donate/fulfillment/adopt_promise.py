"""Adopt a promise that another system began: our row, then our mark at Stripe; never a charge, a price or a date."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from donate import clock, references
from donate.db import committed, db, lock
from donate.donors.find_or_create import find_or_create_donor, remember_customer
from donate.entry.address import normalise_email
from donate.fulfillment.follow_promise import follow_promise
from donate.newsroom.queries import get_newsroom
from donate.payments import gateway
from donate.payments.adopting import mark_adopted, retrieve_elsewhere
from donate.payments.values import SubscriptionElsewhere
from donate.records.imports.queries import list_erased_hashes
from donate.recurring.follow import follow_subscription
from donate.recurring.models import RecurringDonation
from donate.recurring.queries import find_recurring_of_subscription
from donate.recurring.status import TERMINAL
from donate.team.history import Who, record_history

#: In these states Stripe charges it, or will.
_LIVE = frozenset({"active", "past_due", "trialing"})
#: What stands where the words of an authorisation would: they were another system's and are not known.
ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Adopted:
    """What became of one subscription.

    Args:
        outcome: ``new``, ``marked`` (our row was there, the mark was not), ``known`` (adopted before), ``ours`` (begun
            here) or ``refused``.
        why: Of a refusal, its id.
        seen: As Stripe has it.
        reference: Of our promise.
    """

    outcome: str
    seen: SubscriptionElsewhere
    why: str = ""
    reference: str = ""


def adopt_promise(subscription_id: str, *, fund_id: int, appeal_id: int | None, is_dry: bool, who: Who) -> Adopted:
    """Take over one subscription, once; call outside ``committed()``.

    From then on its paid invoices are gifts here by the one path. What was paid before is not ours: it is imported as
    a past gift, and its money stays what it is in the books.

    Args:
        subscription_id: Of the account in use.
        fund_id: What its gifts are for.
        appeal_id: What they are credited to, if anything.
        is_dry: Look and tell; write nothing here or there.
        who: For the history.

    Raises:
        StripeRefused: Stripe has none of this id, or refuses the mark; what was written stays and a next call goes on.
        StripeUnanswered: Nobody knows; a next call goes on.
    """
    seen = retrieve_elsewhere(subscription_id)
    promise = find_recurring_of_subscription(subscription_id)
    if promise is None:
        why = why_not(seen)
        if why:
            return Adopted("refused", seen, why)
        if is_dry:
            return Adopted("new", seen)
        promise = _write(seen, fund_id, appeal_id, who)
        _mark(promise)
        return Adopted("new", seen, reference=promise.reference)
    if promise.adopted_at is None:
        return Adopted("ours", seen, reference=promise.reference)
    if seen.promise == promise.reference or seen.state.status in TERMINAL:
        return Adopted("known", seen, reference=promise.reference)
    if not is_dry:
        _mark(promise)
    return Adopted("marked", seen, reference=promise.reference)


def why_not(seen: SubscriptionElsewhere) -> str:
    """Tell why a subscription can't be kept here; nothing where it can."""
    state = seen.state
    checks = (
        ("other_mode", state.livemode != gateway.is_live()),
        ("not_live", state.status not in _LIVE),
        ("begun_here", state.reference != "" and state.site == gateway.site()),
        ("other_site", state.site not in ("", gateway.site())),
        ("several_items", seen.items != 1),
        ("quantity", seen.quantity != 1),
        ("price", not seen.has_plain_price or state.amount.minor <= 0),
        ("interval", state.interval not in ("month", "year") or seen.interval_count != 1),
        ("currency", state.amount.currency not in get_newsroom().currencies),
        ("by_hand", not seen.charges_by_itself),
        ("discount", seen.has_discount),
        ("no_address", not seen.email),
        ("forgotten", _is_forgotten(seen.email)),
        ("charged_soon", seen.charged_soon),
    )
    return next((name for name, holds in checks if holds), "")


def _is_forgotten(email: str) -> bool:
    return bool(email) and references.sign("erased", normalise_email(email)) in list_erased_hashes()


def _write(seen: SubscriptionElsewhere, fund_id: int, appeal_id: int | None, who: Who) -> RecurringDonation:
    first, _, last = seen.name.strip()[:240].rpartition(" ")
    state, language = seen.state, get_newsroom().language
    try:
        with committed():
            donor = find_or_create_donor(seen.email, first[:120], last[:120], language)
            remember_customer(donor, state.customer_id, livemode=state.livemode)
            promise = RecurringDonation(
                reference=references.new_reference(),
                status="pending",
                interval=state.interval,
                livemode=state.livemode,
                amount_minor=state.amount.minor,
                currency=state.amount.currency,
                email=seen.email,
                first_name=first[:120],
                last_name=last[:120],
                language=donor.language,
                donor_id=donor.id,
                fund_id=fund_id,
                appeal_id=appeal_id,
                authorisation_text="",
                authorisation_version=ELSEWHERE,
                authorisation_language=language,
                authorised_at=seen.started_at,
                created_at=clock.now(),
                started_at=seen.started_at,
                adopted_at=clock.now(),
                stripe_subscription_id=state.subscription_id,
            )
            db.session.add(promise)
            db.session.flush()
            follow_subscription(promise, state)
            record_history(
                who, "adopt_promise", "recurring_donation", promise.reference,
                after={"subscription": state.subscription_id, "donor_id": donor.id},
            )  # fmt: skip
    except IntegrityError:
        # Another run adopted it a moment ago.
        found = find_recurring_of_subscription(state.subscription_id)
        if found is None:
            raise
        return found
    return promise


def _mark(promise: RecurringDonation) -> None:
    promise_id, subscription_id, reference = promise.id, promise.stripe_subscription_id, promise.reference
    assert subscription_id is not None
    version = promise.version
    answered = mark_adopted(subscription_id, reference, gateway.site())
    with committed():
        promise = lock(RecurringDonation, promise_id)
        # An event that came meanwhile knows better.
        if promise.version == version:
            follow_promise(promise, answered)
