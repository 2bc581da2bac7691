"""The entries behind a figure of the finance desk."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template, request
from flask.typing import ResponseReturnValue

from donate.ledger.accounts import ENTRY_TYPES, FACETS
from donate.money import Money
from donate.reports.entries import Chosen, list_entries, total_entries
from donate.reports.income import TYPES
from donate.reports.narrowed import slug_of
from donate.web.access import needs
from donate.web.staff.door import staff
from donate.web.staff.finance.asked import Asked, read_asked
from donate.web.staff.finance.frame import finance_frame, in_common
from donate.web.staff.paging import read_page

AT_ONCE = 50


@staff.get("/finance/entries")
@needs("see_ledger")
def entries() -> ResponseReturnValue:
    """List the entries that a figure is the sum of, the newest first."""
    asked = read_asked(request.args)
    chosen = _read(request.args, asked)
    totals = total_entries(chosen)
    paging = read_page(request.args, sum(each.entries for each in totals), AT_ONCE)
    page = render_template(
        "staff/finance/entries.html",
        chosen=chosen,
        totals=totals,
        lines=list_entries(chosen, skip=paging.skip, at_most=AT_ONCE),
        paging=paging,
        in_common=in_common(chosen),
        query={name: value for name, value in request.args.items() if name not in ("page", "kind", "from", "to")},
        money_of=lambda line, name: Money(line[name], line["currency"]),
        **finance_frame("entries", asked),
    )
    return page, 422 if asked.problem else 200


def _read(args: Mapping[str, str], asked: Asked) -> Chosen:
    """Read which entries; what can't be read asks nothing."""
    by, part, kind = args.get("by", ""), args.get("part", ""), args.get("type", "")
    return Chosen(
        since=asked.span.since,
        until=asked.span.until,
        currency=asked.span.currency,
        fund=asked.span.fund,
        appeal=slug_of(args["appeal"][:80]) if "appeal" in args else None,
        by=by if by in FACETS else "",
        key=args.get("key", "")[:200],
        part=part if part in TYPES else "",
        entry_type=kind if kind in ENTRY_TYPES else "",
    )
