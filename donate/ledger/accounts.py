"""The accounts of the books and the kinds of entries, and which of Stripe's types is which. Pure."""

from __future__ import annotations

from donate.payments.values import BalanceTransaction

#: What a newsroom's accounts are called here; the finance desk maps them to its own.
ACCOUNTS = (
    "clearing",         # what Stripe holds for us: equals its balance at any moment
    "bank",             # what has left Stripe for the bank
    "undeposited",      # cheques, cash and transfers, until they are banked
    "income",           # gifts, by fund
    "refunds",          # gifts given back: set against income
    "dispute_losses",   # gifts that a giver's bank took back
    "dispute_fees",     # what Stripe charges for a dispute
    "processing_fees",  # what Stripe keeps of a gift
    "stripe_fees",      # what Stripe charges the account besides
    "reserves",         # what Stripe holds back for a while
    "outside",          # money of other products of the same account
    "adjustments",      # what Stripe corrected
    "unclassified",     # what nobody knows yet: raised, never dropped
)  # fmt: skip

ENTRY_TYPES = (
    "charge", "refund", "refund_failure", "payment_reversal", "dispute", "dispute_reversal", "fee", "adjustment",
    "reserve", "payout", "payout_failure", "topup", "outside", "offline", "offline_return", "unclassified",
)  # fmt: skip

#: Entries about one gift; where the gift is not ours they are ``outside``.
OF_A_GIFT = ("charge", "refund", "refund_failure", "payment_reversal", "dispute", "dispute_reversal")

#: Entries of gifts that never passed Stripe: what came, and what of it did not come after all.
BY_HAND = ("offline", "offline_return")

#: What a day's gifts are summed by besides fund and appeal, and the gift's column that says it.
FACETS = {"kind": "kind", "article": "article_slug", "source": "source", "method": "payment_method"}

#: Those of them that can be as many as a newsroom publishes: summed by month and year too.
MANY = ("article", "source")
#: What an entry of a gift is summed as.
PART_OF = {
    "charge": "gross", "offline": "gross", "offline_return": "refunds", "refund": "refunds",
    "refund_failure": "refunds", "payment_reversal": "refunds", "dispute": "disputes", "dispute_reversal": "disputes",
}  # fmt: skip

# https://docs.stripe.com/reports/balance-transaction-types
_BY_TYPE = {
    "charge": "charge",
    "payment": "charge",
    "refund": "refund",
    "payment_refund": "refund",
    "refund_failure": "refund_failure",
    "payment_failure_refund": "payment_reversal",
    "payment_reversal": "payment_reversal",
    "stripe_fee": "fee",
    "stripe_fx_fee": "fee",
    "tax_fee": "fee",
    "adjustment": "adjustment",
    "payout": "payout",
    "payout_failure": "payout_failure",
    "payout_cancel": "payout_failure",
    "payout_minimum_balance_hold": "reserve",
    "payout_minimum_balance_release": "reserve",
    "payment_network_reserve_hold": "reserve",
    "payment_network_reserve_release": "reserve",
    "reserve_hold": "reserve",
    "reserve_release": "reserve",
    "reserve_transaction": "reserve",
    "reserved_funds": "reserve",
    "topup": "topup",
    "topup_reversal": "topup",
    # Contributions to climate projects and the like are no gifts of ours, but known.
    "contribution": "fee",
    "application_fee": "outside",
    "application_fee_refund": "outside",
    "connect_collection_transfer": "outside",
    "inbound_transfer": "topup",
    "inbound_transfer_reversal": "topup",
    "transfer": "outside",
    "transfer_cancel": "outside",
    "transfer_failure": "outside",
    "transfer_refund": "outside",
}

#: Against which account the clearing account stands for the gross, by kind of entry.
COUNTERPART = {
    "charge": "income",
    "refund": "refunds",
    "refund_failure": "refunds",
    "payment_reversal": "refunds",
    "dispute": "dispute_losses",
    "dispute_reversal": "dispute_losses",
    "fee": "stripe_fees",
    "adjustment": "adjustments",
    "reserve": "reserves",
    "payout": "bank",
    "payout_failure": "bank",
    "topup": "bank",
    "outside": "outside",
    "unclassified": "unclassified",
}
#: Where the fee of an entry goes.
FEE_ACCOUNT = {"dispute": "dispute_fees", "dispute_reversal": "dispute_fees", "outside": "outside",
               "unclassified": "unclassified"}  # fmt: skip


def entry_type_of(transaction: BalanceTransaction) -> str:
    """Tell what kind of entry a balance transaction is; one of an unknown type is ``unclassified``.

    Args:
        transaction: Of ours; those about others' payments are ``outside``, which the caller knows.
    """
    kind = _BY_TYPE.get(transaction.type, "unclassified")
    is_dispute = transaction.source.kind == "dispute" or transaction.reporting_category.startswith("dispute")
    if kind == "adjustment" and is_dispute:
        return "dispute" if transaction.amount.minor < 0 else "dispute_reversal"
    return kind


def postings_of(entry_type: str, gross_minor: int, fee_minor: int) -> list[tuple[str, str, int]]:
    """Give an entry's postings as (debit, credit, amount above zero): gross first, then the fee.

    Args:
        entry_type: Any that passes Stripe.
        gross_minor: Signed; money in is positive.
        fee_minor: What Stripe kept; one that it gave back is negative.
    """
    against, fees = COUNTERPART[entry_type], FEE_ACCOUNT.get(entry_type, "processing_fees")
    moved = [(against, gross_minor), (fees, -fee_minor)]
    return [
        ("clearing", account, amount) if amount > 0 else (account, "clearing", -amount)
        for account, amount in moved
        if amount
    ]
