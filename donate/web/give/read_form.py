"""Read a sent form: into a gift that can be tried, or into sentences that name each repair."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from donate.giving.start import GiftRequest
from donate.money import Money, show_in_text
from donate.recurring.begin import Authorisation
from donate.web.addresses import check_address, likely_meant
from donate.web.amounts import AmountRead, is_likely_slip, read_amount
from donate.web.authorisation import authorisation, words_of_sum
from donate.web.give.cause import Cause
from donate.web.give.form_token import Seen
from donate.web.give.forms import SELDOM, DonationForm
from donate.web.give.naming import agreed
from donate.web.give.offer import Offer
from donate.web.language import current_language
from donate.web.mail_words import newsletter_words


@dataclass(frozen=True)
class Problem:
    """Something to put right.

    Args:
        field: The field's name; empty concerns the whole form.
        headline: The line in the summary.
        sentence: What to do, beside the field.
    """

    field: str
    headline: str
    sentence: str = ""


@dataclass(frozen=True)
class Arrival:
    """How a form came back to us.

    Args:
        seen: What its token tells.
        today: By the newsroom's calendar.
        newsroom_name: In the page's language.
        livemode: Whether real money moves.
        from_elsewhere: Whether another site sent it.
        currency_known: Whether its currency is one of the newsroom's.
        ui_mode: Where its gift is to be paid.
    """

    seen: Seen
    today: date
    newsroom_name: str
    livemode: bool
    from_elsewhere: bool
    currency_known: bool
    ui_mode: str


@dataclass(frozen=True)
class Reading:
    """A gift that can be tried, or the problems."""

    asked: GiftRequest | None = None
    allowed: Authorisation | None = None
    problems: tuple[Problem, ...] = ()
    meant: tuple[Money, ...] = ()


def read_form(form: DonationForm, cause: Cause, offer: Offer, arrival: Arrival) -> Reading:
    """Read a sent form.

    Args:
        form: As typed; what the reader is asked about once is noted in it.
        cause: What it stands under.
        offer: The amounts that were shown.
        arrival: How it came.
    """
    amount = read_amount(
        form.amount.data or "other", form.other_amount.data, offer.currency, cover_fee=form.cover_fee.data
    )
    address, repair = check_address(form.email.data, livemode=arrival.livemode)
    problems = [
        *_arrival_problems(form, cause, arrival),
        *_field_problems(form, ("frequency",)),
        *_amount_problems(form, amount, offer),
        *_address_problems(form, address, repair),
        *_field_problems(form, ("first_name", "last_name", "note", *SELDOM)),
    ]
    if problems or amount.gift is None or amount.fee is None:
        return Reading(problems=tuple(problems), meant=amount.meant)
    asked = _gift(form, cause, amount.gift, amount.fee, address, arrival)
    return Reading(asked=asked, allowed=_allowed(form, asked, offer, arrival))


def _arrival_problems(form: DonationForm, cause: Cause, arrival: Arrival) -> Iterator[Problem]:
    again = _("Look it over, and if it says what you want, press the button again.")
    if arrival.from_elsewhere:
        yield Problem("", _("This form was sent from another website."), again)
    elif not arrival.seen.authentic:
        yield Problem("", _("This form could not be recognised as ours."), again)
    elif not arrival.seen.fresh:
        yield Problem("", _("This form was open for more than a day."), again)
    elif form.frequency.data != "once" and arrival.seen.shown_on != arrival.today:
        yield Problem("", _("A new day has begun, so the day of later charges has changed below."), again)
    if form.shown_under.data and (cause.appeal is None or form.shown_under.data != cause.appeal.slug):
        # An appeal paused a moment ago: its reader was told of another purpose than the gift would now have.
        yield Problem("", _("What your gift is for has changed since this form was opened."), again)
    if not arrival.currency_known:
        yield Problem("amount", _("The amounts are now in another currency."), _("Look at the amount again."))


def _field_problems(form: DonationForm, names: tuple[str, ...]) -> Iterator[Problem]:
    form.validate()
    headlines = {
        "frequency": _("How often is not chosen"),
        "first_name": _("The first name is too long"),
        "last_name": _("The last name is too long"),
        "note": _("Your word to the newsroom is too long"),
    }
    for name in names:
        for sentence in form[name].errors:
            yield Problem(name, headlines.get(name, _("Part of the address is too long")), sentence)


def _amount_problems(form: DonationForm, amount: AmountRead, offer: Offer) -> Iterator[Problem]:
    if amount.gift is None:
        yield Problem("amount", amount.headline, amount.problem)
        return
    largest = offer.largest_for(form.frequency.data)
    if is_likely_slip(amount.gift, largest) and form.confirm_amount.data != amount.gift.plain():
        form.confirm_amount.data = amount.gift.plain()
        shown = show_in_text(amount.gift, current_language())
        yield Problem(
            "amount",
            _("Did you mean %(amount)s?", amount=shown),
            _(
                "This is far above the amounts we suggest. If you mean %(amount)s, press the button again.",
                amount=shown,
            ),
        )


def _address_problems(form: DonationForm, address: str, repair: str) -> Iterator[Problem]:
    if repair:
        missing, broken = _("The e-mail address is missing"), _("The e-mail address is not complete")
        yield Problem("email", broken if form.email.data else missing, repair)
        return
    meant = likely_meant(address)
    if meant is not None and form.confirm_email.data != address:
        form.confirm_email.data = address
        yield Problem(
            "email",
            _("Did you mean %(address)s?", address=meant),
            _(
                "Did you mean %(meant)s? Change it if so. If %(address)s is right, press the button again.",
                meant=meant,
                address=address,
            ),
        )


def _gift(form: DonationForm, cause: Cause, gift: Money, fee: Money, address: str, arrival: Arrival) -> GiftRequest:
    typed = ("first_name", "last_name", "note", "anonymous", "newsletter", "placement", "variant", "source", *SELDOM)
    values = {name: form[name].data for name in typed}
    values["country"] = values["country"].upper()
    listing_words, listing_minor = agreed(form, gift.currency)
    return GiftRequest(
        **values,
        reference=form.reference.data,
        frequency=form.frequency.data,
        gift=gift,
        fee_cover=fee,
        livemode=arrival.livemode,
        email=address,
        fund_id=cause.fund.id,
        appeal_id=cause.appeal.id if cause.appeal is not None else None,
        article_id=cause.article.id if cause.article is not None else None,
        article_slug=form.article.data,
        language=current_language(),
        ui_mode=arrival.ui_mode,
        newsletter_words=newsletter_words() if values["newsletter"] else "",
        listing_words=listing_words,
        listing_minor=listing_minor,
    )


def _allowed(form: DonationForm, asked: GiftRequest, offer: Offer, arrival: Arrival) -> Authorisation | None:
    if asked.frequency == "once" or arrival.seen.shown_on is None:
        return None
    total = asked.gift + asked.fee_cover
    was_written = form.amount.data != "other" or form.shown_total.data == total.plain()
    shown = show_in_text(total, asked.language) if was_written else words_of_sum(with_fee=bool(asked.fee_cover))
    return authorisation(asked.frequency, arrival.newsroom_name, shown, arrival.seen.shown_on)
