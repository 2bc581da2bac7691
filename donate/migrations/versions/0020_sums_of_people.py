"""ledger: sums of stories by month and year; what is kept of donors by fiscal year, and how many stand how

Revision ID: 0020_sums_of_people
Revises: 0019_auditors
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0020_sums_of_people"
down_revision = '0019_auditors'
branch_labels = None
depends_on = None

# As ``ledger.accounts`` stood when this was written.
_MANY = {"article": "article_slug", "source": "source"}
_CAME = "('charge', 'offline')"
_WENT = "('refund', 'refund_failure', 'payment_reversal')"
_TAKEN = "('dispute', 'dispute_reversal')"


def upgrade() -> None:
    """Apply."""
    _make_spans()
    _make_donors()
    op.add_column("ledger_book", sa.Column("donors_month", sa.Integer(), nullable=True))
    _fill()


def _make_spans() -> None:
    op.create_table(
        "ledger_span_by",
        sa.Column("by", sa.String(10), nullable=False),
        sa.Column("settlement_currency", sa.String(3), nullable=False),
        sa.Column("fund_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("span", sa.String(7), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("gifts", sa.Integer(), nullable=False),
        *(
            sa.Column(f"{name}_minor", sa.BigInteger(), nullable=False)
            for name in ("gross", "refunds", "disputes", "fees", "net")
        ),
        sa.CheckConstraint("by IN ('article', 'source')", name=op.f("ck_ledger_span_by_by")),
        sa.PrimaryKeyConstraint("by", "settlement_currency", "fund_id", "span", "key", name=op.f("pk_ledger_span_by")),
    )
    op.create_index(
        "ix_ledger_span_by_net",
        "ledger_span_by",
        ["by", "settlement_currency", "fund_id", "span", "net_minor", "key"],
    )


def _make_donors() -> None:
    op.create_table(
        "donor_sum",
        sa.Column("donor_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("gifts", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("donor_id", name=op.f("pk_donor_sum")),
    )
    op.create_table(
        "donor_year",
        sa.Column("donor_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("standing", sa.String(10), nullable=False),
        sa.Column("next_year", sa.Integer(), nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("gifts", sa.Integer(), nullable=False),
        sa.Column("kept_minor", sa.BigInteger(), nullable=False),
        sa.Column("ever_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("standing IN ('first_time', 'retained', 'regained')", name=op.f("ck_donor_year_standing")),
        sa.PrimaryKeyConstraint("donor_id", "year", "currency", name=op.f("pk_donor_year")),
    )
    op.create_index("ix_donor_year_kept", "donor_year", ["currency", "year", "standing", "kept_minor", "donor_id"])
    op.create_index("ix_donor_year_ever", "donor_year", ["currency", "year", "next_year", "ever_minor", "donor_id"])
    op.create_table(
        "donor_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("standing", sa.String(10), nullable=False),
        sa.Column("cohort", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "standing", "cohort", name=op.f("pk_donor_day")),
    )


def _fill() -> None:
    """Sum what was booked before by story; donors are counted by the worker, or by ``flask ledger rebuild``."""
    # Where entries stand, the row tells that no donor is counted yet.
    op.execute(
        "INSERT INTO ledger_book (id) SELECT 1 WHERE EXISTS (SELECT 1 FROM ledger_entry)"
        " AND NOT EXISTS (SELECT 1 FROM ledger_book)"
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for form in ("%Y", "%Y-%m") if is_sqlite else ("YYYY", "YYYY-MM"):
        span = f"strftime('{form}', e.booked_on)" if is_sqlite else f"to_char(e.booked_on, '{form}')"
        for by, column in _MANY.items():
            for fund in ("0", "e.fund_id"):
                op.execute(_sum_up(span, by, column, fund))


def _sum_up(span: str, by: str, column: str, fund: str) -> str:
    gross = "e.settlement_gross_minor"
    # Grouped in a question of its own: a constant is no column to group by.
    return (
        'INSERT INTO ledger_span_by ("by", settlement_currency, fund_id, span, key, gifts, gross_minor, refunds_minor,'
        f" disputes_minor, fees_minor, net_minor) SELECT '{by}', r.currency, r.fund, r.span, r.key,"
        " sum(r.came), sum(r.gross), sum(r.refunds), sum(r.disputes), -sum(r.fee), sum(r.net) FROM ("
        f" SELECT e.settlement_currency AS currency, {fund} AS fund, {span} AS span, d.{column} AS key,"
        f" CASE WHEN e.entry_type IN {_CAME} THEN 1 ELSE 0 END AS came,"
        f" CASE WHEN e.entry_type IN {_CAME} THEN {gross} ELSE 0 END AS gross,"
        f" CASE WHEN e.entry_type IN {_WENT} THEN {gross} ELSE 0 END AS refunds,"
        f" CASE WHEN e.entry_type IN {_TAKEN} THEN {gross} ELSE 0 END AS disputes,"
        " e.settlement_fee_minor AS fee, e.settlement_net_minor AS net"
        " FROM ledger_entry e JOIN donation d ON d.id = e.donation_id WHERE e.fund_id IS NOT NULL) AS r"
        " GROUP BY r.currency, r.fund, r.span, r.key"
    )


def downgrade() -> None:
    """Take back."""
    op.drop_column("ledger_book", "donors_month")
    for name in ("donor_day", "donor_year", "donor_sum", "ledger_span_by"):
        op.drop_table(name)
