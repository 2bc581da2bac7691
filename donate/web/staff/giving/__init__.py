"""The giving desk: donors and gifts, found, looked at, corrected, answered."""

from donate.web.staff.giving import (
    add_page,
    address_page,
    correct_page,
    donor_page,
    erase_page,
    gift_page,
    look_page,
    merge_page,
    refund_page,
    search_page,
)

__all__ = [
    "add_page",
    "address_page",
    "correct_page",
    "donor_page",
    "erase_page",
    "gift_page",
    "look_page",
    "merge_page",
    "refund_page",
    "search_page",
]
