"""ledger: sums by what gifts have in common, and what fee cover covered; newsroom: when its fiscal year begins

Revision ID: 0017_sums
Revises: 0016_movements
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0017_sums'
down_revision = '0016_movements'
branch_labels = None
depends_on = None

# As ``ledger.accounts.FACETS`` stood when this was written.
_FACETS = {'kind': 'kind', 'article': 'article_slug', 'source': 'source', 'method': 'payment_method'}
_KEY = ('booked_on', 'by', 'key', 'entry_type', 'settlement_currency', 'fund_id')


def upgrade() -> None:
    """Apply."""
    op.add_column('newsroom', sa.Column('fiscal_month', sa.Integer(), nullable=False, server_default='1'))
    for name in ('fee_cover_minor', 'covered_fee_minor'):
        op.add_column('ledger_day', sa.Column(name, sa.BigInteger(), nullable=False, server_default='0'))
    late = sa.text('booked_on > occurred_on')
    op.create_index(
        'ix_ledger_entry_late', 'ledger_entry', ['booked_on', 'occurred_on'], sqlite_where=late, postgresql_where=late
    )
    op.create_table(
        'ledger_day_by',
        sa.Column('booked_on', sa.Date(), nullable=False),
        sa.Column('by', sa.String(10), nullable=False),
        sa.Column('key', sa.String(200), nullable=False),
        sa.Column('entry_type', sa.String(20), nullable=False),
        sa.Column('settlement_currency', sa.String(3), nullable=False),
        sa.Column('fund_id', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('entries', sa.Integer(), nullable=False),
        sa.Column('settlement_gross_minor', sa.BigInteger(), nullable=False),
        sa.Column('settlement_fee_minor', sa.BigInteger(), nullable=False),
        sa.Column('settlement_net_minor', sa.BigInteger(), nullable=False),
        sa.CheckConstraint("by IN ('kind', 'article', 'source', 'method')", name=op.f('ck_ledger_day_by_by')),
        sa.PrimaryKeyConstraint(*_KEY, name=op.f('pk_ledger_day_by')),
    )
    op.create_index('ix_ledger_day_by_facet', 'ledger_day_by', ['by', 'settlement_currency', 'booked_on'])
    _fill()


def _fill() -> None:
    """Sum what was booked before these sums were kept."""
    for by, column in _FACETS.items():
        op.execute(
            'INSERT INTO ledger_day_by (booked_on, "by", key, entry_type, settlement_currency, fund_id, entries,'
            ' settlement_gross_minor, settlement_fee_minor, settlement_net_minor)'
            f" SELECT e.booked_on, '{by}', d.{column}, e.entry_type, e.settlement_currency, coalesce(e.fund_id, 0),"
            ' count(*), sum(e.settlement_gross_minor), sum(e.settlement_fee_minor), sum(e.settlement_net_minor)'
            ' FROM ledger_entry e JOIN donation d ON d.id = e.donation_id'
            f' GROUP BY e.booked_on, d.{column}, e.entry_type, e.settlement_currency, coalesce(e.fund_id, 0)'
        )
    op.execute(
        'UPDATE ledger_day SET fee_cover_minor = found.cover, covered_fee_minor = found.fee FROM ('
        ' SELECT e.booked_on, e.currency, e.settlement_currency, coalesce(e.fund_id, 0) AS fund_id,'
        ' coalesce(d.appeal_id, 0) AS appeal_id, sum(d.fee_cover_minor) AS cover, sum(e.settlement_fee_minor) AS fee'
        ' FROM ledger_entry e JOIN donation d ON d.id = e.donation_id'
        " WHERE e.entry_type = 'charge' AND d.fee_cover_minor > 0 GROUP BY 1, 2, 3, 4, 5) AS found"
        " WHERE ledger_day.entry_type = 'charge' AND ledger_day.booked_on = found.booked_on"
        ' AND ledger_day.currency = found.currency AND ledger_day.settlement_currency = found.settlement_currency'
        ' AND ledger_day.fund_id = found.fund_id AND ledger_day.appeal_id = found.appeal_id'
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table('ledger_day_by')
    op.drop_index('ix_ledger_entry_late', 'ledger_entry')
    for name in ('covered_fee_minor', 'fee_cover_minor'):
        op.drop_column('ledger_day', name)
    op.drop_column('newsroom', 'fiscal_month')
