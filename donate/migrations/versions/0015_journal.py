"""newsroom: its own accounts; reports: the register of exports

Revision ID: 0015_journal
Revises: 0014_paid_here
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from donate.db import UtcDateTime


revision = '0015_journal'
down_revision = '0014_paid_here'
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    """Apply."""
    op.add_column('newsroom', sa.Column('accounts', _JSON, nullable=False, server_default='{}'))
    op.create_table(
        'export_run',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('reference', sa.String(16), nullable=False),
        sa.Column('exported_by', sa.String(40), nullable=False),
        sa.Column('exported_at', UtcDateTime(), nullable=False),
        sa.Column('kind', sa.String(40), nullable=False),
        sa.Column('shape', sa.String(40), nullable=False),
        sa.Column('form', sa.String(10), nullable=False),
        sa.Column('period', _JSON, nullable=False),
        sa.Column('parts', sa.Integer(), nullable=False),
        sa.Column('rows', sa.BigInteger(), nullable=False),
        sa.Column('sums', _JSON, nullable=False),
        sa.Column('sha256', sa.String(64), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_export_run')),
        sa.UniqueConstraint('reference', name=op.f('uq_export_run_reference')),
    )
    op.create_index('ix_export_run_at', 'export_run', ['exported_at', 'id'])
    _close()


def _close() -> None:
    """Let the database itself refuse to change or delete what was handed out."""
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(
            "CREATE FUNCTION export_run_refuses() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the register of exports is append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER export_run_append_only BEFORE UPDATE OR DELETE ON export_run "
            "FOR EACH ROW EXECUTE FUNCTION export_run_refuses()"
        )
        return
    for act in ('update', 'delete'):
        op.execute(
            f"CREATE TRIGGER export_run_no_{act} BEFORE {act.upper()} ON export_run "
            "BEGIN SELECT RAISE(ABORT, 'the register of exports is append-only'); END"
        )


def downgrade() -> None:
    """Take back."""
    op.drop_table('export_run')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP FUNCTION export_run_refuses()')
    op.drop_column('newsroom', 'accounts')
