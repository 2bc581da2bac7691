"""operations: schedules, workers that are alive, problems, verdicts, and what staff are mailed

Revision ID: 0025_operations
Revises: 0024_settings
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from donate.db import UtcDateTime


revision = '0025_operations'
down_revision = '0024_settings'
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    """Apply."""
    op.create_table(
        'schedule',
        sa.Column('name', sa.String(80), nullable=False),
        sa.Column('every_seconds', sa.Integer(), nullable=False),
        sa.Column('known_at', UtcDateTime(), nullable=False),
        sa.Column('ran_at', UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint('name', name=op.f('pk_schedule')),
    )
    op.create_table(
        'worker_beat',
        sa.Column('owner', sa.String(40), nullable=False),
        sa.Column('began_at', UtcDateTime(), nullable=False),
        sa.Column('seen_at', UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint('owner', name=op.f('pk_worker_beat')),
    )
    op.create_table(
        'operation_problem',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('cause', sa.String(40), nullable=False),
        sa.Column('severity', sa.String(4), nullable=False),
        sa.Column('values', _JSON, nullable=False),
        sa.Column('path', sa.String(200), nullable=False),
        sa.Column('opened_at', UtcDateTime(), nullable=False),
        sa.Column('last_seen_at', UtcDateTime(), nullable=False),
        sa.Column('closed_at', UtcDateTime(), nullable=True),
        sa.Column('mailed_at', UtcDateTime(), nullable=True),
        sa.Column('quiet_until', UtcDateTime(), nullable=True),
        sa.Column('times', sa.Integer(), nullable=False),
        sa.CheckConstraint("severity IN ('bad', 'warn')", name=op.f('ck_operation_problem_severity')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_operation_problem')),
        sa.UniqueConstraint('cause', name=op.f('uq_operation_problem_cause')),
    )
    op.create_table(
        'operation_verdict',
        sa.Column('name', sa.String(20), nullable=False),
        sa.Column('asked_at', UtcDateTime(), nullable=False),
        sa.Column('is_good', sa.Boolean(), nullable=False),
        sa.Column('since', UtcDateTime(), nullable=False),
        sa.Column('told', _JSON, nullable=False),
        sa.PrimaryKeyConstraint('name', name=op.f('pk_operation_verdict')),
    )
    op.create_table(
        'staff_notices',
        sa.Column('staff_id', _ID, autoincrement=False, nullable=False),
        sa.Column('every_gift', sa.Boolean(), nullable=False),
        sa.Column('above_minor', sa.BigInteger(), nullable=True),
        sa.Column('above_currency', sa.String(3), nullable=False),
        sa.Column('promises', sa.Boolean(), nullable=False),
        sa.Column('disputes', sa.Boolean(), nullable=False),
        sa.Column('refunds', sa.Boolean(), nullable=False),
        sa.Column('digest_hour', sa.Integer(), nullable=True),
        sa.Column('digest_on', sa.Date(), nullable=True),
        sa.Column('language', sa.String(8), nullable=False),
        sa.CheckConstraint('above_minor > 0', name=op.f('ck_staff_notices_above')),
        sa.CheckConstraint('digest_hour >= 0 AND digest_hour < 24', name=op.f('ck_staff_notices_digest_hour')),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_staff_notices_staff_id_staff')),
        sa.PrimaryKeyConstraint('staff_id', name=op.f('pk_staff_notices')),
    )
    op.add_column(
        'stripe_event', sa.Column('is_fetched', sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade() -> None:
    """Take back."""
    op.drop_column('stripe_event', 'is_fetched')
    op.drop_table('staff_notices')
    op.drop_table('operation_verdict')
    op.drop_table('operation_problem')
    op.drop_table('worker_beat')
    op.drop_table('schedule')
