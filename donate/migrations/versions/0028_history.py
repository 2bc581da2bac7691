"""team: the history found by act, by kind of who and of object, and by reference, however long it has grown

Revision ID: 0028_history
Revises: 0027_giving_desk
"""

from __future__ import annotations

from alembic import op


revision = '0028_history'
down_revision = '0027_giving_desk'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_index('ix_history_act', 'history', ['act', 'id'])
    op.create_index('ix_history_who_kind', 'history', ['who_kind', 'id'])
    op.create_index('ix_history_kind', 'history', ['object_kind', 'id'])
    op.create_index('ix_history_reference', 'history', ['object_reference', 'id'])


def downgrade() -> None:
    """Take back."""
    op.drop_index('ix_history_reference', 'history')
    op.drop_index('ix_history_who_kind', 'history')
    op.drop_index('ix_history_kind', 'history')
    op.drop_index('ix_history_act', 'history')
