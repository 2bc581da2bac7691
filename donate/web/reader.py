"""Who reads: what their account and one small signed cookie of our own say of them, each request asking once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from donate.appeals.situation import REST_AFTER_GIFT_DAYS, ReaderFacts
from donate.donors.follow import Followed
from donate.members.standing import Giving, name_standing
from donate.newsroom.may_count import Counting, counting_for
from donate.web import cookies
from donate.web.country import country_of_network
from donate.web.reader_cookie import NOTHING, Kept, has_room, read_cookie, without_old, write_cookie
from donate.web.shelf import shelf
from donate.web.who import Member, member_or_none

_YEAR = 365 * 24 * 3600
_KNOWN, _KEPT, _FACTS = "donate.reader", "donate.kept_of_reader", "donate.facts_of_reader"

Answer = TypeVar("Answer", bound=AnyResponse)


@dataclass(frozen=True)
class Reader:
    """Who reads.

    Args:
        follows: Sections and topics, as they were chosen: (``section`` or ``topic``, address).
        is_member: Whether that stands in the account of somebody signed in, and not in a cookie.
    """

    follows: tuple[Followed, ...] = ()
    is_member: bool = False

    def follow(self, chosen: Followed) -> Reader:
        """Give the same reader, who follows one more."""
        return Reader((*(each for each in self.follows if each != chosen), chosen), self.is_member)

    def unfollow(self, dropped: Followed) -> Reader:
        """Give the same reader, who follows one less."""
        return Reader(tuple(each for each in self.follows if each != dropped), self.is_member)


def reader() -> Reader:
    """Tell who makes this request: a member by their account, anybody else by the cookie; once a request."""
    known = request.environ.get(_KNOWN)
    if known is None:
        here = signed_in_here()
        known = Reader(here.follows, is_member=True) if here is not None else Reader(kept_here().follows)
        request.environ[_KNOWN] = known
    found: Reader = known
    return found


def signed_in_here() -> Member | None:
    """Give the member who is signed in; nobody without their cookie, so that others' requests ask no database."""
    return member_or_none() if cookies.read_cookie(cookies.MEMBER) else None


def kept_here() -> Kept:
    """Give what this browser's cookie keeps; once a request."""
    known = request.environ.get(_KEPT)
    if known is None:
        sent = cookies.read_cookie(cookies.READER)
        known = request.environ[_KEPT] = read_cookie(sent) if sent else NOTHING
    found: Kept = known
    return found


# -- what asks may depend on ----------------------------------------------------------------------------------------


def reader_facts(today: date) -> ReaderFacts:
    """Tell what is known of the reader that an ask may depend on; once a request.

    Args:
        today: The newsroom's day.
    """
    told = request.environ.get(_FACTS)
    if told is None or told[0] != today:
        told = request.environ[_FACTS] = (today, _facts(today))
    found: ReaderFacts = told[1]
    return found


def _facts(today: date) -> ReaderFacts:
    kept, here = without_old(kept_here(), today), signed_in_here()
    giving = giving_here(kept, here)
    name = name_standing(giving, today)
    return ReaderFacts(
        standing="guest" if name == "none" and here is None else name,
        given=giving.promised or giving.given,
        gave_on=giving.single_on,
        country=country_here(here)[0],
        read=len(kept.read) if is_counted(kept) else None,
        views=kept.views,
        closes=kept.closes,
        quiet_until=kept.quiet_until,
        source=kept.source,
        referrer=kept.referrer,
        bucket=kept.bucket,
    )


def giving_here(kept: Kept, here: Member | None) -> Giving:
    """Tell how the reader gives: by their account, else by what a signed link or a gift here left in the cookie.

    Args:
        kept: What the cookie keeps, without what is over.
        here: Who is signed in.
    """
    if here is not None:
        days = [day for day in (here.giving.single_on, kept.gave_on) if day is not None]
        return replace(here.giving, single_on=max(days, default=None), given=here.giving.given or _once(kept))
    single_on = kept.gave_on
    if kept.standing == "one_off" and kept.standing_until is not None:
        single_on = kept.standing_until - timedelta(days=REST_AFTER_GIFT_DAYS - 1)
    return Giving(
        is_member=kept.standing == "member",
        # How often, no link says; that they do is enough to leave them alone.
        promised="month" if kept.standing == "recurring" else "",
        single_on=single_on,
        given=_once(kept) or ("once" if kept.standing in ("one_off", "donor") else ""),
    )


def _once(kept: Kept) -> str:
    return "once" if kept.gave_on is not None else ""


def country_here(here: Member | None) -> tuple[str, str]:
    """Tell the reader's country and how it is known: by their last ``gift``, by their ``network``; else both empty.

    Args:
        here: Who is signed in.
    """
    if here is not None and here.giving.country:
        return here.giving.country, "gift"
    country = country_of_network()
    return country, "network" if country else ""


def counting_here() -> Counting:
    """Tell how counting is done for this reader: not at all, once they allow it, or until they stop it."""
    return counting_for(shelf().out_now().newsroom.counting, country_here(signed_in_here())[0])


def is_counted(kept: Kept) -> bool:
    """Tell whether this reader may be counted: by the newsroom's setting, their country and their own choice.

    Args:
        kept: What the cookie keeps.
    """
    how = counting_here()
    return kept.counting == "on" if how == "opt_in" else how == "opt_out" and kept.counting != "off"


# -- what the browser keeps -----------------------------------------------------------------------------------------


def keep(response: Answer, kept: Kept) -> Answer:
    """Give a browser the cookie, or take it away where nothing is left to keep.

    Args:
        response: To put it on.
        kept: What the cookie says from now on; what is over is left out.
    """
    written = write_cookie(without_old(kept, shelf().out_now().day))
    if not written:
        forget_reader(response)
    elif written != cookies.read_cookie(cookies.READER):
        cookies.put_cookie(response, cookies.READER, written, _YEAR)
    return response


def keep_reader(response: AnyResponse, chosen: Reader) -> bool:
    """Keep what a reader without an account follows; all else in their cookie stays.

    Args:
        response: To put the cookie on.
        chosen: Whose follows they are from now on.

    Returns:
        Whether they fit; where they do not, the browser keeps what it has.
    """
    kept = replace(kept_here(), follows=chosen.follows)
    if len(chosen.follows) > len(kept_here().follows) and not has_room(kept):
        return False
    keep(response, kept)
    return True


def forget_follows(response: AnyResponse) -> None:
    """Forget what the cookie says of sections and topics, and nothing else: a wish to be left alone stays."""
    if cookies.read_cookie(cookies.READER):
        keep(response, replace(kept_here(), follows=()))


def forget_reader(response: AnyResponse) -> None:
    """Take the cookie away, where the browser has one."""
    if cookies.read_cookie(cookies.READER):
        cookies.drop_cookie(response, cookies.READER)
