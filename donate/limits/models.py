"""What was tried, and how often since when."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from donate.db import Base, UtcDateTime


class LimitUse(Base):
    """The tries of one kind by one asker since the first of them; names nobody."""

    __tablename__ = "limit_use"

    #: A keyed hash of the limit's name and of whom it counts.
    key: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    used: Mapped[int] = mapped_column(sa.Integer)
