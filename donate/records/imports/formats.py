"""The formats that are read, by name: whose columns they are, which of them there must be, and who reads a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from donate.records.imports import civicrm, donorbox, generic, givewp, stripe_payments
from donate.records.imports.gift import PastGift
from donate.records.imports.read_cells import Habits
from donate.records.imports.table import FileRefused, Row, Table


class Read(Protocol):
    """Reads a row into a gift, or refuses it."""

    def __call__(self, row: Row, habits: Habits, *, livemode: bool) -> PastGift:
        """Read one."""


@dataclass(frozen=True)
class Format:
    """How a system writes its gifts.

    Args:
        name: As the command and the rows call it.
        columns: {field: names its column may have}.
        needs: Of each of these, one column must be there.
        read: Reads a row.
        zone: Of moments that name none; empty for the newsroom's.
        dates: The order of numbers in a date, where it is always the same.
    """

    name: str
    columns: Mapping[str, tuple[str, ...]]
    needs: tuple[tuple[str, ...], ...]
    read: Read
    zone: str = ""
    dates: str = ""


FORMATS = {
    each.name: each
    for each in (
        Format("generic", generic.COLUMNS, generic.NEEDS, generic.read),
        Format("givewp", givewp.COLUMNS, givewp.NEEDS, givewp.read),
        Format("donorbox", donorbox.COLUMNS, donorbox.NEEDS, donorbox.read, dates=donorbox.DATES),
        Format("civicrm", civicrm.COLUMNS, civicrm.NEEDS, civicrm.read),
        Format("stripe", stripe_payments.COLUMNS, stripe_payments.NEEDS, stripe_payments.read, stripe_payments.ZONE),
    )
}


def refuse_other_format(table: Table, form: Format) -> None:
    """Refuse a file that lacks what every file of a format has.

    Raises:
        FileRefused: ``columns_missing`` with what is missing and what is there.
    """
    missing = [
        " or ".join(form.columns[field][0] for field in group)
        for group in form.needs
        if not any(field in table.places for field in group)
    ]
    if missing:
        raise FileRefused(
            "columns_missing", form=form.name, missing=", ".join(missing), found=", ".join(table.header)[:400]
        )
