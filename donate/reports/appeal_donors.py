"""The donors of one appeal, for whoever thanks them: one row a donor and currency, by what is kept of their gifts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import case, func, select

from donate.db import db
from donate.donors.models import Donor, DonorEmail, MailChoice
from donate.donors.preferences import KINDS
from donate.money import Money
from donate.reports.gift_lines import Which, chosen, gift_lines

#: Columns are only ever added at the end.
COLUMNS = (
    "donor_id", "donor_name", "donor_email", "language", "appeal", "currency", "gifts", "raised_net", "first_on",
    "last_on", "new_donor", "recurring", "anonymous", "wants_newsletter", "wants_appeals",
)  # fmt: skip


def export_appeal_donors(period: Any) -> Iterator[dict[str, Any]]:
    """Give who gave to an appeal what is kept, the most first; who was forgotten is nobody, and left out.

    Args:
        period: A ``reports.export.Period`` with an appeal.
    """
    which = Which(since=period.since, until=period.until, appeal=period.appeal, state="kept")
    line = gift_lines(which.until)
    kept = func.sum(line.c.kept)
    rows = db.session.execute(
        select(
            Donor,
            DonorEmail.email,
            line.c.currency,
            func.count().label("gifts"),
            kept.label("kept"),
            func.min(line.c.received_on).label("first_on"),
            func.max(line.c.received_on).label("last_on"),
            func.max(line.c.recurring_id).label("recurring"),
            func.max(case((line.c.is_new, 1), else_=0)).label("new"),
            func.max(case((line.c.anonymous, 1), else_=0)).label("anonymous"),
        )
        .join(line, line.c.donor_id == Donor.id)
        .join(DonorEmail, (DonorEmail.donor_id == Donor.id) & DonorEmail.is_main)
        .where(*chosen(line, which), Donor.erased_at.is_(None))
        .group_by(Donor.id, DonorEmail.email, line.c.currency)
        .order_by(line.c.currency, kept.desc(), Donor.id)
    )
    letters = {kind: _choices(kind) for kind in ("newsletter", "appeals")}
    for row in rows.mappings():
        donor = row["Donor"]
        yield {
            "donor_id": donor.reference,
            "donor_name": f"{donor.first_name} {donor.last_name}".strip(),
            "donor_email": row["email"],
            "language": donor.language,
            "appeal": period.appeal,
            "currency": row["currency"],
            "gifts": row["gifts"],
            "raised_net": Money(int(row["kept"]), row["currency"]).plain(),
            "first_on": row["first_on"].isoformat(),
            "last_on": row["last_on"].isoformat(),
            "new_donor": bool(row["new"]),
            "recurring": row["recurring"] is not None,
            "anonymous": bool(row["anonymous"]),
            **{f"wants_{kind}": said.get(donor.id, KINDS[kind].by_default) for kind, said in letters.items()},
        }


def _choices(kind: str) -> dict[int, bool]:
    """Tell what donors said last about letters of a kind; who never said anything is left out."""
    asked = select(MailChoice.donor_id, MailChoice.wanted).where(MailChoice.kind == kind).order_by(MailChoice.id)
    return {donor_id: wanted for donor_id, wanted in db.session.execute(asked)}  # noqa: C416  # a result has keys() of its own
