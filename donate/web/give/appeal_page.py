"""An appeal's own page: its letter, and its amounts as the first step to the form."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from donate.appeals.campaign import ask_from, campaign_from
from donate.appeals.queries import find_appeal
from donate.errors import NotFound
from donate.newsroom.queries import get_newsroom
from donate.web.give.cause import is_on, progress, words_for
from donate.web.give.door import give


@give.get("/appeals/<slug>")
def appeal(slug: str) -> ResponseReturnValue:
    """Show an appeal that is on or was; one that is still being written is not here."""
    row = find_appeal(slug)
    if row is None or row.status == "draft":
        raise NotFound("appeal_missing", slug=slug)
    campaign = campaign_from(row)
    words, words_language = words_for(campaign)
    if words is None:
        raise NotFound("appeal_missing", slug=slug)
    ask = ask_from(campaign, words, get_newsroom().default_currency)
    return render_template(
        "give/appeal.html", ask=ask, is_on=is_on(row), words_language=words_language, tally=progress(campaign)
    )
