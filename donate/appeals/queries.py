"""Look-ups of appeals, and their rows as the plain values that are chosen from."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select

from donate.appeals.campaign import Campaign, campaign_from
from donate.appeals.models import (
    Appeal,
    AppealSupporter,
    AppealTally,
    AppealTarget,
    AppealVersion,
    AskSwitch,
    Reminder,
)
from donate.appeals.tally import Tally
from donate.articles.models import Article
from donate.db import db
from donate.errors import NotFound
from donate.money import Money


def find_appeal(slug: str) -> Appeal | None:
    """Find an appeal by its address."""
    return db.session.scalars(select(Appeal).where(Appeal.slug == slug)).first()


def find_evergreen() -> Appeal | None:
    """Find the appeal that has no end and takes what names none."""
    return db.session.scalars(select(Appeal).where(Appeal.is_evergreen)).first()


def list_switched_off() -> list[str]:
    """List the placements that are switched off."""
    return list(db.session.scalars(select(AskSwitch.placement).order_by(AskSwitch.placement)))


def list_switches() -> dict[str, datetime]:
    """List the placements that are switched off, and since when each is."""
    return {row.placement: row.switched_off_at for row in db.session.scalars(select(AskSwitch))}


def list_live_campaigns() -> list[Campaign]:
    """List the live appeals as plain values, their words and targets with them."""
    rows = db.session.scalars(select(Appeal).where(Appeal.status == "live").order_by(Appeal.id))
    return [campaign_from(row) for row in rows]


def list_desk_campaigns() -> list[Campaign]:
    """List as plain values the appeals that the desk still works with, drafts, resting and ended ones too."""
    rows = db.session.scalars(select(Appeal).where(Appeal.archived_at.is_(None)).order_by(Appeal.id))
    return [campaign_from(row) for row in rows]


def list_appeals() -> list[Appeal]:
    """List every appeal, the more pressing first."""
    return list(db.session.scalars(select(Appeal).order_by(Appeal.priority.desc(), Appeal.slug)))


def list_bound_to(article_slug: str) -> list[Appeal]:
    """List the appeals made for one article, in the order of their rows; not those that are only kept off it."""
    bound = select(AppealTarget.appeal_id).where(
        AppealTarget.kind == "article", AppealTarget.slug == article_slug, AppealTarget.is_excluded.is_(False)
    )
    return list(db.session.scalars(select(Appeal).where(Appeal.id.in_(bound)).order_by(Appeal.id)))


def list_asking_for_fund(fund_id: int) -> list[str]:
    """List the addresses of appeals that ask for a fund, or may again: drafts and what is over do not count."""
    asking = select(Appeal.slug).where(
        Appeal.fund_id == fund_id, Appeal.status.in_(("live", "paused")), Appeal.archived_at.is_(None)
    )
    return list(db.session.scalars(asking.order_by(Appeal.slug)))


def list_resting() -> list[Appeal]:
    """List the appeals that rest, the newest first; not those that are put away."""
    resting = select(Appeal).where(Appeal.status == "paused", Appeal.archived_at.is_(None))
    return list(db.session.scalars(resting.order_by(Appeal.paused_at.desc(), Appeal.id)))


def list_tallies() -> dict[tuple[str, str], Tally]:
    """List what each appeal has raised, by its address and currency."""
    rows = db.session.execute(
        select(
            Appeal.slug, AppealTally.currency, AppealTally.raised_minor, AppealTally.people, AppealTally.counted_at,
            AppealTally.renewals_minor, AppealTally.offline_minor,
        )
        .join(Appeal, Appeal.id == AppealTally.appeal_id)
        .order_by(Appeal.slug, AppealTally.currency)
    )  # fmt: skip
    return {
        (slug, currency): Tally(Money(minor, currency), people, counted_at, renewals, offline)
        for slug, currency, minor, people, counted_at, renewals, offline in rows
    }


def list_supporting(donor_id: int) -> dict[tuple[int, str], int]:
    """Tell for which (appeal, currency) a donor is counted, and with how many minor units."""
    rows = db.session.execute(
        select(AppealSupporter.appeal_id, AppealSupporter.currency, AppealSupporter.kept_minor).where(
            AppealSupporter.donor_id == donor_id
        )
    )
    return {(appeal_id, currency): kept for appeal_id, currency, kept in rows}


def get_appeal(slug: str) -> Appeal:
    """Give an appeal by its address.

    Raises:
        NotFound: ``appeal_missing``.
    """
    found = find_appeal(slug)
    if found is None:
        raise NotFound("appeal_missing", slug=slug)
    return found


def find_version(appeal_id: int, number: int) -> AppealVersion | None:
    """Find an appeal as it was after one change."""
    return db.session.scalars(
        select(AppealVersion).where(AppealVersion.appeal_id == appeal_id, AppealVersion.number == number)
    ).first()


def find_version_until(appeal_id: int, number: int) -> AppealVersion | None:
    """Find the newest version of an appeal that is no newer than a number: what it was then."""
    return db.session.scalars(
        select(AppealVersion)
        .where(AppealVersion.appeal_id == appeal_id, AppealVersion.number <= number)
        .order_by(AppealVersion.number.desc())
        .limit(1)
    ).first()


def find_newest_version(appeal_id: int) -> AppealVersion | None:
    """Find an appeal's newest version."""
    return db.session.scalars(
        select(AppealVersion).where(AppealVersion.appeal_id == appeal_id).order_by(AppealVersion.number.desc()).limit(1)
    ).first()


def list_versions(appeal_id: int) -> list[AppealVersion]:
    """List an appeal's versions, the newest first."""
    return list(
        db.session.scalars(
            select(AppealVersion).where(AppealVersion.appeal_id == appeal_id).order_by(AppealVersion.number.desc())
        )
    )


def list_appeal_ids(slugs: Collection[str]) -> dict[str, int]:
    """List the keys of appeals by their addresses; those that are not here are left out."""
    rows = db.session.execute(select(Appeal.slug, Appeal.id).where(Appeal.slug.in_(slugs)))
    return {row.slug: row.id for row in rows}


def list_known_stories(slugs: Collection[str]) -> set[str]:
    """Tell which of these addresses are stories'."""
    return set(db.session.scalars(select(Article.slug).where(Article.slug.in_(slugs))))


def find_reminder(reference: str) -> Reminder | None:
    """Find a reminder, sent or not."""
    return db.session.scalars(select(Reminder).where(Reminder.reference == reference)).first()


def find_waiting_reminder(email: str) -> Reminder | None:
    """Find the letter that an address still waits for."""
    return db.session.scalars(select(Reminder).where(Reminder.email == email, *_WAITING)).first()


def find_refusal(stranger: str) -> Reminder | None:
    """Find what says that no reminder shall go to an address, by the address's name for strangers."""
    asked = select(Reminder).where(Reminder.email == stranger, Reminder.dropped_at.is_not(None))
    return db.session.scalars(asked).first()


def list_waiting_reminders() -> list[Reminder]:
    """List the letters that somebody still waits for, oldest first."""
    return list(db.session.scalars(select(Reminder).where(*_WAITING).order_by(Reminder.id)))


def list_due_reminder_ids(today: date, after: int, at_most: int) -> list[int]:
    """List the reminders whose day has come, by their keys from one on."""
    asked = select(Reminder.id).where(*_WAITING, Reminder.due_on <= today, Reminder.id > after)
    return list(db.session.scalars(asked.order_by(Reminder.id).limit(at_most)))


_WAITING = (Reminder.sent_at.is_(None), Reminder.dropped_at.is_(None))
