"""Past gifts that were imported, and files of them as other systems write them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from donate.db import db
from donate.giving.models import Donation, Refund

SAMPLES = Path(__file__).resolve().parent.parent / "records" / "imports" / "samples"
HEAD = "id,donor_id,email,first_name,last_name,date,amount,currency,refunded,stripe_charge_id"


def gift(system: str, old_id: str) -> Donation:
    """Give a past gift by its number in the system it came from."""
    asked = sa.select(Donation).where(Donation.imported_from == system, Donation.imported_id == old_id)
    return db.session.scalars(asked).one()


def returned(donation: Donation) -> int:
    """Sum what went back of a gift, in minor units."""
    asked = sa.select(sa.func.sum(Refund.amount_minor)).where(Refund.donation_id == donation.id)
    return int(db.session.scalar(asked) or 0)


def write_file(path: Path, lines: Iterable[str], head: str = HEAD) -> Path:
    """Write a generic file of gifts."""
    with path.open("w", encoding="utf-8") as out:
        out.write(head + "\n")
        out.writelines(f"{line}\n" for line in lines)
    return path


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Read every row of every table."""
    tables = sa.inspect(db.engine).get_table_names()
    return {name: sorted(map(tuple, db.session.execute(sa.text(f"SELECT * FROM {name}"))), key=repr) for name in tables}
