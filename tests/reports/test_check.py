"""flask check: a sound database breaks nothing; each invariant sees what it is there for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from donate import clock
from donate.commands.worker import JOBS
from donate.db import committed
from donate.ledger.models import LedgerEntry
from donate.queue.beat import beat
from donate.reports.check import check_everything
from donate.reports.invariants import RULES
from donate.sandbox.app import Sandbox
from tests.make.books import let_the_books_change
from tests.make.gifts import Gifts
from tests.make.offline import ByHand
from tests.make.outbox import Outbox, text_of
from tests.make.rows import count

Settle = Callable[..., None]

#: For each rule, what breaks it: one statement on a database with two gifts, one of them monthly, all booked.
BREAKS = {
    "gifts_that_arrived_are_whole": "UPDATE donation SET donor_id = NULL",
    "gifts_come_to_an_end": "UPDATE donation SET status = 'pending', checkout_expires_at = '2020-01-01' WHERE id = 1",
    "instalments_belong_to_promises": "UPDATE donation SET recurring_id = NULL",
    "one_charge_a_period": "UPDATE donation SET recurring_id = (SELECT MAX(recurring_id) FROM donation)",
    "past_gifts_are_in_no_books_of_ours": (
        "UPDATE donation SET imported_from = 'generic', imported_id = '1' WHERE id = 1"
    ),
    "live_and_test_never_mix": "UPDATE donation SET livemode = true WHERE id = 1",
    "each_gift_has_its_receipt": "UPDATE receipt SET amount_minor = amount_minor + 1 WHERE id = 1",
    "receipt_numbers_have_no_gaps": "UPDATE receipt_series SET last_number = last_number + 1",
    "void_receipts_are_replaced": (
        "UPDATE receipt SET status = 'void', voided_at = issued_at, voided_on = issued_on, void_reason = 'refund'"
    ),
    "receipts_say_what_was_hashed": "UPDATE receipt SET content_hash = 'another' WHERE id = 1",
    "statements_say_what_receipts_say": (
        "INSERT INTO receipt (id, number, kind, year, donor_id, issued_at, issued_on, language, amount_minor,"
        " fee_cover_minor, currency, benefit_value_minor, status, void_reason, content, content_hash) SELECT 901,"
        " 'S2026-000001', 'statement', 2026, MIN(donor_id), '2026-03-02', '2026-03-02', 'en', 1, 0, 'USD', 0,"
        " 'issued', '', '{\"totals\": []}', '' FROM donation"
    ),
    "each_gift_has_its_letter": "UPDATE mail_message SET key = 'another' WHERE id = 1",
    "never_more_goes_back_than_came": (
        "INSERT INTO refund (id, reference, version, donation_id, status, livemode, amount_minor, currency, reason,"
        " asked_by, requested_at, failure_reason) SELECT 1, 'AAAAAAAAAAAAAAAA', 0, id, 'pending', false,"
        " amount_minor + 1, currency, '', 'command', created_at, '' FROM donation WHERE id = 1"
    ),
    "refunds_come_to_an_end": (
        "INSERT INTO refund (id, reference, version, donation_id, status, livemode, amount_minor, currency, reason,"
        " asked_by, requested_at, failure_reason) SELECT 1, 'AAAAAAAAAAAAAAAA', 0, id, 'requested', false,"
        " 1, currency, '', 'command', '2020-01-01', '' FROM donation WHERE id = 1"
    ),
    "refunds_are_in_the_books": (
        "INSERT INTO refund (id, reference, version, donation_id, status, livemode, amount_minor, currency, reason,"
        " asked_by, requested_at, failure_reason, stripe_refund_id) SELECT 1, 'AAAAAAAAAAAAAAAA', 0, id, 'succeeded',"
        " false, 1, currency, '', 'command', '2020-01-01', '', 're_1' FROM donation WHERE id = 1"
    ),
    "disputes_are_in_the_books": (
        "INSERT INTO dispute (id, version, donation_id, status, livemode, amount_minor, currency, reason, opened_at,"
        " opened_on, stripe_dispute_id) SELECT 1, 0, id, 'lost', false, 1, currency, '', '2020-01-01', '2020-01-01',"
        " 'dp_1' FROM donation WHERE id = 1"
    ),
    "each_gift_is_booked_once": "UPDATE ledger_entry SET gross_minor = gross_minor + 1 WHERE id = 1",
    "nothing_of_ours_is_outside": "UPDATE ledger_entry SET entry_type = 'outside' WHERE id = 1",
    "entries_of_gifts_name_them": "UPDATE ledger_entry SET fund_id = NULL WHERE id = 1",
    "postings_say_what_the_entry_says": "UPDATE ledger_posting SET amount_minor = amount_minor + 1 WHERE line_no = 1",
    "no_gift_of_ours_is_lost": "UPDATE ledger_entry SET marked_for = 'AAAAAAAAAAAAAAAA' WHERE id = 1",
    "nothing_is_unclassified": "UPDATE ledger_entry SET entry_type = 'unclassified' WHERE id = 1",
    "sums_by_day_agree": "UPDATE ledger_day SET settlement_net_minor = settlement_net_minor + 1",
    "sums_of_stories_agree": "UPDATE ledger_span_by SET net_minor = net_minor + 1",
    "donors_are_counted_by_the_books": "UPDATE donor_day SET people = people + 1",
    "closed_months_never_change": (
        "INSERT INTO ledger_period (month, closed_at, closed_by, totals) VALUES"
        " ('2026-03', '2026-04-01', 'command', '[]')"
    ),
    "payouts_are_proved": (
        "INSERT INTO payout (id, version, stripe_account, livemode, stripe_payout_id, status, currency, amount_minor,"
        " automatic, created_at, arrival_on, failure_code, proof, difference_minor, differences) VALUES"
        " (901, 0, 'acct', false, 'po_1', 'paid', 'USD', 5, true, '2020-01-01', '2020-01-01', '', 'proved', 0, '[]')"
    ),
    "payouts_are_booked": (
        "INSERT INTO payout (id, version, stripe_account, livemode, stripe_payout_id, status, currency, amount_minor,"
        " automatic, created_at, arrival_on, failure_code, proof, difference_minor, differences) VALUES"
        " (901, 0, 'acct', false, 'po_1', 'paid', 'USD', 5, true, '2020-01-01', '2020-01-01', '', 'manual', 0, '[]')"
    ),
    "appeals_say_what_the_books_say": "UPDATE appeal_tally SET raised_minor = raised_minor + 1",
    "the_forgotten_are_forgotten": "UPDATE donor SET erased_at = '2026-03-03'",
    "memberships_are_earned": "DELETE FROM membership_period",
    "promises_count_what_their_movements_say": "UPDATE recurring_donation SET amount_minor = amount_minor + 1",
    "movements_follow_one_another": "UPDATE recurring_movement SET number = number + 1",
    "movements_are_named_as_they_moved": "UPDATE recurring_movement SET kind = 'raised'",
    "sums_of_movements_agree": "UPDATE recurring_movement_day SET annual_minor = annual_minor + 1",
    "posted_batches_agree_with_their_control_totals": "UPDATE offline_batch SET control_count = control_count + 1",
    "withdrawn_gifts_are_out_of_the_books": "UPDATE ledger_entry SET entry_type = 'offline_return' WHERE id = 1",
    "no_work_was_given_up": "UPDATE job SET state = 'dead' WHERE id = 1",
}


@pytest.fixture
def sound(gifts: Gifts, by_hand: ByHand, box: Sandbox, settle: Settle) -> None:
    """Make two gifts, one of them monthly, wait until both are in the books, and post a batch of two cheques."""
    gifts.paid(amount="25.00", cover="1.20")
    gifts.paid(frequency="month", amount="15.00")
    settle()
    box.advance(seconds=10)
    settle()
    assert count(LedgerEntry) == 2
    by_hand.posted(5000, 2500)


def test_a_sound_database_breaks_nothing(app: Flask, sound: None) -> None:
    assert check_everything() == []
    result = app.test_cli_runner().invoke(args=["check"])
    assert result.exit_code == 0
    assert result.output == f"{len(RULES)} of {len(RULES)} invariants hold.\n"


def test_an_empty_database_breaks_nothing(app: Flask) -> None:
    assert check_everything() == []


@pytest.mark.parametrize("name", sorted(RULES))
def test_each_invariant_sees_what_breaks_it(app: Flask, sound: None, guards_back: None, name: str) -> None:
    let_the_books_change()
    with committed() as session:
        session.execute(sa.text(BREAKS[name]))
    broken = {each.name: each for each in check_everything()}
    assert name in broken, f"{name} saw nothing"
    assert broken[name].rows
    result = app.test_cli_runner().invoke(args=["check"])
    assert result.exit_code == 1
    assert f"BROKEN {name}: " in result.output


def test_what_the_scheduled_check_finds_is_told_once(
    app: Flask, sound: None, work: Callable[[], int], outbox: Outbox
) -> None:
    with committed() as session:
        session.execute(sa.text(BREAKS["appeals_say_what_the_books_say"]))
    letters = len(outbox)
    beat("of the tests", clock.real_now())
    for _ in range(2):
        JOBS["check"](slot="1")
        JOBS["look"](slot="1")
    work()
    (letter,) = outbox[letters:]
    # Where nobody works here yet, the newsroom itself.
    assert letter["To"].addresses[0].addr_spec == "giving@plumbline.example"
    assert letter["Subject"] == "1 rule of the books does not hold."
    assert "flask check" in text_of(letter)
