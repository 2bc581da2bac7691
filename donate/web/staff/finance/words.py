"""Kinds of entries, gifts and payments in the words a finance director reads."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from donate.ledger.models import Payout
from donate.money import Money
from donate.web.reading import money


def say_entry_type(entry_type: str) -> str:
    """Name a kind of entry.

    Args:
        entry_type: One of ``ledger.accounts.ENTRY_TYPES``.
    """
    words: dict[str, str] = {
        "charge": _("Gift"),
        "offline": _("Cheque, transfer or cash"),
        "offline_return": _("Cheque, transfer or cash that did not come after all"),
        "refund": _("Refund"),
        "refund_failure": _("Refund that failed"),
        "payment_reversal": _("Payment taken back"),
        "dispute": _("Dispute"),
        "dispute_reversal": _("Dispute won"),
        "fee": _("Stripe’s other charges"),
        "adjustment": _("Correction by Stripe"),
        "reserve": _("Held back by Stripe"),
        "payout": _("Payout to the bank"),
        "payout_failure": _("Payout that came back"),
        "topup": _("Paid in to Stripe"),
        "outside": _("Other products of the account"),
        "unclassified": _("Not known yet"),
    }
    return words[entry_type]


def say_kind(kind: str) -> str:
    """Name a kind of gift."""
    words: dict[str, str] = {
        "recurring": _("Recurring gifts"),
        "one_time": _("One-time gifts"),
        "offline": _("Cheque, transfer or cash"),
    }
    return words.get(kind, kind)


def say_method(method: str) -> str:
    """Name a method of payment, Stripe's or an offline one; one that is new keeps its own name."""
    words: dict[str, str] = {
        "": _("Not told"),
        "card": _("Card"),
        "link": "Link",
        "us_bank_account": _("Bank account (ACH)"),
        "sepa_debit": _("Bank account (SEPA)"),
        "cheque": _("Cheque"),
        "cash": _("Cash"),
        "transfer": _("Bank transfer"),
        "stock": _("Stock"),
        "daf": _("Donor-advised fund"),
    }
    return words.get(method, method.replace("_", " "))


def say_by(by: str) -> str:
    """Name what a table is summed by."""
    words: dict[str, str] = {
        "day": _("Day"),
        "month": _("Month"),
        "fund": _("Fund"),
        "appeal": _("Appeal"),
        "kind": _("Kind"),
        "article": _("Story"),
        "source": _("Source"),
        "method": _("Method of payment"),
    }
    return words[by]


def say_payout_status(status: str) -> str:
    """Say in a word where a payout is."""
    words: dict[str, str] = {
        "pending": _("on its way"),
        "in_transit": _("on its way"),
        "paid": _("at the bank"),
        "failed": _("failed"),
        "canceled": _("stopped"),
    }
    return words[status]


def say_proof(payout: Payout, entries: int) -> str:
    """Say whether a payout is proved by what it is made of.

    Args:
        payout: Which.
        entries: How many are known to have left with it.
    """
    short = money(Money(abs(payout.difference_minor), payout.currency))
    more: str = _("%(amount)s of it stand in no entry here.", amount=short)
    less: str = _("Its entries here make %(amount)s too much.", amount=short)
    words: dict[str, str] = {
        "proved": ngettext("Agrees: %(num)s entry.", "Agrees: %(num)s entries.", entries),
        "manual": _("Made by hand: Stripe names nothing that it is made of."),
        "open": _("Stripe has not said yet what it is made of."),
        "differs": _("The sum agrees, but its entries differ from Stripe’s."),
    }
    if payout.proof == "differs" and payout.difference_minor:
        words["differs"] = more if payout.difference_minor > 0 else less
    return words[payout.proof]


def say_difference(what: str) -> str:
    """Explain one difference of a payout.

    Args:
        what: As ``ledger.payouts`` names it.
    """
    words: dict[str, str] = {
        "not in our books": _("It left with the payout and has no entry here."),
        "is booked with another sum": _("It stands here with another sum than at Stripe."),
        "Stripe no longer lists it": _("It left with this payout here, and Stripe does not list it."),
        "its own movement is another sum": _("The payout’s own movement is another sum than the payout."),
        "its parts do not add up": _("All its entries are here, and together they make another sum."),
        "is of another currency": _("It is of another currency than the payout."),
        "left with another payout": _("It left with another payout here."),
    }
    return words.get(what, what)


def say_standing(standing: str) -> str:
    """Name how a donor stands in a year, with the field's own short word where it has one."""
    words: dict[str, str] = {
        "donor": _("Donors"),
        "first_time": _("First-time"),
        "retained": _("Gave again"),
        "regained": _("Came back"),
        "lybunt": _("Not yet again (LYBUNT)"),
        "sybunt": _("Gave in some year before (SYBUNT)"),
        "lapsed": _("Lapsed"),
    }
    return words[standing]


def say_figure(name: str) -> str:
    """Name a figure of the desk, as ``definitions.DEFINITIONS`` has it."""
    words: dict[str, str] = {
        "net": _("Received, net"),
        "gross": _("Gross"),
        "gifts": _("Gifts"),
        "refunds": _("Refunds"),
        "disputes": _("Disputes"),
        "fees": _("Fees"),
        "fee_share": _("Fees in percent"),
        "other": _("Other movements"),
        "cover": _("Fee cover"),
        "before": _("A year before"),
        "mrr": _("Monthly promise"),
        "new": _("New"),
        "raised": _("Raised"),
        "returned": _("Returned"),
        "lowered": _("Lowered"),
        "paused": _("Paused"),
        "failed": _("Card failed for good"),
        "cancelled": _("Stopped"),
        "churn": _("Churn"),
        "cohort": _("Cohort"),
        "retention": _("Retention"),
        "payout": _("Payout"),
        "period": _("Month of the books"),
        "clearing": _("Balance at Stripe"),
    }
    return words[name] if name in words else say_standing(name)
