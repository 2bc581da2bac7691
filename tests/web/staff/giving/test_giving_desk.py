"""The giving desk: donors and gifts found, looked at, corrected and answered, each act by who may and written down."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from donate.donors.models import AddressChange, Donor, DonorEmail, DonorNote
from donate.giving.models import Donation
from donate.receipts.models import Receipt, ReceiptHolder
from donate.references import spell
from donate.team.models import History
from tests.make.giving_desk import acts, donor_of, words
from tests.make.outbox import Outbox, text_of
from tests.make.rows import count, every
from tests.make.signing_in import Comings, press
from tests.people import AMAL, NOAM

Settle = Callable[..., None]


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
