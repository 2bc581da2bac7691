"""recurring: the movements of MRR, their sums by day, and one row or two of each promise that began before

What a promise was meanwhile is not told apart: it is `new` on the day it began with the amount it has now, and where
it counts nothing now it was `paused`, `failed` or `cancelled` on the day that is known of it, else today.

Revision ID: 0016_movements
Revises: 0015_journal
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from donate import clock
from donate.db import UtcDateTime


revision = '0016_movements'
down_revision = '0015_journal'
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_KINDS = "'new', 'returned', 'raised', 'lowered', 'paused', 'failed', 'cancelled'"
_AT_ONCE = 1000


def upgrade() -> None:
    """Apply."""
    movement = op.create_table(
        'recurring_movement',
        sa.Column('id', _ID, autoincrement=True, nullable=False),
        sa.Column('recurring_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('livemode', sa.Boolean(), nullable=False),
        sa.Column('moved_at', UtcDateTime(), nullable=False),
        sa.Column('moved_on', sa.Date(), nullable=False),
        sa.Column('kind', sa.String(10), nullable=False),
        sa.Column('fund_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
        sa.Column('currency', sa.String(3), nullable=False),
        sa.Column('annual_before_minor', sa.BigInteger(), nullable=False),
        sa.Column('annual_after_minor', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_recurring_movement')),
        sa.UniqueConstraint('recurring_id', 'number', name=op.f('uq_recurring_movement_recurring_id_number')),
        sa.ForeignKeyConstraint(
            ['recurring_id'], ['recurring_donation.id'],
            name=op.f('fk_recurring_movement_recurring_id_recurring_donation'),
        ),
        sa.ForeignKeyConstraint(['fund_id'], ['fund.id'], name=op.f('fk_recurring_movement_fund_id_fund')),
        sa.CheckConstraint(f'kind IN ({_KINDS})', name=op.f('ck_recurring_movement_kind')),
        sa.CheckConstraint('number > 0', name=op.f('ck_recurring_movement_number')),
        sa.CheckConstraint(
            'annual_before_minor >= 0 AND annual_after_minor >= 0', name=op.f('ck_recurring_movement_annual')
        ),
        sa.CheckConstraint('annual_before_minor <> annual_after_minor', name=op.f('ck_recurring_movement_moves')),
    )
    op.create_index('ix_recurring_movement_on', 'recurring_movement', ['moved_on', 'id'])
    op.create_index('ix_recurring_movement_kind', 'recurring_movement', ['kind', 'moved_on', 'id'])
    op.create_table(
        'recurring_movement_day',
        sa.Column('moved_on', sa.Date(), nullable=False),
        sa.Column('kind', sa.String(10), nullable=False),
        sa.Column('currency', sa.String(3), nullable=False),
        sa.Column('fund_id', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('changes', sa.Integer(), nullable=False),
        sa.Column('annual_minor', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            'moved_on', 'kind', 'currency', 'fund_id', name=op.f('pk_recurring_movement_day')
        ),
    )
    _write_what_is_known(movement)
    _close()


def _write_what_is_known(movement: Any) -> None:
    """Write the movements of promises that are there already, a part at a time."""
    connection = op.get_bind()
    zone = connection.execute(sa.text('SELECT time_zone FROM newsroom')).scalar() or 'UTC'
    now, last = clock.now(), 0
    while part := connection.execute(_PROMISES, {'last': last, 'at_once': _AT_ONCE}).all():
        rows = [
            {**row, 'moved_on': clock.on(row['moved_at'], zone)} for each in part for row in _movements_of(each, now)
        ]
        if rows:
            op.bulk_insert(movement, rows)
        last = part[-1].id
    op.execute(
        'INSERT INTO recurring_movement_day (moved_on, kind, currency, fund_id, changes, annual_minor) '
        'SELECT moved_on, kind, currency, fund_id, count(*), sum(annual_after_minor - annual_before_minor) '
        'FROM recurring_movement GROUP BY moved_on, kind, currency, fund_id'
    )


_PROMISES = sa.text(
    'SELECT id, status, interval, livemode, amount_minor, currency, fund_id, created_at, started_at, ended_at, '
    'ended_because, is_paused, resumes_at, restarts FROM recurring_donation WHERE id > :last ORDER BY id '
    'LIMIT :at_once'
).columns(
    created_at=UtcDateTime(), started_at=UtcDateTime(), ended_at=UtcDateTime(), resumes_at=UtcDateTime(),
    livemode=sa.Boolean(), is_paused=sa.Boolean(),
)
_REST = sa.text(
    "SELECT act, ended_at, after FROM recurring_change WHERE recurring_id = :id AND status <> 'refused' "
    "AND act IN ('skip', 'pause', 'resume') ORDER BY id DESC LIMIT 1"
).columns(ended_at=UtcDateTime(), after=_JSON)


def _movements_of(promise: Any, now: datetime) -> Iterator[dict[str, Any]]:
    is_charged = promise.status in ('active', 'trialing', 'past_due')
    began_at = promise.started_at or (promise.created_at if is_charged else None)
    if began_at is None:
        return
    annual = promise.amount_minor * (12 if promise.interval == 'month' else 1)
    row = {
        'recurring_id': promise.id, 'livemode': promise.livemode, 'fund_id': promise.fund_id,
        'currency': promise.currency,
    }
    yield {
        **row, 'number': 1, 'moved_at': began_at, 'kind': 'returned' if promise.restarts else 'new',
        'annual_before_minor': 0, 'annual_after_minor': annual,
    }
    kind, moved_at = _how_it_went_on(promise, is_charged=is_charged)
    if kind:
        yield {
            **row, 'number': 2, 'moved_at': max(began_at, moved_at or now), 'kind': kind,
            'annual_before_minor': annual, 'annual_after_minor': 0,
        }


def _how_it_went_on(promise: Any, *, is_charged: bool) -> tuple[str, datetime | None]:
    """Tell why a promise counts nothing now, and since when where that is known; no word where it counts."""
    if is_charged and not promise.is_paused:
        return '', None
    if is_charged:
        rest = op.get_bind().execute(_REST, {'id': promise.id}).first()
        if rest is None:
            return 'paused', None
        until = rest.after['resumes_at']
        is_asked = (datetime.fromisoformat(until) if until else None) == promise.resumes_at
        if rest.act == 'skip' and is_asked:
            return '', None
        return 'paused', rest.ended_at if rest.act == 'pause' else None
    if promise.status == 'paused':
        return 'paused', None
    is_failed = promise.status == 'unpaid' or promise.ended_because == 'payment_failed'
    return 'failed' if is_failed else 'cancelled', promise.ended_at


def _close() -> None:
    """Let the database itself refuse to change or delete what moved."""
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(
            "CREATE FUNCTION recurring_movement_refuses() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'movements of promises are append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER recurring_movement_append_only BEFORE UPDATE OR DELETE ON recurring_movement "
            "FOR EACH ROW EXECUTE FUNCTION recurring_movement_refuses()"
        )
        return
    for act in ('update', 'delete'):
        op.execute(
            f"CREATE TRIGGER recurring_movement_no_{act} BEFORE {act.upper()} ON recurring_movement "
            "BEGIN SELECT RAISE(ABORT, 'movements of promises are append-only'); END"
        )


def downgrade() -> None:
    """Take back."""
    op.drop_table('recurring_movement_day')
    op.drop_table('recurring_movement')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP FUNCTION recurring_movement_refuses()')
