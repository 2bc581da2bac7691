"""What each figure of the finance desk means: said here once, and printed under each."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

#: In the order in which one page lists them all.
DEFINITIONS = {
    "net": _("Gifts less refunds, lost disputes and fees, each on its own day of the books."),
    "gross": _("What givers were charged, covered fees included, and cheques, transfers and cash."),
    "gifts": _("How many charges and offline gifts were booked, those that went back later among them."),
    "refunds": _("What was given back, on the day it went, less refunds that failed and came back."),
    "disputes": _("What givers’ banks took back, less what was won again."),
    "fees": _("What Stripe kept of gifts and disputes, less what it gave back."),
    "fee_share": _("Card and dispute fees over gross received."),
    "other": _(
        "What moved the balance at Stripe and belongs to no gift: its other charges, reserves, corrections, "
        "and the money of other products of the same account."
    ),
    "cover": _("What givers added to cover the fee, beside what Stripe kept of those very gifts and of all gifts."),
    "before": _("The same days of the year before."),
    "mrr": _(
        "What monthly and yearly promises that run would bring in a month: a yearly gift counts a twelfth, "
        "a paused one nothing, one that is to stop counts until it stops. Covered fees are included."
    ),
    "new": _("Promises whose first gift came."),
    "raised": _("What running promises were raised by."),
    "returned": _("Promises that run again after a pause, or that take up one that ended."),
    "lowered": _("What running promises were lowered by."),
    "paused": _("Promises that stand still for a while."),
    "failed": _("Promises that ended because no retry succeeded."),
    "cancelled": _("Promises that were stopped by the donor or the newsroom."),
    "churn": _("Promises that were stopped or failed in a month, over those that ran at its beginning."),
    "cohort": _("Of the promises that began in a month, how many still run after so many months; a paused one runs."),
    "donor": _("Who gave something that is kept. People who gave in two currencies are counted once."),
    "first_time": _("Their first kept gift ever is of this year."),
    "retained": _("Gave last year and again this year."),
    "regained": _("Gave before last year, not last year, and again this year."),
    "lybunt": _("Gave last year but not yet this year (LYBUNT)."),
    "sybunt": _("Gave in some earlier year but not yet this year; last year’s among them (SYBUNT)."),
    "lapsed": _("Gave once, and nothing for more than twelve months up to the last day shown."),
    "retention": _("Of last year’s donors, how many gave again this year."),
    "payout": _(
        "Money that left Stripe for the bank. It is proved when the entries it is made of add up to its "
        "amount."
    ),
    "period": _("A closed month never changes: what is learned of it later is booked in the first open month."),
    "clearing": _("What Stripe holds for the newsroom by the books; it equals the balance Stripe tells."),
}  # fmt: skip
