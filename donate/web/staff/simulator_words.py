"""What became of an appeal in a place, in the words the desk reads: one sentence a rule."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from donate.appeals.campaign import Campaign
from donate.appeals.choose import Verdict
from donate.appeals.situation import PageFacts
from donate.web.language import LANGUAGES, current_language
from donate.web.reading import long_date


def say_verdict(verdict: Verdict, page: PageFacts) -> str:
    """Say in a sentence what became of an appeal.

    Args:
        verdict: Of one appeal in one place.
        page: The page.
    """
    if not verdict.refusal:
        return _say_standing(verdict.copy)
    return say_refusal(verdict.refusal, verdict.campaign, page)


def say_refusal(rule: str, campaign: Campaign, page: PageFacts) -> str:
    """Say what stopped an appeal.

    Args:
        rule: The first rule that did, or ``outranked``, ``one_in_view``, ``held_back``.
        campaign: The appeal.
        page: The page.
    """
    language = LANGUAGES.get(page.language, page.language)
    words: dict[str, str] = {
        "page_has_the_place": _("This page has no room for an ask here."),
        "placement_is_on": _("The newsroom has switched off this place."),
        "story_allows_asks": _("The story is flagged so that nothing asks beside it."),
        "reader_is_not_resting": _("The reader asked to be left alone, and that time is not over."),
        "card_comes_first": _("The reader’s card failed: they are asked to mend it, and for nothing else."),
        "reader_saw_few": _("The reader was shown four asks in 30 days, and no more are shown."),
        "is_live": _say_state(campaign.status),
        "has_begun": _("It begins on %(day)s.", day=_day(campaign.starts_on)),
        "has_not_ended": _("Its last day was %(day)s.", day=_day(campaign.ends_on)),
        "is_written_in_the_language": _("The page is in %(language)s, and the appeal is not.", language=language),
        "is_tied_to_the_page": _("It is tied to other pages."),
        "is_not_kept_off_the_page": _("It is kept off this page."),
        "fits_a_sensitive_story": _("The story is sensitive, and the appeal was not written for such a story."),
        "story_is_as_it_was": _("The story was flagged since somebody last looked it over for this appeal."),
        "members_are_thanked": _("The reader is a member, and the appeal was not written for members."),
        "givers_are_left_alone": _("The reader gives every month or year, and the appeal was not written for them."),
        "single_gift_is_recent": _("The reader gave less than 90 days ago, and is left alone."),
        "asks_such_readers": _("It does not ask readers of this kind."),
        "fits_how_they_give": _("It asks those who give in another way."),
        "fits_the_country": _("It does not ask in the reader’s country, or that is not known."),
        "fits_what_was_read": _("It asks by how many stories were read, and this reader’s number does not fit."),
        "was_shown_few": _("The reader was shown it as often as it allows."),
        "was_not_closed": _("The reader closed it not long ago."),
        "fits_the_source": _("It does not ask readers who came by this link, or the link said nothing of itself."),
        "fits_the_referrer": _("It does not ask readers from that site, or the site is not known."),
        "stands_in_the_placement": _("It was not made for this place."),
        "story_is_long_enough": _("The story does not go on long enough after its paragraph."),
        "outranked": _("It fits, but another is asked first."),
        "one_in_view": _("It fits, but an appeal asks nearby on this page already."),
        "held_back": _("It would ask, but this reader is one of those who see no ask, so that its effect can be told."),
    }
    return words[rule]


def say_standing(standing: str) -> str:
    """Name what a reader is to the newsroom.

    Args:
        standing: One of ``appeals.rules.STANDINGS``.
    """
    words: dict[str, str] = {
        "guest": _("Unknown, without any cookie of ours"),
        "none": _("Known, has never given"),
        "donor": _("Has given before"),
        "lapsed": _("Membership has lapsed"),
        "one_off": _("Gave once, less than 90 days ago"),
        "recurring": _("Gives every month or year"),
        "member": _("Member"),
        "failed_card": _("Card failed"),
    }
    return words[standing]


def name_appeal(campaign: Campaign) -> str:
    """Name an appeal as the desk does: its own name there, else its headline.

    Args:
        campaign: The appeal.
    """
    words = campaign.words(current_language()) or next((each for _l, _c, each in campaign.texts), None)
    return campaign.name or (words.headline if words is not None else campaign.slug)


def _say_standing(copy: str) -> str:
    words: dict[str, str] = {
        "": _("It asks here."),
        "a": _("It asks here, in its first copy."),
        "b": _("It asks here, in its second copy."),
        "held": _("Only its line asks here: this reader is one of those who see no ask otherwise."),
    }
    return words[copy]


def _say_state(status: str) -> str:
    words: dict[str, str] = {
        "draft": _("It is a draft."),
        "paused": _("It is resting."),
        "ended": _("It has ended."),
    }
    return words.get(status, "")


def _day(day: date | None) -> str:
    return long_date(day) if day is not None else ""
