"""newsroom: what it is in the eyes of its tax office

Revision ID: 0012_tax_words
Revises: 0011_appeals
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


revision = '0012_tax_words'
down_revision = '0011_appeals'
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')


def upgrade() -> None:
    """Apply."""
    op.add_column('newsroom', sa.Column('tax', _JSON, nullable=False, server_default='{}'))


def downgrade() -> None:
    """Take back."""
    op.drop_column('newsroom', 'tax')
