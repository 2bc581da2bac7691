"""The finance desk: what the books say, each figure with its rule and its rows."""

from donate.web.staff.finance import (
    audit_page,
    definitions_page,
    donors_page,
    entries_page,
    exports_page,
    income_page,
    overview_page,
    payouts_page,
    periods_page,
    promises_page,
    saved_page,
)

__all__ = [
    "audit_page",
    "definitions_page",
    "donors_page",
    "entries_page",
    "exports_page",
    "income_page",
    "overview_page",
    "payouts_page",
    "periods_page",
    "promises_page",
    "saved_page",
]
