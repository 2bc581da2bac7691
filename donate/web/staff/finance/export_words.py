"""Exports, their shapes, forms and refusals in the words of whoever asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _


def say_export(kind: str) -> str:
    """Name a kind of export and say what a row of it is.

    Args:
        kind: One of ``reports.export.KINDS``, or of those handed out elsewhere at the desk.
    """
    words: dict[str, str] = {
        "appeals": _("Appeals: one row an appeal"),
        "articles": _("Stories: one row a story that brought gifts"),
        "donations": _("Gifts: one row a gift, with its fee, net and payout"),
        "donors": _("Donors: one row a donor and currency"),
        "history": _("History: one row a thing that was done"),
        "journal": _("Journal: for your accounting"),
        "ledger": _("Ledger: one row an entry of the books"),
        "movements": _("Movements: one row a change of a recurring gift"),
        "payouts": _("Payouts: one row a payout"),
        "receipts": _("Receipts: one row a receipt, void ones too"),
        "recurring": _("Recurring gifts: one row a promise"),
        "appeal_donors": _("Donors of an appeal"),
    }
    return words.get(kind, kind)


def say_shape(shape: str) -> str:
    """Name which accounting a journal is for."""
    words: dict[str, str] = {"generic": _("Any accounting"), "quickbooks-online": "QuickBooks Online", "xero": "Xero"}
    return words.get(shape, shape)


def say_form(form: str) -> str:
    """Name a form of file."""
    words: dict[str, str] = {"csv": "CSV", "xlsx": _("Excel (XLSX)"), "jsonl": _("JSON, one line a row")}
    return words.get(form, form)


def say_span(span: str) -> str:
    """Name which days a saved report is of."""
    words: dict[str, str] = {
        "last_week": _("The last whole week"),
        "last_month": _("The last whole month"),
        "this_month": _("This month up to that day"),
        "this_year": _("This fiscal year up to that day"),
        "last_year": _("The last whole fiscal year"),
        "everything": _("Everything"),
    }
    return words[span]


def say_rhythm(rhythm: str) -> str:
    """Name how often a saved report is written."""
    words: dict[str, str] = {
        "": _("Only when I ask"),
        "week": _("Every Monday"),
        "month": _("On the first of every month"),
    }
    return words[rhythm]


def say_stopped(why: str) -> str:
    """Say why a saved report is written no more."""
    words: dict[str, str] = {"not_allowed": _("Stopped: your role does not allow it any more.")}
    return words[why]


def say_refusal(name: str, values: Mapping[str, Any]) -> str:
    """Say why a file was not written, and what to do.

    Args:
        name: As the refusal is called.
        values: Its values.
    """
    given = {
        "names": "",
        "currency": "",
        "home": "",
        "number": "",
        "limit": 0,
        "column": "",
        "row": 0,
        "shape": "",
    } | dict(values)
    words: dict[str, str] = {
        "accounts_unmapped": _(
            "These accounts have no name of yours: %(names)s. Name each in the [accounts] table of the "
            "newsroom’s file, and have it loaded.",
            names=given["names"],
        ),
        "codes_missing": _("Xero takes accounts by their code, and “%(names)s” has none.", names=given["names"]),
        "other_currency": _(
            "It holds %(currency)s, and this shape takes %(home)s only. Choose “Any accounting”, which names each "
            "line’s currency.",
            currency=given["currency"],
            home=given["home"],
        ),
        "journal_unbalanced": _(
            "Entry %(number)s does not balance. Tell whoever keeps this system: flask check.", number=given["number"]
        ),
        "folder_unwritable": _(
            "The folder for exports is full or can’t be written. Tell whoever keeps this system, then ask for the file "
            "again."
        ),
        "csv_only": _("%(shape)s takes CSV only: choose CSV.", shape=say_shape(str(given["shape"]))),
        "too_many_rows": _(
            "An Excel sheet holds %(most)s rows, and this has more. Choose CSV, or fewer days.",
            most=f"{given['limit']:,}",
        ),
        "cell_too_long": _(
            "A cell of Excel holds %(most)s letters, and %(column)s of row %(row)s has more. Choose CSV.",
            most=f"{given['limit']:,}",
            column=given["column"],
            row=f"{given['row']:,}",
        ),
        "sheet_too_large": _("An Excel sheet may come to 2 GB, and this is more. Choose CSV, or fewer days."),
    }
    return words.get(name, name)
