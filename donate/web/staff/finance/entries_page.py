"""The entries behind a figure of the finance desk."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from donate.ledger.accounts import ENTRY_TYPES, FACETS
from donate.money import Money
from donate.reports.articles import headlines_of
from donate.reports.entries import Chosen, list_entries, total_entries
from donate.reports.income import TYPES
from donate.web.access import needs
from donate.web.staff.door import staff
from donate.web.staff.finance.asked import Asked, read_asked
from donate.web.staff.finance.frame import finance_frame, nothing_in
from donate.web.staff.finance.words import say_by, say_kind, say_method
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
        in_common=_in_common(chosen),
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
        appeal=args["appeal"][:80] if "appeal" in args else None,
        by=by if by in FACETS else "",
        key=args.get("key", "")[:200],
        part=part if part in TYPES else "",
        entry_type=kind if kind in ENTRY_TYPES else "",
    )


def _in_common(chosen: Chosen) -> list[str]:
    """Say what the entries have in common, a phrase each."""
    said = []
    if chosen.appeal is not None:
        said.append(f"{say_by('appeal')}: {chosen.appeal or nothing_in('appeal')}")
    if chosen.by:
        named = {"article": lambda key: headlines_of({key}).get(key, key), "kind": say_kind, "method": say_method}
        shown = named.get(chosen.by, str)(chosen.key) if chosen.key else nothing_in(chosen.by)
        said.append(f"{say_by(chosen.by)}: {shown}")
    words: dict[str, str] = {
        "gross": _("Only what came in"),
        "refunds": _("Only refunds"),
        "disputes": _("Only disputes"),
        "fees": _("All of which Stripe keeps fees"),
        "net": _("All that moved for gifts"),
    }
    return [*said, words[chosen.part]] if chosen.part else said
