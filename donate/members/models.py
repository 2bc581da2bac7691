"""Levels with their benefits, what each gift earned, one membership a donor, and who is named as a supporter."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from donate.db import Base, BigId, Json, UtcDateTime
from donate.money import Money
from donate.newsroom.edition import Shown


class Level(Base):
    """A level: what a year of gifts must come to, and what the newsroom gives in return."""

    __tablename__ = "member_level"
    __table_args__ = (sa.UniqueConstraint("code"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40))
    #: The lowest is 1; a gift earns the highest it reaches.
    rank: Mapped[int] = mapped_column(sa.Integer)
    #: One that left the newsroom's file is earned no more; gifts that earned it keep it for their time.
    is_offered: Mapped[bool] = mapped_column(sa.Boolean, default=True)
    #: {language: name}
    names: Mapped[dict[str, str]] = mapped_column(Json)
    #: What a year must come to: {currency: minor units}.
    yearly: Mapped[dict[str, int]] = mapped_column(Json)
    #: [{"names": {language: text}, "value": {currency: minor units}}]; no value where it can be bought nowhere.
    benefits: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)

    def yearly_in(self, currency: str) -> Money | None:
        """Give what a year must come to in a currency; none where it is not earned in it."""
        return Money(self.yearly[currency], currency) if currency in self.yearly else None


class MembershipPeriod(Base):
    """What one gift earned, by the levels of its day: levels that change later take nothing from who gave before."""

    __tablename__ = "membership_period"
    __table_args__ = (
        sa.UniqueConstraint("donation_id"),
        sa.CheckConstraint("until_on > begins_on", name="until"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    donation_id: Mapped[int] = mapped_column(sa.ForeignKey("donation.id"))
    level_id: Mapped[int] = mapped_column(sa.ForeignKey("member_level.id"))
    begins_on: Mapped[date] = mapped_column(sa.Date)
    until_on: Mapped[date] = mapped_column(sa.Date)


class Membership(Base):
    """What a donor's gifts have earned together: written from their periods, never by hand."""

    __tablename__ = "membership"
    __table_args__ = (
        sa.UniqueConstraint("donor_id"),
        sa.CheckConstraint("until_on > since_on", name="until"),
        sa.CheckConstraint("lapsed_on IS NULL OR lapsed_on > until_on", name="lapsed"),
        sa.Index("ix_membership_until", "until_on", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    donor_id: Mapped[int] = mapped_column(sa.ForeignKey("donor.id"))
    level_id: Mapped[int] = mapped_column(sa.ForeignKey("member_level.id"))
    #: The currency of the gift that earned it: further levels and values are named in it.
    currency: Mapped[str] = mapped_column(sa.String(3))
    #: The day of the first gift from which it has never lapsed.
    since_on: Mapped[date] = mapped_column(sa.Date)
    #: Until when gifts or a standing promise carry this level.
    until_on: Mapped[date] = mapped_column(sa.Date)
    #: Since when it is over; none while it is not.
    lapsed_on: Mapped[date | None] = mapped_column(sa.Date)


class Supporter(Shown, Base):
    """A giver who is named on the page of supporters for one year: written from their gifts, never by hand."""

    __tablename__ = "supporter"
    __table_args__ = (sa.UniqueConstraint("donor_id", "year"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    donor_id: Mapped[int] = mapped_column(sa.ForeignKey("donor.id"))
    #: The calendar year that the year begins in.
    year: Mapped[int] = mapped_column(sa.Integer)
    #: As given on the newest of their gifts that count.
    name: Mapped[str] = mapped_column(sa.String(250))
    listed_at: Mapped[datetime] = mapped_column(UtcDateTime)
