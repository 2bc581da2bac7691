"""The members' door: their own gifts, promises, data and sign-in, and nobody else's."""

from donate.web.account import (
    card_page,
    change_page,
    data_page,
    erase_page,
    gifts_page,
    membership_page,
    preferences_page,
    promise_page,
    receipts_page,
    restart_page,
    second_page,
    sign_in_page,
    stop_page,
)
from donate.web.account.door import account

__all__ = [
    "account",
    "card_page",
    "change_page",
    "data_page",
    "erase_page",
    "gifts_page",
    "membership_page",
    "preferences_page",
    "promise_page",
    "receipts_page",
    "restart_page",
    "second_page",
    "sign_in_page",
    "stop_page",
]
