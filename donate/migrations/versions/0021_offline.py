"""giving: offline gifts, batches with their control totals; ledger: the entry of one that is withdrawn

Revision ID: 0021_offline
Revises: 0020_sums_of_people
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from donate.db import UtcDateTime


revision = '0021_offline'
down_revision = '0020_sums_of_people'
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_METHODS = "'cheque', 'cash', 'transfer', 'stock', 'daf'"
_GIVERS = "'person', 'company', 'foundation'"
_KNOWN, _ADDED = "'unclassified'", "'offline_return'"


def upgrade() -> None:
    """Apply."""
    _create_batches()
    op.create_table(
        'offline_line',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('reference', sa.String(16), nullable=False),
        sa.Column('batch_id', _ID, nullable=False),
        sa.Column('line_no', sa.Integer(), nullable=False),
        sa.Column('amount_minor', sa.BigInteger(), nullable=False),
        sa.Column('method', sa.String(10), nullable=False),
        sa.Column('giver', sa.String(10), nullable=False),
        sa.Column('donor_id', _ID, nullable=True),
        sa.Column('is_new', sa.Boolean(), nullable=False),
        *(
            sa.Column(name, sa.String(most), nullable=False)
            for name, most in (
                ('email', 254), ('first_name', 120), ('last_name', 120), ('organisation', 120),
                ('address_line1', 200), ('address_line2', 200), ('city', 120), ('region', 120), ('postcode', 20),
                ('country', 2), ('number', 60), ('described', 200),
            )
        ),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('fund_id', _ID, nullable=False),
        sa.Column('appeal_id', _ID, nullable=True),
        sa.CheckConstraint('amount_minor > 0', name=op.f('ck_offline_line_amount')),
        sa.CheckConstraint(f'method IN ({_METHODS})', name=op.f('ck_offline_line_method')),
        sa.CheckConstraint(f'giver IN ({_GIVERS})', name=op.f('ck_offline_line_giver')),
        *(
            sa.ForeignKeyConstraint([column], [f'{table}.id'], name=op.f(f'fk_offline_line_{column}_{table}'))
            for column, table in (
                ('batch_id', 'offline_batch'), ('donor_id', 'donor'), ('fund_id', 'fund'), ('appeal_id', 'appeal'),
            )
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_offline_line')),
        sa.UniqueConstraint('reference', name=op.f('uq_offline_line_reference')),
        sa.UniqueConstraint('batch_id', 'line_no', name=op.f('uq_offline_line_batch_id_line_no')),
    )
    op.create_index(op.f('ix_offline_line_donor_id'), 'offline_line', ['donor_id'])
    op.create_table(
        'offline_gift',
        sa.Column('donation_id', _ID, autoincrement=False, nullable=False),
        sa.Column('giver', sa.String(10), nullable=False),
        sa.Column('organisation', sa.String(120), nullable=False),
        sa.Column('number', sa.String(60), nullable=False),
        sa.Column('described', sa.String(200), nullable=False),
        sa.Column('batch_id', _ID, nullable=True),
        sa.Column('line_no', sa.Integer(), nullable=True),
        sa.CheckConstraint(f'giver IN ({_GIVERS})', name=op.f('ck_offline_gift_giver')),
        sa.CheckConstraint('(batch_id IS NULL) = (line_no IS NULL)', name=op.f('ck_offline_gift_line')),
        sa.ForeignKeyConstraint(['donation_id'], ['donation.id'], name=op.f('fk_offline_gift_donation_id_donation')),
        sa.ForeignKeyConstraint(['batch_id'], ['offline_batch.id'], name=op.f('fk_offline_gift_batch_id_offline_batch')),
        sa.PrimaryKeyConstraint('donation_id', name=op.f('pk_offline_gift')),
        sa.UniqueConstraint('batch_id', 'line_no', name=op.f('uq_offline_gift_batch_id_line_no')),
    )
    _change_entry_types(_KNOWN, f'{_ADDED}, {_KNOWN}')


def _create_batches() -> None:
    op.create_table(
        'offline_batch',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('reference', sa.String(16), nullable=False),
        sa.Column('name', sa.String(80), nullable=False),
        sa.Column('state', sa.String(7), nullable=False),
        sa.Column('currency', sa.String(3), nullable=False),
        sa.Column('control_count', sa.Integer(), nullable=False),
        sa.Column('control_minor', sa.BigInteger(), nullable=False),
        sa.Column('received_on', sa.Date(), nullable=False),
        sa.Column('fund_id', _ID, nullable=False),
        sa.Column('appeal_id', _ID, nullable=True),
        sa.Column('opened_by', _ID, nullable=False),
        sa.Column('opened_at', UtcDateTime(), nullable=False),
        sa.Column('pressed_by', _ID, nullable=True),
        sa.Column('pressed_at', UtcDateTime(), nullable=True),
        sa.Column('posted_at', UtcDateTime(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'posting', 'posted')", name=op.f('ck_offline_batch_state')),
        sa.CheckConstraint('control_count > 0 AND control_minor > 0', name=op.f('ck_offline_batch_control')),
        sa.CheckConstraint("(state = 'open') = (pressed_at IS NULL)", name=op.f('ck_offline_batch_pressed')),
        sa.CheckConstraint("(state = 'posted') = (posted_at IS NOT NULL)", name=op.f('ck_offline_batch_posted')),
        *(
            sa.ForeignKeyConstraint([column], [f'{table}.id'], name=op.f(f'fk_offline_batch_{column}_{table}'))
            for column, table in (
                ('fund_id', 'fund'), ('appeal_id', 'appeal'), ('opened_by', 'staff'), ('pressed_by', 'staff'),
            )
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_offline_batch')),
        sa.UniqueConstraint('reference', name=op.f('uq_offline_batch_reference')),
    )
    op.create_index('ix_offline_batch_state', 'offline_batch', ['state', 'id'])


def _change_entry_types(old: str, new: str) -> None:
    """Write the list of types anew as it stands in the database, so that no other type of it is lost.

    On SQLite the table is not made again, which would take its triggers and all that points at it along: what its rows
    hold stays as it is, so the text of its CHECK is changed in place (https://www.sqlite.org/lang_altertable.html,
    "Making Other Kinds Of Table Schema Changes").
    """
    connection = op.get_bind()
    if connection.dialect.name == 'sqlite':
        version = connection.exec_driver_sql('PRAGMA schema_version').scalar_one()
        connection.exec_driver_sql('PRAGMA writable_schema=ON')
        connection.exec_driver_sql(
            "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'ledger_entry'",
            (old, new),
        )
        connection.exec_driver_sql(f'PRAGMA schema_version={int(version) + 1}')
        connection.exec_driver_sql('PRAGMA writable_schema=OFF')
        return
    name = 'ck_ledger_entry_entry_type'
    said = connection.execute(
        sa.text('SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name'), {'name': name}
    ).scalar_one()
    typed = '::character varying'
    old, new = (', '.join(f'{word}{typed}' for word in words.split(', ')) for words in (old, new))
    op.execute(f'ALTER TABLE ledger_entry DROP CONSTRAINT {name}')
    op.execute(sa.text(f'ALTER TABLE ledger_entry ADD CONSTRAINT {name} {said.replace(old, new)}'.replace(':', r'\:')))


def downgrade() -> None:
    """Take back."""
    _change_entry_types(f'{_ADDED}, {_KNOWN}', _KNOWN)
    op.drop_table('offline_gift')
    op.drop_table('offline_line')
    op.drop_table('offline_batch')
