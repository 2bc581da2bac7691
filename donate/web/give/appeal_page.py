"""An appeal's own page: its letter, how far it has come, and its amounts as the first step to the form."""

from __future__ import annotations

from dataclasses import replace

from flask import render_template

from donate.appeals.campaign import Ask, Campaign, ask_from, campaign_from
from donate.appeals.queries import find_appeal
from donate.errors import NotFound
from donate.web.give.cause import words_for
from donate.web.give.door import give
from donate.web.kept import kept
from donate.web.shelf import OutNow, shelf


@give.get("/appeals/<slug>")
@kept
def appeal(slug: str) -> str:
    """Show an appeal that is on, was or will be; one that is still being written is not here."""
    row, out = find_appeal(slug), shelf().out_now()
    if row is None or row.status == "draft":
        raise NotFound("appeal_missing", slug=slug)
    campaign = campaign_from(row)
    ask, words_language = _ask(campaign, out)
    if ask is None:
        raise NotFound("appeal_missing", slug=slug)
    state = state_of(campaign, out)
    standing = None if state == "on" else _standing(out)
    if state == "ended":
        # It may have ended before its day: that day is nobody's to wait for.
        ask = replace(ask, ends_on=None)
    return render_template(
        "give/appeal.html",
        ask=ask,
        state=state,
        starts_on=campaign.starts_on,
        words_language=words_language,
        tally=out.tallies.get((slug, ask.goal.currency)) if ask.goal else None,
        instead=standing,
        appeal_slug=ask.slug if state == "on" else standing.slug if standing else "",
    )


def state_of(campaign: Campaign, out: OutNow) -> str:
    """Tell how an appeal stands today: ``on``, ``soon``, ``paused`` or ``ended``.

    Args:
        campaign: No draft.
        out: What is out, for the newsroom's day.
    """
    if campaign.status == "ended" or (campaign.ends_on is not None and campaign.ends_on < out.day):
        return "ended"
    if campaign.status == "paused":
        return "paused"
    return "soon" if campaign.starts_on is not None and campaign.starts_on > out.day else "on"


def _standing(out: OutNow) -> Ask | None:
    """Give the appeal that has no end, to be offered where another is not on."""
    evergreen = next((each for each in out.index.campaigns if each.is_evergreen and state_of(each, out) == "on"), None)
    return _ask(evergreen, out)[0] if evergreen is not None else None


def _ask(campaign: Campaign, out: OutNow) -> tuple[Ask | None, str]:
    words, language = words_for(campaign)
    return (ask_from(campaign, words, out.newsroom.default_currency) if words is not None else None), language
