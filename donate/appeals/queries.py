"""Look-ups of appeals, and their rows as the plain values that are chosen from."""

from __future__ import annotations

from sqlalchemy import select

from donate.appeals.campaign import Campaign, campaign_from
from donate.appeals.models import Appeal
from donate.db import db


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
