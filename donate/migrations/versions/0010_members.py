"""members: levels, what each gift earned, memberships; and what donors follow

Revision ID: 0010_members
Revises: 0009_silence_and_loss
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


revision = '0010_members'
down_revision = '0009_silence_and_loss'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('member_level',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('is_offered', sa.Boolean(), nullable=False),
    sa.Column('names', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('yearly', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.Column('benefits', sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member_level')),
    sa.UniqueConstraint('code', name=op.f('uq_member_level_code'))
    )
    op.create_table('donor_follow',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('donor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('slug', sa.String(length=200), nullable=False),
    sa.Column('followed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('section', 'topic')", name=op.f('ck_donor_follow_kind')),
    sa.ForeignKeyConstraint(['donor_id'], ['donor.id'], name=op.f('fk_donor_follow_donor_id_donor')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_donor_follow')),
    sa.UniqueConstraint('donor_id', 'kind', 'slug', name=op.f('uq_donor_follow_donor_id_kind_slug'))
    )
    op.create_table('membership',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('donor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('level_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('since_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.Column('lapsed_on', sa.Date(), nullable=True),
    sa.CheckConstraint('lapsed_on IS NULL OR lapsed_on > until_on', name=op.f('ck_membership_lapsed')),
    sa.CheckConstraint('until_on > since_on', name=op.f('ck_membership_until')),
    sa.ForeignKeyConstraint(['donor_id'], ['donor.id'], name=op.f('fk_membership_donor_id_donor')),
    sa.ForeignKeyConstraint(['level_id'], ['member_level.id'], name=op.f('fk_membership_level_id_member_level')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_membership')),
    sa.UniqueConstraint('donor_id', name=op.f('uq_membership_donor_id'))
    )
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.create_index('ix_membership_until', ['until_on', 'id'], unique=False)

    op.create_table('membership_period',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('donation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('level_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('begins_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.CheckConstraint('until_on > begins_on', name=op.f('ck_membership_period_until')),
    sa.ForeignKeyConstraint(['donation_id'], ['donation.id'], name=op.f('fk_membership_period_donation_id_donation')),
    sa.ForeignKeyConstraint(['level_id'], ['member_level.id'], name=op.f('fk_membership_period_level_id_member_level')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_membership_period')),
    sa.UniqueConstraint('donation_id', name=op.f('uq_membership_period_donation_id'))
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table('membership_period')
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.drop_index('ix_membership_until')

    op.drop_table('membership')
    op.drop_table('donor_follow')
    op.drop_table('member_level')
