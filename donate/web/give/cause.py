"""What a gift is for: the appeal, fund and article a form stands under, also when the link named wrong ones."""

from __future__ import annotations

from dataclasses import dataclass

from donate import clock
from donate.appeals.campaign import Campaign, Words, campaign_from
from donate.appeals.models import Appeal
from donate.appeals.queries import find_appeal, find_evergreen, list_tallies
from donate.appeals.tally import Tally
from donate.articles.models import Article
from donate.articles.queries import find_article
from donate.db import db
from donate.newsroom.models import Fund
from donate.newsroom.queries import find_fund, get_general_fund, get_newsroom
from donate.web.language import FALLBACK, current_language, main_language


@dataclass(frozen=True)
class Cause:
    """What a form stands under.

    Args:
        appeal: Credited with the gift; the evergreen one where the link named none that is on.
        campaign: The same as a plain value.
        words: The appeal's, in the page's language where it has them.
        words_language: The language they are in.
        fund: What the money is for.
        article: The story the reader came from, where we know it.
        is_replaced: Whether the link named an appeal that is not on: resting, over, put away, not begun, unknown.
    """

    appeal: Appeal | None
    campaign: Campaign | None
    words: Words | None
    words_language: str
    fund: Fund
    article: Article | None
    is_replaced: bool


def find_cause(appeal_slug: str, article_slug: str, fund_code: str = "") -> Cause:
    """Find what a form stands under.

    Args:
        appeal_slug: As the link or form named it; may be anything.
        article_slug: Likewise.
        fund_code: Likewise; a known one goes before the appeal's.

    Raises:
        NotFound: Before the newsroom has its facts.
    """
    named = find_appeal(appeal_slug) if appeal_slug else None
    appeal = named if named is not None and is_on(named) else find_evergreen()
    campaign = campaign_from(appeal) if appeal is not None else None
    words, language = words_for(campaign) if campaign is not None else (None, current_language())
    is_replaced = bool(appeal_slug) and (appeal is None or appeal.slug != appeal_slug)
    return Cause(
        appeal=appeal,
        campaign=campaign,
        words=words,
        words_language=language,
        fund=_fund(fund_code, None if is_replaced else appeal),
        article=find_article(article_slug) if article_slug else None,
        is_replaced=is_replaced,
    )


def is_on(appeal: Appeal) -> bool:
    """Tell whether an appeal takes gifts today, by the newsroom's day."""
    today = clock.today(get_newsroom().time_zone)
    begun = appeal.starts_on is None or appeal.starts_on <= today
    not_over = appeal.ends_on is None or today <= appeal.ends_on
    return appeal.status == "live" and appeal.archived_at is None and begun and not_over


def _fund(code: str, appeal: Appeal | None) -> Fund:
    """Give the fund that was named, else the appeal's; a closed one takes nothing, so the general one stands for it."""
    named = find_fund(code) if code else None
    if named is None and appeal is not None:
        named = db.session.get_one(Fund, appeal.fund_id)
    return named if named is not None and not named.is_closed else get_general_fund()


def progress(campaign: Campaign | None) -> Tally | None:
    """Tell what an appeal with a goal has raised towards it; None where nothing is known."""
    if campaign is None or campaign.goal is None:
        return None
    return list_tallies().get((campaign.slug, campaign.goal.currency))


def words_for(campaign: Campaign) -> tuple[Words | None, str]:
    """Give an appeal's words in the page's language, else in the newsroom's, else in any; and which that is."""
    for language in (current_language(), main_language(), FALLBACK):
        words = campaign.words(language)
        if words is not None:
            return words, language
    language = next(iter(campaign.languages), current_language())
    return campaign.words(language), language
