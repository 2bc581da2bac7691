"""donors: words they are found by, notes, addresses that wait for a yes; donation: indexes for what a caller can tell

Revision ID: 0027_giving_desk
Revises: 0026_hooks
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from donate.db import UtcDateTime
from donate.donors.words import words_of


revision = '0027_giving_desk'
down_revision = '0026_hooks'
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_WORD = sa.String(60).with_variant(sa.String(60, collation='C'), 'postgresql')
_AT_ONCE = 5000


def upgrade() -> None:
    """Apply."""
    op.create_table(
        'donor_word',
        sa.Column('word', _WORD, nullable=False),
        sa.Column('donor_id', _ID, nullable=False),
        sa.ForeignKeyConstraint(['donor_id'], ['donor.id'], name=op.f('fk_donor_word_donor_id_donor')),
        sa.PrimaryKeyConstraint('word', 'donor_id', name=op.f('pk_donor_word')),
    )
    op.create_table(
        'donor_note',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('reference', sa.String(16), nullable=False),
        sa.Column('donor_id', _ID, nullable=False),
        sa.Column('staff_id', _ID, nullable=False),
        sa.Column('about_gift', sa.String(16), nullable=False),
        sa.Column('words', sa.Text(), nullable=False),
        sa.Column('written_at', UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['donor_id'], ['donor.id'], name=op.f('fk_donor_note_donor_id_donor')),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_donor_note_staff_id_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_donor_note')),
        sa.UniqueConstraint('reference', name=op.f('uq_donor_note_reference')),
    )
    op.create_index(op.f('ix_donor_note_donor_id'), 'donor_note', ['donor_id'])
    op.create_table(
        'address_change',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('reference', sa.String(16), nullable=False),
        sa.Column('donor_id', _ID, nullable=False),
        sa.Column('email', sa.String(254), nullable=False),
        sa.Column('staff_id', _ID, nullable=False),
        sa.Column('checked_by', sa.String(20), nullable=False),
        sa.Column('state', sa.String(10), nullable=False),
        sa.Column('asked_at', UtcDateTime(), nullable=False),
        sa.Column('expires_at', UtcDateTime(), nullable=False),
        sa.Column('ended_at', UtcDateTime(), nullable=True),
        sa.CheckConstraint("state IN ('asked', 'done', 'taken_back')", name=op.f('ck_address_change_state')),
        sa.ForeignKeyConstraint(['donor_id'], ['donor.id'], name=op.f('fk_address_change_donor_id_donor')),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_address_change_staff_id_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_address_change')),
        sa.UniqueConstraint('reference', name=op.f('uq_address_change_reference')),
    )
    op.create_index(op.f('ix_address_change_donor_id'), 'address_change', ['donor_id'])
    op.create_index('ix_donation_amount', 'donation', ['amount_minor', 'id'])
    op.create_index('ix_donation_last4', 'donation', ['card_last4', 'id'])
    _fill_words()
    op.create_index('ix_donor_word_donor', 'donor_word', ['donor_id'])


def _fill_words() -> None:
    """Find everybody who is here already by every name and address they gave, some thousand donors at a time."""
    here = op.get_bind()
    last = 0
    word = sa.table('donor_word', sa.column('word'), sa.column('donor_id'))
    while True:
        known: dict[int, list[str]] = {}
        some = here.execute(
            sa.text('SELECT id, first_name, last_name FROM donor WHERE id > :last ORDER BY id LIMIT :many'),
            {'last': last, 'many': _AT_ONCE},
        ).all()
        if not some:
            return
        span = {'last': last, 'until': some[-1][0]}
        for donor_id, first, surname in some:
            known[donor_id] = [first, surname]
        for text in (
            'SELECT donor_id, email, \'\' FROM donor_email WHERE donor_id > :last AND donor_id <= :until',
            'SELECT DISTINCT donor_id, first_name, last_name FROM donation'
            ' WHERE donor_id > :last AND donor_id <= :until',
        ):
            for donor_id, one, other in here.execute(sa.text(text), span):
                known[donor_id] += [one, other]
        rows = [{'word': each, 'donor_id': donor_id} for donor_id, texts in known.items() for each in words_of(*texts)]
        if rows:
            here.execute(sa.insert(word), rows)
        last = some[-1][0]


def downgrade() -> None:
    """Take back."""
    op.drop_index('ix_donation_last4', 'donation')
    op.drop_index('ix_donation_amount', 'donation')
    op.drop_table('address_change')
    op.drop_table('donor_note')
    op.drop_table('donor_word')
