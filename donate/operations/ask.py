"""What schedules ask for the operator: Stripe about our endpoint and the books, and the books about themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import structlog

from donate import clock
from donate.db import committed, db, insert_of
from donate.ledger.hold_against import hold_against_stripe
from donate.ledger.queries import find_first_occurred_on
from donate.newsroom.queries import find_newsroom
from donate.operations.models import Verdict
from donate.operations.plain_error import plain_error
from donate.operations.queries import find_verdict
from donate.payments import API_VERSION, gateway
from donate.payments.errors import StripeRefused, StripeUnanswered
from donate.payments.setup import EVENTS, Endpoint, list_endpoints
from donate.reports.check import check_everything, count_rules
from donate.webhooks.catch_up import catch_up_transactions

#: Each night so far back; ``flask reconcile`` holds all of the books against Stripe.
NIGHTLY = timedelta(days=35)
_KEPT = 100
_log = structlog.get_logger("operations")


def ask_about_endpoint() -> None:
    """Ask Stripe how our webhook endpoint is set, and keep what it said; call outside ``committed()``."""
    url = f"{gateway.site()}/webhooks/stripe"
    try:
        found = [each for each in list_endpoints() if each.url == url]
    except (StripeRefused, StripeUnanswered) as error:
        code = error.code if isinstance(error, StripeRefused) else "no_answer"
        _note("stripe", False, code=code)
        return
    # Of several, as while one is replaced, the best one counts: the others only send what we have already.
    best = min(found, key=lambda each: (not each.enabled, len(_missing(each)), not _is_of_ours(each)), default=None)
    missing = _missing(best) if best is not None else []
    _note("stripe", True, code="")
    _note(
        "endpoint",
        best is not None and best.enabled and not missing and _is_of_ours(best),
        url=url,
        endpoint=best.endpoint_id if best is not None else "",
        enabled=best is not None and best.enabled,
        version=best.api_version if best is not None else "",
        missing=missing,
    )


def reconcile_by_night() -> None:
    """Hold the last weeks of the books and the balance against Stripe, and keep what differs; outside ``committed()``.

    Raises:
        StripeRefused: Stripe's no; the job tries again.
        StripeUnanswered: Likewise.
    """
    newsroom = find_newsroom()
    if newsroom is None:
        return
    last = clock.today(newsroom.time_zone) + timedelta(days=1)
    first = max(find_first_occurred_on() or last - timedelta(days=1), last - NIGHTLY)
    # What moved a moment ago is in one list and not yet in the other: a difference has to be there twice.
    for _ in range(2):
        catch_up_transactions()
        held = hold_against_stripe(first, last, newsroom.time_zone, with_balance=True)
        if held.agrees:
            break
    lines = list(held.differences)
    lines += [f"{day} {kind} {currency}: counts or sums differ" for (day, kind, currency), line in
              held.compared.lines.items() if not line.agrees and not lines]  # fmt: skip
    _note(
        "reconcile", held.agrees, number=len(lines), lines=lines[:_KEPT],
        first=first.isoformat(), last=(last - timedelta(days=1)).isoformat(), compared=len(held.compared.lines),
    )  # fmt: skip


def check_the_rules() -> None:
    """Hold the database to every rule, and keep which do not hold; call outside ``committed()``."""
    broken = check_everything()
    for each in broken:
        _log.error("invariant_broken", name=each.name, count=each.count, rows=list(each.rows))
    told = [
        {
            "name": each.name,
            "sentence": each.sentence,
            "count": each.count,
            "rows": [plain_error(row) for row in each.rows],
        }
        for each in broken
    ]
    _note("check", not broken, number=len(broken), broken=told, rules=count_rules())


def _is_of_ours(endpoint: Endpoint) -> bool:
    # One without a version of its own follows the account's, which only its events tell.
    return endpoint.api_version in ("", API_VERSION)


def _missing(endpoint: Endpoint) -> list[str]:
    return [] if "*" in endpoint.events else sorted(set(EVENTS) - endpoint.events)


def _note(name: str, is_good: bool, **told: Any) -> None:
    """Keep a verdict; since when it is so stays, where it is as it was."""
    now = clock.real_now()
    with committed():
        kept = find_verdict(name)
        since = kept.since if kept is not None and kept.is_good == is_good else now
        row = insert_of(Verdict).values(name=name, asked_at=now, is_good=is_good, since=since, told=told)
        anew = {column: row.excluded[column] for column in ("asked_at", "is_good", "since", "told")}
        db.session.execute(row.on_conflict_do_update(index_elements=["name"], set_=anew))
        db.session.expire_all()
