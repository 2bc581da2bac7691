"""One appeal at the desk: how it stands, what it says, whom it asks, and whether it is ready."""

from __future__ import annotations

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from donate.appeals.campaign import campaign_from
from donate.appeals.models import Appeal
from donate.appeals.queries import get_appeal, list_tallies
from donate.articles.flags import FLAGS
from donate.db import db
from donate.newsroom.models import Fund
from donate.reports.appeal_sums import list_raised
from donate.team.permissions import may
from donate.web.access import needs
from donate.web.language import LANGUAGES, say
from donate.web.reading import url_for
from donate.web.staff.appeal_checks import say_checks, say_window
from donate.web.staff.appeal_list import percent_of, why_it_rests
from donate.web.staff.appeal_state import look_over, names_of_places, state_at, today_here
from donate.web.staff.appeal_words import say_flag_briefly, say_placements, say_rules, say_ties
from donate.web.staff.door import staff
from donate.web.staff.happened import happened
from donate.web.staff.home import frame
from donate.web.who import colleague

#: Of the stories an appeal fits, so many are named.
SHOWN = 10
_PLACE = {language: at for at, language in enumerate(LANGUAGES)}


@staff.get("/appeals/<slug>")
@needs("see_appeals")
def appeal(slug: str) -> ResponseReturnValue:
    """Show an appeal and what can be done with it."""
    return appeal_shown(get_appeal(slug))


def appeal_shown(row: Appeal, problem: str = "", status: int = 200) -> ResponseReturnValue:
    """Draw an appeal's page.

    Args:
        row: Which.
        problem: Why what was pressed was not done.
        status: Of the answer.
    """
    campaign, state = campaign_from(row), state_at(row, today_here())
    checks, matching = look_over(row)
    fund = db.session.get_one(Fund, row.fund_id)
    raised = list_raised().get(row.id, [])
    role = colleague().staff.role
    page = render_template(
        "staff/appeal.html",
        appeal=row,
        campaign=campaign,
        state=state,
        resting=why_it_rests(row) if row.status == "paused" else None,
        window=say_window(row.starts_on, row.ends_on),
        fund=say(fund.names) or fund.name,
        raised=raised,
        percent=percent_of(campaign, list_tallies()),
        places=say_placements(campaign.placements),
        ties=say_ties(campaign, names_of_places(campaign.targets)),
        never=sorted(campaign.excluded),
        rules=say_rules(campaign.rules),
        checks=say_checks(checks, say(fund.names) or fund.name),
        is_ready=all(each.state != "stop" for each in checks),
        matching=matching,
        stories=matching.newest[:SHOWN],
        flag_words={flag: say_flag_briefly(flag) for flag in FLAGS},
        languages=LANGUAGES,
        texts=sorted(campaign.texts, key=lambda each: (_PLACE.get(each[0], len(_PLACE)), each[1])),
        may_edit=may(role, "edit_appeals"),
        may_pause=may(role, "pause_appeals"),
        may_resume=may(role, "resume_appeals"),
        problem=problem,
        done=request.args.get("done", ""),
        happened=happened("appeal", row.slug, at_most=5, all_path=url_for("staff.appeal_history", slug=row.slug)),
        **frame(),
    )
    return make_response(page, status)
