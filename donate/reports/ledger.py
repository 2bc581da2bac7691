"""The ledger export: one row an entry of the books, dated on its own day and booked in an open month."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, case, func, select

from donate.appeals.models import Appeal
from donate.articles.models import Article
from donate.donors.models import Donor
from donate.giving.models import Donation
from donate.ledger.accounts import BY_HAND
from donate.ledger.models import LedgerEntry, Payout, PayoutItem
from donate.newsroom.models import Fund
from donate.recurring.models import RecurringDonation
from donate.reports.as_text import NOTHING, amount, day, known, moment, month
from donate.reports.copy import iterate_texts
from donate.reports.entries import Chosen, conditions
from donate.reports.narrowed import slug_of

#: Columns are only ever added at the end.
COLUMNS = (
    "entry_id", "entry_type", "occurred_at", "occurred_on", "available_on", "currency", "gross",
    "settlement_currency", "settlement_gross", "settlement_fee", "settlement_net", "exchange_rate", "donation_id",
    "recurring_id", "donor_id", "fund", "gl_code", "restriction", "appeal", "article",
    "stripe_balance_transaction_id", "stripe_charge_id", "stripe_refund_id", "stripe_dispute_id", "stripe_payout_id",
    "period", "note", "variant", "placement", "source",
)  # fmt: skip


def ask_entries(period: Any) -> Select[Any]:
    """Ask for the entries of the books with what they hang on, as texts, in the order they were booked for.

    Args:
        period: A ``reports.export.Period`` of the days they are booked on.
    """
    entry = LedgerEntry
    settled = entry.settlement_currency
    texts: dict[str, Any] = {
        "entry_id": entry.reference,
        "entry_type": entry.entry_type,
        "occurred_at": moment(entry.occurred_at),
        "occurred_on": day(entry.occurred_on),
        "available_on": day(entry.available_on),
        "currency": entry.currency,
        "gross": amount(entry.gross_minor, entry.currency),
        "settlement_currency": settled,
        "settlement_gross": amount(entry.settlement_gross_minor, settled),
        "settlement_fee": amount(entry.settlement_fee_minor, settled),
        "settlement_net": amount(entry.settlement_net_minor, settled),
        "exchange_rate": entry.exchange_rate,
        "donation_id": known(Donation.reference),
        "recurring_id": known(RecurringDonation.reference),
        "donor_id": known(Donor.reference),
        "fund": known(Fund.code),
        "gl_code": entry.gl_code,
        "restriction": known(Fund.restriction),
        "appeal": known(Appeal.slug),
        "article": func.coalesce(Article.slug, Donation.article_slug, NOTHING),
        "stripe_balance_transaction_id": case((entry.entry_type.in_(BY_HAND), NOTHING), else_=entry.source_key),
        "stripe_charge_id": known(entry.stripe_charge_id),
        "stripe_refund_id": known(entry.stripe_refund_id),
        "stripe_dispute_id": known(entry.stripe_dispute_id),
        "stripe_payout_id": func.coalesce(entry.stripe_payout_id, Payout.stripe_payout_id, NOTHING),
        "period": month(entry.booked_on),
        "note": entry.note,
        "variant": known(Donation.variant),
        "placement": known(Donation.placement),
        "source": known(Donation.source),
    }
    asked = (
        select(*(texts[column].label(column) for column in COLUMNS))
        .select_from(entry)
        .outerjoin(Donation, Donation.id == entry.donation_id)
        .outerjoin(RecurringDonation, RecurringDonation.id == Donation.recurring_id)
        .outerjoin(Donor, Donor.id == Donation.donor_id)
        .outerjoin(Fund, Fund.id == entry.fund_id)
        .outerjoin(Appeal, Appeal.id == Donation.appeal_id)
        .outerjoin(Article, Article.id == Donation.article_id)
        .outerjoin(PayoutItem, PayoutItem.entry_id == entry.id)
        .outerjoin(Payout, Payout.id == PayoutItem.payout_id)
        .order_by(entry.booked_on, entry.occurred_at, entry.source_key)
    )
    return asked.where(*conditions(_chosen(period)))


def _chosen(period: Any) -> Chosen:
    """Give the entries of a period as the desk chooses them, so that a file holds what its page lists."""
    names = ("since", "until", "by", "key", "part", "entry_type", "currency")
    fund, appeal = period.fund or "", slug_of(period.appeal)
    return Chosen(fund=fund, appeal=appeal, **{name: getattr(period, name) for name in names})


def export_ledger(period: Any) -> Iterator[dict[str, Any]]:
    """Give the entries booked in a period; gross less fee is net, as Stripe writes it; call inside ``snapshot()``.

    Args:
        period: A ``reports.export.Period``; what was learned after its month was closed
            is in the month it is booked in.
    """
    yield from iterate_texts(ask_entries(period))
