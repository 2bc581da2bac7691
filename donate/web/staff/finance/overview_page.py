"""The finance desk's first page: what came in, what is left, and whether the bank agrees."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from donate.ledger.queries import list_payouts
from donate.recurring.models import MOVEMENT_KINDS
from donate.reports.income import (
    Income,
    Span,
    balance_at,
    fee_cover,
    income_by,
    income_total,
    months_by_kind,
    other_movements,
)
from donate.reports.payout_sums import is_all_proved, made_of
from donate.reports.promises import Month, find_first_moved, list_months
from donate.web.access import needs
from donate.web.staff.door import staff
from donate.web.staff.finance.asked import Asked, read_asked
from donate.web.staff.finance.charts import Columns, by_key, columns_of
from donate.web.staff.finance.frame import change_of, finance_frame
from donate.web.staff.finance.words import say_figure, say_proof

#: So many of the last payouts stand on this page.
LAST_PAYOUTS = 5
_CHART_MONTHS = 12


@staff.get("/finance")
@needs("see_ledger")
def finance() -> ResponseReturnValue:
    """Show a span's sums with last year's beside them, its months, its funds and the last payouts."""
    asked = read_asked(request.args)
    span = asked.span
    total, before = income_total(span), income_total(span.a_year_before())
    payouts = list_payouts(asked.today - timedelta(days=92), asked.today + timedelta(days=30))
    last = [each for each in reversed(payouts) if each.currency == span.currency][:LAST_PAYOUTS]
    page = render_template(
        "staff/finance/overview.html",
        total=total,
        before=before,
        change=change_of(total, before, asked),
        balance=balance_at(span.until, span.currency),
        promise=_promise(asked),
        covers=fee_cover(span),
        chart=_chart(asked),
        funds=income_by("fund", span),
        others=other_movements(span) if not span.fund else {},
        payouts=last,
        made=made_of(last),
        say_proof=say_proof,
        kinds=MOVEMENT_KINDS,
        say_figure=say_figure,
        is_proved=is_all_proved(span.since, span.until, span.currency),
        **finance_frame("overview", asked),
    )
    return page, 422 if asked.problem else 200


def _promise(asked: Asked) -> Month | None:
    """Tell what became of the monthly promise in the month of the last day; None where there never was one."""
    last = asked.last_day
    if find_first_moved() is None:
        return None
    return list_months([last.replace(day=1)], last, asked.span.currency, asked.span.fund)[0]


def _chart(asked: Asked) -> Columns | None:
    """Draw the twelve months up to the last day, whatever days the figures are of."""
    last = asked.last_day
    since = last.replace(day=1)
    for _ in range(_CHART_MONTHS - 1):
        since = (since - timedelta(days=1)).replace(day=1)
    span = Span(since, last + timedelta(days=1), asked.span.currency, asked.span.fund)
    kinds = months_by_kind(span)
    recurring = by_key(kinds.pop("recurring", []))
    rest: dict[str, int] = {}
    for lines in kinds.values():
        for line in lines:
            rest[line.key] = rest.get(line.key, 0) + line.gross
    before: list[Income] = income_by("month", span.a_year_before())
    if not recurring and not rest and not before:
        return None
    return columns_of((recurring, rest), by_key(before), span.currency, since, last, asked.today, by_month=True)
