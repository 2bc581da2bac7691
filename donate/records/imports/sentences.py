"""Why a row or a file was left out, in the sentences that whoever moves house reads."""

from __future__ import annotations

from donate.errors import DonateError

_SENTENCES = {
    # a file
    "file_missing": "The file can’t be read: {why}.",
    "file_empty": "The file is empty.",
    "file_too_large": "The file is larger than {most} MB. Export a few years at a time, and import one file after "
    "the other.",
    "file_packed": "This is a workbook or an archive, not a CSV file. Unpack it, or save it as CSV (UTF-8).",
    "encoding_unknown": "There is no encoding {encoding}. Try utf-8 or cp1252.",
    "quote_open": "A quote that opens on line {line} never closes. Look at that line in a text editor.",
    "columns_missing": "This is not a {form} file: it has no column {missing}. It has: {found}.",
    "zone_unknown": "There is no time zone {zone}. Zones are named like America/New_York.",
    "fund_not_here": "No fund here has the code {name}. Look at flask newsroom, or at the funds of the settings.",
    "appeal_not_here": "No appeal here has the address {name}.",
    # a row
    "cells": "The row has {found} cells where the header has {expected}: a comma or a quote is missing or too many.",
    "formula": "A formula stands in {column}. Paste its value, and export again.",
    "not_text": "{column} holds letters that can’t be read. Export the file again as UTF-8.",
    "too_long": "{column} is longer than {most} letters.",
    "id_missing": "{column} is empty: without its number a gift can’t be told from another.",
    "nobody": "Nobody is named: neither an address in {email} nor a number in {donor}.",
    "email_unreadable": "The e-mail address is none. Correct it, or leave it empty where the donor has a number.",
    "currency_missing": "No currency is named. Name the file’s with --currency, such as --currency USD.",
    "currency_unknown": "{currency} is no currency (ISO 4217), such as USD.",
    "amount_missing": "The amount is missing.",
    "amount_zero": "The amount is zero: no money came.",
    "amount_negative": "The amount {amount} is below zero. What went back belongs to its gift, as refunded.",
    "amount_unreadable": "The amount {amount} can’t be read.",
    "amount_other_decimal": "The amount {amount} is written with another decimal sign. If the whole file is, "
    "say --decimal {other}.",
    "amount_decimals": "The amount {amount} has more decimals than {currency} has.",
    "date_missing": "The date is missing.",
    "date_unreadable": "The date {date} can’t be read. 2024-03-31 always can.",
    "date_order_unknown": "{date} may be two days. Say which number comes first in this file: --dates dmy or "
    "--dates mdy.",
    "date_to_come": "The day {date} is still to come. Are day and month the other way round? Then say --dates.",
    "date_too_old": "The day {date} is before 1990.",
    "yes_or_no": "{column} says {text}: write yes or no.",
    "did_not_arrive": "Its status is {status}: no money came by it, or it is not known that it did.",
    "test_mode": "It was only practised with: it is of test mode.",
    "not_a_payment": "{column} is no payment of Stripe’s: those begin with ch_, py_ or pi_.",
    "refund_too_large": "More went back ({amount}) than was given ({gift}).",
    "fund_unknown": "There is no fund “{name}” here. Say which it is: --fund “{name}=CODE”, or --other-funds CODE "
    "for all that have none.",
    "appeal_unknown": "There is no appeal “{name}” here. Say which it is: --appeal “{name}=ADDRESS”, or "
    "--other-appeals none to import such gifts without one.",
    "duplicate": "The same gift stands on line {line} already.",
    "changed": "It was imported before as {before}, and the file now says {after}. Nothing was changed.",
    "forgotten": "Its giver asked to be forgotten here. It is not brought back.",
}  # fmt: skip


def sentence_for(refused: DonateError) -> str:
    """Write why a row or a file was left out.

    Args:
        refused: Why.
    """
    return _SENTENCES[refused.message].format(**refused.values)


def kind_of_reason(refused: DonateError) -> str:
    """Write why a row was left out as many others were, for counting: only what an operator answers for all of them.

    Args:
        refused: Why.
    """
    kept = ("fund_unknown", "appeal_unknown", "did_not_arrive", "formula", "too_long", "not_text", "id_missing",
            "nobody", "currency_missing", "test_mode", "forgotten", "amount_missing", "amount_zero", "date_missing",
            "email_unreadable")  # fmt: skip
    if refused.message in kept:
        return sentence_for(refused)
    return _KINDS[refused.message]


_KINDS = {
    "cells": "The row has more or fewer cells than the header.",
    "currency_unknown": "The currency is none.",
    "amount_negative": "The amount is below zero. What went back belongs to its gift, as refunded.",
    "amount_unreadable": "The amount can’t be read.",
    "amount_other_decimal": "The amount is written with another decimal sign: see --decimal.",
    "amount_decimals": "The amount has more decimals than its currency.",
    "date_unreadable": "The date can’t be read. 2024-03-31 always can.",
    "date_order_unknown": "The date may be two days: say --dates dmy or --dates mdy.",
    "date_to_come": "The day is still to come.",
    "date_too_old": "The day is before 1990.",
    "yes_or_no": "A cell should say yes or no.",
    "not_a_payment": "The number is no payment of Stripe’s.",
    "refund_too_large": "More went back than was given.",
    "duplicate": "The same gift stands twice in the file; its first row counts.",
    "changed": "It was imported before with another amount. Nothing was changed.",
}
