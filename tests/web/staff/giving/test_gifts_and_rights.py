"""The giving desk: a gift and its refund, records made one, a member's pages looked at, a donor's rights."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from donate.db import committed, lock
from donate.donors.models import Donor, DonorNote
from donate.donors.queries import find_donor_by_email
from donate.giving.models import Donation, Refund
from donate.mail.models import MailMessage
from donate.references import spell
from donate.sandbox.app import Sandbox
from donate.team.models import History
from tests.make.gifts import Gifts
from tests.make.giving_desk import acts, donor_of, send, words
from tests.make.outbox import Outbox, text_of
from tests.make.rows import count, every
from tests.make.signing_in import Comings, hidden, press
from tests.people import AMAL, NOAM, YARA

Settle = Callable[..., None]


class TestGiftPage:
    """One gift, and what answers who asks about it."""

    def test_it_says_what_became_of_it(self, given: Donation, desk: FlaskClient) -> None:
        page = words(desk.get(f"/staff/gifts/{given.reference}").text)
        for said in ("$25.00", "Arrived", spell(given.reference), "Fee and net", "visa 4242", "Holds", AMAL.email):
            assert said in page, said
        assert "Refund" not in page

    def test_was_i_charged_twice_is_answered_at_once(
        self, given: Donation, gifts: Gifts, desk: FlaskClient, settle: Settle
    ) -> None:
        gifts.begin(AMAL)
        page = words(desk.get(f"/staff/gifts/{given.reference}").text)
        assert "one of them was paid. The others took no money." in page
        gifts.paid(AMAL)
        settle()
        page = words(desk.get(f"/staff/gifts/{given.reference}").text)
        assert "2 gifts of this sum arrived within two days. If only one was meant, refund the other." in page

    def test_a_receipt_is_sent_again_to_the_gifts_own_address(
        self, given: Donation, desk: FlaskClient, settle: Settle, outbox: Outbox
    ) -> None:
        path = f"/staff/gifts/{given.reference}"
        for _ in range(3):
            assert "done=sent" in press(desk, path, f"{path}/receipt").headers["Location"]
        assert "done=wait" in press(desk, path, f"{path}/receipt").headers["Location"]
        settle()
        assert len(outbox.to(AMAL.email)) == 4
        assert acts("donation").count("send_receipt") == 3

    def test_a_gift_is_looked_at_again_at_stripe(self, gifts: Gifts, desk: FlaskClient, box: Sandbox) -> None:
        begun = gifts.begin(YARA)
        gifts.pay(begun)
        path = f"/staff/gifts/{begun.reference}"
        assert "Not paid yet" in words(desk.get(path).text)
        assert "done=looked" in press(desk, path, f"{path}/look").headers["Location"]
        assert "Arrived" in words(desk.get(path).text)

    def test_where_stripe_does_not_answer_nothing_is_guessed(
        self, gifts: Gifts, desk: FlaskClient, box: Sandbox
    ) -> None:
        begun = gifts.begin(YARA)
        box.faults.replace([{"kind": "timeout_before", "match": {"path": "/v1/checkout/sessions/*"}, "times": 9}])
        path = f"/staff/gifts/{begun.reference}"
        answer = press(desk, path, f"{path}/look")
        assert "done=unknown" in answer.headers["Location"]
        assert "Stripe does not answer just now" in words(desk.get(answer.headers["Location"]).text)


class TestRefund:
    """Money back, by who may, in full or in part."""

    def test_a_part_goes_back_with_its_receipt_letter_and_note(
        self, given: Donation, comings: Comings, settle: Settle, outbox: Outbox
    ) -> None:
        finance = comings.colleague("finance")
        path = f"/staff/gifts/{given.reference}/refund"
        page = words(finance.get(path).text)
        for said in ("$25.00 at most", "card ending in 4242", "becomes void", "Stripe keeps its fee of"):
            assert said in page, said
        answer = send(finance, path, amount="5,00", reason="requested_by_customer", why="Typed 25, meant 20.")
        assert answer.headers["Location"] == f"/staff/gifts/{given.reference}?done=refunded"
        settle()
        (refund,) = every(Refund)
        assert (refund.amount_minor, refund.status, refund.reason) == (500, "succeeded", "requested_by_customer")
        assert [(each.words, each.about_gift) for each in every(DonorNote)] == [
            ("Typed 25, meant 20.", given.reference)
        ]
        done = next(each for each in every(History) if each.act == "refund_donation")
        assert (done.who_kind, done.after["amount_minor"], done.object_reference) == ("staff", 500, given.reference)
        assert "Refunded $5.00" in words(finance.get(f"/staff/gifts/{given.reference}").text)
        assert any("5.00" in text_of(each) for each in outbox.to(AMAL.email))

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"amount": "25.01", "reason": "duplicate"}, "At most $25.00 can go back."),
            ({"amount": "all of it", "reason": "duplicate"}, "Type what goes back"),
            ({"amount": "", "reason": "duplicate"}, "Type what goes back"),
            ({"amount": "5", "reason": ""}, "Choose why it goes back."),
        ],
    )
    def test_what_can_not_go_back_is_said_and_nothing_is_lost(
        self, given: Donation, comings: Comings, typed: dict[str, str], said: str
    ) -> None:
        finance = comings.colleague("finance")
        answer = send(finance, f"/staff/gifts/{given.reference}/refund", why="Because.", **typed)
        assert answer.status_code == 422
        assert said in words(answer.text)
        assert "Because." in answer.text
        assert count(Refund) == 0

    def test_two_who_refund_at_once_do_not_give_back_twice(
        self, given: Donation, comings: Comings, settle: Settle
    ) -> None:
        first, second = comings.colleague("finance"), comings.colleague("owner")
        path = f"/staff/gifts/{given.reference}/refund"
        page = second.get(path).text
        seen = hidden(page[page.index("<main") :])
        send(first, path, amount="20.00", reason="duplicate")
        settle()
        answer = second.post(path, data={**seen, "amount": "20.00", "reason": "duplicate"})
        assert answer.status_code == 422
        assert "Somebody refunded a part meanwhile. $5.00 is left" in words(answer.text)
        assert count(Refund) == 1

    @pytest.mark.parametrize("role", ["support", "fundraising"])
    def test_who_may_not_refund_sees_no_way_to(self, given: Donation, comings: Comings, role: str) -> None:
        browser = comings.colleague(role)
        assert browser.get(f"/staff/gifts/{given.reference}/refund").status_code == 403
        assert "/refund" not in browser.get(f"/staff/gifts/{given.reference}").text


class TestMerge:
    """Two records made one, at the desk."""

    def test_look_alikes_are_offered_and_merged_after_a_look(
        self, given: Donation, gifts: Gifts, comings: Comings, settle: Settle
    ) -> None:
        gifts.paid(AMAL, email="amal@work.example")
        settle()
        stays, goes = donor_of(AMAL.email).reference, donor_of("amal@work.example").reference
        desk = comings.colleague("fundraising")
        assert "amal@work.example" in words(desk.get(f"/staff/donors/{stays}/merge").text)
        page = words(desk.get(f"/staff/donors/{stays}/merge?with={spell(goes)}").text)
        assert "Goes into it" in page
        answer = send(desk, f"/staff/donors/{stays}/merge/{goes}")
        assert answer.headers["Location"] == f"/staff/donors/{stays}?done=merged"
        assert find_donor_by_email("amal@work.example") is not None
        assert donor_of("amal@work.example").reference == stays
        assert desk.get(f"/staff/donors/{goes}").status_code == 404

    def test_what_changed_meanwhile_is_shown_first(
        self, given: Donation, gifts: Gifts, comings: Comings, settle: Settle
    ) -> None:
        stays, goes = donor_of(AMAL.email).reference, donor_of(NOAM.email).reference
        desk = comings.colleague("finance")
        path = f"/staff/donors/{stays}/merge/{goes}"
        page = desk.get(path).text
        seen = hidden(page[page.index("<main") :])
        gifts.paid(NOAM)
        settle()
        answer = desk.post(path, data=seen)
        assert answer.status_code == 422
        assert "Something changed while you looked" in words(answer.text)
        assert count(Donor) == 2

    def test_support_may_not(self, given: Donation, desk: FlaskClient) -> None:
        assert desk.get(f"/staff/donors/{donor_of(AMAL.email).reference}/merge").status_code == 403


class TestLooking:
    """A member's pages as they see them."""

    def look(self, desk: FlaskClient, email: str = AMAL.email) -> None:
        path = f"/staff/donors/{donor_of(email).reference}"
        answer = press(desk, path, f"{path}/look")
        assert answer.headers["Location"] == "/account"

    def test_the_pages_are_the_members_with_a_banner_and_written_down(self, given: Donation, desk: FlaskClient) -> None:
        self.look(desk)
        page = words(desk.get("/account").text)
        assert "You see these pages as Amal Haddad sees them." in page
        assert "$25.00" in page
        assert "Sign out" not in page
        looked = [each for each in every(History) if each.act == "view_as_member"]
        assert [(each.who_kind, each.after.get("page")) for each in looked] == [
            ("staff", None), ("staff", "account.gifts"),
        ]  # fmt: skip

    def test_nothing_can_be_pressed_and_no_private_page_opened(self, given: Donation, desk: FlaskClient) -> None:
        self.look(desk, NOAM.email)
        token = hidden(desk.get("/account/preferences").text)
        before = count(MailMessage)
        for path in ("/account/preferences", "/account/sign-in/address", "/account/sign-out", "/account/data/erase"):
            assert desk.post(path, data=token).status_code in (403, 404), path
        for path in ("/account/sign-in", "/account/your-data"):
            answer = desk.get(path)
            assert answer.status_code in (403, 404), path
        assert "You are only looking" in desk.post("/account/preferences", data=token).text
        assert count(MailMessage) == before

    def test_it_ends_at_the_desk_and_is_worth_nothing_elsewhere(
        self, given: Donation, desk: FlaskClient, comings: Comings, client: FlaskClient
    ) -> None:
        self.look(desk)
        cookie = desk.get_cookie("donate_look")
        assert cookie is not None
        client.set_cookie("donate_look", cookie.value)
        assert client.get("/account").headers["Location"].startswith("/signin")
        other = comings.colleague("owner")
        other.set_cookie("donate_look", cookie.value)
        assert other.get("/account").headers["Location"].startswith("/signin")
        desk.get(f"/staff/donors/{donor_of(AMAL.email).reference}")
        assert desk.get("/account").headers["Location"].startswith("/signin")

    def test_who_may_not_look_does_not_even_with_the_cookie(self, given: Donation, comings: Comings) -> None:
        browser = comings.colleague("fundraising")
        path = f"/staff/donors/{donor_of(AMAL.email).reference}"
        assert "See as the member" not in browser.get(path).text
        assert press(browser, path, f"{path}/look").status_code == 403


class TestRights:
    """What a donor may ask for, done for them."""

    def test_all_that_is_held_is_handed_out_by_who_may(self, given: Donation, comings: Comings) -> None:
        donor = donor_of(AMAL.email).reference
        answer = comings.colleague("finance").get(f"/staff/donors/{donor}/data")
        assert answer.headers["Content-Type"] == "application/zip"
        assert acts() == ["export_person"]
        assert comings.colleague("support").get(f"/staff/donors/{donor}/data").status_code == 403

    def test_somebody_is_forgotten_with_notes_and_words(
        self, given: Donation, comings: Comings, settle: Settle
    ) -> None:
        owner = comings.colleague("owner")
        donor = donor_of(AMAL.email)
        reference, donor_id = donor.reference, donor.id
        path = f"/staff/donors/{reference}"
        press(owner, path, f"{path}/notes", words="Knows Haddad of the board.")
        answer = press(owner, f"{path}/erase", confirm="AAAA")
        assert answer.status_code == 422
        answer = press(owner, f"{path}/erase", confirm=spell(reference).lower())
        assert answer.status_code == 303
        settle()
        with committed():
            assert lock(Donor, donor_id).erased_at is not None
        assert count(DonorNote) == 0
        assert "haddad" not in owner.get("/staff/donors?q=haddad").text.lower().replace('value="haddad"', "")
        page = words(owner.get(path).text)
        assert "Somebody who was forgotten" in page
        assert "Add a note" not in page
