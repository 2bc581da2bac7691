"""connections: hooks, what is sent to them, and tokens of programs that read; when rows last changed

Revision ID: 0026_hooks
Revises: 0025_operations
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from donate.db import UtcDateTime


revision = '0026_hooks'
down_revision = '0025_operations'
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_CHANGING = ('donation', 'recurring_donation', 'donor')


def upgrade() -> None:
    """Apply."""
    for table in _CHANGING:
        op.add_column(table, sa.Column('updated_at', UtcDateTime(), nullable=True))
        op.create_index(op.f(f'ix_{table}_updated_at'), table, ['updated_at'])
    op.create_table(
        'hook',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('reference', sa.String(16), nullable=False),
        sa.Column('name', sa.String(80), nullable=False),
        sa.Column('url', sa.Text(), nullable=False),
        sa.Column('kinds', _JSON, nullable=False),
        sa.Column('personal', sa.Boolean(), nullable=False),
        sa.Column('salt', sa.String(43), nullable=False),
        sa.Column('old_salt', sa.String(43), nullable=False),
        sa.Column('old_until', UtcDateTime(), nullable=True),
        sa.Column('created_at', UtcDateTime(), nullable=False),
        sa.Column('created_by', _ID, nullable=False),
        sa.Column('off_because', sa.String(10), nullable=False),
        sa.Column('off_since', UtcDateTime(), nullable=True),
        sa.Column('failing_since', UtcDateTime(), nullable=True),
        sa.Column('last_good_at', UtcDateTime(), nullable=True),
        sa.Column('rests_until', UtcDateTime(), nullable=True),
        sa.CheckConstraint("off_because IN ('', 'person', 'failing', 'gone')", name=op.f('ck_hook_off_because')),
        sa.CheckConstraint("(off_because = '') = (off_since IS NULL)", name=op.f('ck_hook_off')),
        sa.ForeignKeyConstraint(['created_by'], ['staff.id'], name=op.f('fk_hook_created_by_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_hook')),
        sa.UniqueConstraint('reference', name=op.f('uq_hook_reference')),
    )
    op.create_table(
        'hook_event',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('reference', sa.String(16), nullable=False),
        sa.Column('key', sa.String(160), nullable=False),
        sa.Column('kind', sa.String(40), nullable=False),
        sa.Column('about_kind', sa.String(10), nullable=False),
        sa.Column('about_id', sa.BigInteger(), nullable=False),
        sa.Column('at', UtcDateTime(), nullable=False),
        sa.Column('data', _JSON, nullable=False),
        sa.CheckConstraint(
            "about_kind IN ('gift', 'recurring', 'donor', 'test')", name=op.f('ck_hook_event_about_kind')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_hook_event')),
        sa.UniqueConstraint('reference', name=op.f('uq_hook_event_reference')),
        sa.UniqueConstraint('key', name=op.f('uq_hook_event_key')),
    )
    op.create_index(op.f('ix_hook_event_at'), 'hook_event', ['at'])
    op.create_index('ix_hook_event_about', 'hook_event', ['about_kind', 'about_id'])
    op.create_table(
        'hook_delivery',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('reference', sa.String(16), nullable=False),
        sa.Column('event_id', _ID, nullable=False),
        sa.Column('hook_id', _ID, nullable=False),
        sa.Column('state', sa.String(10), nullable=False),
        sa.Column('tries', sa.Integer(), nullable=False),
        sa.Column('round_tries', sa.Integer(), nullable=False),
        sa.Column('next_at', UtcDateTime(), nullable=True),
        sa.Column('last_status', sa.Integer(), nullable=True),
        sa.Column('delivered_at', UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'delivered', 'given_up', 'held')", name=op.f('ck_hook_delivery_state')
        ),
        sa.ForeignKeyConstraint(['event_id'], ['hook_event.id'], name=op.f('fk_hook_delivery_event_id_hook_event')),
        sa.ForeignKeyConstraint(['hook_id'], ['hook.id'], name=op.f('fk_hook_delivery_hook_id_hook')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_hook_delivery')),
        sa.UniqueConstraint('reference', name=op.f('uq_hook_delivery_reference')),
        sa.UniqueConstraint('event_id', 'hook_id', name=op.f('uq_hook_delivery_event_id_hook_id')),
    )
    op.create_index('ix_hook_delivery_hook', 'hook_delivery', ['hook_id', 'id'])
    op.create_table(
        'hook_try',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('delivery_id', _ID, nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('at', UtcDateTime(), nullable=False),
        sa.Column('took', sa.Integer(), nullable=False),
        sa.Column('status', sa.Integer(), nullable=True),
        sa.Column('problem', sa.String(40), nullable=False),
        sa.Column('answer', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ['delivery_id'], ['hook_delivery.id'], ondelete='CASCADE',
            name=op.f('fk_hook_try_delivery_id_hook_delivery'),
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_hook_try')),
        sa.UniqueConstraint('delivery_id', 'number', name=op.f('uq_hook_try_delivery_id_number')),
    )
    op.create_table(
        'api_token',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('reference', sa.String(16), nullable=False),
        sa.Column('name', sa.String(80), nullable=False),
        sa.Column('prefix', sa.String(16), nullable=False),
        sa.Column('token_hash', sa.String(64), nullable=False),
        sa.Column('scopes', _JSON, nullable=False),
        sa.Column('created_at', UtcDateTime(), nullable=False),
        sa.Column('created_by', _ID, nullable=False),
        sa.Column('expires_at', UtcDateTime(), nullable=True),
        sa.Column('revoked_at', UtcDateTime(), nullable=True),
        sa.Column('last_used_at', UtcDateTime(), nullable=True),
        sa.Column('uses', sa.BigInteger(), nullable=False),
        sa.Column('personal_uses', sa.BigInteger(), nullable=False),
        sa.Column('personal_noted_on', sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(['created_by'], ['staff.id'], name=op.f('fk_api_token_created_by_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_api_token')),
        sa.UniqueConstraint('reference', name=op.f('uq_api_token_reference')),
        sa.UniqueConstraint('token_hash', name=op.f('uq_api_token_token_hash')),
    )


def downgrade() -> None:
    """Take back."""
    for table in ('api_token', 'hook_try', 'hook_delivery', 'hook_event', 'hook'):
        op.drop_table(table)
    for table in _CHANGING:
        op.drop_index(op.f(f'ix_{table}_updated_at'), table_name=table)
        op.drop_column(table, 'updated_at')
