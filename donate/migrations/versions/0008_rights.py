"""rights: which letters a donor wants, erasure, locked receipts, letters that are not kept

Revision ID: 0008_rights
Revises: 0007_promises
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


revision = '0008_rights'
down_revision = '0007_promises'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('erasure',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reference', sa.String(length=16), nullable=False),
    sa.Column('donor_id', sa.BigInteger(), nullable=False),
    sa.Column('asked_by', sa.String(length=10), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('waits_for', sa.String(length=10), nullable=False),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('address_hashes', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('stripe_ids', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_erasure')),
    sa.UniqueConstraint('donor_id', name=op.f('uq_erasure_donor_id')),
    sa.UniqueConstraint('reference', name=op.f('uq_erasure_reference'))
    )
    op.create_table('mail_choice',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('donor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('wanted', sa.Boolean(), nullable=False),
    sa.Column('chosen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('place', sa.String(length=10), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('cause', sa.String(length=40), nullable=True),
    sa.CheckConstraint("place IN ('form', 'account', 'link', 'one_click', 'desk')", name=op.f('ck_mail_choice_place')),
    sa.ForeignKeyConstraint(['donor_id'], ['donor.id'], name=op.f('fk_mail_choice_donor_id_donor')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_choice')),
    sa.UniqueConstraint('cause', name=op.f('uq_mail_choice_cause'))
    )
    with op.batch_alter_table('mail_choice', schema=None) as batch_op:
        batch_op.create_index('ix_mail_choice_donor', ['donor_id', 'kind', 'id'], unique=False)

    op.create_table('receipt_holder',
    sa.Column('receipt_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('name', sa.String(length=250), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('locked_until', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['receipt_id'], ['receipt.id'], name=op.f('fk_receipt_holder_receipt_id_receipt')),
    sa.PrimaryKeyConstraint('receipt_id', name=op.f('pk_receipt_holder'))
    )
    with op.batch_alter_table('receipt_holder', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_receipt_holder_locked_until'), ['locked_until'], unique=False)

    with op.batch_alter_table('donor', schema=None) as batch_op:
        batch_op.add_column(sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True))

    # Rows that are there already say what they said: nothing was kept of those words, and every letter was kept.
    with op.batch_alter_table('donation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('newsletter_words', sa.Text(), server_default='', nullable=False))

    with op.batch_alter_table('mail_message', schema=None) as batch_op:
        batch_op.add_column(sa.Column('unsubscribe', sa.String(length=200), server_default='', nullable=False))
        batch_op.add_column(sa.Column('is_kept', sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.create_index(batch_op.f('ix_mail_message_to_address'), ['to_address'], unique=False)
    message = sa.table('mail_message', sa.column('is_kept', sa.Boolean()), sa.column('template', sa.String()))
    op.execute(
        sa.update(message)
        .where(message.c.template.in_(('sign_in', 'sign_in_unknown', 'link_address')))
        .values(is_kept=sa.false())
    )


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table('mail_message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_mail_message_to_address'))
        batch_op.drop_column('is_kept')
        batch_op.drop_column('unsubscribe')

    with op.batch_alter_table('donation', schema=None) as batch_op:
        batch_op.drop_column('newsletter_words')

    with op.batch_alter_table('donor', schema=None) as batch_op:
        batch_op.drop_column('erased_at')

    with op.batch_alter_table('receipt_holder', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_receipt_holder_locked_until'))

    op.drop_table('receipt_holder')
    with op.batch_alter_table('mail_choice', schema=None) as batch_op:
        batch_op.drop_index('ix_mail_choice_donor')

    op.drop_table('mail_choice')
    op.drop_table('erasure')
