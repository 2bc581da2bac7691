"""past gifts: which system a gift came from, whose its donors were there, and promises that were taken over

Revision ID: 0023_past_gifts
Revises: 0022_letters
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


revision = '0023_past_gifts'
down_revision = '0022_letters'
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    """Apply."""
    # No batch: on SQLite that would make the tables anew, without the triggers that guard them.
    for name, length in (
        ('imported_from', 20),
        ('imported_id', 120),
        ('imported_charge_id', 80),
        ('imported_intent_id', 80),
    ):
        op.add_column('donation', sa.Column(name, sa.String(length=length), nullable=True))
    op.create_index(
        'uq_donation_imported_from_imported_id', 'donation', ['imported_from', 'imported_id'], unique=True
    )
    op.create_index(op.f('ix_donation_imported_charge_id'), 'donation', ['imported_charge_id'])
    op.create_index(op.f('ix_donation_imported_intent_id'), 'donation', ['imported_intent_id'])
    op.add_column('recurring_donation', sa.Column('adopted_at', sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        'donor_old_id',
        sa.Column('system', sa.String(length=20), nullable=False),
        sa.Column('old_id', sa.String(length=120), nullable=False),
        sa.Column('donor_id', _ID, nullable=False),
        sa.ForeignKeyConstraint(['donor_id'], ['donor.id'], name=op.f('fk_donor_old_id_donor_id_donor')),
        sa.PrimaryKeyConstraint('system', 'old_id', name=op.f('pk_donor_old_id')),
    )
    op.create_index(op.f('ix_donor_old_id_donor_id'), 'donor_old_id', ['donor_id'])
    op.create_table(
        'import_order',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('reference', sa.String(length=16), nullable=False),
        sa.Column('staff_id', _ID, nullable=False),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('system', sa.String(length=20), nullable=False),
        sa.Column('asked', _JSON, nullable=False),
        sa.Column('state', sa.String(length=10), nullable=False),
        sa.Column('rows_done', sa.BigInteger(), nullable=False),
        sa.Column('bytes_done', sa.BigInteger(), nullable=False),
        sa.Column('bytes_all', sa.BigInteger(), nullable=False),
        sa.Column('report', _JSON, nullable=False),
        sa.Column('refusal', sa.Text(), nullable=False),
        sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'looking', 'looked', 'queued', 'writing', 'done', 'refused', 'gone')",
            name=op.f('ck_import_order_state'),
        ),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_import_order_staff_id_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_import_order')),
        sa.UniqueConstraint('reference', name=op.f('uq_import_order_reference')),
    )
    op.create_index('ix_import_order_staff', 'import_order', ['staff_id', 'id'])


def downgrade() -> None:
    """Take back."""
    op.drop_index('ix_import_order_staff', table_name='import_order')
    op.drop_table('import_order')
    op.drop_index(op.f('ix_donor_old_id_donor_id'), table_name='donor_old_id')
    op.drop_table('donor_old_id')
    op.drop_column('recurring_donation', 'adopted_at')
    op.drop_index(op.f('ix_donation_imported_intent_id'), table_name='donation')
    op.drop_index(op.f('ix_donation_imported_charge_id'), table_name='donation')
    op.drop_index('uq_donation_imported_from_imported_id', table_name='donation')
    for name in ('imported_intent_id', 'imported_charge_id', 'imported_id', 'imported_from'):
        op.drop_column('donation', name)
