"""The appeals export: one row an appeal and currency, in the order of the desk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from donate.appeals.models import Appeal
from donate.appeals.queries import list_appeals
from donate.db import db
from donate.money import Money
from donate.newsroom.models import Fund
from donate.newsroom.queries import get_newsroom
from donate.reports.asks_counted import Seen, total_asks
from donate.reports.gift_lines import Totals, Which, total_gifts

#: What every table of results says of gifts, in this order.
SUMS = (
    "raised_gross", "refunded", "disputed", "raised_net", "gifts", "donors", "new_donors", "monthly_begun",
    "yearly_begun",
)  # fmt: skip
ASKS = ("views", "presses", "closes")
#: Columns are only ever added at the end.
COLUMNS = (
    "appeal", "name", "status", "evergreen", "starts_on", "ends_on", "fund", "goal", "goal_currency",
    "goal_counts_renewals", "counted_towards_goal", "currency", *SUMS, *ASKS,
)  # fmt: skip


def export_appeals(period: Any) -> Iterator[dict[str, Any]]:
    """Give the appeals with what they brought in a period; one that brought nothing has a row of noughts.

    Args:
        period: A ``reports.export.Period``; its fund and appeal choose appeals.
    """
    which = Which(since=period.since, until=period.until, appeal=period.appeal)
    seen = total_asks("appeal", appeal=period.appeal, since=period.since, until=period.until)
    found: dict[str, list[Totals]] = {}
    for each in total_gifts(which, "appeal"):
        found.setdefault(each.key, []).append(each)
    for appeal in list_appeals():
        fund = db.session.get_one(Fund, appeal.fund_id).code
        if period.appeal not in (None, appeal.slug) or period.fund not in (None, fund):
            continue
        own = _facts(appeal, fund)
        yield from rows_of(own, found.get(appeal.slug, []), seen.get(appeal.slug, Seen()), _goal_sum(appeal))


def rows_of(
    own: dict[str, Any], totals: list[Totals], seen: Seen, goal: tuple[str, bool] | None = None
) -> Iterator[dict[str, Any]]:
    """Write one thing's rows: one a currency it was given in, or one of noughts in the newsroom's.

    Args:
        own: What every row says of the thing itself.
        totals: By currency.
        seen: Its asks, which have no currency: they stand on the first row alone, so that a column can be summed.
        goal: (currency, whether renewals count) of its goal.
    """
    for at, each in enumerate(totals or [Totals("", get_newsroom().default_currency)]):
        asks = {name: getattr(seen, name) for name in ASKS} if at == 0 else {}
        counted = {}
        if goal is not None and goal[0] == each.currency:
            minor = each.counted if goal[1] else each.counted - each.renewals
            counted["counted_towards_goal"] = Money(minor, each.currency).plain()
        yield {**own, **counted, **sums_of(each), **asks}


def sums_of(totals: Totals) -> dict[str, Any]:
    """Write what every table of results says of gifts."""
    return {
        "currency": totals.currency,
        "raised_gross": totals.money("came").plain(),
        "refunded": Money(-totals.refunded, totals.currency).plain(),
        "disputed": Money(totals.won - totals.lost, totals.currency).plain(),
        "raised_net": totals.money("kept").plain(),
        "gifts": totals.gifts,
        "donors": totals.donors,
        "new_donors": totals.new_donors,
        "monthly_begun": totals.monthly,
        "yearly_begun": totals.yearly,
    }


def _facts(appeal: Appeal, fund: str) -> dict[str, Any]:
    has_goal = appeal.goal_minor and appeal.goal_currency
    return {
        "appeal": appeal.slug,
        "name": appeal.name,
        "status": "archived" if appeal.archived_at is not None else appeal.status,
        "evergreen": appeal.is_evergreen,
        "starts_on": appeal.starts_on.isoformat() if appeal.starts_on else "",
        "ends_on": appeal.ends_on.isoformat() if appeal.ends_on else "",
        "fund": fund,
        "goal": Money(appeal.goal_minor or 0, appeal.goal_currency or "").plain() if has_goal else "",
        "goal_currency": appeal.goal_currency if has_goal else "",
        "goal_counts_renewals": appeal.goal_counts_renewals if has_goal else "",
    }


def _goal_sum(appeal: Appeal) -> tuple[str, bool] | None:
    return (appeal.goal_currency, appeal.goal_counts_renewals) if appeal.goal_minor and appeal.goal_currency else None
