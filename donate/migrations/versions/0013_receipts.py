"""receipts: what they say, stored for good; void and replaced; statements; copies

Revision ID: 0013_receipts
Revises: 0012_tax_words
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


revision = '0013_receipts'
down_revision = '0012_tax_words'
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
_MOMENT = sa.DateTime(timezone=True)
_MANY = 500
#: What never changes once a receipt was issued; a statement's donor may become one with another.
_FIXED = ('id', 'number', 'kind', 'year', 'donation_id', 'issued_at', 'issued_on', 'language',
          'amount_minor', 'fee_cover_minor', 'currency', 'benefit_value_minor', 'deductible_minor', 'replaces_id',
          'content', 'content_hash')
_VOID = ('status', 'voided_at', 'voided_on', 'void_reason')
_ISSUED = sa.text("status = 'issued'")
_STATEMENT = sa.text("status = 'issued' AND kind = 'statement'")


def upgrade() -> None:
    """Apply."""
    _number_by('kind', 'year')
    holders = _take_holders()
    for column in (
        sa.Column('kind', sa.String(length=10), nullable=False, server_default='gift'),
        sa.Column('year', sa.Integer(), nullable=False, server_default='0'),
        sa.Column('donor_id', _ID, nullable=True),
        sa.Column('benefit_value_minor', sa.BigInteger(), nullable=False, server_default='0'),
        sa.Column('deductible_minor', sa.BigInteger(), nullable=True),
        sa.Column('status', sa.String(length=6), nullable=False, server_default='issued'),
        sa.Column('voided_at', _MOMENT, nullable=True),
        sa.Column('voided_on', sa.Date(), nullable=True),
        sa.Column('void_reason', sa.String(length=10), nullable=False, server_default=''),
        sa.Column('replaces_id', _ID, nullable=True),
        sa.Column('content', _JSON, nullable=False, server_default='{}'),
        sa.Column('content_hash', sa.String(length=64), nullable=False, server_default=''),
    ):
        op.add_column('receipt', column)
    with op.batch_alter_table('receipt') as batch:
        batch.drop_constraint(op.f('uq_receipt_donation_id'), type_='unique')
        batch.drop_constraint(op.f('ck_receipt_amount'), type_='check')
        batch.alter_column('donation_id', existing_type=_ID, nullable=True)
        batch.create_foreign_key(op.f('fk_receipt_donor_id_donor'), 'donor', ['donor_id'], ['id'])
        batch.create_foreign_key(op.f('fk_receipt_replaces_id_receipt'), 'receipt', ['replaces_id'], ['id'])
        batch.create_unique_constraint(op.f('uq_receipt_replaces_id'), ['replaces_id'])
        batch.create_check_constraint(op.f('ck_receipt_kind'), "kind IN ('gift', 'statement')")
        batch.create_check_constraint(op.f('ck_receipt_of_gift'), "(kind = 'gift') = (donation_id IS NOT NULL)")
        batch.create_check_constraint(op.f('ck_receipt_of_donor'), "kind = 'gift' OR donor_id IS NOT NULL")
        batch.create_check_constraint(op.f('ck_receipt_status'), "status IN ('issued', 'void')")
        batch.create_check_constraint(
            op.f('ck_receipt_void'),
            "(status = 'issued' AND voided_at IS NULL AND voided_on IS NULL AND void_reason = '') OR (status = 'void'"
            " AND voided_at IS NOT NULL AND voided_on IS NOT NULL"
            " AND void_reason IN ('refund', 'dispute', 'correction'))",
        )
        batch.create_check_constraint(op.f('ck_receipt_amount'), 'amount_minor >= 0')
        batch.create_check_constraint(
            op.f('ck_receipt_parts'), 'benefit_value_minor >= 0 AND deductible_minor >= 0'
        )
    op.create_index('ix_receipt_donation_id', 'receipt', ['donation_id'])
    op.create_index('uq_receipt_issued_gift', 'receipt', ['donation_id'], unique=True,
                    sqlite_where=_ISSUED, postgresql_where=_ISSUED)
    op.create_index('uq_receipt_issued_statement', 'receipt', ['donor_id', 'year'], unique=True,
                    sqlite_where=_STATEMENT, postgresql_where=_STATEMENT)
    _bring_holders(holders)
    _say_what_is_there(op.get_bind())
    op.create_table('receipt_copy',
    sa.Column('id', _ID, nullable=False),
    sa.Column('reference', sa.String(length=16), nullable=False),
    sa.Column('receipt_id', _ID, nullable=False),
    sa.Column('made_at', _MOMENT, nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.Column('who_kind', sa.String(length=6), nullable=False),
    sa.Column('who_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("who_kind IN ('staff', 'member', 'giver', 'system')", name=op.f('ck_receipt_copy_who_kind')),
    sa.ForeignKeyConstraint(['receipt_id'], ['receipt.id'], name=op.f('fk_receipt_copy_receipt_id_receipt')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_receipt_copy')),
    sa.UniqueConstraint('reference', name=op.f('uq_receipt_copy_reference'))
    )
    op.create_index(op.f('ix_receipt_copy_receipt_id'), 'receipt_copy', ['receipt_id'])
    _close()


def _number_by(*key: str) -> None:
    """Make the counters anew under another key: nothing hangs on them."""
    counters = op.get_bind().execute(sa.text('SELECT year, last_number FROM receipt_series')).all()
    op.drop_table('receipt_series')
    op.create_table('receipt_series',
    *([sa.Column('kind', sa.String(length=10), nullable=False)] if 'kind' in key else []),
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last_number', sa.Integer(), nullable=False),
    *([sa.CheckConstraint("kind IN ('gift', 'statement')", name=op.f('ck_receipt_series_kind'))] if 'kind' in key else []),
    sa.PrimaryKeyConstraint(*key, name=op.f('pk_receipt_series'))
    )
    names, values = ('kind, ', "'gift', ") if 'kind' in key else ('', '')
    for year, last in counters:
        op.get_bind().execute(
            sa.text(f'INSERT INTO receipt_series ({names}year, last_number) VALUES ({values}:year, :last)'),
            {'year': year, 'last': last},
        )


def _take_holders() -> list[dict[str, Any]]:
    """Take away the rows that hang on receipts while SQLite makes that table anew."""
    if op.get_bind().dialect.name == 'postgresql':
        return []
    rows = [dict(row) for row in op.get_bind().execute(sa.text('SELECT * FROM receipt_holder')).mappings()]
    op.execute('DELETE FROM receipt_holder')
    return rows


def _bring_holders(rows: list[dict[str, Any]]) -> None:
    if rows:
        op.get_bind().execute(
            sa.text('INSERT INTO receipt_holder (receipt_id, name, address, locked_until)'
                    ' VALUES (:receipt_id, :name, :address, :locked_until)'),
            rows,
        )


def _say_what_is_there(connection: sa.Connection) -> None:
    """Write down what earlier receipts said, from their columns: sums and days; of tax they said what the mail did."""
    receipt = sa.table('receipt', *(sa.column(name) for name in ('id', 'number', 'language', 'currency')),
                       sa.column('donation_id', sa.BigInteger), sa.column('issued_on', sa.Date),
                       sa.column('amount_minor', sa.BigInteger), sa.column('fee_cover_minor', sa.BigInteger),
                       sa.column('year', sa.Integer), sa.column('content', _JSON), sa.column('content_hash', sa.String))
    donation = sa.table('donation', sa.column('id', sa.BigInteger), sa.column('reference', sa.String),
                        sa.column('received_on', sa.Date), sa.column('frequency', sa.String),
                        sa.column('fund_id', sa.BigInteger))
    fund = sa.table('fund', sa.column('id', sa.BigInteger), sa.column('name', sa.String), sa.column('names', _JSON))
    newsroom = connection.execute(sa.text('SELECT name FROM newsroom')).scalar() or ''
    last = 0
    while True:
        rows = connection.execute(
            sa.select(receipt, donation.c.reference, donation.c.received_on, donation.c.frequency, fund.c.name,
                      fund.c.names)
            .join_from(receipt, donation, donation.c.id == receipt.c.donation_id)
            .join(fund, fund.c.id == donation.c.fund_id)
            .where(receipt.c.id > last).order_by(receipt.c.id).limit(_MANY)
        ).mappings().all()
        if not rows:
            return
        said = [{'row': row['id'], 'in_year': int(row['number'][:4]), 'says': _content(row, newsroom)} for row in rows]
        connection.execute(
            receipt.update().where(receipt.c.id == sa.bindparam('row')).values(
                year=sa.bindparam('in_year'), content=sa.bindparam('says'), content_hash=sa.bindparam('hash')
            ),
            [{**each, 'hash': _hash(each['says'])} for each in said],
        )
        last = rows[-1]['id']


def _content(row: Any, newsroom: str) -> dict[str, Any]:
    return {
        'kind': 'gift', 'number': row['number'], 'issued_on': row['issued_on'].isoformat(),
        'language': row['language'], 'replaces': '', 'newsroom': newsroom,
        'issuer': {'standing': 'none', 'country': '', 'legal_name': newsroom, 'number': '', 'sponsor_name': '',
                   'sponsor_number': ''},
        'reference': row['reference'], 'received_on': row['received_on'].isoformat(),
        'fund': (row['names'] or {}).get(row['language'], row['name']), 'frequency': row['frequency'],
        'currency': row['currency'], 'given_minor': row['amount_minor'], 'fee_cover_minor': row['fee_cover_minor'],
        'returned_minor': 0, 'amount_minor': row['amount_minor'], 'benefits': [], 'benefit_value_minor': 0,
        'deductible_minor': None, 'notice': '', 'sentences': [],
    }


def _hash(content: dict[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(',', ':'), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _close() -> None:
    """Let the database itself refuse to change what a receipt says, to void it twice, or to delete it."""
    differs = 'IS DISTINCT FROM' if op.get_bind().dialect.name == 'postgresql' else 'IS NOT'
    changed = ' OR '.join(f'NEW.{name} {differs} OLD.{name}' for name in _FIXED)
    ended = ' OR '.join(f'NEW.{name} {differs} OLD.{name}' for name in _VOID)
    refused = f"{changed} OR (({ended}) AND NOT (OLD.status = 'issued' AND NEW.status = 'void'))"
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(
            "CREATE FUNCTION receipt_refuses() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'a receipt never changes: void and replace it'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER receipt_never_changes BEFORE UPDATE ON receipt FOR EACH ROW WHEN ({refused}) "
            "EXECUTE FUNCTION receipt_refuses()"
        )
        op.execute(
            "CREATE TRIGGER receipt_never_goes BEFORE DELETE ON receipt FOR EACH ROW EXECUTE FUNCTION receipt_refuses()"
        )
        return
    op.execute(
        f"CREATE TRIGGER receipt_never_changes BEFORE UPDATE ON receipt WHEN {refused} "
        "BEGIN SELECT RAISE(ABORT, 'a receipt never changes: void and replace it'); END"
    )
    op.execute(
        "CREATE TRIGGER receipt_never_goes BEFORE DELETE ON receipt "
        "BEGIN SELECT RAISE(ABORT, 'a receipt never changes: void and replace it'); END"
    )


def downgrade() -> None:
    """Take back; void receipts, statements and copies go, and what each gift was charged is its receipt's sum again."""
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP TRIGGER receipt_never_changes ON receipt')
        op.execute('DROP TRIGGER receipt_never_goes ON receipt')
        op.execute('DROP FUNCTION receipt_refuses()')
    else:
        op.execute('DROP TRIGGER receipt_never_changes')
        op.execute('DROP TRIGGER receipt_never_goes')
    op.drop_table('receipt_copy')
    op.execute("DELETE FROM receipt_holder WHERE receipt_id IN"
               " (SELECT id FROM receipt WHERE status = 'void' OR kind = 'statement')")
    op.execute('UPDATE receipt SET replaces_id = NULL')
    op.execute("DELETE FROM receipt WHERE status = 'void' OR kind = 'statement'")
    op.execute('UPDATE receipt SET amount_minor = (SELECT amount_minor FROM donation WHERE donation.id = donation_id)')
    op.execute("DELETE FROM receipt_series WHERE kind = 'statement'")
    holders = _take_holders()
    for name in ('uq_receipt_issued_statement', 'uq_receipt_issued_gift', 'ix_receipt_donation_id'):
        op.drop_index(name, 'receipt')
    with op.batch_alter_table('receipt') as batch:
        for name in ('kind', 'of_gift', 'of_donor', 'status', 'void', 'amount', 'parts'):
            batch.drop_constraint(op.f(f'ck_receipt_{name}'), type_='check')
        batch.drop_constraint(op.f('fk_receipt_donor_id_donor'), type_='foreignkey')
        batch.drop_constraint(op.f('fk_receipt_replaces_id_receipt'), type_='foreignkey')
        batch.drop_constraint(op.f('uq_receipt_replaces_id'), type_='unique')
        for name in ('kind', 'year', 'donor_id', 'benefit_value_minor', 'deductible_minor', 'status', 'voided_at',
                     'voided_on', 'void_reason', 'replaces_id', 'content', 'content_hash'):
            batch.drop_column(name)
        batch.alter_column('donation_id', existing_type=_ID, nullable=False)
        batch.create_unique_constraint(op.f('uq_receipt_donation_id'), ['donation_id'])
        batch.create_check_constraint(op.f('ck_receipt_amount'), 'amount_minor > 0')
    _bring_holders(holders)
    _number_by('year')
