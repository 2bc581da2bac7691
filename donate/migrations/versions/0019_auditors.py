"""team: the last day of somebody who works here for a while, such as an auditor

Revision ID: 0019_auditors
Revises: 0018_orders
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0019_auditors'
down_revision = '0018_orders'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column('staff', sa.Column('ends_on', sa.Date(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column('staff', 'ends_on')
