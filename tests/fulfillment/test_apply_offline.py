"""A cheque walks the same path as a card: donor, receipt, letter, membership and books, once for its form."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from donate.appeals.queries import find_appeal, list_tallies
from donate.db import committed
from donate.donors.models import Donor, DonorEmail
from donate.errors import OfflineRefused, PeriodRefused
from donate.fulfillment.apply_offline import apply_offline, withdraw_gift
from donate.giving.models import Donation, Refund
from donate.giving.offline.queries import find_offline
from donate.ledger.close import close_period
from donate.ledger.models import LedgerEntry
from donate.ledger.queries import list_postings
from donate.members.models import Membership
from donate.receipts.models import Receipt
from donate.receipts.paper_of import paper_of
from donate.receipts.queries import find_receipt_of
from donate.receipts.statement import issue_statements
from donate.reports.check import check_everything
from donate.reports.export import Period, write_export
from donate.reports.income import balance_at
from donate.team.history import SYSTEM
from donate.team.models import History
from tests.make.in_the_books import Booked
from tests.make.offline import ByHand
from tests.make.outbox import Outbox, html_of, text_of
from tests.make.rows import every
from tests.people import AMAL

Work = Callable[[], int]


def test_a_cheque_of_somebody_new_has_all_that_follows_a_gift(by_hand: ByHand, work: Work, outbox: Outbox) -> None:
    appeal = find_appeal("misinformation")
    assert appeal is not None
    gift = by_hand.record(
        minor=12000, email="sami@example.org", address_line1="9 Quay Road", city="Bath", postcode="BA1", number="417",
        note="at the open evening", appeal_id=appeal.id,
    )  # fmt: skip
    work()
    assert (gift.kind, gift.payment_method, gift.status, gift.amount_minor) == ("offline", "cheque", "succeeded", 12000)
    (donor,) = every(Donor)
    assert (gift.donor_id, donor.first_name, every(DonorEmail)[0].email) == (donor.id, "Sami", "sami@example.org")
    known = find_offline(gift.id)
    assert known is not None
    assert (known.number, known.giver, known.batch_id) == ("417", "person", None)
    (entry,) = every(LedgerEntry)
    assert (entry.entry_type, entry.source_key, entry.gross_minor) == ("offline", f"gift:{gift.reference}", 12000)
    assert [(each.debit, each.credit) for each in list_postings(entry.id)] == [("undeposited", "income")]
    (receipt,) = every(Receipt)
    assert (receipt.donation_id, receipt.amount_minor) == (gift.id, 12000)
    assert [row.cells[0] for row in paper_of(receipt).rows][:2] == ["Gift, one time", "Given"]
    (letter,) = outbox.to("sami@example.org")
    assert letter["Subject"] == f"Receipt {receipt.number} for $120.00"
    assert "Given: $120.00" in text_of(letter)
    assert "Charged" not in html_of(letter)
    assert every(Membership)[0].donor_id == donor.id
    assert list_tallies()["misinformation", "USD"].offline_minor == 12000
    told = [each for each in every(History) if each.act == "record_offline_gift"]
    assert [(each.who_id, each.object_reference, each.after["amount_minor"]) for each in told] == [
        (by_hand.who.row_id, gift.reference, 12000)
    ]
    assert check_everything() == []


def test_the_same_form_sent_twice_is_one_gift(by_hand: ByHand) -> None:
    entry = by_hand.entry()
    assert apply_offline(entry, by_hand.today, by_hand.who) == apply_offline(entry, by_hand.today, by_hand.who)
    assert [len(every(model)) for model in (Donation, Donor, Receipt, LedgerEntry)] == [1, 1, 1, 1]


def test_the_same_form_with_another_content_is_refused_and_names_the_gift(by_hand: ByHand) -> None:
    entry = by_hand.entry()
    by_hand.record(entry)
    with pytest.raises(OfflineRefused, match="offline_changed") as refused:
        apply_offline(replace(entry, note="and more"), by_hand.today, by_hand.who)
    assert refused.value.values["reference"] == entry.reference
    assert len(every(Donation)) == 1


def test_a_known_donor_is_named_and_written_to_as_they_are_known(by_hand: ByHand, booked: Booked, work: Work) -> None:
    before = booked.give(2500, address_line1="3 Hill", city="Amman", postcode="11181")
    gift = by_hand.record(donor_id=before.donor_id, first_name="", last_name="", is_new=False)
    assert (gift.email, gift.first_name, gift.last_name) == (AMAL.email, AMAL.first_name, AMAL.last_name)
    # The paper needs an address, and theirs is known.
    assert (gift.address_line1, gift.postcode) == ("3 Hill", "11181")
    assert len(every(Donor)) == 1


def test_where_no_address_is_known_a_receipt_is_numbered_and_no_letter_goes_out(
    by_hand: ByHand, work: Work, outbox: Outbox
) -> None:
    gift = by_hand.record()
    work()
    assert find_receipt_of(gift.id) is not None
    assert len(outbox) == 0
    assert every(DonorEmail) == []
    assert check_everything() == []


def test_a_new_giver_with_an_address_of_ours_is_that_donor(by_hand: ByHand, booked: Booked) -> None:
    before = booked.give(2500)
    gift = by_hand.record(email=AMAL.email.upper())
    assert gift.donor_id == before.donor_id


# -- days -----------------------------------------------------------------------------------------------------------


def test_a_day_in_the_past_is_the_gifts_own_day(by_hand: ByHand) -> None:
    day = by_hand.today - timedelta(days=1)
    gift = by_hand.record(on=day)
    (entry,) = every(LedgerEntry)
    assert (gift.received_on, entry.occurred_on, entry.booked_on, entry.note) == (day, day, day, "")


def test_a_day_to_come_is_refused(by_hand: ByHand) -> None:
    with pytest.raises(OfflineRefused, match="day_in_future"):
        by_hand.record(on=by_hand.today + timedelta(days=1))
    assert every(Donor) == every(Donation) == []


def test_a_day_of_a_closed_month_is_refused_with_the_first_open_one(by_hand: ByHand, booked: Booked) -> None:
    booked.give(1000, on=date(2026, 1, 5))
    with committed():
        close_period("2026-01", SYSTEM, zone=booked.books.zone)
    with pytest.raises(PeriodRefused, match="month_closed") as refused:
        by_hand.record(on=date(2026, 1, 31))
    assert refused.value.values == {"month": "2026-01", "open": date(2026, 2, 1)}
    assert by_hand.record(on=date(2026, 2, 1)).received_on == date(2026, 2, 1)


# -- what the law asks ----------------------------------------------------------------------------------------------


def test_stock_is_described_and_valued_on_no_paper_and_in_no_letter(
    by_hand: ByHand, work: Work, outbox: Outbox
) -> None:
    gift = by_hand.record(
        minor=987600, method="stock", described="40 shares of Example Inc.", email="sami@example.org", number=""
    )
    work()
    receipt = find_receipt_of(gift.id)
    assert receipt is not None
    paper = paper_of(receipt)
    drawn = " ".join([*(cell for row in paper.rows for cell in row.cells), paper.notice, *paper.sentences])
    assert "40 shares of Example Inc." in drawn
    (letter,) = outbox.to("sami@example.org")
    for said in (drawn, letter["Subject"], text_of(letter), html_of(letter)):
        assert "987" not in said
        assert "9,876" not in said
    assert "40 shares of Example Inc." in text_of(letter)
    assert check_everything() == []


def test_stock_is_told_on_the_statement_of_its_year_and_is_in_none_of_its_sums(by_hand: ByHand) -> None:
    cheque = by_hand.record(minor=5000)
    by_hand.record(
        minor=987600, method="stock", described="40 shares of Example Inc.", donor_id=cheque.donor_id, is_new=False
    )
    assert cheque.donor_id is not None
    with committed():
        ((_donor, statement),) = issue_statements([cheque.donor_id], by_hand.today.year, zone="Asia/Amman")
        content = statement.content
    assert [total["amount_minor"] for total in content["totals"]] == [5000]
    assert any("40 shares of Example Inc." in said for said in content["sentences"])
    assert check_everything() == []


def test_a_grant_from_a_donor_advised_fund_has_no_receipt_of_ours(by_hand: ByHand, work: Work, outbox: Outbox) -> None:
    gift = by_hand.record(method="daf", organisation="Tide Charitable Fund", email="sami@example.org")
    work()
    assert every(Receipt) == []
    (letter,) = outbox.to("sami@example.org")
    assert letter["Subject"] == "Thank you for the grant from Tide Charitable Fund"
    assert "speaks of no tax" in text_of(letter)
    assert "receipt.pdf" not in html_of(letter)
    assert gift.payment_method == "daf"
    assert check_everything() == []
    withdraw_gift(gift.id, "bounced", by_hand.who)
    assert every(Receipt) == []
    assert check_everything() == []


def test_a_foundation_is_a_donor_by_its_own_name_and_its_receipt_speaks_of_no_tax(by_hand: ByHand) -> None:
    gift = by_hand.record(giver="foundation", organisation="Keel Foundation", first_name="", last_name="")
    receipt = find_receipt_of(gift.id)
    assert receipt is not None
    assert (gift.donor_name, receipt.deductible_minor) == ("Keel Foundation", None)
    assert receipt.content["sentences"][0].startswith("Thank you for this grant")


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"method": "stock"}, ["described"]),
        ({"method": "daf", "organisation": ""}, ["organisation"]),
        ({"giver": "company"}, ["organisation"]),
        ({"first_name": "", "last_name": ""}, ["last_name"]),
        ({"is_new": False}, ["donor"]),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_written(
    by_hand: ByHand, changes: dict[str, object], missing: list[str]
) -> None:
    with pytest.raises(OfflineRefused, match="entry_lacks") as refused:
        by_hand.record(**changes)
    assert refused.value.values["fields"] == missing
    assert every(Donor) == every(Donation) == []


def test_a_foundation_that_is_known_need_not_be_named_again(by_hand: ByHand) -> None:
    first = by_hand.record(giver="foundation", organisation="Keel Foundation", first_name="", last_name="")
    again = by_hand.record(giver="foundation", donor_id=first.donor_id, is_new=False, first_name="", last_name="")
    assert (again.donor_name, again.donor_id) == ("Keel Foundation", first.donor_id)


# -- withdrawn ------------------------------------------------------------------------------------------------------


def test_a_cheque_that_bounced_goes_out_of_the_books_on_its_own_day_and_its_receipt_is_void(
    by_hand: ByHand, work: Work, outbox: Outbox
) -> None:
    appeal = find_appeal("misinformation")
    assert appeal is not None
    gift = by_hand.record(
        minor=12000, email="sami@example.org", appeal_id=appeal.id, on=by_hand.today - timedelta(days=1)
    )
    work()
    withdraw_gift(gift.id, "bounced", by_hand.who)
    work()
    first, back = every(LedgerEntry)
    assert (first.entry_type, first.gross_minor, first.booked_on) == ("offline", 12000, gift.received_on)
    assert (back.entry_type, back.gross_minor, back.booked_on) == ("offline_return", -12000, by_hand.today)
    assert [(each.debit, each.credit) for each in list_postings(back.id)] == [("refunds", "undeposited")]
    void, holds = every(Receipt)
    assert (void.status, holds.status, holds.amount_minor, holds.replaces_id) == ("void", "issued", 0, void.id)
    assert "did not come to us after all" in holds.content["notice"]
    _receipt, letter = outbox.to("sami@example.org")
    assert letter["Subject"] == f"Receipt {void.number} is void"
    assert "money went back to you" not in text_of(letter)
    assert every(Membership) == []
    tally = list_tallies()["misinformation", "USD"]
    assert (tally.raised.minor, tally.offline_minor, tally.people) == (0, 0, 0)
    (refund,) = every(Refund)
    assert (refund.status, refund.reason, refund.asked_by) == ("succeeded", "bounced", f"staff:{by_hand.who.row_id}")
    told = every(History)[-1]
    assert (told.act, told.before["kept_minor"], told.after) == (
        "withdraw_offline_gift", 12000, {"kept_minor": 0, "reason": "bounced"}
    )  # fmt: skip
    assert check_everything() == []


def test_neither_a_cheque_nor_its_return_moves_what_stripe_holds(by_hand: ByHand, booked: Booked) -> None:
    booked.give(2500)
    held = balance_at(by_hand.today + timedelta(days=1), "USD")
    gift = by_hand.record()
    withdraw_gift(gift.id, "mistake", by_hand.who)
    assert balance_at(by_hand.today + timedelta(days=1), "USD") == held


def test_a_gift_is_withdrawn_once(by_hand: ByHand) -> None:
    gift = by_hand.record()
    withdraw_gift(gift.id, "mistake", by_hand.who)
    with pytest.raises(OfflineRefused, match="withdrawn_before"):
        withdraw_gift(gift.id, "bounced", by_hand.who)
    assert len(every(Refund)) == 1
    assert len(every(LedgerEntry)) == 2


def test_a_gift_by_card_is_never_withdrawn_by_hand(by_hand: ByHand, booked: Booked) -> None:
    gift = booked.give(2500)
    with pytest.raises(OfflineRefused, match="not_offline"):
        withdraw_gift(gift.id, "mistake", by_hand.who)
    with pytest.raises(OfflineRefused, match="reason_missing"):
        withdraw_gift(by_hand.record().id, "", by_hand.who)


def read_export(kind: str, period: Period) -> list[dict[str, str]]:
    out = io.BytesIO()
    write_export(kind, period, "csv", out)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode(), newline="")))


def test_the_exports_tell_how_it_came_and_that_it_went(by_hand: ByHand) -> None:
    gift = by_hand.record(minor=12000, on=by_hand.today - timedelta(days=1))
    withdraw_gift(gift.id, "bounced", by_hand.who)
    (row,) = read_export("donations", Period())
    assert [row[name] for name in ("kind", "payment_method", "status", "amount", "refunded")] == [
        "offline", "cheque", "refunded", "120.00", "120.00"
    ]  # fmt: skip
    assert row["stripe_balance_transaction_id"] == ""
    rows = read_export("ledger", Period())
    assert [(each["entry_type"], each["gross"]) for each in rows] == [
        ("offline", "120.00"), ("offline_return", "-120.00")
    ]  # fmt: skip
    assert read_export("journal", Period()) == []
    lines = read_export("journal", Period(offline=True))
    assert sum(Decimal(line["debit"] or 0) - Decimal(line["credit"] or 0) for line in lines) == 0
    assert {line["journal_no"][-7:] for line in lines} == {"OFFLINE"}
