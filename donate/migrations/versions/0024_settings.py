"""newsroom: languages and look, funds that close, what a fund is called at Stripe, logos

Revision ID: 0024_settings
Revises: 0023_past_gifts
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


revision = '0024_settings'
down_revision = '0023_past_gifts'
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Apply."""
    op.add_column('newsroom', sa.Column('languages', _JSON, nullable=False, server_default='[]'))
    op.add_column('newsroom', sa.Column('look', _JSON, nullable=False, server_default='{}'))
    op.add_column('fund', sa.Column('is_closed', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('fund', sa.Column('name_at_stripe', sa.String(length=120), nullable=False, server_default=''))
    op.create_table(
        'logo',
        sa.Column('mark', sa.String(length=16), nullable=False),
        sa.Column('kind', sa.String(length=3), nullable=False),
        sa.Column('body', sa.LargeBinary(), nullable=False),
        sa.Column('width', sa.Integer(), nullable=False),
        sa.Column('height', sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('png', 'svg')", name=op.f('ck_logo_kind')),
        sa.PrimaryKeyConstraint('mark', name=op.f('pk_logo')),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table('logo')
    op.drop_column('fund', 'name_at_stripe')
    op.drop_column('fund', 'is_closed')
    op.drop_column('newsroom', 'look')
    op.drop_column('newsroom', 'languages')
