"""newsroom: what letters say in the newsroom's own words; and whose names the page of supporters shows

Revision ID: 0022_letters
Revises: 0019_auditors
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from donate.db import UtcDateTime


revision = '0022_letters'
down_revision = '0019_auditors'
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    """Apply."""
    op.create_table(
        'letter_words',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('letter', sa.String(60), nullable=False),
        sa.Column('language', sa.String(8), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('at', UtcDateTime(), nullable=False),
        sa.Column('staff_id', sa.BigInteger(), nullable=True),
        sa.Column('words', _JSON, nullable=False),
        sa.Column('house', _JSON, nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_words')),
        sa.UniqueConstraint('letter', 'language', 'number', name='uq_letter_words_letter_language_number'),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table('letter_words')
