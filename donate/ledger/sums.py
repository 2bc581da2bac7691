"""The sums of the books by day: added to with each entry, in its transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from donate.db import Base, db, insert_of
from donate.giving.models import Donation
from donate.ledger.accounts import FACETS
from donate.ledger.models import LedgerDay, LedgerDayBy, LedgerEntry

_SETTLED = ("settlement_gross_minor", "settlement_fee_minor", "settlement_net_minor")
#: What is summed in each of the two tables, and by which columns a row of it is found.
SUMS: dict[type[Base], tuple[str, ...]] = {
    LedgerDay: ("entries", "gross_minor", *_SETTLED, "fee_cover_minor", "covered_fee_minor"),
    LedgerDayBy: ("entries", *_SETTLED),
}
KEYS: dict[type[Base], tuple[str, ...]] = {
    LedgerDay: ("booked_on", "entry_type", "currency", "settlement_currency", "fund_id", "appeal_id"),
    LedgerDayBy: ("booked_on", "by", "key", "entry_type", "settlement_currency", "fund_id"),
}


def add_to_sums(entry: LedgerEntry, donation: Donation | None) -> None:
    """Add a new entry to the sums of its day; call inside ``committed()``, once for each entry.

    Args:
        entry: As it was booked.
        donation: The gift it is about, if any.
    """
    day: dict[str, Any] = {"booked_on": entry.booked_on, "entry_type": entry.entry_type,
                           "settlement_currency": entry.settlement_currency, "fund_id": entry.fund_id or 0}  # fmt: skip
    sums = {"entries": 1, **{name: getattr(entry, name) for name in _SETTLED}}
    cover = donation.fee_cover_minor if donation is not None and entry.entry_type == "charge" else 0
    appeal_id = (donation.appeal_id or 0) if donation is not None else 0
    _add(LedgerDay, {
        **day, **sums, "currency": entry.currency, "appeal_id": appeal_id, "gross_minor": entry.gross_minor,
        "fee_cover_minor": cover, "covered_fee_minor": entry.settlement_fee_minor if cover else 0,
    })  # fmt: skip
    if donation is not None:
        # In a fixed order, so that two workers never wait for each other crosswise.
        _add(LedgerDayBy, *({**day, **sums, "by": by, "key": getattr(donation, column)}
                            for by, column in sorted(FACETS.items())))  # fmt: skip


def _add(model: type[Base], *rows: Mapping[str, Any]) -> None:
    insert = insert_of(model).values(list(rows))
    added = {name: getattr(model, name) + insert.excluded[name] for name in SUMS[model]}
    db.session.execute(insert.on_conflict_do_update(index_elements=list(KEYS[model]), set_=added))
