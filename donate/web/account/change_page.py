"""Change how much, how often, and when next: the form, the preview, the press."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from donate import clock
from donate.money import Money, symbol
from donate.recurring.acts import acts_open
from donate.recurring.change import change_terms, dates_offered
from donate.recurring.models import RecurringDonation
from donate.recurring.schedule import charged_on
from donate.recurring.terms import Terms, terms_of
from donate.web.access import for_members
from donate.web.account.door import account
from donate.web.account.mine import fresh_promise, zone
from donate.web.account.preview import press, preview_of, show_preview
from donate.web.account.promise_page import not_now
from donate.web.amounts import read_amount
from donate.web.reading import long_date

_INTERVALS = ("month", "year")


@dataclass
class Typed:
    """What the form holds.

    Args:
        amount: As typed, without the covered fee.
        cover_fee: Whether the fee is covered too.
        interval: ``month`` or ``year``.
        next_on: ISO, as a date field sends it; empty leaves the date.
        problems: {field: the sentence that names its repair}.
    """

    amount: str
    cover_fee: bool
    interval: str
    next_on: str
    problems: dict[str, str] = field(default_factory=dict)

    def fields(self) -> dict[str, str]:
        """Give what a press must carry so that the same is reckoned again."""
        told = {"amount": self.amount, "interval": self.interval, "next_on": self.next_on}
        return told | ({"cover_fee": "1"} if self.cover_fee else {})


@account.get("/recurring/<reference>/change")
@for_members
def change(reference: str) -> ResponseReturnValue:
    """Show the form, or what the typed change would do."""
    promise = fresh_promise(reference)
    if "change" not in acts_open(promise, now=clock.now()):
        return not_now(promise)
    if "amount" not in request.args:
        return _form(promise, _as_it_is(promise))
    typed = _typed(request.args)
    wanted = _wanted(promise, typed)
    if wanted is None:
        return _form(promise, typed, status=422)
    return show_preview(promise, preview_of(promise, "change", wanted), fields=typed.fields())


@account.post("/recurring/<reference>/change")
@for_members
def do_change(reference: str) -> ResponseReturnValue:
    """Make the change that was shown."""
    promise = fresh_promise(reference)
    if "change" not in acts_open(promise, now=clock.now()):
        return not_now(promise)
    typed = _typed(request.form)
    wanted = _wanted(promise, typed)
    if wanted is None:
        return _form(promise, typed, status=422)
    return press(promise, preview_of(promise, "change", wanted), fields=typed.fields())


def _as_it_is(promise: RecurringDonation) -> Typed:
    terms = terms_of(promise)
    return Typed((terms.amount - terms.fee_cover).plain(), bool(terms.fee_cover), terms.interval, _next_on(terms))


def _typed(sent: Mapping[str, str]) -> Typed:
    return Typed(
        sent.get("amount", "")[:40], bool(sent.get("cover_fee")), sent.get("interval", ""), sent.get("next_on", "")[:10]
    )


def _wanted(promise: RecurringDonation, typed: Typed) -> Terms | None:
    """Read the typed change; None where it needs a repair, which is noted, or where it changes nothing."""
    terms = terms_of(promise)
    read = read_amount("other", typed.amount, promise.currency, cover_fee=typed.cover_fee)
    if read.gift is None:
        typed.problems["amount"] = read.problem
    if typed.interval not in _INTERVALS:
        typed.problems["interval"] = _("Choose monthly or yearly.")
    next_on = _read_day(typed, terms)
    if typed.problems:
        return None
    assert read.gift is not None
    fee = read.fee or Money(0, promise.currency)
    if read.gift == terms.amount - terms.fee_cover and typed.cover_fee and terms.fee_cover:
        # The fee that was agreed to stays while the amount does.
        fee = terms.fee_cover
    wanted = change_terms(
        terms, amount=read.gift + fee, fee_cover=fee, interval=typed.interval, next_on=next_on, zone=zone()
    )
    if wanted == terms:
        typed.problems[""] = _("This is how it is already. Change the amount, how often, or the date.")
        return None
    return wanted


def _read_day(typed: Typed, terms: Terms) -> date | None:
    if typed.next_on in ("", _next_on(terms)) or typed.interval not in _INTERVALS:
        return None
    first, last = dates_offered(typed.interval, today=clock.today(zone()))
    try:
        day = date.fromisoformat(typed.next_on)
    except ValueError:
        typed.problems["next_on"] = _(
            "Write the day as year, month, day, such as %(example)s", example=first.isoformat()
        )
        return None
    if not first <= day <= last:
        typed.problems["next_on"] = _(
            "Choose a day from %(first)s to %(last)s.", first=long_date(first), last=long_date(last)
        )
    return day


def _next_on(terms: Terms) -> str:
    return charged_on(terms.next_at, zone()).isoformat() if terms.next_at is not None else ""


def _form(promise: RecurringDonation, typed: Typed, status: int = 200) -> ResponseReturnValue:
    first, last = dates_offered("year" if typed.interval == "year" else "month", today=clock.today(zone()))
    page = render_template(
        "account/change.html", promise=promise, typed=typed, first=first, last=last, sign=symbol(promise.currency)
    )
    return make_response(page, status)
