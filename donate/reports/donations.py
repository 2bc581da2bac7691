"""The donations export: one row a gift, in the columns others build on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, and_, case, func, select

from donate.appeals.models import Appeal
from donate.articles.models import Article
from donate.donors.models import Donor
from donate.giving.models import Donation
from donate.newsroom.models import Fund
from donate.receipts.models import Receipt
from donate.recurring.models import RecurringDonation
from donate.reports.as_text import NOTHING, amount, day, known, moment, yes_or_no
from donate.reports.copy import iterate_texts
from donate.reports.narrowed import narrowed
from donate.reports.queries import charged, moved_later

#: Columns are only ever added at the end. What a later step fills is empty, never left out.
COLUMNS = (
    "donation_id", "received_at", "received_on", "kind", "interval", "status", "currency", "amount",
    "settlement_currency", "settlement_amount", "fee", "net", "exchange_rate", "refunded", "disputed", "fee_covered",
    "deductible", "benefit_value", "donor_id", "donor_name", "donor_email", "anonymous", "country", "language", "fund",
    "gl_code", "restriction", "appeal", "variant", "placement", "article", "source", "payment_method", "card_brand",
    "last4", "receipt_number", "recurring_id", "stripe_payment_intent_id", "stripe_charge_id", "stripe_invoice_id",
    "stripe_balance_transaction_id", "stripe_payout_id", "imported_from", "imported_id",
)  # fmt: skip


def ask_donations(period: Any) -> Select[Any]:
    """Ask for received donations with what they hang on, as texts, oldest first.

    Args:
        period: A ``reports.export.Period``, by the newsroom's days; refunds, disputes, fees and payouts booked after it
            are left out.
    """
    later, charge = moved_later(period.until), charged(period.until)
    currency, settled = Donation.currency, charge.c.settlement_currency
    refunded, disputed = func.coalesce(later.c.refunded_minor, 0), func.coalesce(later.c.disputed_minor, 0)
    texts: dict[str, Any] = {
        "donation_id": Donation.reference,
        "received_at": moment(Donation.received_at),
        "received_on": day(Donation.received_on),
        "kind": Donation.kind,
        "interval": func.replace(Donation.frequency, "once", ""),
        "status": case(
            (disputed > 0, "disputed"),
            (refunded >= Donation.amount_minor, "refunded"),
            (refunded > 0, "partially_refunded"),
            else_=Donation.status,
        ),
        "currency": currency,
        "amount": amount(Donation.amount_minor, currency),
        # What a gift brought and cost, once the books know it.
        "settlement_currency": known(settled),
        "settlement_amount": amount(charge.c.settlement_gross_minor, settled),
        "fee": amount(charge.c.settlement_fee_minor, settled),
        "net": amount(charge.c.settlement_net_minor, settled),
        "exchange_rate": known(charge.c.exchange_rate),
        "refunded": amount(refunded, currency),
        "disputed": amount(disputed, currency),
        "fee_covered": amount(Donation.fee_cover_minor, currency),
        # What a gift's receipt says of it now; nothing where it says nothing.
        "deductible": amount(Receipt.deductible_minor, currency),
        "benefit_value": amount(Receipt.benefit_value_minor, currency),
        "donor_id": known(Donor.reference),
        "donor_name": func.trim(Donation.first_name + " " + Donation.last_name),
        "donor_email": Donation.email,
        "anonymous": yes_or_no(Donation.anonymous),
        "country": Donation.country,
        "language": Donation.language,
        "fund": Fund.code,
        "gl_code": Fund.gl_code,
        "restriction": Fund.restriction,
        "appeal": known(Appeal.slug),
        "variant": Donation.variant,
        "placement": Donation.placement,
        "article": func.coalesce(Article.slug, Donation.article_slug),
        "source": Donation.source,
        "payment_method": Donation.payment_method,
        "card_brand": Donation.card_brand,
        "last4": Donation.card_last4,
        "receipt_number": known(Receipt.number),
        "recurring_id": known(RecurringDonation.reference),
        "stripe_payment_intent_id": known(
            func.coalesce(Donation.stripe_payment_intent_id, Donation.imported_intent_id)
        ),
        "stripe_charge_id": known(func.coalesce(Donation.stripe_charge_id, Donation.imported_charge_id)),
        "stripe_invoice_id": known(Donation.stripe_invoice_id),
        "stripe_balance_transaction_id": case((Donation.kind == "offline", NOTHING), else_=known(charge.c.source_key)),
        "stripe_payout_id": known(charge.c.stripe_payout_id),
        # Of a gift that came before this desk; the books of then have what it brought and cost.
        "imported_from": known(Donation.imported_from),
        "imported_id": known(Donation.imported_id),
    }
    asked = (
        select(*(texts[column].label(column) for column in COLUMNS))
        .select_from(Donation)
        .join(Fund, Fund.id == Donation.fund_id)
        .outerjoin(Appeal, Appeal.id == Donation.appeal_id)
        .outerjoin(Article, Article.id == Donation.article_id)
        .outerjoin(Donor, Donor.id == Donation.donor_id)
        .outerjoin(Receipt, and_(Receipt.donation_id == Donation.id, Receipt.status == "issued"))
        .outerjoin(RecurringDonation, RecurringDonation.id == Donation.recurring_id)
        .outerjoin(charge, charge.c.donation_id == Donation.id)
        .outerjoin(later, later.c.donation_id == Donation.id)
        .where(Donation.status == "succeeded")
        .order_by(Donation.received_at, Donation.id)
    )
    asked = asked.where(*narrowed(period.fund, period.appeal))
    if period.since is not None:
        asked = asked.where(Donation.received_on >= period.since)
    if period.until is not None:
        asked = asked.where(Donation.received_on < period.until)
    return asked


def export_donations(period: Any) -> Iterator[dict[str, Any]]:
    """Give the export's rows for a period, oldest first; call inside ``snapshot()``.

    Args:
        period: A ``reports.export.Period``.
    """
    for row in iterate_texts(ask_donations(period)):
        row["anonymous"] = row["anonymous"] == "true"
        yield row
