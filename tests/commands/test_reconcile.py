"""flask reconcile: our books beside Stripe's, a table that agrees, or each difference named and exit 1."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from donate.db import committed, db
from donate.sandbox.app import Sandbox
from tests.make.books import entries, let_the_books_change
from tests.make.gifts import Gifts

Pass = Callable[[float], None]


def reconcile(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["reconcile", *words])


def test_books_that_agree_say_so(app: Flask, gifts: Gifts, box: Sandbox, pass_days: Pass) -> None:
    gifts.paid(amount="25.00")
    gifts.paid(amount="50.00", currency="EUR")
    box.outside_charge(900, "usd")
    pass_days(6)
    gifts.paid(amount="10.00")
    pass_days(1)
    result = reconcile(app)
    assert result.exit_code == 0, result.output
    assert "2026-03-02 to 2026-03-09, both included, days of Asia/Jerusalem" in result.output
    assert "2026-03-02  charges    USD              2                       34.00                    1.59" in (
        result.output
    )
    assert "Difference 0.00 EUR, 0.00 USD." in result.output
    assert "DIFFERENCE" not in result.output


def test_an_empty_database_agrees(app: Flask, gifts: Gifts) -> None:
    result = reconcile(app)
    assert result.exit_code == 0, result.output


def test_a_movement_that_nobody_told_us_of_is_named(app: Flask, gifts: Gifts, box: Sandbox, pass_days: Pass) -> None:
    gifts.paid(amount="25.00")
    pass_days(1)
    unknown = box.book("stripe_fee", -700, "usd")
    result = reconcile(app)
    assert result.exit_code == 1
    assert f"DIFFERENCE {unknown}: Stripe moved -7.00 USD (stripe_fee), our books have no entry" in result.output
    assert "DIFFERENCE clearing USD: our books have 23.97, Stripe's balance is 16.97" in result.output
    assert "Difference 7.00 USD." in result.output


def test_an_entry_of_another_sum_or_of_nothing_is_named(
    app: Flask, gifts: Gifts, box: Sandbox, pass_days: Pass, guards_back: None
) -> None:
    gifts.paid(amount="25.00")
    gifts.paid(amount="10.00")
    pass_days(1)
    wrong, invented = (entry.source_key for entry in entries())
    let_the_books_change()
    with committed() as session:
        session.execute(
            sa.text(
                "UPDATE ledger_entry SET settlement_fee_minor = 3, settlement_net_minor = settlement_gross_minor - 3"
                " WHERE source_key = :key"
            ),
            {"key": wrong},
        )
        session.execute(
            sa.text("UPDATE ledger_entry SET source_key = 'txn_invented' WHERE source_key = :key"), {"key": invented}
        )
    db.session.expire_all()
    result = reconcile(app)
    assert result.exit_code == 1
    assert f"{wrong}: fee is 0.03 USD in our books and 1.03 USD at Stripe" in result.output
    assert "txn_invented: our books have 9.41 USD on 2026-03-02, Stripe's list has no such movement" in result.output
    assert f"{invented}: Stripe moved 9.41 USD (charge), our books have no entry" in result.output


def test_a_span_of_days_can_be_asked_for(app: Flask, gifts: Gifts, pass_days: Pass) -> None:
    gifts.paid(amount="25.00")
    pass_days(10)
    result = reconcile(app, "--from", "2026-03-02", "--to", "2026-03-03")
    assert result.exit_code == 0, result.output
    assert "All 1 lines agree." in result.output
    assert reconcile(app, "--from", "2026-03-03", "--to", "2026-03-03").exit_code == 2


def test_a_silent_stripe_is_said(app: Flask, gifts: Gifts, box: Sandbox) -> None:
    box.faults.replace([{"kind": "http_500", "times": 50}])
    result = reconcile(app)
    assert result.exit_code == 1
    assert "Stripe did not answer" in result.output
