"""Being forgotten: billing ends first and by Stripe's word, then the names go, and the books stay as they were.

Long, because every table that may hold a word of somebody is filled and searched here, in one place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from donate import clock
from donate.appeals.models import Reminder
from donate.appeals.remind import ask_reminder, drop_reminder, stranger_of
from donate.db import Base, committed, db
from donate.donors.models import Donor, DonorEmail, Erasure, MemberSession
from donate.fulfillment import forget_person as forget
from donate.fulfillment.apply_invoice import apply_invoice
from donate.fulfillment.forget_person import forget_person, forget_waiting
from donate.fulfillment.refund_gift import refund_gift
from donate.giving.models import Donation
from donate.ledger.models import LedgerEntry
from donate.money import from_major
from donate.receipts.locking import drop_unlocked_holders, locked_until
from donate.receipts.models import Receipt, ReceiptHolder
from donate.records import erase
from donate.records.erase import ask_erasure, is_erased_address
from donate.recurring.models import RecurringDonation
from donate.reports.check import check_everything
from donate.sandbox.app import Sandbox
from donate.team.history import SYSTEM
from donate.team.models import History
from donate.webhooks.models import StripeEvent
from tests.make.books import assert_books_equal_stripe
from tests.make.gifts import Gifts
from tests.make.outbox import Outbox, text_of
from tests.make.race import Race
from tests.make.rows import every, fresh
from tests.make.signing_in import Comings
from tests.people import AMAL, NOAM, Person

Settle = Callable[..., None]
LEILA = Person("Leila", "Qabbani-Oryx", "leila.oryx@example.org", country="JO")
TYPED = "Leila.Oryx@Example.org"
#: What must be nowhere afterwards, however it was written.
TRACES = ("oryx", "qabbani", "leila", "Olive Street 9", "0799 555 010", "for my aunt")


def give(gifts: Gifts, settle: Settle) -> Donation:
    """Give once with all a form takes, monthly from the address typed otherwise, and leave one attempt open."""
    once = gifts.paid(
        LEILA, note="for my aunt", phone="0799 555 010", address_line1="Olive Street 9", city="Amman", newsletter=True
    )
    gifts.paid(Person("Leila", "Qabbani-Oryx", TYPED), frequency="month")
    gifts.begin(LEILA, amount="7.00")
    gifts.paid(NOAM, frequency="month")
    settle()
    refund_gift(once.id, from_major("5", "USD"), left_seen=once.amount, reason="", asked_by="command")
    with committed():
        ask_reminder(LEILA.email, "en", date(2026, 9, 1), gifts.appeal)
    settle()
    return once


def wish_of(email: str = LEILA.email) -> int:
    with committed() as session:
        donor = session.scalars(sa.select(Donor).join(DonorEmail).where(DonorEmail.email == email)).one()
        return ask_erasure(donor, "command", SYSTEM).id


def whole_database() -> str:
    """Give every value of every row as text, payloads and all."""
    db.session.expire_all()
    rows = []
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(sa.select(table)):
            rows.append(" ".join(bytes(v).decode() if isinstance(v, bytes | memoryview) else str(v) for v in row))
    return "\n".join(rows).lower()


def traces() -> list[str]:
    text = whole_database()
    return [trace for trace in TRACES if stands_in(trace, text)]


def stands_in(trace: str, text: str) -> bool:
    """Tell whether a trace stands in a text as a word: Stripe's random ids hold any four letters now and then."""
    return re.search(rf"\b{re.escape(trace)}\b", text, re.IGNORECASE) is not None


def is_named(event: StripeEvent) -> bool:
    """Tell whether an event names whom these tests forget."""
    return stands_in("oryx", bytes(event.payload).decode())


def money() -> list[Any]:
    gifts = [(g.reference, g.status, g.amount_minor, g.received_on, g.appeal_id, g.article_id) for g in every(Donation)]
    return [gifts, [(e.reference, e.gross_minor, e.donation_id) for e in every(LedgerEntry)]]


def live_subscriptions(box: Sandbox) -> list[str]:
    return [each["id"] for each in box.store.find("subscription", "$.status", "active")]


def test_names_go_everywhere_and_the_money_stays_to_the_cent(
    gifts: Gifts, settle: Settle, outbox: Outbox, now_due: Callable[[], None], comings: Comings
) -> None:
    give(gifts, settle)
    comings.member(LEILA.email)
    assert traces() == list(TRACES)
    before = money()[1]
    wish = forget_person(wish_of())
    assert wish.erased_at is not None
    settle()
    now_due()
    settle()
    # What a receipt must say stays in one locked place, and nowhere else.
    assert {holder.name for holder in every(ReceiptHolder)} == {"Leila Qabbani-Oryx"}
    with committed() as session:
        session.execute(sa.delete(ReceiptHolder))
    assert traces() == []
    assert money()[1][: len(before)] == before
    assert check_everything() == []
    assert_books_equal_stripe()
    (goodbye,) = [each for each in outbox.to(LEILA.email) if "forgotten" in each["Subject"]]
    assert "last letter" in text_of(goodbye)
    assert is_erased_address(every(Erasure)[0], LEILA.email)
    assert not is_erased_address(every(Erasure)[0], NOAM.email)


def test_what_refused_further_letters_goes_too_and_nobody_elses(gifts: Gifts, settle: Settle) -> None:
    give(gifts, settle)
    with committed():
        ask_reminder(NOAM.email, "he", date(2026, 9, 1), gifts.appeal)
    with committed():
        drop_reminder(every(Reminder)[0].reference, stranger_of(LEILA.email))
    assert [row.email for row in every(Reminder)] == [stranger_of(LEILA.email), NOAM.email]
    forget_person(wish_of())
    assert [row.email for row in every(Reminder)] == [NOAM.email]


def test_billing_ends_at_stripe_and_nobody_elses_does(
    gifts: Gifts, settle: Settle, box: Sandbox, pass_days: Callable[[float], None]
) -> None:
    give(gifts, settle)
    assert len(live_subscriptions(box)) == 2
    forget_person(wish_of())
    assert len(live_subscriptions(box)) == 1
    gone, stays = every(RecurringDonation)
    assert (gone.status, gone.email, gone.stripe_customer_id) == ("canceled", "", None)
    assert (stays.status, stays.email) == ("active", NOAM.email)
    customers = box.store.find("customer", "$.object", "customer")
    assert [each["email"] for each in customers] == [NOAM.email]
    pass_days(32)
    assert sorted(each.email for each in every(Donation) if each.kind == "recurring") == ["", NOAM.email, NOAM.email]


def test_what_was_credited_stays_credited(gifts: Gifts, settle: Settle) -> None:
    once = give(gifts, settle)
    forget_person(wish_of())
    gift = fresh(once)
    assert (gift.appeal_id, gift.article_id, gift.fund_id) == (gifts.appeal.id, gifts.article.id, gifts.fund.id)
    assert (gift.donor_name, gift.email_key, gift.note, gift.card_last4, gift.country) == ("", "", "", "", "JO")
    assert gift.anonymous
    assert gift.donor_id is not None


def test_an_open_payment_page_is_closed_first(gifts: Gifts, settle: Settle, box: Sandbox) -> None:
    give(gifts, settle)
    forget_person(wish_of())
    attempt = next(each for each in every(Donation) if each.amount_minor == 700)
    assert (attempt.status, attempt.email, attempt.email_key) == ("expired", "", "")


@pytest.mark.parametrize("kind", ["timeout_before", "timeout_after", "http_500"])
def test_without_stripes_word_nothing_is_erased_and_it_is_finished_later(
    gifts: Gifts, settle: Settle, box: Sandbox, kind: str
) -> None:
    give(gifts, settle)
    box.faults.replace([{"match": {"method": "DELETE", "path": "/v1/subscriptions/*"}, "times": 1, "kind": kind}])
    wish = forget_person(wish_of())
    assert (wish.erased_at, wish.waits_for) == (None, "stripe")
    assert traces() == list(TRACES)
    forget_waiting()
    settle()
    assert [(each.waits_for, each.erased_at is not None) for each in every(Erasure)] == [("", True)]
    assert len(live_subscriptions(box)) == 1
    assert check_everything() == []


def test_a_payment_that_a_bank_takes_days_for_is_waited_for(
    gifts: Gifts, settle: Settle, box: Sandbox, outbox: Outbox
) -> None:
    give(gifts, settle)
    slow = gifts.begin(LEILA, amount="60.00")
    gifts.pay(slow, "pm_usBankAccount_success")
    settle()
    assert fresh(slow).status == "processing"
    wish = forget_person(wish_of())
    assert (wish.erased_at, wish.waits_for) == (None, "payment")
    assert len(live_subscriptions(box)) == 1, "billing ends at once all the same"
    box.advance(seconds=6 * 86400)
    settle()
    forget_waiting()
    settle()
    assert every(Erasure)[0].erased_at is not None
    assert (fresh(slow).status, fresh(slow).email) == ("succeeded", "")
    assert any("$60.00" in text_of(each) for each in outbox.to(LEILA.email)), "its receipt went out first"
    assert check_everything() == []


def test_twice_is_once(gifts: Gifts, settle: Settle, outbox: Outbox) -> None:
    give(gifts, settle)
    wish_id = wish_of()
    for _ in range(2):
        forget_person(wish_id)
    settle()
    assert len(every(Erasure)) == 1
    assert len([each for each in outbox.to(LEILA.email) if "forgotten" in each["Subject"]]) == 1


def press_twice(race: Race) -> int:
    """Let two presses both hear from Stripe that all has ended, before either erases; count the erasures."""
    wish_id = wish_of()
    race.meet_after(forget, "_end_at_stripe")
    assert race.run(*[lambda: forget_person(wish_id)] * 2) == []
    return [row.act for row in every(History)].count("erase_person")


def test_two_presses_at_once_do_one(gifts: Gifts, settle: Settle, race: Race, outbox: Outbox) -> None:
    give(gifts, settle)
    assert press_twice(race) == 1
    settle()
    assert len([each for each in outbox.to(LEILA.email) if "forgotten" in each["Subject"]]) == 1
    assert check_everything() == []


def test_the_presses_above_would_show_a_wish_that_forgets_its_end(
    gifts: Gifts, settle: Settle, race: Race, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A control: where the locked row does not say that it was done, it is done twice."""
    give(gifts, settle)
    real = erase.lock

    def forgetful(model: Any, row_id: int) -> Any:
        row = real(model, row_id)
        if model is Erasure:
            row.erased_at = None
        return row

    monkeypatch.setattr(erase, "lock", forgetful)
    assert press_twice(race) == 2


def test_events_that_name_them_are_emptied_now_and_once_more_when_stripe_has_told_the_rest(
    gifts: Gifts, settle: Settle, now_due: Callable[[], None]
) -> None:
    give(gifts, settle)
    assert any(map(is_named, every(StripeEvent)))
    forget_person(wish_of())
    settle()
    now_due()
    settle()
    assert not any(map(is_named, every(StripeEvent)))
    assert any(NOAM.email.encode() in bytes(each.payload) for each in every(StripeEvent))
    (wish,) = every(Erasure)
    assert wish.finished_at is not None
    assert wish.stripe_ids == []


def test_an_instalment_on_its_way_belongs_to_nobodys_name(gifts: Gifts, settle: Settle, box: Sandbox) -> None:
    """Stripe took the money, and its invoice is heard of only after its giver was forgotten."""
    gifts.paid(LEILA, frequency="month")
    settle()
    box.advance(seconds=32 * 86400)
    late = box.store.find("invoice", "$.billing_reason", "subscription_cycle")[-1]
    assert late["status"] == "paid"
    forget_person(wish_of())
    assert apply_invoice(late["id"])
    settle()
    gift = every(Donation)[-1]
    assert (gift.status, gift.email, gift.donor_id) == ("succeeded", "", every(Donor)[0].id)
    assert len(every(Donor)) == 1
    assert len(every(Receipt)) == 2
    assert check_everything() == []


def test_whoever_gives_again_begins_anew(gifts: Gifts, settle: Settle, comings: Comings) -> None:
    give(gifts, settle)
    comings.member(LEILA.email)
    forget_person(wish_of())
    assert every(MemberSession) == []
    gifts.paid(LEILA, amount="3.00")
    settle()
    page = comings.member(LEILA.email).get("/account").text
    assert len(re.findall("data-gift=", page)) == 1
    assert check_everything() == []


def test_a_receipt_names_its_giver_until_its_term_is_over(gifts: Gifts, settle: Settle) -> None:
    give(gifts, settle)
    forget_person(wish_of())
    held = every(ReceiptHolder)
    assert [(each.name, each.address, each.locked_until) for each in held] == [
        ("Leila Qabbani-Oryx", "Olive Street 9\nAmman JO", date(2033, 12, 31)),
        ("Leila Qabbani-Oryx", "", date(2033, 12, 31)),
        # Of the first gift a part went back: the void receipt and the one that stands for it.
        ("Leila Qabbani-Oryx", "Olive Street 9\nAmman JO", date(2033, 12, 31)),
    ]
    for day, left in ((date(2033, 12, 31), 3), (date(2034, 1, 1), 0)):
        with committed():
            drop_unlocked_holders(day)
        assert len(every(ReceiptHolder)) == left


@pytest.mark.parametrize(("country", "year"), [("US", 2033), ("GB", 2032), ("DE", 2036), ("XX", 2033)])
def test_the_term_of_a_receipt_follows_the_newsrooms_country(country: str, year: int) -> None:
    assert locked_until(date(2026, 3, 2), country) == date(year, 12, 31)


def test_a_wish_that_waits_a_month_is_told_by_the_check(
    gifts: Gifts, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(gifts, settle)
    wish_of()
    assert check_everything() == []
    later = clock.real_now() + timedelta(days=31)
    monkeypatch.setattr(clock, "real_now", lambda: later)
    assert "the_forgotten_are_forgotten" in {each.name for each in check_everything()}


def test_the_command_erases_says_so_and_says_what_it_waits_for(
    gifts: Gifts, settle: Settle, app: Flask, box: Sandbox
) -> None:
    give(gifts, settle)
    runner = app.test_cli_runner()
    box.faults.replace([{"match": {"method": "DELETE", "path": "/v1/subscriptions/*"}, "times": 1, "kind": "http_500"}])
    waiting = runner.invoke(args=["donors", "erase", TYPED])
    assert waiting.exit_code == 1
    assert "Nothing was erased" in waiting.output
    done = runner.invoke(args=["donors", "erase", TYPED])
    assert (done.exit_code, done.output.startswith("Erased.")) == (0, True), done.output
    again = runner.invoke(args=["donors", "erase", TYPED])
    assert again.exit_code == 1
    assert "Nobody gives" in again.output


def test_the_command_erases_attempts_that_never_became_a_gift(gifts: Gifts, settle: Settle, app: Flask) -> None:
    gifts.begin(AMAL)
    settle()
    done = app.test_cli_runner().invoke(args=["donors", "erase", AMAL.email])
    assert done.exit_code == 0, done.output
    assert [(each.status, each.email) for each in every(Donation)] == [("expired", "")]


def test_every_column_that_may_hold_a_persons_words_is_thought_of() -> None:
    """A new one is added here with the thought: is it emptied when somebody is forgotten?"""
    telling = re.compile(
        r"(^|_)(email|address|phone|name|note|city|region|postcode|words?|text|html|subject|values|payload|last4|device"
        r"|reason|comment|body|message|error|args|url)(_|$|\d)"
    )
    #: Of the newsroom and its stories, of staff, of machines, of Stripe's codes: nobody who gives.
    others = {"newsroom", "fund", "appeal", "article", "section", "topic", "article_source", "staff", "staff_session",
              "edition", "hook", "api_token", "letter_words", "operation_problem", "operation_verdict", "schedule",
              "logo", "ledger_entry", "payout", "catch_up_mark", "export_order", "saved_report"}  # fmt: skip
    found = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        if table.name not in others and not table.name.startswith(("article", "appeal"))
        for column in table.columns
        if telling.search(column.name)
    }
    assert found == {
        "address_change.email", "donor_note.words", "donor_word.word",
        "address_proof.address", "card_change.checkout_url", "card_change.return_url", "dispute.reason",
        "donation.address_line1", "donation.address_line2",
        "donation.card_last4", "donation.checkout_url", "donation.city", "donation.email", "donation.email_key",
        "donation.first_name", "donation.last_name", "donation.listing_words", "donation.newsletter_words",
        "donation.note", "donation.phone",
        "donation.postcode", "donation.region", "donor.first_name", "donor.last_name", "donor_email.email",
        "erasure.address_hashes", "job.args", "job.error", "job.name", "mail_choice.words", "mail_message.html",
        "mail_message.sender_address", "mail_message.sender_name", "mail_message.subject", "mail_message.text",
        "mail_message.to_address", "mail_message.to_name",
        "mail_message.values", "offline_batch.name", "offline_line.address_line1", "offline_line.address_line2",
        "offline_line.city", "offline_line.email", "offline_line.first_name", "offline_line.last_name",
        "offline_line.note", "offline_line.postcode", "offline_line.region", "member_session.device",
        "receipt.void_reason", "receipt_holder.address",
        "receipt_holder.name",
        "recurring_donation.authorisation_text", "recurring_donation.email", "recurring_donation.first_name",
        "recurring_donation.last_name", "recurring_donation.listing_words", "recurring_donation.card_last4",
        "recurring_donation.stop_reason",
        "recurring_donation.stop_words", "refund.failure_reason", "refund.reason", "reminder.email",
        "stripe_event.error", "stripe_event.payload", "supporter.name",
    }  # fmt: skip
