"""Looks at what was last said of the books: by Stripe, by their own rules, by the payouts."""

from __future__ import annotations

from collections.abc import Iterator

from donate.operations.causes import Found, really
from donate.operations.queries import list_verdicts
from donate.reports.payout_sums import list_differing


def look() -> Iterator[Found]:
    """Find what is wrong with the books, as far as it was looked at last."""
    verdicts = list_verdicts()
    for name, cause in (("reconcile", "reconcile_differs"), ("check", "check_broken")):
        verdict = verdicts.get(name)
        if verdict is not None and not verdict.is_good:
            yield Found(cause, verdict.since, f"/staff/operations/books#{name}", {"number": verdict.told["number"]})
    differing = list_differing()
    if differing:
        values = {"number": len(differing)}
        yield Found("payouts_differ", really(differing[0].created_at), "/staff/finance/payouts", values)
