"""Flags on a story: set and taken off by an editor, and what its own words suggest, taken up or waved away."""

from __future__ import annotations

from collections.abc import Iterable

from donate import clock
from donate.articles.flags import FLAGS
from donate.articles.models import Article
from donate.articles.propose import correcting_words
from donate.errors import NotFound
from donate.queue.enqueue import enqueue
from donate.team.history import Who, is_plain, record_history


def set_flag(article: Article, flag: str, who: Who) -> None:
    """Say something of a story beside its words; call inside ``committed()``, with the story's lock.

    What its source says becomes the editor's too, and then outlives its source.

    Args:
        article: Which.
        flag: One of ``FLAGS``.
        who: The editor.

    Raises:
        NotFound: ``flag_missing`` (flag).
    """
    _check(flag)
    flags, here = article.flags or {}, (article.flags or {}).get(flag)
    if here is not None and here["by"] == "editor":
        return
    since = here["since"] if here is not None else clock.now().isoformat()
    article.flags = {**flags, flag: {"by": "editor", "since": since}}
    article.proposed_flags = _without(article.proposed_flags, flag)
    article.changed_at = clock.now()
    before = {"by": here["by"]} if here is not None else {}
    record_history(who, "set_flag", "article", name_in_history(article), before=before, after={"flag": flag})
    tell_of_new_flags(article, flags)


def clear_flag(article: Article, flag: str, who: Who) -> None:
    """Take a flag off a story; call inside ``committed()``, with the story's lock.

    What its source says comes back when its source is read again, unless it is taken off there.

    Args:
        article: Which.
        flag: One of ``FLAGS``.
        who: The editor, who has read the words that suggest it, where there are such: they suggest it no more.

    Raises:
        NotFound: ``flag_missing`` (flag).
    """
    _check(flag)
    here = (article.flags or {}).get(flag)
    if here is None:
        return
    article.flags = _without(article.flags, flag)
    words = correcting_words(article.body_html, article.record) if flag == "correction" else ""
    if words:
        article.proposed_flags = {**(article.proposed_flags or {}), flag: {"why": words, "is": "no"}}
    article.changed_at = clock.now()
    before = {"flag": flag, "by": here["by"]}
    record_history(who, "clear_flag", "article", name_in_history(article), before=before)


def accept_proposal(article: Article, flag: str, who: Who) -> None:
    """Set a flag that the story's own words suggest; call inside ``committed()``, with the story's lock.

    Args:
        article: Which.
        flag: One whose proposal is open; another changes nothing.
        who: The editor.
    """
    if _is_open(article, flag):
        set_flag(article, flag, who)


def wave_away_proposal(article: Article, flag: str, who: Who) -> None:
    """Put a proposal aside until the words that suggest it change; call inside ``committed()``, with the story's lock.

    Args:
        article: Which.
        flag: One whose proposal is open; another changes nothing.
        who: The editor.
    """
    if _is_open(article, flag):
        proposed = article.proposed_flags
        article.proposed_flags = {**proposed, flag: {**proposed[flag], "is": "no"}}
        record_history(who, "wave_away_flag", "article", name_in_history(article), after={"flag": flag})


def tell_of_new_flags(article: Article, known: Iterable[str]) -> None:
    """Ask for the job that looks which appeals a story's new flags concern; call inside ``committed()``.

    Args:
        article: Written already.
        known: The flags it had before.
    """
    before = frozenset(known)
    for flag, how in article.flags.items():
        if flag not in before:
            key = f"article_changed:{article.id}:{flag}:{how['since']}"
            enqueue("article_changed", key, article=article.slug, flag=flag)


def name_in_history(article: Article) -> str:
    """Give what the history calls a story: its address, or its row's key where that is in letters it does not keep."""
    return article.slug if is_plain(article.slug) else f"article-{article.id}"


def _check(flag: str) -> None:
    if flag not in FLAGS:
        raise NotFound("flag_missing", flag=flag)


def _is_open(article: Article, flag: str) -> bool:
    return (article.proposed_flags or {}).get(flag, {}).get("is") == "open"


def _without(told: dict[str, dict[str, str]] | None, flag: str) -> dict[str, dict[str, str]]:
    return {name: how for name, how in (told or {}).items() if name != flag}
