"""What I am mailed: each colleague chooses for themselves, and only among what their role may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from donate.db import committed
from donate.errors import BadAmount
from donate.money import Money, parse_amount
from donate.newsroom.queries import get_newsroom
from donate.team.models import StaffNotices
from donate.team.notices import NEEDS, Choice, choose_notices, may_have
from donate.team.permissions import may
from donate.team.queries import find_notices
from donate.web.access import needs
from donate.web.language import current_language
from donate.web.reading import url_for
from donate.web.staff.door import staff
from donate.web.staff.home import frame
from donate.web.who import colleague

_BOXES = ("every_gift", "promises", "refunds", "disputes")


@dataclass(frozen=True)
class Typed:
    """The form as typed, with the sentence for what can't be taken.

    Args:
        ticked: Names of the boxes that are.
        above: The sum as typed.
        currency: ISO code.
        hour: As chosen; empty is never.
        problem: What to put right about the sum.
    """

    ticked: frozenset[str] = frozenset()
    above: str = ""
    currency: str = ""
    hour: str = ""
    problem: str = ""
    money: Money | None = field(default=None, compare=False)


@staff.get("/notices")
@needs("enter_desk")
def notices() -> ResponseReturnValue:
    """Show what the staff member is mailed."""
    row = find_notices(colleague().staff.id)
    return _page(_kept(row) if row is not None else Typed(currency=get_newsroom().default_currency))


@staff.post("/notices")
@needs("enter_desk")
def choose_own_notices() -> ResponseReturnValue:
    """Write down what the staff member wants to be mailed from now on."""
    typed, here = _read(request.form), colleague()
    if typed.problem:
        return _page(typed), 422
    choice = Choice(
        above=typed.money,
        digest_hour=int(typed.hour) if typed.hour else None,
        language=current_language(),
        **{name: name in typed.ticked for name in _BOXES},
    )
    with committed():
        choose_notices(here.staff, choice, here.as_who())
    return redirect(url_for("staff.notices", saved=1), 303)


def _page(typed: Typed) -> str:
    role, newsroom = colleague().staff.role, get_newsroom()
    return render_template(
        "staff/notices.html",
        typed=typed,
        allowed={kind for kind in NEEDS if may_have(role, kind)},
        hears_of_problems=may(role, "see_operations"),
        currencies=newsroom.currencies,
        zone=newsroom.time_zone,
        hours=range(24),
        saved=request.args.get("saved", "") == "1" and not typed.problem,
        **frame(),
    )


def _kept(row: StaffNotices) -> Typed:
    above = Money(row.above_minor, row.above_currency).short() if row.above_minor is not None else ""
    return Typed(
        ticked=frozenset(name for name in _BOXES if getattr(row, name)),
        above=above,
        currency=row.above_currency or get_newsroom().default_currency,
        hour=str(row.digest_hour) if row.digest_hour is not None else "",
    )


def _read(form: Mapping[str, str]) -> Typed:
    newsroom = get_newsroom()
    hour, currency, above = form.get("hour", ""), form.get("currency", ""), form.get("above", "").strip()
    if currency not in newsroom.currencies:
        currency = newsroom.default_currency
    money, problem = None, ""
    if above:
        try:
            money = parse_amount(above, currency)
        except BadAmount:
            example = Money(25000, currency).short()
            problem = _(
                "Write one amount above zero without signs between its digits, such as %(example)s.", example=example
            )
    return Typed(
        ticked=frozenset(name for name in _BOXES if form.get(name) == "1"),
        above=above[:40],
        currency=currency,
        hour=hour if hour.isascii() and hour.isdigit() and len(hour) < 3 and int(hour) < 24 else "",
        problem=problem,
        money=money,
    )
