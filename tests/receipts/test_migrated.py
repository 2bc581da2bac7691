"""Receipts that were issued before contents were stored: each says what its columns said, and names whom it named."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from donate.app import create_app
from donate.db import db
from donate.receipts.content import hash_of
from donate.receipts.models import Receipt, ReceiptHolder
from tests.make import application
from tests.make.rows import every

_OLD = (
    "INSERT INTO fund (id, code, name, names, gl_code, restriction, is_general) VALUES (1, 'general', 'General fund',"
    " '{\"he\": \"הקרן\"}', '', 'none', true)",
    "INSERT INTO donation (id, reference, version, status, kind, frequency, livemode, content_hash, amount_minor,"
    " fee_cover_minor, currency, email, email_key, first_name, last_name, phone, address_line1, address_line2, city,"
    " region, postcode, country, note, anonymous, newsletter, newsletter_words, language, fund_id, article_slug,"
    " placement, variant, source, created_at, checkout_url, received_at, received_on, failure_code, payment_method,"
    " card_brand, card_last4) VALUES (1, 'AAAABBBBCCCCDDDD', 0, 'succeeded', 'one_time', 'once', false, '', 2606, 106,"
    " 'USD', '', '', '', '', '', '', '', '', '', '', '', '', true, false, '', 'he', 1, '', '', '', '',"
    " '2025-12-31 22:30:00', '', '2025-12-31 22:30:00', '2026-01-01', '', 'card', 'visa', '')",
    "INSERT INTO receipt_series (year, last_number) VALUES (2026, 1)",
    "INSERT INTO receipt (id, number, donation_id, issued_at, issued_on, language, amount_minor, fee_cover_minor,"
    " currency) VALUES (1, '2026-000001', 1, '2026-01-01 08:00:00', '2026-01-01', 'he', 2606, 106, 'USD')",
    "INSERT INTO receipt_holder (receipt_id, name, address, locked_until) VALUES (1, 'Leila', 'Amman', '2033-12-31')",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a database with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'old.db'}"
    url: str = request.getfixturevalue("postgresql").create_empty("old_receipts")
    return url


def test_old_receipts_come_along_and_go_back(empty_url: str, tmp_path: Path) -> None:
    app = create_app(application.settings_for(empty_url, tmp_path), ask_offset=lambda: 0.0)

    def migrate(*step: str) -> None:
        done = app.test_cli_runner().invoke(args=["db", *step])
        assert done.exit_code == 0, f"{step}: {done.output} {done.exception!r}"

    migrate("upgrade", "0011_appeals")
    with app.app_context():
        with db.engine.begin() as connection:
            for statement in _OLD:
                connection.execute(sa.text(statement.replace(":", r"\:")))
        application.let_go()
    migrate("upgrade")
    with app.app_context():
        (receipt,) = every(Receipt)
        assert (receipt.kind, receipt.year, receipt.status, receipt.deductible_minor) == ("gift", 2026, "issued", None)
        said = receipt.content
        assert (said["number"], said["amount_minor"], said["fee_cover_minor"]) == ("2026-000001", 2606, 106)
        assert (said["received_on"], said["fund"], said["language"]) == ("2026-01-01", "הקרן", "he")
        assert receipt.content_hash == hash_of(said)
        assert [each.name for each in every(ReceiptHolder)] == ["Leila"]
        application.let_go()
    migrate("downgrade", "0011_appeals")
    with app.app_context():
        with db.engine.connect() as connection:
            row = connection.execute(sa.text("SELECT number, donation_id, amount_minor FROM receipt")).one()
            assert tuple(row) == ("2026-000001", 1, 2606)
            assert connection.execute(sa.text("SELECT name FROM receipt_holder")).scalar_one() == "Leila"
            assert connection.execute(sa.text("SELECT year, last_number FROM receipt_series")).one() == (2026, 1)
        application.let_go()
