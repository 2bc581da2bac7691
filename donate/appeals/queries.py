"""Look-ups of appeals, and their rows as the plain values that are chosen from."""

from __future__ import annotations

from sqlalchemy import select

from donate.appeals.campaign import Campaign, campaign_from
from donate.appeals.models import Appeal, AppealTally
from donate.appeals.tally import Tally
from donate.db import db
from donate.money import Money


def find_appeal(slug: str) -> Appeal | None:
    """Find an appeal by its address."""
    return db.session.scalars(select(Appeal).where(Appeal.slug == slug)).first()


def find_evergreen() -> Appeal | None:
    """Find the appeal that has no end and takes what names none."""
    return db.session.scalars(select(Appeal).where(Appeal.is_evergreen)).first()


def list_live_campaigns() -> list[Campaign]:
    """List the live appeals as plain values, their words and targets with them."""
    rows = db.session.scalars(select(Appeal).where(Appeal.status == "live").order_by(Appeal.id))
    return [campaign_from(row) for row in rows]


def list_appeals() -> list[Appeal]:
    """List every appeal, the more pressing first."""
    return list(db.session.scalars(select(Appeal).order_by(Appeal.priority.desc(), Appeal.slug)))


def list_tallies() -> dict[tuple[str, str], Tally]:
    """List what each appeal has raised, by its address and currency."""
    rows = db.session.execute(
        select(Appeal.slug, AppealTally.currency, AppealTally.raised_minor, AppealTally.people, AppealTally.counted_at)
        .join(Appeal, Appeal.id == AppealTally.appeal_id)
        .order_by(Appeal.slug, AppealTally.currency)
    )
    return {
        (slug, currency): Tally(Money(minor, currency), people, counted_at)
        for slug, currency, minor, people, counted_at in rows
    }
