"""Look-ups of ordered files, of the register, and of saved reports."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select

from donate.db import db
from donate.reports.models import ExportOrder, ExportRun, SavedReport


def get_order(order_id: int) -> ExportOrder:
    """Give an order as it is now."""
    return db.session.get_one(ExportOrder, order_id, populate_existing=True)


def find_order(reference: str, staff_id: int) -> ExportOrder | None:
    """Find an order of somebody's; another's is not found.

    Args:
        reference: The order's.
        staff_id: Who asks.
    """
    asked = select(ExportOrder).where(ExportOrder.reference == reference, ExportOrder.staff_id == staff_id)
    return db.session.scalars(asked).first()


def list_orders(staff_id: int, at_most: int = 10) -> list[ExportOrder]:
    """List somebody's orders, the newest first."""
    asked = select(ExportOrder).where(ExportOrder.staff_id == staff_id).order_by(ExportOrder.id.desc())
    return list(db.session.scalars(asked.limit(at_most)))


def list_expired(now: datetime) -> list[ExportOrder]:
    """List orders whose files can be fetched no longer."""
    asked = select(ExportOrder).where(ExportOrder.state == "ready", ExportOrder.expires_at < now)
    return list(db.session.scalars(asked.order_by(ExportOrder.id)))


def list_runs(*, skip: int, at_most: int) -> list[ExportRun]:
    """List the register of exports, the newest first."""
    return list(db.session.scalars(select(ExportRun).order_by(ExportRun.id.desc()).offset(skip).limit(at_most)))


def count_runs() -> int:
    """Count the rows of the register."""
    return db.session.scalar(select(func.count(ExportRun.id))) or 0


def find_saved(reference: str, staff_id: int) -> SavedReport | None:
    """Find a saved report of somebody's; another's is not found."""
    asked = select(SavedReport).where(SavedReport.reference == reference, SavedReport.staff_id == staff_id)
    return db.session.scalars(asked).first()


def find_saved_by_name(name: str, staff_id: int) -> SavedReport | None:
    """Find somebody's saved report by its name."""
    asked = select(SavedReport).where(SavedReport.name == name, SavedReport.staff_id == staff_id)
    return db.session.scalars(asked).first()


def list_saved(staff_id: int) -> list[SavedReport]:
    """List somebody's saved reports by their names."""
    return list(
        db.session.scalars(select(SavedReport).where(SavedReport.staff_id == staff_id).order_by(SavedReport.name))
    )


def list_saved_due(today: date) -> list[int]:
    """List the keys of saved reports whose day has come."""
    return list(db.session.scalars(select(SavedReport.id).where(SavedReport.next_on <= today).order_by(SavedReport.id)))
