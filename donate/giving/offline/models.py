"""What is known of an offline gift beside its donation; batches with their control totals, and lines still to post."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from donate.db import Base, BigId, UtcDateTime
from donate.giving.offline.entry import GIVERS, METHODS
from donate.money import Money


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


class OfflineBatch(Base):
    """Gifts that were counted by hand before any was typed: both counts must agree before anything is posted."""

    __tablename__ = "offline_batch"
    __table_args__ = (
        sa.UniqueConstraint("reference"),
        sa.CheckConstraint("state IN ('open', 'posting', 'posted')", name="state"),
        sa.CheckConstraint("control_count > 0 AND control_minor > 0", name="control"),
        sa.CheckConstraint("(state = 'open') = (pressed_at IS NULL)", name="pressed"),
        sa.CheckConstraint("(state = 'posted') = (posted_at IS NOT NULL)", name="posted"),
        sa.Index("ix_offline_batch_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reference: Mapped[str] = mapped_column(sa.String(16))
    #: What the newsroom calls it, such as "Post of Monday"; no giver's name belongs here.
    name: Mapped[str] = mapped_column(sa.String(80))
    #: ``open`` takes lines; ``posting`` is being made into gifts; ``posted`` is final.
    state: Mapped[str] = mapped_column(sa.String(7), default="open")
    currency: Mapped[str] = mapped_column(sa.String(3))
    #: Counted by hand: how many gifts, and what they come to in minor units.
    control_count: Mapped[int] = mapped_column(sa.Integer)
    control_minor: Mapped[int] = mapped_column(sa.BigInteger)
    #: The newsroom's day on which all of it came.
    received_on: Mapped[date] = mapped_column(sa.Date)
    #: For lines that name no other.
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"))
    appeal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("appeal.id"))
    opened_by: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    pressed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))
    pressed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    posted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def control(self) -> Money:
        """What was counted by hand."""
        return Money(self.control_minor, self.currency)


class OfflineLine(Base):
    """One gift of a batch that is not posted yet; it goes when its gift is there."""

    __tablename__ = "offline_line"
    __table_args__ = (
        sa.UniqueConstraint("reference"),
        sa.UniqueConstraint("batch_id", "line_no"),
        sa.CheckConstraint("amount_minor > 0", name="amount"),
        sa.CheckConstraint(_one_of("method", METHODS), name="method"),
        sa.CheckConstraint(_one_of("giver", GIVERS), name="giver"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    #: Minted with the form, and the gift's own when it is posted: the same line is one gift.
    reference: Mapped[str] = mapped_column(sa.String(16))
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("offline_batch.id"))
    line_no: Mapped[int] = mapped_column(sa.Integer)
    #: In the batch's currency.
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)
    method: Mapped[str] = mapped_column(sa.String(10))
    giver: Mapped[str] = mapped_column(sa.String(10), default="person")
    donor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("donor.id"), index=True)
    #: Whether it is known that nobody here is this giver.
    is_new: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    first_name: Mapped[str] = mapped_column(sa.String(120), default="")
    last_name: Mapped[str] = mapped_column(sa.String(120), default="")
    organisation: Mapped[str] = mapped_column(sa.String(120), default="")
    address_line1: Mapped[str] = mapped_column(sa.String(200), default="")
    address_line2: Mapped[str] = mapped_column(sa.String(200), default="")
    city: Mapped[str] = mapped_column(sa.String(120), default="")
    region: Mapped[str] = mapped_column(sa.String(120), default="")
    postcode: Mapped[str] = mapped_column(sa.String(20), default="")
    country: Mapped[str] = mapped_column(sa.String(2), default="")
    number: Mapped[str] = mapped_column(sa.String(60), default="")
    described: Mapped[str] = mapped_column(sa.String(200), default="")
    note: Mapped[str] = mapped_column(sa.Text, default="")
    fund_id: Mapped[int] = mapped_column(sa.ForeignKey("fund.id"))
    appeal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("appeal.id"))


class OfflineGift(Base):
    """What is known of a recorded offline gift beside its donation."""

    __tablename__ = "offline_gift"
    __table_args__ = (
        sa.UniqueConstraint("batch_id", "line_no"),
        sa.CheckConstraint(_one_of("giver", GIVERS), name="giver"),
        sa.CheckConstraint("(batch_id IS NULL) = (line_no IS NULL)", name="line"),
    )

    donation_id: Mapped[int] = mapped_column(sa.ForeignKey("donation.id"), primary_key=True, autoincrement=False)
    giver: Mapped[str] = mapped_column(sa.String(10))
    #: The company or foundation that gave, or the donor-advised fund that a person recommended it from.
    organisation: Mapped[str] = mapped_column(sa.String(120), default="")
    #: Of the cheque, or the transfer's reference.
    number: Mapped[str] = mapped_column(sa.String(60), default="")
    #: Of stock: how many shares of what; receipts say this and no value.
    described: Mapped[str] = mapped_column(sa.String(200), default="")
    batch_id: Mapped[int | None] = mapped_column(sa.ForeignKey("offline_batch.id"))
    line_no: Mapped[int | None] = mapped_column(sa.Integer)
