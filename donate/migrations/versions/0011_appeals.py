"""appeals: rules, copies, versions, counts, reminders; stories: flags

Revision ID: 0011_appeals
Revises: 0010_members
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from donate.articles.recognise import mark_address


revision = '0011_appeals'
down_revision = '0010_members'
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
_MOMENT = sa.DateTime(timezone=True)
_MANY = 500


def upgrade() -> None:
    """Apply."""
    # Column by column and not through a batch: that would make the tables anew, and what hangs on them would go.
    for column in (
        sa.Column('goal_counts_renewals', sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column('name', sa.String(length=120), nullable=False, server_default=''),
        sa.Column('version', sa.Integer(), nullable=False, server_default='0'),
        sa.Column('placements', _JSON, nullable=False, server_default='["header", "inline", "end", "footer"]'),
        sa.Column('rules', _JSON, nullable=False, server_default='{}'),
        sa.Column('share_b', sa.Integer(), nullable=False, server_default='0'),
        sa.Column('holdback', sa.Integer(), nullable=False, server_default='0'),
        sa.Column('checked_at', _MOMENT, nullable=True),
        sa.Column('paused_why', _JSON, nullable=False, server_default='{}'),
        sa.Column('paused_at', _MOMENT, nullable=True),
        sa.Column('archived_at', _MOMENT, nullable=True),
    ):
        op.add_column('appeal', column)
    for name in ('renewals_minor', 'offline_minor'):
        op.add_column('appeal_tally', sa.Column(name, sa.BigInteger(), nullable=False, server_default='0'))
    _fill_tallies(op.get_bind())
    op.add_column('appeal_target', sa.Column('is_excluded', sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table('appeal_text') as batch:
        batch.add_column(sa.Column('variant', sa.String(length=1), nullable=False, server_default='a'))
        batch.drop_constraint(op.f('uq_appeal_text_appeal_id_language'), type_='unique')
        batch.create_unique_constraint(
            op.f('uq_appeal_text_appeal_id_language_variant'), ['appeal_id', 'language', 'variant']
        )
        batch.create_check_constraint(op.f('ck_appeal_text_variant'), "variant IN ('a', 'b')")
    _upgrade_articles()
    op.add_column('newsroom', sa.Column('flag_words', _JSON, nullable=False, server_default='{}'))
    with op.batch_alter_table('newsroom') as batch:
        batch.add_column(sa.Column('counting', sa.String(length=8), nullable=False, server_default='opt_in'))
        batch.create_check_constraint(op.f('ck_newsroom_counting'), "counting IN ('off', 'opt_in', 'opt_out')")
    with op.batch_alter_table('address_proof') as batch:
        batch.drop_constraint(op.f('ck_address_proof_purpose'), type_='check')
        batch.create_check_constraint(
            op.f('ck_address_proof_purpose'), "purpose IN ('member', 'staff', 'address', 'gave')"
        )
    _create()


def _fill_tallies(connection: sa.Connection) -> None:
    """Count from the books what of each tally renewals brought, and gifts by cheque, transfer or cash.

    As each later movement will: without covered fees, rounded down gift by gift.
    """
    found = connection.execute(sa.text("""
        SELECT appeal_id, currency, SUM(CASE WHEN kind = 'recurring' AND id > first_id THEN part ELSE 0 END),
               SUM(CASE WHEN kind = 'offline' THEN part ELSE 0 END)
        FROM (
            SELECT donation.id, donation.appeal_id, donation.currency, donation.kind,
                   CASE WHEN kept.minor > 0 THEN kept.minor ELSE 0 END
                   * (donation.amount_minor - donation.fee_cover_minor) / donation.amount_minor AS part,
                   (SELECT MIN(other.id) FROM donation AS other WHERE other.recurring_id = donation.recurring_id)
                   AS first_id
            FROM donation
            JOIN (SELECT donation_id, currency, CAST(SUM(gross_minor) AS BIGINT) AS minor
                  FROM ledger_entry GROUP BY donation_id, currency) AS kept
              ON kept.donation_id = donation.id AND kept.currency = donation.currency
            WHERE donation.appeal_id IS NOT NULL
        ) AS gift
        GROUP BY appeal_id, currency
    """)).all()
    for appeal_id, currency, renewals, offline in found:
        connection.execute(
            sa.text('UPDATE appeal_tally SET renewals_minor = :renewals, offline_minor = :offline'
                    ' WHERE appeal_id = :appeal AND currency = :currency'),
            {'renewals': int(renewals), 'offline': int(offline), 'appeal': appeal_id, 'currency': currency},
        )


def _upgrade_articles() -> None:
    for name in ('flags', 'proposed_flags'):
        op.add_column('article', sa.Column(name, _JSON, nullable=False, server_default='{}'))
    article = sa.table('article', sa.column('no_asks', sa.Boolean), sa.column('flags', _JSON))
    op.execute(
        article.update().where(article.c.no_asks.is_(sa.true())).values(
            flags={'do_not_ask': {'by': 'editor', 'since': '2026-01-01T00:00:00+00:00'}}
        )
    )
    op.drop_column('article', 'no_asks')
    op.add_column('article', sa.Column('canonical_mark', sa.String(length=32), nullable=False, server_default=''))
    _mark_what_is_there()
    op.create_index(op.f('ix_article_canonical_mark'), 'article', ['canonical_mark'])


def _mark_what_is_there() -> None:
    article = sa.table(
        'article', sa.column('id', sa.BigInteger), sa.column('canonical_url', sa.String),
        sa.column('canonical_mark', sa.String),
    )
    connection, last = op.get_bind(), 0
    while True:
        page = sa.select(article.c.id, article.c.canonical_url).where(article.c.id > last, article.c.canonical_url != '')
        rows = connection.execute(page.order_by(article.c.id).limit(_MANY)).all()
        if not rows:
            return
        connection.execute(
            article.update().where(article.c.id == sa.bindparam('row')).values(canonical_mark=sa.bindparam('mark')),
            [{'row': id_, 'mark': mark_address(url)} for id_, url in rows],
        )
        last = rows[-1].id


def _create() -> None:
    op.create_table('appeal_version',
    sa.Column('id', _ID, nullable=False),
    sa.Column('appeal_id', _ID, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('at', _MOMENT, nullable=False),
    sa.Column('staff_id', sa.BigInteger(), nullable=True),
    sa.Column('contents', _JSON, nullable=False),
    sa.ForeignKeyConstraint(['appeal_id'], ['appeal.id'], name=op.f('fk_appeal_version_appeal_id_appeal'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal_version')),
    sa.UniqueConstraint('appeal_id', 'number', name=op.f('uq_appeal_version_appeal_id_number'))
    )
    op.create_table('ask_switch',
    sa.Column('placement', sa.String(length=10), nullable=False),
    sa.Column('switched_off_at', _MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('placement', name=op.f('pk_ask_switch'))
    )
    op.create_table('ask_count',
    sa.Column('counted_on', sa.Date(), nullable=False),
    sa.Column('appeal_id', _ID, nullable=False),
    sa.Column('variant', sa.String(length=10), nullable=False),
    sa.Column('placement', sa.String(length=10), nullable=False),
    sa.Column('article_slug', sa.String(length=200), nullable=False),
    sa.Column('views', sa.Integer(), nullable=False),
    sa.Column('closes', sa.Integer(), nullable=False),
    sa.Column('presses', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['appeal_id'], ['appeal.id'], name=op.f('fk_ask_count_appeal_id_appeal'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('counted_on', 'appeal_id', 'variant', 'placement', 'article_slug', name=op.f('pk_ask_count'))
    )
    op.create_index(op.f('ix_ask_count_appeal_id'), 'ask_count', ['appeal_id'])
    op.create_table('reminder',
    sa.Column('id', _ID, nullable=False),
    sa.Column('reference', sa.String(length=16), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('appeal_id', _ID, nullable=True),
    sa.Column('article_slug', sa.String(length=200), nullable=False),
    sa.Column('placement', sa.String(length=40), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('asked_at', _MOMENT, nullable=False),
    sa.Column('sent_at', _MOMENT, nullable=True),
    sa.Column('dropped_at', _MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['appeal_id'], ['appeal.id'], name=op.f('fk_reminder_appeal_id_appeal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder')),
    sa.UniqueConstraint('email', 'due_on', name=op.f('uq_reminder_email_due_on')),
    sa.UniqueConstraint('reference', name=op.f('uq_reminder_reference'))
    )
    op.create_index(op.f('ix_reminder_appeal_id'), 'reminder', ['appeal_id'])
    op.create_index('ix_reminder_due', 'reminder', ['sent_at', 'due_on'])


def downgrade() -> None:
    """Take back; copies ``b`` and flags other than ``do_not_ask`` go."""
    for table in ('reminder', 'ask_count', 'ask_switch', 'appeal_version'):
        op.drop_table(table)
    op.execute("DELETE FROM address_proof WHERE purpose = 'gave'")
    with op.batch_alter_table('address_proof') as batch:
        batch.drop_constraint(op.f('ck_address_proof_purpose'), type_='check')
        batch.create_check_constraint(op.f('ck_address_proof_purpose'), "purpose IN ('member', 'staff', 'address')")
    with op.batch_alter_table('newsroom') as batch:
        batch.drop_constraint(op.f('ck_newsroom_counting'), type_='check')
        batch.drop_column('counting')
    op.drop_column('newsroom', 'flag_words')
    op.drop_index(op.f('ix_article_canonical_mark'), 'article')
    op.drop_column('article', 'canonical_mark')
    op.add_column('article', sa.Column('no_asks', sa.Boolean(), nullable=False, server_default=sa.false()))
    article = sa.table('article', sa.column('no_asks', sa.Boolean), sa.column('flags', _JSON))
    op.execute(
        article.update().where(sa.cast(article.c.flags, sa.Text).like('%do_not_ask%')).values(no_asks=True)
    )
    for name in ('proposed_flags', 'flags'):
        op.drop_column('article', name)
    op.execute("DELETE FROM appeal_text WHERE variant = 'b'")
    with op.batch_alter_table('appeal_text') as batch:
        batch.drop_constraint(op.f('ck_appeal_text_variant'), type_='check')
        batch.drop_constraint(op.f('uq_appeal_text_appeal_id_language_variant'), type_='unique')
        batch.create_unique_constraint(op.f('uq_appeal_text_appeal_id_language'), ['appeal_id', 'language'])
        batch.drop_column('variant')
    op.drop_column('appeal_target', 'is_excluded')
    for name in ('offline_minor', 'renewals_minor'):
        op.drop_column('appeal_tally', name)
    for name in ('archived_at', 'paused_at', 'paused_why', 'checked_at', 'holdback', 'share_b', 'rules', 'placements',
                 'version', 'name', 'goal_counts_renewals'):
        op.drop_column('appeal', name)
