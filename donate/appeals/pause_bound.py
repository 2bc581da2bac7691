"""Let the appeals that were made for a story rest when something is newly said of it, and tell who may start them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from donate.appeals.models import Appeal
from donate.appeals.pause import pause_appeal
from donate.appeals.queries import list_bound_to
from donate.appeals.rules import rules_from
from donate.articles.flags import since_by_flag
from donate.articles.models import Article
from donate.articles.queries import lock_article
from donate.db import committed, lock
from donate.mail.queue import Letter, queue_mail
from donate.newsroom.letters import letter_from_newsroom, letter_to_newsroom
from donate.newsroom.queries import get_newsroom
from donate.team.history import SYSTEM
from donate.team.queries import list_working_with


def pause_bound_appeals(article: str, flag: str) -> None:
    """Let every live appeal made for a story rest; the worker calls this outside ``committed()``, perhaps twice.

    An appeal whose rules allow the flag runs on, and so does one whose stories somebody has looked over since; the one
    without end never rests.

    Args:
        article: The story's address.
        flag: What was newly said of it; one that was taken off again meanwhile changes nothing.
    """
    with committed():
        story = lock_article(article)
        since = since_by_flag(story.flags).get(flag) if story is not None else None
        if story is None or since is None:
            return
        for each in list_bound_to(article):
            appeal = lock(Appeal, each.id)
            if must_rest(appeal, flag, since):
                pause_appeal(appeal, SYSTEM, {"flag": flag, "article": article})
                for letter in _letters(appeal, story, flag):
                    queue_mail(letter)


def must_rest(appeal: Appeal, flag: str, since: datetime) -> bool:
    """Tell whether an appeal made for a story may not run beside a flag of it.

    Args:
        appeal: Which.
        flag: What is said of the story.
        since: Since when.
    """
    if appeal.status != "live" or appeal.is_evergreen or flag in rules_from(appeal.rules).allowed_flags:
        return False
    return appeal.checked_at is None or appeal.checked_at < since


def _letters(appeal: Appeal, story: Article, flag: str) -> list[Letter]:
    """Write to everybody who may let it run again; where nobody works here yet, to the newsroom itself."""
    key, language = f"appeal_rests:{appeal.slug}:{appeal.version}", get_newsroom().language
    values: dict[str, Any] = {
        "appeal": appeal.slug,
        "name": called(appeal, language),
        "article": story.slug,
        "flag": flag,
    }
    values |= {"headline": story.headline, "article_language": story.language}
    people = list_working_with("resume_appeals")
    if not people:
        return [letter_to_newsroom(key, "appeal_rests", **values)]
    return [
        letter_from_newsroom(f"{key}:{each.reference}", "appeal_rests", each.email, language, **values)
        for each in people
    ]


def called(appeal: Appeal, language: str) -> str:
    """Give what people at the desk call an appeal: its name, else its headline.

    Args:
        appeal: Which.
        language: Whose headline, where it has one.
    """
    headlines = {text.language: text.headline for text in appeal.texts if text.variant == "a"}
    return appeal.name or headlines.get(language) or next(iter(headlines.values()), appeal.slug)
