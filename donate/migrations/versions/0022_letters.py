"""newsroom: what letters say in the newsroom's own words; and whose names the page of supporters shows

Revision ID: 0022_letters
Revises: 0021_offline
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from donate.db import UtcDateTime


revision = '0022_letters'
down_revision = '0021_offline'
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
    op.add_column('newsroom', sa.Column('supporters', _JSON, server_default='{}', nullable=False))
    for table in ('donation', 'recurring_donation'):
        op.add_column(table, sa.Column('listing_words', sa.Text(), server_default='', nullable=False))
        op.add_column(table, sa.Column('listing_minor', sa.BigInteger(), nullable=True))
    op.create_table(
        'supporter',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('donor_id', _ID, nullable=False),
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(250), nullable=False),
        sa.Column('listed_at', UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['donor_id'], ['donor.id'], name=op.f('fk_supporter_donor_id_donor')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_supporter')),
        sa.UniqueConstraint('donor_id', 'year', name='uq_supporter_donor_id_year'),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table('supporter')
    for table in ('recurring_donation', 'donation'):
        op.drop_column(table, 'listing_minor')
        op.drop_column(table, 'listing_words')
    op.drop_column('newsroom', 'supporters')
    op.drop_table('letter_words')
