"""search text and main site

Revision ID: 0003_search
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from donate.articles.fold import fold


revision = '0003_search'
down_revision = '0002'
branch_labels = None
depends_on = None

_MANY = 500


def upgrade() -> None:
    """Apply."""
    # Not through a batch: that would make the table anew, and its topics would go with the old one.
    op.add_column('article', sa.Column('search_text', sa.Text(), nullable=False, server_default=''))
    op.add_column('newsroom', sa.Column('is_main_site', sa.Boolean(), nullable=False, server_default=sa.false()))
    _fold_what_is_there()


def _fold_what_is_there() -> None:
    article = sa.table(
        'article', sa.column('id', sa.BigInteger), sa.column('headline', sa.String), sa.column('deck', sa.Text),
        sa.column('search_text', sa.Text),
    )
    connection, last = op.get_bind(), 0
    while True:
        page = sa.select(article.c.id, article.c.headline, article.c.deck).where(article.c.id > last)
        rows = connection.execute(page.order_by(article.c.id).limit(_MANY)).all()
        if not rows:
            return
        # As it is folded today: what is searched for is folded by the same function.
        connection.execute(
            article.update().where(article.c.id == sa.bindparam('row')).values(search_text=sa.bindparam('text')),
            [{'row': id_, 'text': fold(f'{headline} {deck}')} for id_, headline, deck in rows],
        )
        last = rows[-1].id


def downgrade() -> None:
    """Take back."""
    op.drop_column('newsroom', 'is_main_site')
    op.drop_column('article', 'search_text')
