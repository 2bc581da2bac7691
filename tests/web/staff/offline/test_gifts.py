"""One offline gift at the desk: its donor found or new, its form sent, its page, its withdrawal."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from donate.db import committed
from donate.donors.models import Donor
from donate.giving.models import Donation, Refund
from donate.giving.offline.models import OfflineGift
from donate.ledger.close import close_period
from donate.receipts.models import Receipt
from donate.references import new_reference
from donate.team.history import SYSTEM
from donate.team.models import History
from tests.make.in_the_books import Booked
from tests.make.rows import every
from tests.make.signing_in import Comings, hidden
from tests.make.tables import words
from tests.people import AMAL

FORM = "/staff/offline/gift/new"


@pytest.fixture
def desk(booked: Booked, comings: Comings) -> FlaskClient:
    """Return the finance director's browser, in a newsroom that knows Amal."""
    booked.give(2500, address_line1="3 Hill", city="Amman", postcode="11181")
    return comings.colleague("finance")


def token_of(desk: FlaskClient) -> str:
    return hidden(desk.get("/staff/offline").text)["csrf_token"]


def send(desk: FlaskClient, **typed: Any) -> TestResponse:
    """Send the form as a browser would, with a cheque from somebody new unless told otherwise."""
    usual = {
        "csrf_token": token_of(desk), "reference": new_reference(), "donor": "", "giver": "person", "amount": "120.00",
        "currency": "USD", "received_on": "2026-03-01", "method": "cheque", "number": "417", "first_name": "Sami",
        "last_name": "Rivers", "fund": "general", "appeal": "",
    }  # fmt: skip
    return desk.post(FORM, data={**usual, **typed})


def recorded(answer: TestResponse) -> Donation:
    assert answer.status_code == 303, words(answer.text)[:3000]
    assert "?recorded=1" in answer.headers["Location"]
    found: Donation = every(Donation)[-1]
    return found


def test_a_donor_is_found_by_any_word_of_theirs_and_the_form_is_theirs(desk: FlaskClient) -> None:
    for word in ("haddad", "amal@exa", "11181", "amman hill"):
        page = desk.get(f"/staff/offline/gift?q={word}").text
        assert "1 donor found" in words(page), word
        assert "11181 Amman" in words(page)
    assert "Nobody here is called that" in words(desk.get("/staff/offline/gift?q=nobody+at+all").text)
    (amal,) = every(Donor)
    form = desk.get(f"{FORM}?donor={amal.reference}").text
    assert "Amal Haddad" in words(form)
    gift = recorded(send(desk, donor=amal.reference, first_name="", last_name=""))
    assert (gift.donor_id, gift.email, gift.received_on) == (amal.id, AMAL.email, date(2026, 3, 1))


def test_somebody_new_is_recorded_and_the_page_shows_all_of_it(desk: FlaskClient) -> None:
    answer = send(desk, email="sami@example.org", address_line1="9 Quay", postcode="BA1", note="after the open evening")
    gift = recorded(answer)
    page = words(desk.get(answer.headers["Location"]).text)
    (receipt,) = [each for each in every(Receipt) if each.donation_id == gift.id]
    shown = ("It is recorded and booked.", "Its receipt goes out by mail now.", "Sami Rivers", "sami@example.org",
             "9 Quay", "417", "after the open evening", receipt.number,
             "Cheque, transfer or cash", "Recorded")  # fmt: skip
    assert [said for said in shown if said not in page] == []
    assert desk.get(f"/staff/offline/gifts/{gift.reference}/receipts/{receipt.number}").mimetype == "application/pdf"
    assert desk.get(f"/staff/offline/gifts/{gift.reference}/receipts/2026-999999").status_code == 404


def test_the_same_form_pressed_twice_is_one_gift(desk: FlaskClient) -> None:
    reference = new_reference()
    first, second = (send(desk, reference=reference) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert len(every(OfflineGift)) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"amount": ""}, "Write an amount"),
        ({"amount": "1,000"}, "This can be read as"),
        ({"amount": "-3"}, "Write an amount above zero"),
        ({"received_on": "31 March"}, "Write the day as year, month and day"),
        ({"received_on": "2026-02-30"}, "Write the day as year, month and day"),
        ({"received_on": "2030-01-01"}, "This day is still to come"),
        ({"method": "barter"}, "Choose how it came."),
        ({"method": "stock"}, "Say how many shares of what"),
        ({"method": "daf"}, "Write the name of the organisation"),
        ({"giver": "foundation"}, "Write the name of the organisation"),
        ({"first_name": "", "last_name": ""}, "Write who gave."),
        ({"email": "sami(at)example"}, "Add the part with the @ sign"),
        ({"fund": "nothing"}, "Choose a fund from the list."),
        ({"donor": "AAAABBBBCCCCDDDD"}, "This donor is not here any more"),
        ({"country": "Jordan"}, "Write the country in two letters"),
        ({"city": "x" * 121}, "Make this shorter by 1 letters"),
    ],
)
def test_what_cannot_be_taken_is_named_and_nothing_typed_is_lost(
    desk: FlaskClient, typed: dict[str, str], said: str
) -> None:
    answer = send(desk, **{"note": "keep me", "number": "00417", **typed})
    assert answer.status_code == 422
    assert said in words(answer.text)
    assert "keep me" in answer.text
    assert 'value="00417"' in answer.text
    for value in typed.values():
        assert value in answer.text or value in ("barter", "nothing", "31 March", "AAAABBBBCCCCDDDD")
    assert every(OfflineGift) == []


def test_an_address_that_is_a_donors_is_never_a_second_donor(desk: FlaskClient) -> None:
    answer = send(desk, email="AMAL@example.org", donor="new")
    assert answer.status_code == 422
    assert "There is already a donor with this e-mail address" in words(answer.text)
    (amal,) = every(Donor)
    assert f'value="{amal.reference}"' in answer.text
    assert 'value="new"' not in answer.text
    assert recorded(send(desk, email="AMAL@example.org", donor=amal.reference)).donor_id == amal.id


@pytest.mark.parametrize(
    "typed",
    [
        {"first_name": "amal", "last_name": "HADDAD"},
        {"address_line1": "3 hill", "postcode": "11181"},
    ],
)
def test_a_name_or_street_that_is_known_is_asked_about_once(desk: FlaskClient, typed: dict[str, str]) -> None:
    answer = send(desk, **typed)
    assert answer.status_code == 422
    assert "There is already a donor with this name or address" in words(answer.text)
    assert "amal@example.org" in answer.text
    gift = recorded(send(desk, **typed, donor="new"))
    assert len(every(Donor)) == 2
    assert gift.donor_id != every(Donor)[0].id


def test_a_closed_month_is_named_with_the_first_open_day(desk: FlaskClient, booked: Booked) -> None:
    booked.give(100, on=date(2026, 1, 5))
    with committed():
        close_period("2026-01", SYSTEM, zone=booked.books.zone)
    answer = send(desk, received_on="2026-01-20")
    assert answer.status_code == 422
    assert "January 2026 is closed" in words(answer.text)
    assert "from 1 February 2026 on" in words(answer.text)


def test_a_form_with_another_content_than_it_recorded_is_refused(desk: FlaskClient) -> None:
    reference = new_reference()
    recorded(send(desk, reference=reference))
    answer = send(desk, reference=reference, amount="7.00", donor="new")
    assert answer.status_code == 422
    assert "This form was recorded before" in words(answer.text)


# -- withdrawn ------------------------------------------------------------------------------------------------------


def withdraw(desk: FlaskClient, gift: Donation, **typed: str) -> TestResponse:
    path = f"/staff/offline/gifts/{gift.reference}/withdraw"
    return desk.post(path, data={**hidden(desk.get(path).text), **typed})


def test_a_bounced_cheque_is_withdrawn_with_its_reason(desk: FlaskClient) -> None:
    gift = recorded(send(desk))
    assert withdraw(desk, gift).status_code == 422
    answer = withdraw(desk, gift, reason="bounced")
    assert answer.status_code == 303
    page = words(desk.get(answer.headers["Location"]).text)
    assert "It is withdrawn: out of the books as of today" in page
    assert "Withdrawn" in page
    assert "Void" in page
    assert [(each.reason, each.amount_minor) for each in every(Refund)] == [("bounced", 12000)]
    assert every(History)[-1].act == "withdraw_offline_gift"
    again = words(desk.get(f"/staff/offline/gifts/{gift.reference}").text)
    assert "The bank returned it." in again
    assert "Withdraw this gift" not in again


def test_withdrawing_asks_for_the_second_factor_anew(desk: FlaskClient, later: Any) -> None:
    gift = recorded(send(desk))
    later(timedelta(minutes=30))
    answer = desk.get(f"/staff/offline/gifts/{gift.reference}/withdraw")
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (303, "/signin/again")


def test_who_may_record_may_not_withdraw_by_that_alone(desk: FlaskClient, comings: Comings) -> None:
    gift = recorded(send(desk))
    colleague = comings.colleague("fundraising")
    path = f"/staff/offline/gifts/{gift.reference}"
    assert "Withdraw this gift" not in words(colleague.get(path).text)
    assert colleague.get(f"{path}/withdraw").status_code == 403
    assert colleague.post(f"{path}/withdraw", data={"reason": "mistake"}).status_code == 403
    assert every(Refund) == []


def test_a_gift_by_card_has_no_page_here(desk: FlaskClient) -> None:
    (by_card,) = every(Donation)
    assert desk.get(f"/staff/offline/gifts/{by_card.reference}").status_code == 404
    assert desk.get(f"/staff/offline/gifts/{by_card.reference}/withdraw").status_code == 404


@pytest.mark.parametrize("role", ["editor", "support", "auditor"])
def test_others_do_not_come_in(comings: Comings, role: str) -> None:
    browser = comings.colleague(role)
    assert browser.get("/staff/offline").status_code == 403
    assert "/staff/offline" not in browser.get("/staff").text
