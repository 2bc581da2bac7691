"""The appeals desk's list: every appeal in the order of asking, how it stands and what it brought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from donate.appeals.campaign import Campaign, campaign_from
from donate.appeals.models import Appeal
from donate.appeals.queries import list_appeals, list_tallies
from donate.appeals.rules import PLACEMENTS
from donate.appeals.tally import Tally
from donate.articles.fold import fold
from donate.articles.queries import find_article
from donate.reports.appeal_sums import Raised, list_raised
from donate.web.access import needs
from donate.web.language import LANGUAGES
from donate.web.reading import long_date
from donate.web.staff.appeal_state import STATES, names_of_places, state_at, today_here
from donate.web.staff.appeal_words import join, say_flag, say_placements, say_state, say_ties
from donate.web.staff.door import staff
from donate.web.staff.home import frame
from donate.web.staff.places_words import say_place


@dataclass(frozen=True)
class Line:
    """One appeal in the list.

    Args:
        state: One of ``STATES``.
        note: What else to know at a glance.
        percent: How full its goal is; None where it has none, or nothing was counted in its currency.
    """

    appeal: Appeal
    campaign: Campaign
    state: str
    note: str
    places: str
    ties: str
    raised: Sequence[Raised]
    percent: int | None

    @property
    def gifts(self) -> int:
        """How many gifts it brought, in all currencies."""
        return sum(each.gifts for each in self.raised)


@dataclass(frozen=True)
class Resting:
    """An appeal that rests, and why.

    Args:
        what: What happened to its story; empty where a person let it rest.
        story: The story's address, and its headline.
    """

    appeal: Appeal
    what: str
    story: str
    headline: str


@staff.get("/appeals")
@needs("see_appeals")
def appeals() -> ResponseReturnValue:
    """List the appeals, those in the archive apart."""
    today, raised, rows = today_here(), list_raised(), list_appeals()
    names = names_of_places(target for row in rows for target in campaign_from(row).targets)
    tallies = list_tallies()
    lines = [_line(row, today, raised.get(row.id, []), tallies, names) for row in sorted(rows, key=_rank)]
    here = [line for line in lines if line.appeal.archived_at is None]
    asked = {name: request.args.get(name, "")[:80] for name in ("q", "state", "placement", "language")}
    shown = [line for line in (lines if asked["state"] == "archived" else here) if _fits(line, asked)]
    return render_template(
        "staff/appeals.html",
        lines=shown,
        asked=asked,
        states=[(state, say_state(state)) for state in STATES],
        placements=[(each, say_place(each)) for each in PLACEMENTS],
        languages=LANGUAGES,
        count_words=_count(here),
        resting=[why_it_rests(line.appeal) for line in here if line.state == "resting"],
        has_any=bool(rows),
        **frame(),
    )


def _rank(row: Appeal) -> tuple[bool, int, str]:
    return row.is_evergreen, -row.priority, row.slug


def _line(
    row: Appeal,
    today: date,
    raised: Sequence[Raised],
    tallies: Mapping[tuple[str, str], Tally],
    names: Mapping[tuple[str, str], str],
) -> Line:
    campaign, state = campaign_from(row), state_at(row, today)
    return Line(
        appeal=row,
        campaign=campaign,
        state=state,
        note=_note(row, campaign, state),
        places=say_placements(campaign.placements),
        ties=say_ties(campaign, names),
        raised=raised,
        percent=percent_of(campaign, tallies),
    )


def percent_of(campaign: Campaign, tallies: Mapping[tuple[str, str], Tally]) -> int | None:
    """Tell how full an appeal's goal is; None where it has none, or nothing was counted in its currency.

    Args:
        campaign: Which.
        tallies: What appeals raised, by their addresses and currencies.
    """
    goal = campaign.goal
    tally = tallies.get((campaign.slug, goal.currency)) if goal is not None else None
    if goal is None or tally is None:
        return None
    # By the bar's own rule, so that desk and page never differ.
    return int(tally.percent(goal, counts_renewals=campaign.goal_counts_renewals))


def _note(row: Appeal, campaign: Campaign, state: str) -> str:
    notes = []
    if row.is_evergreen:
        notes.append(_("evergreen, takes over when nothing else fits"))
    if state == "planned" and row.starts_on:
        notes.append(_("starts %(day)s", day=long_date(row.starts_on)))
    elif row.ends_on:
        notes.append(_("until %(day)s", day=long_date(row.ends_on)))
    if row.share_b:
        notes.append(_("two copies"))
    if row.holdback:
        notes.append(_("%(share)s%% see none", share=row.holdback))
    return join(notes)


def _fits(line: Line, asked: Mapping[str, str]) -> bool:
    words = fold(" ".join([line.appeal.name, line.appeal.slug, *(text.headline for text in line.appeal.texts)]))
    state = asked["state"]
    return (
        all(word in words for word in fold(asked["q"]).split())
        and (state not in STATES or line.state == state)
        and (state != "archived" or line.appeal.archived_at is not None)
        and (asked["placement"] not in PLACEMENTS or asked["placement"] in line.campaign.placements)
        and (asked["language"] not in LANGUAGES or asked["language"] in line.campaign.languages)
    )


def _count(lines: Sequence[Line]) -> str:
    counted = {state: sum(1 for line in lines if line.state == state) for state in STATES}
    said = {
        "running": ngettext("%(num)d running", "%(num)d running", counted["running"]),
        "resting": ngettext("%(num)d resting", "%(num)d resting", counted["resting"]),
        "planned": ngettext("%(num)d planned", "%(num)d planned", counted["planned"]),
        "draft": ngettext("%(num)d draft", "%(num)d drafts", counted["draft"]),
    }
    return join([words for state, words in said.items() if counted[state]])


def why_it_rests(row: Appeal) -> Resting:
    """Tell why an appeal rests.

    Args:
        row: One that does.
    """
    slug = row.paused_why.get("article", "")
    story = find_article(slug) if slug else None
    what = say_flag(row.paused_why["flag"]) if row.paused_why.get("flag") else ""
    return Resting(row, what, slug, story.headline if story is not None else slug)
