"""Looks at what Stripe said when it was asked last: does it answer, and is our endpoint as it should be?"""

from __future__ import annotations

from collections.abc import Iterator

from donate.operations.causes import Found
from donate.operations.queries import list_verdicts
from donate.payments import API_VERSION

_PLACE = "/staff/operations#stripe"


def look() -> Iterator[Found]:
    """Find what is wrong with Stripe's answers and our endpoint there."""
    verdicts = list_verdicts()
    stripe, endpoint = verdicts.get("stripe"), verdicts.get("endpoint")
    if stripe is not None and not stripe.is_good:
        yield Found("stripe_unanswered", stripe.since, _PLACE, {"code": stripe.told["code"]})
    if endpoint is None or endpoint.is_good:
        return
    told = endpoint.told
    if not told["endpoint"]:
        yield Found("endpoint_missing", endpoint.since, _PLACE, {"url": told["url"]})
    elif not told["enabled"]:
        yield Found("endpoint_off", endpoint.since, _PLACE, {"endpoint": told["endpoint"]})
    elif told["missing"]:
        values = {"endpoint": told["endpoint"], "events": ", ".join(told["missing"])}
        yield Found("endpoint_events", endpoint.since, _PLACE, values)
    else:
        values = {"endpoint": told["endpoint"], "version": told["version"], "ours": API_VERSION}
        yield Found("endpoint_version", endpoint.since, _PLACE, values)
