"""What stands round every page of the desk of offline gifts."""

from __future__ import annotations

from typing import Any

from donate import clock
from donate.appeals.campaign import campaign_from
from donate.appeals.queries import list_appeals
from donate.newsroom.queries import get_newsroom, list_funds
from donate.team.permissions import may
from donate.web.language import say
from donate.web.staff.finance.words import say_method
from donate.web.staff.home import frame
from donate.web.staff.offline.words import givers, reasons, say_giver, say_missing, say_reason, ways
from donate.web.staff.results_page import title_of
from donate.web.who import colleague


def offline_frame() -> dict[str, Any]:
    """Give what every page of this desk needs."""
    newsroom, role, funds = get_newsroom(), colleague().staff.role, list_funds()
    appeals = [campaign_from(each) for each in list_appeals()]
    return {
        "today": clock.today(newsroom.time_zone),
        "currencies": [(each, each) for each in newsroom.currencies],
        "ways": ways(),
        "givers": givers(),
        "reasons": reasons(),
        "funds": [(each.code, say(each.names) or each.name) for each in funds],
        "fund_names": {each.id: say(each.names) or each.name for each in funds},
        "appeals": [(each.slug, title_of(each)) for each in appeals],
        "say_way": say_method,
        "say_giver": say_giver,
        "say_reason": say_reason,
        "say_missing": say_missing,
        "may_withdraw": may(role, "refund_gifts"),
        "may_audit": may(role, "see_ledger"),
        **frame(),
    }
