"""silence and loss: when the sweep last asked about a promise, and payments that name a gift which is not here

Revision ID: 0009_silence_and_loss
Revises: 0008_rights
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0009_silence_and_loss'
down_revision = '0008_rights'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column('recurring_donation', sa.Column('swept_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index('ix_recurring_donation_due', 'recurring_donation', ['status', 'next_charge_at'])
    # No batch: on SQLite that would make the table anew, without the triggers that guard it.
    op.add_column('ledger_entry', sa.Column('marked_for', sa.String(length=16), server_default='', nullable=False))


def downgrade() -> None:
    """Take back."""
    op.drop_column('ledger_entry', 'marked_for')
    op.drop_index('ix_recurring_donation_due', table_name='recurring_donation')
    op.drop_column('recurring_donation', 'swept_at')
