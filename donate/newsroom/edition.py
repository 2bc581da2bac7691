"""The edition: a number that grows with every change of what public pages show."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from donate.db import Base, BigId


class Edition(Base):
    """The one row that pages are kept by."""

    __tablename__ = "edition"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[int] = mapped_column(sa.BigInteger)


class Shown:
    """Marks rows that public pages show: writing one makes a new edition, in the same transaction."""


def new_edition(session: Session) -> None:
    """Make a new edition by hand, for changes written without their rows; call inside ``committed()``."""
    note_change(session)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        insert(Edition)
        .values(id=1, number=1)
        .on_conflict_do_update(index_elements=["id"], set_={"number": Edition.number + 1})
    )


def local_changes() -> int:
    """Count the changes of public pages that this process itself has committed."""
    return _local_changes


def note_change(session: Session) -> None:
    """Note that this transaction changes what pages show, so that this process looks again once it is committed."""
    session.info.setdefault("pages_changed", "noted")


_local_changes = 0


@event.listens_for(Session, "after_commit")
def _count_change(session: Session) -> None:
    global _local_changes
    if session.info.pop("pages_changed", ""):
        _local_changes += 1


@event.listens_for(Session, "after_soft_rollback")
def _forget_change(session: Session, undone: SessionTransaction) -> None:
    if undone.nested:
        # A savepoint that went back may have taken the new number with it; the next change makes it again.
        if "pages_changed" in session.info:
            session.info["pages_changed"] = "noted"
    else:
        session.info.pop("pages_changed", None)


@event.listens_for(Session, "before_flush")
def _follow_changes(session: Session, _context: Any, _instances: Any) -> None:
    if session.info.get("pages_changed") == "numbered":
        return  # one transaction makes one edition, however often it flushes
    changed = (*session.new, *session.deleted, *(row for row in session.dirty if session.is_modified(row)))
    if any(isinstance(row, Shown) for row in changed):
        new_edition(session)
        session.info["pages_changed"] = "numbered"
