"""Payouts at the finance desk: green where their entries prove them, red with each difference explained."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from donate.db import committed
from donate.fulfillment.sweep import sweep
from donate.ledger.models import Payout
from donate.sandbox.app import Sandbox
from tests.make.books import let_the_books_change
from tests.make.gifts import Gifts
from tests.make.rows import every
from tests.make.signing_in import Comings
from tests.make.tables import cents, figure_of, rows_of, words
from tests.people import NOAM

Pass = Callable[[float], None]
PAYOUTS = "/staff/finance/payouts"


def test_a_payout_shows_what_it_is_made_of_and_that_it_is_proved(
    gifts: Gifts, box: Sandbox, pass_days: Pass, comings: Comings
) -> None:
    gifts.paid(amount="25.00")
    gifts.paid(NOAM, amount="10.00")
    box.outside_charge(900, "usd")
    box.book("stripe_fee", -200, "usd", description="Radar")
    pass_days(6)
    desk = comings.colleague("auditor")
    page = desk.get(PAYOUTS).text
    assert "Every payout that Stripe has told the contents of agrees with its entries." in words(page)
    (line,) = rows_of(page, "Payouts, table")
    sums = [cents(cell.text) for cell in line[2:]]
    assert sums[0] == 3500
    assert sum(sums[:-1]) == sums[-1] == every(Payout)[0].amount_minor
    assert line[1].text == "Proved Agrees: 4 entries."
    behind = desk.get(line[0].link).text
    assert len(rows_of(behind, "Entries, table")) == 4
    assert sum(cents(row[6].text) for row in rows_of(behind, "Entries, table")) == sums[-1]
    assert '<span class="proved">' in behind
    overview = desk.get("/staff/finance").text
    assert "Agrees: 4 entries." in words(overview)
    assert "The double line means" in words(overview)
    others = words(overview[overview.index('id="others"') :])
    assert "Stripe’s other charges −$2.00" in others
    assert "Other products of the account $8.44" in others


def test_a_payout_that_differs_is_red_and_says_why_on_every_page(
    gifts: Gifts, pass_days: Pass, comings: Comings, guards_back: None
) -> None:
    gifts.paid(amount="25.00")
    pass_days(6)
    let_the_books_change()
    with committed() as session:
        session.execute(
            sa.text("UPDATE ledger_entry SET settlement_net_minor = settlement_net_minor - 100,"
                    " settlement_gross_minor = settlement_gross_minor - 100 WHERE entry_type = 'charge'")
        )  # fmt: skip
        session.execute(sa.text("UPDATE payout SET proof = 'open'"))
    sweep()
    desk = comings.colleague("finance")
    page = desk.get(f"{PAYOUTS}?from=2020-01-01&to=2020-01-31").text
    assert "1 payout does not agree with its entries." in words(page)
    assert "$1.00 of it stand in no entry here." in words(page)
    (payout,) = every(Payout)
    behind = desk.get(f"{PAYOUTS}/{payout.stripe_payout_id}").text
    assert "It stands here with another sum than at Stripe." in words(behind)
    assert "proved" not in behind.partition("<tfoot>")[2].partition("</tfoot>")[0]
    assert "The double line means" not in words(desk.get("/staff/finance").text)


def test_a_payout_that_is_none_is_not_found(comings: Comings) -> None:
    assert comings.colleague("finance").get(f"{PAYOUTS}/po_none").status_code == 404


def test_the_balance_at_stripe_and_what_moved_it_stand_on_the_overview(
    gifts: Gifts, pass_days: Pass, comings: Comings
) -> None:
    gifts.paid(amount="25.00")
    pass_days(0.01)
    page = comings.colleague("finance").get("/staff/finance").text
    assert figure_of(page, "Balance at Stripe") == "$23.97"
