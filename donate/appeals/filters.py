"""The rules by which an appeal may stand somewhere, one function each; each answers whether it may."""

from __future__ import annotations

from collections.abc import Callable

from donate.appeals.campaign import Campaign
from donate.appeals.situation import MOST_VIEWS, REST_AFTER_GIFT_DAYS, PageFacts, Situation
from donate.articles.flags import SILENT

#: Where a story goes on for fewer paragraphs than this after the inline ask, it has only the one at its end.
PARAGRAPHS_AFTER_INLINE = 3

Filter = Callable[[Campaign, Situation], bool]


def placement_is_on(_whatever: object, at: Situation) -> bool:
    """No ask stands where the newsroom switched the placement off."""
    return at.placement not in at.off


def page_has_the_place(_whatever: object, at: Situation) -> bool:
    """The page has room for an ask there."""
    return at.placement in at.page.places


def story_allows_asks(_whatever: object, at: Situation) -> bool:
    """No ask stands beside a story that is kept free of them, was retracted or is under embargo."""
    return not any(flag in SILENT for flag in at.page.flags)


def reader_is_not_resting(_whatever: object, at: Situation) -> bool:
    """Who said "not now", "I can't give" or "I already gave" is left alone until that day is over."""
    return at.reader.quiet_until is None or at.reader.quiet_until < at.page.on


def card_comes_first(_whatever: object, at: Situation) -> bool:
    """Whose card failed is asked to mend it, and for nothing else."""
    return at.reader.standing != "failed_card"


def members_are_thanked(campaign: Campaign, at: Situation) -> bool:
    """A member is asked only by an appeal written for members."""
    return at.reader.standing != "member" or "member" in campaign.rules.audience


def givers_are_left_alone(campaign: Campaign, at: Situation) -> bool:
    """Who gives each month or year is asked only by an appeal written for them."""
    return at.reader.standing != "recurring" or "recurring" in campaign.rules.audience


def single_gift_is_recent(campaign: Campaign, at: Situation) -> bool:
    """Who gave once is left alone for 90 days, but for an appeal written for them."""
    gave_on = at.reader.gave_on
    if gave_on is None or "one_off" in campaign.rules.audience:
        return True
    return (at.page.on - gave_on).days >= REST_AFTER_GIFT_DAYS


def reader_saw_few(_whatever: object, at: Situation) -> bool:
    """No reader is shown more than four asks in 30 days, whatever the appeals."""
    return not at.reader.views or at.count_views() < MOST_VIEWS


def is_live(campaign: Campaign, _at: Situation) -> bool:
    """A draft, resting or ended appeal does not show."""
    return campaign.status == "live"


def has_begun(campaign: Campaign, at: Situation) -> bool:
    """Its first day has come."""
    return campaign.starts_on is None or campaign.starts_on <= at.page.on


def has_not_ended(campaign: Campaign, at: Situation) -> bool:
    """Its last day is not over."""
    return campaign.ends_on is None or at.page.on <= campaign.ends_on


def is_written_in_the_language(campaign: Campaign, at: Situation) -> bool:
    """It has words in the page's language."""
    return campaign.words(at.page.language) is not None


def stands_in_the_placement(campaign: Campaign, at: Situation) -> bool:
    """It was made for this placement."""
    return at.placement in campaign.placements


def story_is_long_enough(campaign: Campaign, at: Situation) -> bool:
    """Between paragraphs it stands only where the story goes on for a while after it."""
    if at.placement != "inline" or at.page.paragraphs is None:
        return True
    return at.page.paragraphs >= campaign.paragraph + PARAGRAPHS_AFTER_INLINE


def is_not_kept_off_the_page(campaign: Campaign, at: Situation) -> bool:
    """It is not kept off this article, its section or a topic."""
    return not campaign.excluded or not _meets(campaign.excluded, at.page)


def is_tied_to_the_page(campaign: Campaign, at: Situation) -> bool:
    """It is tied to this article, its section or a topic, or to all; the evergreen appeal always is."""
    return closeness(campaign, at.page) > 0


def fits_a_sensitive_story(campaign: Campaign, at: Situation) -> bool:
    """Beside a sensitive story only the evergreen appeal stands, and those that were written for it."""
    return "sensitive" not in at.page.flags or campaign.is_evergreen or "sensitive" in campaign.rules.allowed_flags


def story_is_as_it_was(campaign: Campaign, at: Situation) -> bool:
    """An appeal made for this very story waits until somebody has looked at what was flagged on it since."""
    if not at.page.flags or ("article", at.page.article) not in campaign.targets:
        return True
    checked = campaign.checked_at
    return all(
        flag in campaign.rules.allowed_flags or (checked is not None and since <= checked)
        for flag, since in at.page.flags.items()
    )


def asks_such_readers(campaign: Campaign, at: Situation) -> bool:
    """It asks readers who are to the newsroom what this one is."""
    return at.reader.standing in campaign.rules.audience


def fits_how_they_give(campaign: Campaign, at: Situation) -> bool:
    """It asks those who give as this reader does, once, monthly or yearly."""
    return not campaign.rules.given or at.reader.given in campaign.rules.given


def fits_the_country(campaign: Campaign, at: Situation) -> bool:
    """It asks in the reader's country; where that is unknown, an appeal for some countries does not show."""
    country, rules = at.reader.country, campaign.rules
    return (not rules.countries or country in rules.countries) and (not country or country not in rules.not_countries)


def fits_what_was_read(campaign: Campaign, at: Situation) -> bool:
    """The reader opened as many articles as it asks for; who is not counted is not asked by the number."""
    least, most, read = campaign.rules.read_least, campaign.rules.read_most, at.reader.read
    if least is None and most is None:
        return True
    return read is not None and (least is None or read >= least) and (most is None or read <= most)


def was_shown_few(campaign: Campaign, at: Situation) -> bool:
    """This reader was shown it fewer times in 30 days than it allows."""
    most = campaign.rules.views_most
    return most is None or at.count_views(campaign.slug) < most


def was_not_closed(campaign: Campaign, at: Situation) -> bool:
    """This reader did not close it lately."""
    closed_on = at.reader.closed_on.get(campaign.slug)
    return closed_on is None or (at.page.on - closed_on).days >= campaign.rules.rests_days


def fits_the_source(campaign: Campaign, at: Situation) -> bool:
    """The link the reader came by is one it asks for; an unknown one is none."""
    source, rules = at.reader.source, campaign.rules
    return (not rules.sources or source in rules.sources) and (not source or source not in rules.not_sources)


def fits_the_referrer(campaign: Campaign, at: Situation) -> bool:
    """The site the reader came from is one it asks for; an unknown one is none."""
    host, rules = at.reader.referrer, campaign.rules
    return (not rules.referrers or host in rules.referrers) and (not host or host not in rules.not_referrers)


#: What keeps every appeal from a place, whatever it is: the same for all of them, so it is looked at once.
FOR_ALL: tuple[Callable[[object, Situation], bool], ...] = (
    page_has_the_place,
    placement_is_on,
    story_allows_asks,
    reader_is_not_resting,
    card_comes_first,
    reader_saw_few,
)
#: What an appeal must meet wherever on the page it would stand.
ANYWHERE: tuple[Filter, ...] = (
    is_live,
    has_begun,
    has_not_ended,
    is_written_in_the_language,
    is_tied_to_the_page,
    is_not_kept_off_the_page,
    fits_a_sensitive_story,
    story_is_as_it_was,
    members_are_thanked,
    givers_are_left_alone,
    single_gift_is_recent,
    asks_such_readers,
    fits_how_they_give,
    fits_the_country,
    fits_what_was_read,
    was_shown_few,
    was_not_closed,
    fits_the_source,
    fits_the_referrer,
)
#: And what depends on the place within it.
IN_THE_PLACE: tuple[Filter, ...] = (stands_in_the_placement, story_is_long_enough)

#: In the order in which a refusal is best explained: what rules out every ask first.
FILTERS: tuple[Filter, ...] = (*FOR_ALL, *ANYWHERE, *IN_THE_PLACE)


def passes(rules: tuple[Filter, ...], campaign: Campaign, at: Situation) -> bool:
    """Tell whether an appeal meets every rule of some.

    Args:
        rules: Such as ``ANYWHERE``.
        campaign: The appeal.
        at: Where it would stand, and who reads.
    """
    # Written out: a generator for each appeal would cost more than the rules.
    for rule in rules:  # noqa: SIM110
        if not rule(campaign, at):
            return False
    return True


#: How close a tie is.
CLOSENESS = {"article": 4, "topic": 3, "section": 2, "all": 1}


def closeness(campaign: Campaign, page: PageFacts) -> int:
    """Tell how closely an appeal is tied to a page, by its closest tie; 0 is not at all."""
    targets = campaign.targets
    if page.article and ("article", page.article) in targets:
        return CLOSENESS["article"]
    if not targets.isdisjoint(page.topic_ties):
        return CLOSENESS["topic"]
    if page.section and ("section", page.section) in targets:
        return CLOSENESS["section"]
    return CLOSENESS["all"] if campaign.is_evergreen or ("all", "") in targets else 0


def _meets(places: frozenset[tuple[str, str]], page: PageFacts) -> bool:
    return (
        ("article", page.article) in places
        or ("section", page.section) in places
        or not places.isdisjoint(page.topic_ties)
    )
