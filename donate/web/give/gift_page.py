"""The gift's own page: what is known of it, asked of Stripe when we are unsure; no thanks before the money is here."""

from __future__ import annotations

from urllib.parse import urlencode

import structlog
from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from donate import clock, references
from donate.appeals.campaign import Words, campaign_from
from donate.appeals.models import Appeal
from donate.articles.models import Article
from donate.articles.queries import find_article
from donate.db import db
from donate.errors import DonateError, NotFound
from donate.fulfillment.apply_checkout import apply_checkout
from donate.giving.models import Donation
from donate.giving.queries import get_donation, get_donation_by_reference
from donate.giving.status import TERMINAL
from donate.members.hint import GOOD_FOR
from donate.money import Money, decimals
from donate.newsroom.models import Fund, Newsroom
from donate.newsroom.queries import get_newsroom
from donate.payments.units import minimum
from donate.receipts.letters import paper_path
from donate.receipts.queries import find_receipt_of
from donate.recurring.queries import get_recurring
from donate.web.addresses import masked
from donate.web.give.declines import reason
from donate.web.give.door import give
from donate.web.give.gone import gone_of
from donate.web.give.ways import change_path, gift_path
from donate.web.headers import keep_nothing
from donate.web.language import LANGUAGES, current_language, prefixed
from donate.web.reader import keep, kept_here
from donate.web.reader_cookie import believe, give_once

_log = structlog.get_logger("give")
# Stripe shortens what a card statement says to this.
_STATEMENT_LETTERS = 22


@give.get("/gifts/<reference>")
def gift(reference: str) -> ResponseReturnValue:
    """Show how a gift stands: all of it to whoever holds its key, else its state alone."""
    donation = _found(reference)
    known, donation = _asked(donation)
    view = view_of(donation, is_known=known)
    if references.is_signed(request.args.get("key", ""), "gift", donation.reference):
        page = _page(f"give/gift/{view}.html", donation, view, **_personal(donation))
        return _remembered(page, donation)
    return _page("give/gift/without_key.html", donation, view)


def _remembered(page: Response, donation: Donation) -> Response:
    """Let the browser of who holds the key remember the gift, so that they are left alone."""
    if donation.status != "succeeded" or donation.received_on is None or not gone_of(donation).left:
        return page
    if donation.frequency == "once":
        return keep(page, give_once(kept_here(), donation.received_on))
    return keep(page, believe(kept_here(), "recurring", donation.received_on + GOOD_FOR))


def view_of(donation: Donation, *, is_known: bool) -> str:
    """Tell which page a gift's state is shown as.

    Args:
        donation: As it is now.
        is_known: Whether Stripe answered; unknown is never shown as failed.
    """
    if donation.status == "processing":
        return "processing"
    if donation.status != "pending":
        return {"succeeded": "confirmed"}.get(donation.status, donation.status)
    if not is_known:
        return "checking"
    if donation.stripe_checkout_session_id is None:
        return "started"
    return "declined" if donation.failure_code else "open"


def _found(reference: str) -> Donation:
    if not references.is_reference(reference):
        raise NotFound("gift_missing", reference=reference)
    return get_donation_by_reference(reference)


def _asked(donation: Donation) -> tuple[bool, Donation]:
    """Ask Stripe where we are unsure; tell whether the answer is known, and the row as it is then."""
    if donation.status in TERMINAL or donation.stripe_checkout_session_id is None:
        return True, donation
    donation_id = donation.id
    try:
        return True, apply_checkout(donation_id)
    except DonateError as error:
        _log.warning("gift_not_known", donation_id=donation_id, error=repr(error))
    except (RuntimeError, ValueError):
        # Stripe's object contradicts our row: a person must look, and the giver is told no guess.
        _log.exception("gift_contradicts", donation_id=donation_id)
    return False, get_donation(donation_id)


def _page(template: str, donation: Donation, view: str, **values: object) -> Response:
    is_held = request.args.get("held") == "1"
    more = {"key": request.args["key"]} if request.args.get("key") else {}
    links = [(code, name, _path(donation.reference, code, more)) for code, name in LANGUAGES.items()]
    page = render_template(template, gift=donation, view=view, is_held=is_held, links=links, **values)
    return keep_nothing(make_response(page))


def _path(reference: str, language: str, more: dict[str, str]) -> str:
    if more:
        return gift_path(reference, language)
    return gift_path(reference, language).partition("?")[0]


def _personal(donation: Donation) -> dict[str, object]:
    newsroom = get_newsroom()
    promise = get_recurring(donation.recurring_id) if donation.recurring_id is not None else None
    return {
        "fund": db.session.get_one(Fund, donation.fund_id),
        "article": _article(donation),
        "thanks": _thanks(donation),
        "receipt": find_receipt_of(donation.id),
        "key": references.sign("gift", donation.reference),
        "paper": prefixed(paper_path(donation.reference), current_language()),
        "sent": request.args.get("sent") == "1",
        "email": masked(donation.email) if donation.email else "",
        "promise": promise,
        "gone": gone_of(donation) if donation.status == "succeeded" else None,
        "reason": reason(donation.failure_code),
        "statement": statement_words(newsroom, donation),
        "is_late": donation.checkout_expires_at is not None and clock.now() >= donation.checkout_expires_at,
        "asked_at": clock.now(),
        **_monthly_offer(donation),
        "change": change_path(donation.reference, current_language()),
        "here": gift_path(donation.reference, current_language()),
    }


def _monthly_offer(donation: Donation) -> dict[str, object]:
    """Offer a smaller monthly gift after a single one; a no loses nothing, since this gift is made."""
    if donation.kind != "one_time" or donation.status != "succeeded":
        return {}
    offered = _smaller(donation)
    if offered is None:
        return {}
    asked = {"frequency": "month", "amount": offered.plain(), "currency": offered.currency, "source": "after_gift"}
    if donation.article_slug:
        asked["article"] = donation.article_slug
    return {"monthly": offered, "offer_path": prefixed(f"/donate?{urlencode(asked)}", current_language())}


def _smaller(donation: Donation) -> Money | None:
    """Give a monthly sum that a giver of this gift can likely spare: about a fifth, in whole units a card can pay."""
    unit = 10 ** decimals(donation.currency)
    offered = Money(max(donation.gift.minor // 5 // unit, 1) * unit, donation.currency)
    return offered if minimum(donation.currency) <= offered < donation.gift else None


def _article(donation: Donation) -> Article | None:
    if donation.article_id is not None:
        return db.session.get(Article, donation.article_id)
    return find_article(donation.article_slug) if donation.article_slug else None


def _thanks(donation: Donation) -> Words | None:
    if donation.appeal_id is None:
        return None
    return campaign_from(db.session.get_one(Appeal, donation.appeal_id)).words(current_language())


def statement_words(newsroom: Newsroom, donation: Donation) -> str:
    """Tell what the card statement will say of a gift.

    https://docs.stripe.com/get-started/account/statement-descriptors

    Args:
        newsroom: Whose descriptor it is.
        donation: The suffix stands on one-time gifts only; no card paid an offline one.
    """
    if donation.kind == "offline":
        return ""
    words = newsroom.statement_descriptor
    if donation.frequency == "once" and newsroom.statement_suffix:
        words = f"{words}* {newsroom.statement_suffix}"
    return words[:_STATEMENT_LETTERS].strip()
