"""donation: where it is paid

Revision ID: 0014_paid_here
Revises: 0013_receipts
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0014_paid_here'
down_revision = '0013_receipts'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column('donation', sa.Column('ui_mode', sa.String(20), nullable=False, server_default='hosted_page'))


def downgrade() -> None:
    """Take back."""
    op.drop_column('donation', 'ui_mode')
