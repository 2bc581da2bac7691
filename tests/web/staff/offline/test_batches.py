"""A batch at the desk: counted first, typed in one row, posted only when both agree, and final then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from donate.db import committed
from donate.donors.models import Donor
from donate.giving.models import Donation
from donate.giving.offline.models import OfflineBatch, OfflineGift, OfflineLine
from donate.ledger.close import close_period
from donate.references import new_reference
from donate.reports.check import check_everything
from donate.team.history import SYSTEM
from donate.team.models import History
from tests.make.in_the_books import Booked
from tests.make.rows import every
from tests.make.signing_in import Comings, hidden
from tests.make.tables import rows_of, words
from tests.people import AMAL

Work = Callable[[], int]
NEW = "/staff/offline/batches/new"


class Desk:
    """A finance colleague's browser with a batch open."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = hidden(client.get("/staff/offline").text)["csrf_token"]

    def post(self, path: str, **typed: Any) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.token, **typed})

    def open(self, **typed: Any) -> str:
        """Open a batch of two cheques that come to 75 dollars; give its page's address."""
        usual = {
            "reference": new_reference(), "name": "Post of Monday", "count": "2", "sum": "75", "currency": "USD",
            "received_on": "2026-03-01", "fund": "general", "appeal": "",
        }  # fmt: skip
        answer = self.post(NEW, **{**usual, **typed})
        assert answer.status_code == 303, words(answer.text)
        return str(answer.headers["Location"])

    def line(self, batch: str, who: str, amount: str, **typed: Any) -> TestResponse:
        usual = {"reference": new_reference(), "who": who, "amount": amount, "method": "cheque", "number": "1"}
        return self.post(f"{batch}/lines", **{**usual, **typed})

    def page(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200
        return words(answer.text)


@pytest.fixture
def desk(booked: Booked, comings: Comings) -> Desk:
    """Return a finance colleague at the desk, in a newsroom that knows Amal."""
    booked.give(2500, city="Amman", postcode="11181")
    return Desk(comings.colleague("finance"))


def test_a_batch_is_opened_typed_and_posted_once_both_totals_agree(desk: Desk, work: Work) -> None:
    batch = desk.open()
    assert "2 lines are missing." in desk.page(batch)
    assert "The lines come to $0.00 and the batch to $75.00: $75.00 is missing." in desk.page(batch)
    assert desk.line(batch, "Sami Rivers sami@example.org", "50").headers["Location"] == batch
    page = desk.page(batch)
    assert "1 line is missing." in page
    assert "New here: sami@example.org" in page
    desk.line(batch, "Lina Field", "25,00", number="0042")
    assert "Both totals agree." in desk.page(batch)
    answer = desk.post(f"{batch}/post")
    assert (answer.status_code, answer.headers["Location"]) == (303, batch)
    assert "0 of 2 gifts are posted." in desk.page(batch)
    work()
    page = desk.page(batch)
    assert "Posted: 2 gifts" in page
    assert "This batch is final." in page
    assert every(OfflineLine) == []
    gifts = [each for each in every(Donation) if each.kind == "offline"]
    assert [(each.donor_name, each.amount_minor, each.received_on.isoformat()) for each in gifts] == [
        ("Sami Rivers", 5000, "2026-03-01"), ("Lina Field", 2500, "2026-03-01")
    ]  # fmt: skip
    assert [each.number for each in every(OfflineGift)] == ["1", "0042"]
    slip = rows_of(desk.client.get(f"{batch}/slip").text, "Slip, table")
    assert [cell.text for cell in slip[1]] == ["2", "Lina Field", "Cheque", "0042", "$25.00"]
    assert [cell.text for cell in slip[2]] == ["2 gifts", "$75.00"]
    acts = [each.act for each in every(History) if each.object_kind == "offline_batch"]
    assert acts == ["open_offline_batch", "add_offline_line", "add_offline_line", "post_offline_batch"]
    # The gift that makes Amal known never was at Stripe; what was posted here breaks nothing.
    assert [each for each in check_everything() if any(gift.reference in each.rows for gift in gifts)] == []
    assert "posted_batches_agree_with_their_control_totals" not in {each.name for each in check_everything()}


@pytest.mark.parametrize(
    ("amounts", "said"),
    [
        (["50", "24"], "The lines come to $74.00 and the batch to $75.00: $1.00 is missing."),
        (["50", "52"], "The lines come to $102.00 and the batch to $75.00: that is $27.00 too much."),
        (["75"], "1 line is missing."),
        (["50", "20", "5"], "There is 1 line too many."),
    ],
)
def test_a_batch_that_differs_is_refused_with_the_difference(desk: Desk, amounts: list[str], said: str) -> None:
    batch = desk.open()
    for at, amount in enumerate(amounts):
        desk.line(batch, f"Person Number{at}", amount)
    answer = desk.post(f"{batch}/post")
    assert answer.status_code == 422
    assert f"Nothing was posted. {said}" in words(answer.text)
    assert every(OfflineBatch)[0].state == "open"
    assert every(OfflineGift) == []


def test_control_totals_that_were_counted_wrongly_are_put_right_with_both_in_the_history(desk: Desk) -> None:
    batch = desk.open(sum="77")
    page = desk.client.get(f"{batch}/head").text
    assert 'value="77.00"' in page
    answer = desk.post(
        f"{batch}/head", name="Post of Monday", count="2", sum="75", currency="USD", received_on="2026-03-01",
        fund="general",
    )  # fmt: skip
    assert answer.status_code == 303
    assert every(OfflineBatch)[0].control_minor == 7500
    told = every(History)[-1]
    assert (told.act, told.before["sum_minor"], told.after["sum_minor"]) == ("change_offline_batch", 7700, 7500)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Give it a name"),
        ({"count": "none"}, "Count the gifts"),
        ({"count": "201"}, "Count the gifts: from 1 to 200"),
        ({"sum": "lots"}, "Write the amount in digits"),
        ({"received_on": "2031-01-01"}, "This day is still to come"),
        ({"fund": "nothing"}, "Choose a fund"),
    ],
)
def test_a_head_that_cannot_be_taken_says_why(desk: Desk, typed: dict[str, str], said: str) -> None:
    usual = {"reference": new_reference(), "name": "Post of Monday", "count": "2", "sum": "75", "currency": "USD",
             "received_on": "2026-03-01", "fund": "general"}  # fmt: skip
    answer = desk.post(NEW, **{**usual, **typed})
    assert answer.status_code == 422
    assert said in words(answer.text)
    assert every(OfflineBatch) == []


def test_a_line_pressed_twice_is_one_line(desk: Desk) -> None:
    batch, reference = desk.open(), new_reference()
    for _ in range(2):
        assert desk.line(batch, "Sami Rivers", "50", reference=reference).status_code == 303
    assert len(every(OfflineLine)) == 1


def test_a_line_that_cannot_be_read_keeps_what_was_typed(desk: Desk) -> None:
    batch = desk.open()
    answer = desk.line(batch, "Sami Rivers", "fifty", number="0099")
    assert answer.status_code == 422
    assert "Write the amount in digits" in words(answer.text)
    assert all(f'value="{typed}"' in answer.text for typed in ("Sami Rivers", "fifty", "0099"))
    answer = desk.line(batch, "", "5")
    assert "Write who gave: a name, an e-mail address, or both." in words(answer.text)
    answer = desk.line(batch, "Sami sami@nowhere@example", "5")
    assert "Look at this address again" in words(answer.text)
    assert every(OfflineLine) == []


def test_an_address_of_ours_is_its_donor_and_a_name_of_ours_is_asked_about(desk: Desk, work: Work) -> None:
    batch = desk.open()
    desk.line(batch, AMAL.email, "50")
    desk.line(batch, "amal haddad", "25")
    (amal,) = every(Donor)
    first, second = every(OfflineLine)
    assert (first.donor_id, second.donor_id, second.is_new) == (amal.id, None, False)
    page = desk.page(batch)
    assert "Known here: amal@example.org" in page
    assert "Amal Haddad, amal@example.org, 11181 Amman (1 gift)" in page
    answer = desk.post(f"{batch}/post")
    assert "Line 2: Choose which donor this is" in words(answer.text)
    path = f"{batch}/lines/{second.reference}/donor"
    assert desk.post(path, donor="").status_code == 422
    assert desk.post(path, donor=amal.reference).status_code == 303
    assert desk.post(f"{batch}/post").status_code == 303
    work()
    assert {each.donor_id for each in every(Donation)} == {amal.id}
    assert len(every(Donor)) == 1


def test_somebody_of_the_same_name_may_be_somebody_new(desk: Desk, work: Work) -> None:
    batch = desk.open(count="1", sum="25")
    desk.line(batch, "Amal Haddad", "25")
    (line,) = every(OfflineLine)
    desk.post(f"{batch}/lines/{line.reference}/donor", donor="new")
    desk.post(f"{batch}/post")
    work()
    assert len(every(Donor)) == 2


def test_what_a_row_has_no_room_for_is_filled_in_on_the_lines_own_page(desk: Desk, work: Work) -> None:
    batch = desk.open(count="1", sum="9876")
    desk.line(batch, "Sami Rivers", "9876", method="stock", number="")
    assert "Say how many shares of what" in desk.page(batch)
    assert desk.post(f"{batch}/post").status_code == 422
    (line,) = every(OfflineLine)
    path = f"{batch}/lines/{line.reference}"
    assert 'value="9876.00"' in desk.client.get(path).text
    typed = {"amount": "9876", "method": "stock", "giver": "person", "first_name": "Sami", "last_name": "Rivers",
             "donor": "new", "fund": "fact-desk", "described": ""}  # fmt: skip
    answer = desk.post(path, **typed)
    assert answer.status_code == 422
    assert "Say how many shares of what" in words(answer.text)
    assert desk.post(path, **{**typed, "described": "40 shares of Example Inc."}).status_code == 303
    assert desk.post(f"{batch}/post").status_code == 303
    work()
    assert every(OfflineGift)[0].described == "40 shares of Example Inc."


def test_a_line_is_removed_and_a_batch_thrown_away(desk: Desk) -> None:
    batch = desk.open()
    desk.line(batch, "Sami Rivers", "50")
    desk.line(batch, "Lina Field", "25")
    first, _second = every(OfflineLine)
    assert desk.post(f"{batch}/lines/{first.reference}/remove").status_code == 303
    assert [each.last_name for each in every(OfflineLine)] == ["Field"]
    assert desk.client.get(f"{batch}/lines/{first.reference}").status_code == 404
    answer = desk.post(f"{batch}/discard")
    assert "The batch was thrown away." in desk.page(answer.headers["Location"])
    assert every(OfflineLine) == every(OfflineBatch) == []
    assert every(History)[-1].act == "discard_offline_batch"


def test_nothing_of_a_posted_batch_can_change(desk: Desk, work: Work) -> None:
    batch = desk.open(count="1", sum="50")
    desk.line(batch, "Sami Rivers", "50")
    (line,) = every(OfflineLine)
    desk.post(f"{batch}/post")
    kept = f"{batch}/lines/{line.reference}"
    for path in (f"{batch}/discard", f"{kept}/remove"):
        answer = desk.post(path)
        assert answer.status_code == 422, path
        assert "This batch is posted, so nothing of it can change." in words(answer.text)
    assert desk.line(batch, "Lina Field", "25").status_code == 422
    work()
    assert desk.post(f"{batch}/discard").status_code == 422
    assert desk.post(f"{batch}/post").status_code == 303
    work()
    assert len(every(OfflineGift)) == 1
    overview = desk.page("/staff/offline")
    assert "Post of Monday 1 March 2026 1 $50.00" in overview
    assert "No batch waits." in overview


def test_a_batch_of_a_month_that_closed_meanwhile_is_not_posted(desk: Desk, booked: Booked) -> None:
    from_before = booked.give(100, on=booked.today().replace(month=1, day=5))
    batch = desk.open(count="1", sum="50", received_on=from_before.received_on.isoformat())  # type: ignore[union-attr]
    desk.line(batch, "Sami Rivers", "50")
    with committed():
        close_period("2026-01", SYSTEM, zone=booked.books.zone)
    answer = desk.post(f"{batch}/post")
    assert answer.status_code == 422
    assert "January 2026 is closed" in words(answer.text)
