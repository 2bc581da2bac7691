"""Stories at the desk: found by title, flagged by an editor, with the appeals that were made for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from donate.appeals.models import Appeal
from donate.appeals.pause_bound import called, must_rest
from donate.appeals.queries import list_bound_to
from donate.articles.flag import accept_proposal, clear_flag, name_in_history, set_flag, wave_away_proposal
from donate.articles.flags import FLAGS, since_by_flag
from donate.articles.fold import MOST_LETTERS, words_of
from donate.articles.models import Article
from donate.articles.queries import find_article, lock_article
from donate.db import committed
from donate.errors import NotFound
from donate.reports.stories import list_desk_stories, list_flaggers, list_open_proposals
from donate.team.history import Who
from donate.team.permissions import may
from donate.web.access import needs
from donate.web.kept import page_number
from donate.web.language import current_language, prefixed
from donate.web.reading import url_for
from donate.web.staff.articles_words import desk_path_of, say_flag, say_meaning, say_status
from donate.web.staff.door import staff
from donate.web.staff.happened import happened
from donate.web.staff.home import frame
from donate.web.who import colleague

#: What the page's buttons do.
ACTS: dict[str, Callable[[Article, str, Who], None]] = {
    "set": set_flag,
    "clear": clear_flag,
    "accept": accept_proposal,
    "wave_away": wave_away_proposal,
}


@dataclass(frozen=True)
class FlagHere:
    """One flag, as it stands on a story.

    Args:
        since: None where it is not set.
        by: ``editor`` or ``import``; empty where it is not set.
        who: The editor's address, where that is known.
    """

    flag: str
    name: str
    means: str
    since: datetime | None
    by: str
    who: str


@dataclass(frozen=True)
class Bound:
    """An appeal that was made for a story, as the story's page shows it.

    Args:
        because: The flag of this story by which it rests; empty for every other reason.
        rests_soon: Whether it is about to, when the worker comes by.
    """

    name: str
    path: str
    status: str
    said: str
    because: str
    rests_soon: bool


@staff.get("/articles")
@needs("edit_articles")
def articles() -> ResponseReturnValue:
    """List what waits for an editor's word, then the stories, or those with the words that are looked for."""
    asked, only_flagged = request.args.get("q", "")[:MOST_LETTERS].strip(), request.args.get("show") == "flagged"
    words = words_of(asked)
    is_plain = page_number() == 1 and not asked and not only_flagged
    return render_template(
        "staff/articles.html",
        asked=asked,
        only_flagged=only_flagged,
        page=list_desk_stories(words, page_number(), only_flagged=only_flagged),
        waiting=list_open_proposals() if is_plain else [],
        say_flag=say_flag,
        known=FLAGS,
        **frame(),
    )


@staff.get("/articles/<slug>")
@needs("edit_articles")
def article(slug: str) -> ResponseReturnValue:
    """Show what is said of a story, what its own words suggest, and the appeals made for it."""
    found = find_article(slug)
    if found is None:
        raise NotFound("article_missing", slug=slug)
    return render_template(
        "staff/article.html",
        article=found,
        story_path=prefixed(f"/articles/{quote(slug)}", found.language),
        flags=_flags(found),
        proposals=open_proposals(found.proposed_flags),
        appeals=[_bound(each, found) for each in list_bound_to(slug)],
        sees_appeals=may(colleague().staff.role, "see_appeals"),
        say_flag=say_flag,
        happened=happened("article", name_in_history(found)),
        **frame(),
    )


@staff.post("/articles/<slug>")
@needs("edit_articles")
def flag_article(slug: str) -> ResponseReturnValue:
    """Set a flag or take it off; take up what the story's own words suggest, or wave it away."""
    act = ACTS.get(request.form.get("act", ""))
    if act is None:
        raise NotFound("act_missing")
    with committed():
        found = lock_article(slug)
        if found is None:
            raise NotFound("article_missing", slug=slug)
        act(found, request.form.get("flag", ""), colleague().as_who())
    return redirect(url_for("staff.article", slug=slug), 303)


def open_proposals(proposed: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Give the words that suggest each flag nobody has judged yet.

    Args:
        proposed: As the article's row keeps them.
    """
    return {flag: proposed[flag]["why"] for flag in FLAGS if proposed.get(flag, {}).get("is") == "open"}


def _flags(found: Article) -> list[FlagHere]:
    since, people = since_by_flag(found.flags), list_flaggers(found)
    return [
        FlagHere(
            flag=flag,
            name=say_flag(flag),
            means=say_meaning(flag),
            since=since.get(flag),
            by=(by := found.flags.get(flag, {}).get("by", "")),
            who=people.get(flag, "") if by == "editor" else "",
        )
        for flag in FLAGS
    ]


def _bound(appeal: Appeal, story: Article) -> Bound:
    because = appeal.paused_why.get("flag", "") if appeal.paused_why.get("article") == story.slug else ""
    return Bound(
        name=called(appeal, current_language()),
        path=desk_path_of(appeal),
        status=appeal.status,
        said=say_status(appeal.status),
        because=because if appeal.status == "paused" else "",
        rests_soon=any(must_rest(appeal, flag, since) for flag, since in since_by_flag(story.flags).items()),
    )
