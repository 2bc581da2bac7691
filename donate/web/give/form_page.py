"""The donation form: shown, sent, and shown again with everything still in it."""

from __future__ import annotations

from urllib.parse import urlencode

import structlog
from flask import Response, current_app, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from donate import clock, references
from donate.errors import AttemptHeld
from donate.fulfillment.apply_checkout import MovedMeanwhile
from donate.newsroom.models import Newsroom
from donate.newsroom.queries import get_newsroom
from donate.payments.errors import StripeRefused, StripeUnanswered
from donate.web.counting import note_ask
from donate.web.give.attempt import try_gift
from donate.web.give.cause import Cause, find_cause
from donate.web.give.door import give
from donate.web.give.form_token import read_token
from donate.web.give.forms import DonationForm
from donate.web.give.kept_form import blank_form
from donate.web.give.link import FIRST_FREQUENCY, read_link
from donate.web.give.naming import is_said_to_member
from donate.web.give.offer import FREQUENCIES, Offer, make_offer
from donate.web.give.read_form import Arrival, Problem, Reading, read_form
from donate.web.give.second import second_asked
from donate.web.give.show_form import show_form
from donate.web.give.ways import gift_path, ways_for
from donate.web.headers import keep_nothing, site_url
from donate.web.language import LANGUAGES, current_language, prefixed, say
from donate.web.origin import is_from_elsewhere
from donate.web.surface import leads_on, ui_mode_for

_log = structlog.get_logger("give")


@give.get("/donate")
def donate() -> ResponseReturnValue:
    """Show the form a link asks for."""
    wanted = request.args.get("lang", "")
    if wanted in LANGUAGES and wanted != current_language():
        rest = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
        return redirect(prefixed("/donate" + ("?" + urlencode(rest) if rest else ""), wanted), 303)
    _note_press()
    if "gift" in request.args or is_said_to_member():
        # A form filled as it was sent belongs to whoever holds its link; one with a member's own sum is theirs.
        return _drawn()[0]
    return keep_nothing(make_response(blank_form(_blank)))


def _note_press() -> None:
    named = {name: request.args.get(name, "") for name in ("appeal", "variant", "placement", "article")}
    if named["appeal"] and named["placement"]:
        note_ask("presses", **named)


def _blank() -> tuple[str, str, str]:
    response, form = _drawn()
    return response.get_data(as_text=True), form.reference.data, form.csrf_token.data


def _drawn() -> tuple[Response, DonationForm]:
    form, notices = read_link(request.args, get_newsroom())
    cause = _cause(form)
    return show_form(form, cause, _offer(form, cause), notices=notices), form


@give.post("/donate")
def send() -> ResponseReturnValue:
    """Take a sent form to the payment page, or show it again with what to put right."""
    if request.form.get("lang") in LANGUAGES:
        request.environ["donate.language"] = request.form["lang"]
    form = DonationForm(request.form)
    arrival = _arrival(form, get_newsroom())
    cause = _cause(form)
    offer = _offer(form, cause)
    reading = read_form(form, cause, offer, arrival)
    if reading.asked is not None:
        return second_asked(reading.asked) or _lead_on(form, cause, offer, reading)
    if arrival.from_elsewhere or not arrival.seen.authentic:
        form.reference.data = references.new_reference()
    return show_form(form, cause, offer, reading=reading, status=422)


def _lead_on(form: DonationForm, cause: Cause, offer: Offer, reading: Reading) -> ResponseReturnValue:
    asked = reading.asked
    assert asked is not None
    try:
        donation = try_gift(asked, reading.allowed, ways_for(cause.fund, get_newsroom()))
    except (AttemptHeld, MovedMeanwhile) as held:
        return redirect(gift_path(held.values["reference"], current_language(), held="1"), 303)
    except StripeUnanswered as error:
        _log.warning("checkout_unanswered", reference=asked.reference, said=error.values["said"])
        trouble = Problem("", _("We could not reach the payment page."), _("Press the button again."))
        return show_form(form, cause, offer, reading=Reading(problems=(trouble,)), status=503)
    except StripeRefused as error:
        # Its message may repeat what was typed, so it stays out of the log.
        _log.error("checkout_refused", reference=asked.reference, code=error.code, param=error.param)
        return show_form(form, cause, offer, reading=Reading(problems=(_refusal(error),)), status=422)
    return redirect(leads_on(donation), 303)


def _refusal(error: StripeRefused) -> Problem:
    if error.param == "customer_email":
        headline = _("The payment page does not take this e-mail address.")
        return Problem("email", headline, _("Look at the address again, or use another one."))
    return Problem("", _("The payment page could not be opened."), _("Press the button again, or write to us."))


def _arrival(form: DonationForm, newsroom: Newsroom) -> Arrival:
    currency_known = form.currency.data in newsroom.currencies
    if not currency_known:
        # A form without one, as a plain client sends it, means the newsroom's own.
        currency_known = not form.currency.data
        form.currency.data = newsroom.default_currency
    if form.shown_for.data not in FREQUENCIES:
        form.shown_for.data = form.frequency.data if form.frequency.data in FREQUENCIES else FIRST_FREQUENCY
    return Arrival(
        seen=read_token(form.csrf_token.data, form.reference.data),
        today=clock.today(newsroom.time_zone),
        newsroom_name=say(newsroom.words.get("name")) or newsroom.name,
        livemode=current_app.config["DONATE"].livemode,
        from_elsewhere=is_from_elsewhere(request, site_url()),
        currency_known=currency_known,
        ui_mode=ui_mode_for(current_language()),
    )


def _cause(form: DonationForm) -> Cause:
    return find_cause(form.appeal.data or "", form.article.data or "", form.fund.data or "")


def _offer(form: DonationForm, cause: Cause) -> Offer:
    return make_offer(cause.campaign, form.currency.data, form.shown_for.data)
