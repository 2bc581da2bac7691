"""What the form page shows: every word and number its template needs, gathered in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, make_response, render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from donate import clock
from donate.errors import BadAmount
from donate.giving.fee_cover import PERCENT, fixed_part
from donate.money import Money, decimals, symbol
from donate.newsroom.queries import get_newsroom
from donate.payments.checkout import ELEMENTS
from donate.payments.units import maximum, minimum, round_up
from donate.web.amounts import read_plain
from donate.web.authorisation import SLOT, rule, way_out, words_of_sum
from donate.web.give.cause import Cause, progress
from donate.web.give.form_token import make_token
from donate.web.give.forms import CARRIED, SELDOM, DonationForm
from donate.web.give.link import form_path
from donate.web.give.naming import naming_on_form
from donate.web.give.offer import Choice, Offer, choices_of
from donate.web.give.read_form import Problem, Reading
from donate.web.headers import keep_nothing
from donate.web.language import LANGUAGES, current_language, say
from donate.web.mail_words import newsletter_box
from donate.web.surface import ui_mode_for
from donate.web.tax_words import tax_words


@dataclass(frozen=True)
class Summary:
    """The box over a form that could not be sent.

    Args:
        title: How much there is to put right.
        whole: Problems of the whole form.
        fields: (anchor, headline) of each field's problem.
    """

    title: str
    whole: tuple[Problem, ...]
    fields: tuple[tuple[str, str], ...]


def show_form(
    form: DonationForm,
    cause: Cause,
    offer: Offer,
    *,
    notices: Sequence[str] = (),
    reading: Reading | None = None,
    status: int = 200,
) -> Response:
    """Draw the form with what stands in it.

    Args:
        form: The fields.
        cause: What it stands under.
        offer: The amounts.
        notices: What of the link could not be used.
        reading: The problems, when it was sent.
        status: Of the answer.
    """
    form.lang.data = current_language()
    form.csrf_token.data, is_new = make_token(form.reference.data, _today()), not form.csrf_token.data
    naming = naming_on_form(offer.currency)
    form.listing.data = str(naming.line.minor) if naming is not None else ""
    form.shown_under.data = cause.appeal.slug if cause.appeal is not None else ""
    checked = _checked(form, offer, is_new=is_new)
    problems = reading.problems if reading is not None else ()
    page = render_template(
        "give/form.html",
        form=form,
        **tax_words(),
        cause=cause,
        tally=progress(cause.campaign),
        offer=offer,
        checked=checked,
        notices=(*notices, *_instead(cause)),
        problems={problem.field: problem.sentence for problem in problems if problem.field},
        summary=_summary(problems, checked, offer) if problems else None,
        carried=CARRIED,
        newsletter_box=newsletter_box(),
        naming=naming,
        is_paid_here=ui_mode_for(current_language()) == ELEMENTS,
        seldom=[name for name in SELDOM if form[name].data],
        **_sums(offer, reading.meant if reading is not None else ()),
        **_links(form, offer),
    )
    return keep_nothing(make_response(page, status))


def _instead(cause: Cause) -> tuple[str, ...]:
    """Say where a gift goes whose link named an appeal that is not on."""
    if not cause.is_replaced:
        return ()
    if cause.fund.is_general:
        return (_("The appeal in the link is not on now. Your gift goes to the newsroom as a whole."),)
    return (_("The appeal in the link is not on now. Your gift goes to the fund named here."),)


def _today() -> date:
    return clock.today(get_newsroom().time_zone)


def _sums(offer: Offer, meant: tuple[Money, ...]) -> dict[str, object]:
    """Give every sum the page may have to write, and the words around them."""
    asked_back = choices_of(meant, after=len(offer.choices))
    newsroom = get_newsroom()
    return {
        "meant": asked_back,
        "choices": (*offer.choices, *asked_back),
        "fixed_fee": fixed_part(offer.currency),
        "rules": _rules(say(newsroom.words.get("name")) or newsroom.name, _today()),
        "way_out": way_out(),
        "words_of_sum": words_of_sum,
        "script": _for_script(offer.currency),
    }


def _links(form: DonationForm, offer: Offer) -> dict[str, object]:
    """Give the ways to this form in the newsroom's other currencies, and in each language."""
    others = [code for code in get_newsroom().currencies if code != offer.currency]
    return {
        "currencies": [(code, form_path(form, current_language(), currency=code)) for code in others],
        "links": [(code, name, form_path(form, code)) for code, name in LANGUAGES.items()],
    }


def _checked(form: DonationForm, offer: Offer, *, is_new: bool) -> str:
    """Tell which amount is ticked; an amount that is no suggestion moves into the field for others."""
    wanted = form.amount.data or ""
    if not wanted and not form.other_amount.data and is_new:
        return next((each.name for each in offer.choices if each.gift == offer.default), "other")
    if wanted in ("", "other"):
        return "other"
    found = _choice_of(wanted, offer)
    if found is not None:
        return found.name
    form.other_amount.data = wanted
    return "other"


def _choice_of(wanted: str, offer: Offer) -> Choice | None:
    try:
        gift = read_plain(wanted, offer.currency)
    except BadAmount:
        return None
    return next((each for each in offer.choices if each.gift == gift), None)


def _summary(problems: Sequence[Problem], checked: str, offer: Offer) -> Summary:
    anchors = {
        "amount": "other" if checked == "other" or not offer.choices else "a-1",
        "frequency": "f-once",
        "first_name": "first",
        "last_name": "last",
    }
    return Summary(
        title=_counted(len(problems)),
        whole=tuple(problem for problem in problems if not problem.field),
        fields=tuple((anchors.get(each.field, each.field), each.headline) for each in problems if each.field),
    )


def _counted(problems: int) -> str:
    in_words = {1: _("One thing to put right"), 2: _("Two things to put right"), 3: _("Three things to put right")}
    more = ngettext("%(num)d thing to put right", "%(num)d things to put right", problems)
    return str(in_words.get(problems, more))


def _rules(newsroom_name: str, today: date) -> dict[str, list[str]]:
    """Write the authorisation for each frequency, cut where the page writes one sum for each choice."""
    return {frequency: rule(frequency, newsroom_name, SLOT, today).split(SLOT) for frequency in ("month", "year")}


def _for_script(currency: str) -> dict[str, Any]:
    """Give the numbers the page's script needs to write a typed amount as the server would."""
    return {
        "currency": currency,
        "sign": symbol(currency) + ("" if len(symbol(currency)) == 1 else " "),
        "decimals": decimals(currency),
        "fixed": fixed_part(currency).minor,
        "keeps": int(10_000 - PERCENT * 100),
        "step": round_up(Money(1, currency)).minor,
        "least": minimum(currency).minor,
        "most": maximum(currency).minor,
    }
