"""Payouts to the bank: each proved by the entries it is made of, or each difference named."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from donate.errors import NotFound
from donate.ledger.models import Payout
from donate.ledger.queries import find_payout_by_id
from donate.money import Money
from donate.reports.entries import Chosen, list_entries, total_entries
from donate.reports.payout_sums import count_payouts, list_differing, list_payouts_back, made_of
from donate.web.access import needs
from donate.web.staff.door import staff
from donate.web.staff.finance.asked import read_asked
from donate.web.staff.finance.frame import finance_frame
from donate.web.staff.finance.words import say_difference, say_payout_status, say_proof
from donate.web.staff.happened import happened
from donate.web.staff.paging import read_page

AT_ONCE = 50


@staff.get("/finance/payouts")
@needs("see_ledger")
def payouts() -> ResponseReturnValue:
    """List the payouts of a span of days, newest first; what does not agree stands above, of whatever day."""
    asked = read_asked(request.args)
    span = asked.span
    paging = read_page(request.args, count_payouts(span.since, span.until), AT_ONCE)
    lines = list_payouts_back(span.since, span.until, skip=paging.skip, at_most=AT_ONCE)
    differing = list_differing()
    page = render_template(
        "staff/finance/payouts.html",
        lines=lines,
        differing=differing,
        made=made_of([*lines, *differing]),
        paging=paging,
        say_proof=say_proof,
        say_status=say_payout_status,
        **finance_frame("payouts", asked),
    )
    return page, 422 if asked.problem else 200


@staff.get("/finance/payouts/<payout_id>")
@needs("see_ledger")
def payout(payout_id: str) -> ResponseReturnValue:
    """Show what one payout is made of, entry by entry."""
    found = find_payout_by_id(payout_id)
    if found is None:
        raise NotFound("payout_missing", payout=payout_id)
    chosen = Chosen(payout=payout_id)
    paging = read_page(request.args, sum(each.entries for each in total_entries(chosen)), AT_ONCE)
    return render_template(
        "staff/finance/payout.html",
        payout=found,
        made=made_of([found])[found.id],
        lines=list_entries(chosen, skip=paging.skip, at_most=AT_ONCE),
        paging=paging,
        differences=_differences(found),
        say_proof=say_proof,
        say_status=say_payout_status,
        say_difference=say_difference,
        money_of=lambda line, name: Money(line[name], line["currency"]),
        happened=happened("payout", payout_id),
        **finance_frame("payouts"),
    )


def _differences(found: Payout) -> list[tuple[str, str, Money]]:
    return [(each["what"], each["id"], Money(each["amount_minor"], found.currency)) for each in found.differences]
