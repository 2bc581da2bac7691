"""Each system's file, with its own habits, is read into the gifts it tells of; what is none says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from donate.records.imports.bring_in import Asked, bring_in
from donate.records.imports.report import Report
from donate.records.imports.targets import Mapped
from donate.team.history import SYSTEM
from tests.make.past import SAMPLES, gift, returned

pytestmark = pytest.mark.usefixtures("newsroom")


def read(system: str, **more: str) -> Report:
    return bring_in(
        SAMPLES / f"{system}.csv",
        Asked(system, Mapped(other_funds="general", other_appeals="none"), **more),
        is_dry=False,
        who=SYSTEM,
    )


def test_givewp_days_are_the_sites_and_a_renewal_says_so() -> None:
    report = read("givewp")
    assert report.gifts == {"new": 5, "refused": 2}
    first, renewal, refunded, by_cheque = (gift("givewp", each) for each in ("101", "102", "103", "104"))
    # 23:59 in the newsroom's zone is that day, whatever the day in UTC.
    assert (str(first.received_on), first.amount_minor, first.kind) == ("2021-03-04", 2500, "one_time")
    assert (first.imported_charge_id, first.city, first.country) == ("ch_give_101", "Newark", "US")
    assert (str(renewal.received_on), renewal.kind, renewal.frequency) == ("2021-04-04", "recurring", "month")
    assert (renewal.imported_intent_id, renewal.donor_id) == ("pi_give_102", first.donor_id)
    assert (refunded.amount_minor, refunded.anonymous, returned(refunded)) == (100000, True, 100000)
    assert (by_cheque.kind, by_cheque.payment_method, by_cheque.last_name) == ("offline", "offline", "Aziz")


def test_donorbox_writes_months_first_and_amounts_with_their_sign() -> None:
    report = read("donorbox")
    assert report.gifts == {"new": 4, "refused": 1}
    first, monthly, refunded, cheque = (gift("donorbox", each) for each in ("9001", "9002", "9003", "9004"))
    assert (str(first.received_on), first.amount_minor, first.card_last4) == ("2023-12-21", 2500, "4242")
    assert first.note == "Thank you, all"
    assert (str(monthly.received_on), monthly.currency, monthly.amount_minor) == ("2024-01-05", "EUR", 4000)
    assert (monthly.kind, monthly.anonymous, monthly.imported_charge_id) == ("recurring", True, "py_box_9002")
    assert (returned(refunded), str(refunded.received_on)) == (10000, "2024-02-29")
    assert (cheque.kind, cheque.payment_method, cheque.amount_minor) == ("offline", "cheque", 150000)


def test_civicrm_writes_dates_in_three_ways_and_refunds_as_a_status() -> None:
    report = read("civicrm")
    assert report.gifts == {"new": 4, "refused": 2}
    cheque, monthly, foundation, refunded = (gift("civicrm", each) for each in ("3001", "3002", "3003", "3004"))
    assert (cheque.kind, cheque.payment_method, str(cheque.received_on)) == ("offline", "cheque", "2020-02-29")
    # Its row has no address: the contact's number says whose it is.
    assert (str(monthly.received_on), monthly.donor_id) == ("2020-03-05", cheque.donor_id)
    assert (monthly.kind, monthly.imported_charge_id) == ("recurring", "ch_civi_3002")
    assert (foundation.last_name, foundation.payment_method) == ("Foundation", "bank_transfer")
    assert str(foundation.received_on) == "2020-06-01"
    assert returned(refunded) == 2000


def test_stripes_own_export_is_in_utc_and_tells_refunds_and_disputes_beside_their_payment() -> None:
    report = read("stripe")
    assert report.gifts == {"new": 4, "refused": 1}
    first, monthly, yen, lost = (gift("stripe", each) for each in ("ch_old_1", "ch_old_2", "ch_old_3", "py_old_5"))
    # Half past eleven in the evening by UTC is the next day, and the next year, in the newsroom's zone.
    assert (str(first.received_on), first.imported_intent_id) == ("2024-01-01", "pi_old_1")
    assert (monthly.kind, returned(monthly)) == ("recurring", 500)
    assert (yen.amount_minor, yen.currency, returned(yen)) == (1500, "JPY", 1500)
    assert (lost.email, lost.last_name, returned(lost)) == ("", "Weber", 6000)


def test_times_may_be_of_another_zone() -> None:
    read("stripe", zone="America/New_York")
    assert str(gift("stripe", "ch_old_1").received_on) == "2024-01-01"
    assert gift("stripe", "ch_old_1").received_at.isoformat() == "2024-01-01T04:30:00+00:00"


#: Of the generic file, line by line: what stands there, or a part of why it was left out.
GENERIC = {
    6: "stands on line 5",
    7: "e-mail address",
    8: "may be two days",
    9: "2023-02-30 can’t be read",
    10: "still to come",
    11: "below zero",
    12: "XQZ is no currency",
    13: "no fund “Moon fund”",
    14: "no appeal “moonshot”",
    15: "A formula stands in first_name",
    16: "Its status is failed",
    17: "Nobody is named",
    18: "more decimals than USD",
    19: "--decimal comma",
    20: "anonymous says perhaps",
    21: "More went back (12.00) than was given (10.00)",
    22: "8 cells where the header has 18",
}


def test_each_row_that_is_left_out_says_why_and_the_rest_comes_in(tmp_path: Path) -> None:
    errors = tmp_path / "errors.csv"
    report = bring_in(SAMPLES / "generic.csv", Asked("generic"), is_dry=False, who=SYSTEM, errors=errors)
    assert report.gifts == {"new": 4, "refused": len(GENERIC)}
    lines = errors.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("line,reason,id,donor_id,email")
    told = {int(line.split(",")[0]): line for line in lines[1:]}
    assert told.keys() == GENERIC.keys()
    for line, why in GENERIC.items():
        assert why in told[line], told[line]
    assert "'=HYPERLINK" in told[15]
    cheque, monthly = gift("generic", "G-2"), gift("generic", "G-3")
    assert (cheque.amount_minor, str(cheque.received_on), cheque.kind) == (125050, "2022-12-31", "offline")
    assert cheque.donor_id == gift("generic", "G-1").donor_id
    assert (monthly.kind, monthly.currency, returned(monthly)) == ("recurring", "USD", 500)
    assert monthly.appeal_id is not None
    assert returned(gift("generic", "G-4")) == 4000
