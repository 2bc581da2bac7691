"""Remind a reader who asked for it: one letter on the day they chose, and their address is gone with it."""

from __future__ import annotations

from datetime import date, timedelta

import structlog
from sqlalchemy.exc import IntegrityError

from donate import clock, references
from donate.appeals.campaign import Campaign, Words, campaign_from
from donate.appeals.models import Appeal, Reminder
from donate.appeals.queries import (
    find_evergreen,
    find_refusal,
    find_reminder,
    find_waiting_reminder,
    list_due_reminder_ids,
    list_waiting_reminders,
)
from donate.articles.queries import find_article
from donate.db import committed, db, lock
from donate.errors import DonateError
from donate.limits.take import Limit
from donate.mail.queue import Letter, queue_mail
from donate.newsroom.letters import letter_from_newsroom
from donate.newsroom.queries import get_newsroom

#: Requests from one network, and letters for one address, whoever asks for them.
NETWORK_ASKS = Limit("reminder-network", 30, timedelta(minutes=15))
ADDRESS_ASKS = Limit("reminder-address", 4, timedelta(hours=1))
#: The first days of so many months may be chosen, none of them so near that it is no reminder.
MONTHS, NEAREST = 6, timedelta(days=7)
_BATCH = 500
_log = structlog.get_logger("remind")


def list_days(today: date) -> list[date]:
    """List the days that may be chosen: the first of the next months.

    Args:
        today: The newsroom's day.
    """
    months = range(today.month, today.month + MONTHS + 1)
    firsts = [date(today.year + month // 12, month % 12 + 1, 1) for month in months]
    return [day for day in firsts if day - today >= NEAREST][:MONTHS]


def ask_reminder(
    email: str, language: str, due_on: date, appeal: Appeal | None, article: str = "", placement: str = ""
) -> None:
    """Write down that a reader wants one letter on a day; call inside ``committed()``.

    One address has one such wish at a time: asked again, the letter comes on the new day. Who said that no more shall
    come gets none, and whoever asks for them can't tell.

    Args:
        email: Normalised.
        language: The letter's.
        due_on: The newsroom's day.
        appeal: What they were asked for.
        article: The story beside which it was, by its address.
        placement: Where on the page.
    """
    if find_refusal(stranger_of(email)) is not None:
        return
    wish = find_waiting_reminder(email) or Reminder(reference=references.new_reference(), email=email)
    wish.language, wish.due_on, wish.asked_at = language, due_on, clock.now()
    wish.appeal_id = appeal.id if appeal is not None else None
    wish.article_slug, wish.placement = article, placement
    try:
        with db.session.begin_nested():
            db.session.add(wish)
            db.session.flush()
    except IntegrityError:
        # Pressed twice at once: the other press wrote the same.
        _log.info("reminder_asked_twice")


def send_due_reminders(today: date) -> None:
    """Queue the letters whose day has come, once each; call outside ``committed()``.

    Args:
        today: The newsroom's day.
    """
    after = 0
    while found := list_due_reminder_ids(today, after, _BATCH):
        for reminder_id in found:
            try:
                with committed():
                    _send(lock(Reminder, reminder_id), today)
            except DonateError as error:
                _log.error("reminder_not_written", reminder_id=reminder_id, error=repr(error))
        after = found[-1]


def drop_reminder(reference: str, stranger: str) -> None:
    """Let no reminder go to an address any more; call inside ``committed()``.

    Args:
        reference: Of the reminder whose letter it was.
        stranger: The address as the letter's own link names it, which nobody can read it from.
    """
    wish = find_reminder(reference)
    if wish is None or find_refusal(stranger) is not None:
        return
    for waiting in list_waiting_reminders():
        if stranger_of(waiting.email) == stranger:
            waiting.email, waiting.dropped_at = waiting.reference, clock.now()
    wish.email, wish.dropped_at = stranger, clock.now()


def take_up_reminders(stranger: str) -> None:
    """Let reminders go to an address again; call inside ``committed()``.

    Args:
        stranger: As ``drop_reminder`` takes it.
    """
    refusal = find_refusal(stranger)
    if refusal is not None:
        refusal.email = refusal.reference


def way_out(wish: Reminder) -> str:
    """Give the path that ends reminders to an address without signing in.

    Args:
        wish: The reminder, its address still in it.
    """
    stranger = stranger_of(wish.email)
    return f"/remind/{wish.reference}/stop?who={stranger}&key={references.sign('remind', wish.reference, stranger)}"


def is_way_out(reference: str, stranger: str, key: str) -> bool:
    """Tell whether a path that ends reminders was made here, for this letter and this address."""
    return references.is_signed(key, "remind", reference, stranger)


def _send(wish: Reminder, today: date) -> None:
    if wish.sent_at is not None or wish.dropped_at is not None:
        return
    queue_mail(_letter(wish, today))
    wish.sent_at, wish.email = clock.now(), wish.reference


def _letter(wish: Reminder, today: date) -> Letter:
    campaign, words = _cause(wish, today)
    article = find_article(wish.article_slug) if wish.article_slug else None
    return letter_from_newsroom(
        f"reminder:{wish.reference}",
        "reminder",
        wish.email,
        wish.language,
        unsubscribe=way_out(wish),
        is_kept=False,
        asked_on=clock.on(wish.asked_at, get_newsroom().time_zone).isoformat(),
        appeal=campaign.slug if campaign is not None else "",
        headline=words.headline if words is not None else "",
        ask=words.inline if words is not None else "",
        article=article.slug if article is not None else "",
        article_title=article.headline if article is not None else "",
    )


def _cause(wish: Reminder, today: date) -> tuple[Campaign | None, Words | None]:
    """Choose what the letter speaks for: the appeal it was asked at, while it runs, else the evergreen one."""
    asked = db.session.get_one(Appeal, wish.appeal_id) if wish.appeal_id is not None else None
    for row in (asked, find_evergreen()):
        campaign = campaign_from(row) if row is not None else None
        words = campaign.words(wish.language) if campaign is not None else None
        if campaign is not None and words is not None and _runs(campaign, today):
            return campaign, words
    return None, None


def _runs(campaign: Campaign, today: date) -> bool:
    has_begun = campaign.starts_on is None or campaign.starts_on <= today
    return campaign.status == "live" and has_begun and (campaign.ends_on is None or today <= campaign.ends_on)


def stranger_of(email: str) -> str:
    """Name an address so that nobody can read it from the name.

    Args:
        email: Normalised.
    """
    return references.sign("reminder-address", email)
