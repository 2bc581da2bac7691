"""reports: files written in the background, and reports that are saved

Revision ID: 0018_orders
Revises: 0017_sums
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from donate.db import UtcDateTime


revision = '0018_orders'
down_revision = '0017_sums'
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    """Apply."""
    op.create_table(
        'saved_report',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('reference', sa.String(16), nullable=False),
        sa.Column('staff_id', _ID, nullable=False),
        sa.Column('name', sa.String(80), nullable=False),
        sa.Column('kind', sa.String(40), nullable=False),
        sa.Column('shape', sa.String(40), nullable=False),
        sa.Column('form', sa.String(10), nullable=False),
        sa.Column('span', sa.String(20), nullable=False),
        sa.Column('filters', _JSON, nullable=False),
        sa.Column('rhythm', sa.String(5), nullable=False),
        sa.Column('language', sa.String(8), nullable=False),
        sa.Column('created_at', UtcDateTime(), nullable=False),
        sa.Column('next_on', sa.Date(), nullable=True),
        sa.Column('stopped', sa.String(20), nullable=False),
        sa.CheckConstraint("rhythm IN ('', 'week', 'month')", name=op.f('ck_saved_report_rhythm')),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_saved_report_staff_id_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_report')),
        sa.UniqueConstraint('reference', name=op.f('uq_saved_report_reference')),
        sa.UniqueConstraint('staff_id', 'name', name=op.f('uq_saved_report_staff_id_name')),
    )
    op.create_index(op.f('ix_saved_report_next_on'), 'saved_report', ['next_on'])
    op.create_table(
        'export_order',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('reference', sa.String(16), nullable=False),
        sa.Column('staff_id', _ID, nullable=False),
        sa.Column('asked_at', UtcDateTime(), nullable=False),
        sa.Column('kind', sa.String(40), nullable=False),
        sa.Column('shape', sa.String(40), nullable=False),
        sa.Column('form', sa.String(10), nullable=False),
        sa.Column('period', _JSON, nullable=False),
        sa.Column('state', sa.String(10), nullable=False),
        sa.Column('rows_done', sa.BigInteger(), nullable=False),
        sa.Column('rows_expected', sa.BigInteger(), nullable=False),
        sa.Column('files', _JSON, nullable=False),
        sa.Column('refusal', sa.String(60), nullable=False),
        sa.Column('refusal_values', _JSON, nullable=False),
        sa.Column('run_id', _ID, nullable=True),
        sa.Column('saved_report_id', _ID, nullable=True),
        sa.Column('ready_at', UtcDateTime(), nullable=True),
        sa.Column('expires_at', UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'writing', 'ready', 'refused', 'gone')", name=op.f('ck_export_order_state')
        ),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_export_order_staff_id_staff')),
        sa.ForeignKeyConstraint(['run_id'], ['export_run.id'], name=op.f('fk_export_order_run_id_export_run')),
        sa.ForeignKeyConstraint(
            ['saved_report_id'], ['saved_report.id'], ondelete='SET NULL',
            name=op.f('fk_export_order_saved_report_id_saved_report'),
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_export_order')),
        sa.UniqueConstraint('reference', name=op.f('uq_export_order_reference')),
    )
    op.create_index('ix_export_order_staff', 'export_order', ['staff_id', 'id'])


def downgrade() -> None:
    """Take back."""
    op.drop_table('export_order')
    op.drop_table('saved_report')
