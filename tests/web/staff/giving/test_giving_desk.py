"""The giving desk: donors and gifts found, looked at, corrected and answered, each act by who may and written down."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from donate.db import committed, db, lock
from donate.donors.models import AddressChange, Donor, DonorEmail, DonorNote
from donate.donors.queries import find_donor_by_email
from donate.giving.models import Donation, Refund
from donate.mail.models import MailMessage
from donate.receipts.models import Receipt, ReceiptHolder
from donate.references import spell
from donate.sandbox.app import Sandbox
from donate.team.models import History
from tests.make.gifts import Gifts
from tests.make.outbox import Outbox, text_of
from tests.make.rows import count, every
from tests.make.signing_in import Comings, hidden, press
from tests.people import AMAL, NOAM, YARA

Settle = Callable[..., None]


def words(page: str) -> str:
    """Read a page as its reader does."""
    main = page[page.index("<main") : page.index("</main")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def donor_of(email: str) -> Donor:
    found = find_donor_by_email(email)
    assert found is not None
    return found


def send(client: FlaskClient, path: str, **typed: str) -> TestResponse:
    """Open a page and press the button of its own form, with all that the form holds."""
    page = client.get(path).text
    return client.post(path, data={**hidden(page[page.index("<main") :]), **typed})


def acts(kind: str = "donor") -> list[str]:
    """List what colleagues did, without what they looked at."""
    return [each.act for each in every(History) if each.object_kind == kind and not each.act.startswith("view")]


@pytest.fixture
def given(gifts: Gifts, settle: Settle, box: Sandbox) -> Donation:
    """Let Amal give once and Noam monthly, booked and all."""
    once = gifts.paid(AMAL, first_name="Amal", note="For the teachers.")
    gifts.paid(NOAM, frequency="month")
    settle()
    box.advance(seconds=10)
    settle()
    return db.session.get_one(Donation, once.id)


@pytest.fixture
def desk(comings: Comings) -> FlaskClient:
    """Return a browser of reader support."""
    return comings.colleague("support")


class TestFinding:
    """The search."""

    def test_it_finds_as_one_types_and_by_its_button(self, given: Donation, desk: FlaskClient) -> None:
        assert "Type three letters" in words(desk.get("/staff/donors").text)
        page = words(desk.get("/staff/donors?q=hadd").text)
        assert "1 was found." in page
        assert "Amal Haddad" in page
        part = desk.get("/staff/donors/found?q=hadd").text
        assert "Amal Haddad" in part
        assert "<html" not in part
        assert "Nothing was found." in words(desk.get("/staff/donors?q=zzz").text)

    def test_what_is_one_thing_only_is_opened_at_once(self, given: Donation, desk: FlaskClient) -> None:
        answer = desk.get(f"/staff/donors?go=1&q={spell(given.reference)}")
        assert answer.headers["Location"] == f"/staff/gifts/{given.reference}"
        answer = desk.get("/staff/donors?go=1&q=haddad")
        assert answer.headers["Location"] == f"/staff/donors/{donor_of(AMAL.email).reference}"

    @pytest.mark.parametrize("role", ["editor", "auditor"])
    def test_an_editor_and_an_auditor_see_no_donor(self, given: Donation, comings: Comings, role: str) -> None:
        browser = comings.colleague(role)
        for path in ("/staff/donors", "/staff/donors/found?q=amal", f"/staff/gifts/{given.reference}"):
            assert browser.get(path).status_code == 403
        assert "Gifts and donors" not in browser.get("/staff").text


class TestDonorPage:
    """One donor."""

    def test_everything_stands_on_one_line_of_time(self, given: Donation, desk: FlaskClient) -> None:
        page = words(desk.get(f"/staff/donors/{donor_of(AMAL.email).reference}").text)
        for said in (
            "Amal Haddad", "Given, less what went back $25.00", "1 gift since", "Gift arrived $25.00",
            "For the teachers.", "Receipt 20", "Letter sent", AMAL.email, "Nothing is charged by itself.",
        ):  # fmt: skip
            assert said in page, said

    def test_a_promise_says_its_next_charge(self, given: Donation, desk: FlaskClient) -> None:
        page = words(desk.get(f"/staff/donors/{donor_of(NOAM.email).reference}").text)
        for said in ("Gives monthly", "Next charge $25.00", "card ending in 4242", "Recurring gift began"):
            assert said in page, said

    def test_each_view_is_written_down(self, given: Donation, desk: FlaskClient) -> None:
        desk.get(f"/staff/donors/{donor_of(AMAL.email).reference}")
        last = every(History)[-1]
        assert (last.act, last.who_kind, last.object_reference) == (
            "view_donor", "staff", donor_of(AMAL.email).reference,
        )  # fmt: skip

    def test_a_stranger_is_not_found(self, given: Donation, desk: FlaskClient) -> None:
        assert desk.get("/staff/donors/AAAABBBBCCCCDDDD").status_code == 404

    def test_a_note_is_kept_and_taken_away_by_its_writer(
        self, given: Donation, desk: FlaskClient, comings: Comings
    ) -> None:
        path = f"/staff/donors/{donor_of(AMAL.email).reference}"
        press(desk, path, f"{path}/notes", words="Happy to speak to students.\n<b>Twice</b>")
        page = desk.get(path)
        assert "Happy to speak to students." in words(page.text)
        assert "<b>Twice</b>" not in page.text
        other = comings.colleague("fundraising")
        note = every(DonorNote)[0].reference
        assert "Take this note away" not in other.get(path).text
        assert press(other, path, f"{path}/notes/{note}/remove").status_code == 403
        assert press(desk, path, f"{path}/notes/{note}/remove").status_code == 303
        assert count(DonorNote) == 0
        assert acts() == ["write_note", "remove_note"]

    @pytest.mark.parametrize(("typed", "said"), [("  ", "Write something first"), ("x" * 2001, "2000 characters")])
    def test_a_note_that_can_not_be_kept_stays_as_typed(
        self, given: Donation, desk: FlaskClient, typed: str, said: str
    ) -> None:
        path = f"/staff/donors/{donor_of(AMAL.email).reference}"
        answer = press(desk, path, f"{path}/notes", words=typed)
        assert answer.status_code == 422
        assert said in words(answer.text)
        assert typed.strip() in answer.text

    def test_the_way_to_another_card_goes_to_the_promises_address(
        self, given: Donation, desk: FlaskClient, outbox: Outbox, settle: Settle
    ) -> None:
        path = f"/staff/donors/{donor_of(NOAM.email).reference}"
        page = desk.get(path).text
        promise = re.search(r'name="promise" value="(\w+)"', page)
        assert promise is not None
        answer = press(desk, path, f"{path}/card-link", promise=promise[1])
        assert "done=card_link" in answer.headers["Location"]
        settle()
        assert f"/account/recurring/{promise[1]}" in text_of(outbox.to(NOAM.email)[-1])
        # Nobody else's promise can be named.
        other = f"/staff/donors/{donor_of(AMAL.email).reference}"
        assert press(desk, other, f"{other}/card-link", promise=promise[1]).status_code == 404


class TestAddAndCorrect:
    """Writing somebody down, and what was wrong."""

    def test_somebody_is_added_and_found(self, given: Donation, desk: FlaskClient) -> None:
        answer = press(desk, "/staff/donors/add", first_name="Salma", last_name=" Nasser ", language="ar")
        assert answer.status_code == 303
        assert "Salma Nasser" in words(desk.get("/staff/donors?q=nass").text)

    def test_an_address_that_is_known_leads_to_its_donor(self, given: Donation, desk: FlaskClient) -> None:
        answer = press(desk, "/staff/donors/add", last_name="Twice", email="AMAL@example.org")
        assert answer.status_code == 422
        assert "another donor’s already" in words(answer.text)
        assert f"/staff/donors/{donor_of(AMAL.email).reference}" in answer.text
        assert 'value="Twice"' in answer.text

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({}, "Type a name or an e-mail address"),
            ({"email": "amal", "last_name": "H"}, "Add the part with the @ sign"),
            ({"last_name": "x" * 121}, "120 characters"),
        ],
    )
    def test_what_is_missing_is_said(
        self, given: Donation, desk: FlaskClient, typed: dict[str, str], said: str
    ) -> None:
        before = count(Donor)
        answer = press(desk, "/staff/donors/add", **typed)
        assert answer.status_code == 422
        assert said in words(answer.text)
        assert count(Donor) == before

    def test_a_corrected_name_changes_no_paper_that_is_out(self, given: Donation, desk: FlaskClient) -> None:
        donor = donor_of(AMAL.email).reference
        answer = press(desk, f"/staff/donors/{donor}/correct", first_name="Amāl", last_name="Haddad", language="ar")
        assert answer.status_code == 303
        assert donor_of(AMAL.email).first_name == "Amāl"
        assert every(Donation)[0].first_name == "Amal"
        assert [each.status for each in every(Receipt)] == ["issued", "issued"]
        assert acts() == ["correct_donor"]
        assert "Am" not in str([each.after for each in every(History) if each.act == "correct_donor"])

    def test_a_corrected_giver_gets_a_receipt_that_says_so(
        self, given: Donation, desk: FlaskClient, settle: Settle, outbox: Outbox
    ) -> None:
        path = f"/staff/gifts/{given.reference}/giver"
        answer = press(
            desk, path, first_name="Amal", last_name="Haddad-Khoury", address_line1="7 Rainbow St", city="Amman",
            country="jo",
        )  # fmt: skip
        assert "done=corrected" in answer.headers["Location"]
        old, new = [each for each in every(Receipt) if each.donation_id == given.id]
        assert (old.status, old.void_reason, new.status, new.replaces_id) == ("void", "correction", "issued", old.id)
        # The void paper goes on naming whom it named.
        assert [(each.receipt_id, each.name) for each in every(ReceiptHolder)] == [(old.id, "Amal Haddad")]
        settle()
        assert old.number in text_of(outbox.to(AMAL.email)[-1])
        assert "Haddad-Khoury" in words(desk.get(f"/staff/gifts/{given.reference}").text)

    def test_nothing_changed_replaces_nothing(self, given: Donation, desk: FlaskClient) -> None:
        path = f"/staff/gifts/{given.reference}/giver"
        answer = press(desk, path, first_name="Amal", last_name="Haddad", country="JO")
        assert "done=unchanged" in answer.headers["Location"]
        assert [each.status for each in every(Receipt)] == ["issued", "issued"]

    def test_a_country_that_is_none_is_said(self, given: Donation, desk: FlaskClient) -> None:
        answer = press(desk, f"/staff/gifts/{given.reference}/giver", last_name="Haddad", country="J1")
        assert answer.status_code == 422
        assert "two letters" in words(answer.text)


class TestAnotherAddress:
    """Writing to a donor elsewhere, after a check and a yes."""

    def ask(self, desk: FlaskClient, email: str, check: str = "gift_details") -> int:
        path = f"/staff/donors/{donor_of(AMAL.email).reference}/address"
        return press(desk, path, email=email, check=check).status_code

    def test_it_changes_only_when_the_new_mailbox_says_yes(
        self, given: Donation, desk: FlaskClient, settle: Settle, outbox: Outbox, client: FlaskClient
    ) -> None:
        assert self.ask(desk, "Amal@New.example") == 303
        settle()
        assert "We were asked to write to amal@new.example" in text_of(outbox.to(AMAL.email)[-1])
        assert [
            each.email for each in every(DonorEmail) if each.is_main and each.donor_id == donor_of(AMAL.email).id
        ] == [AMAL.email]
        link = re.search(r"(/signin/new-address/\S+)", text_of(outbox.to("amal@new.example")[-1]))
        assert link is not None
        assert "Shall we write to you here?" in client.get(link[1]).text
        answer = press(client, link[1], link[1].partition("?")[0])
        assert "We write to you here now" in answer.text
        row = every(DonorEmail)[-1]
        assert (row.email, row.is_main, row.proven_at is not None) == ("amal@new.example", True, True)
        settle()
        assert "From now on we write to" in text_of(outbox.to(AMAL.email)[-1])
        assert "ask_new_address" in acts()
        assert "accept_new_address" in acts()

    def test_one_that_was_taken_back_or_replaced_leads_nowhere(
        self, given: Donation, desk: FlaskClient, settle: Settle, outbox: Outbox, client: FlaskClient
    ) -> None:
        self.ask(desk, "first@new.example")
        self.ask(desk, "second@new.example")
        settle()
        first, second = (
            re.search(r"(/signin/new-address/\S+)", text_of(outbox.to(f"{name}@new.example")[-1]))
            for name in ("first", "second")
        )
        assert first is not None
        assert second is not None
        assert client.get(first[1]).status_code == 410
        path = f"/staff/donors/{donor_of(AMAL.email).reference}"
        change = every(AddressChange)[-1].reference
        press(desk, path, f"{path}/address/take-back", change=change)
        assert client.get(second[1]).status_code == 410
        assert client.get(second[1].replace("key=", "key=x")).status_code == 410

    @pytest.mark.parametrize(
        ("email", "check", "said"),
        [
            ("noam@example.org", "phone", "another donor’s already"),
            ("amal@example.org", "phone", "write to this address already"),
            ("new@example.org", "", "how you made sure"),
            ("new", "phone", "Add the part with the @ sign"),
        ],
    )
    def test_what_can_not_be_asked_is_said(
        self, given: Donation, desk: FlaskClient, email: str, check: str, said: str
    ) -> None:
        path = f"/staff/donors/{donor_of(AMAL.email).reference}/address"
        answer = press(desk, path, email=email, check=check)
        assert answer.status_code == 422
        assert said in words(answer.text)
        assert count(AddressChange) == 0


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
