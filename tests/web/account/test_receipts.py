"""Receipts from the account and the gift's page: as PDF for whom they are about, and by mail once more."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from donate import references
from donate.db import committed
from donate.donors.queries import find_donor_by_email
from donate.receipts.models import ReceiptCopy
from donate.receipts.statement import issue_statements
from tests.make.gifts import Gifts
from tests.make.outbox import Outbox, text_of
from tests.make.receipts import holds
from tests.make.refunds import give_back
from tests.make.rows import count, every, fresh
from tests.make.signing_in import Comings, hidden
from tests.people import AMAL, NOAM

Settle = Callable[..., None]


def token_of(browser: FlaskClient) -> dict[str, str]:
    return {"csrf_token": hidden(browser.get("/account/sign-in").text)["csrf_token"]}


def test_a_member_opens_their_own_receipts_and_nobody_elses(gifts: Gifts, settle: Settle, comings: Comings) -> None:
    gifts.paid(AMAL)
    gifts.paid(NOAM)
    settle()
    browser = comings.member(AMAL.email)
    assert 'href="/account/receipts/2026-000001.pdf"' in browser.get("/account").text
    with browser.get("/account/receipts/2026-000001.pdf") as answer:
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.data.startswith(b"%PDF")
    for number in ("2026-000002", "2026-000009", "S2026-000001"):
        with browser.get(f"/account/receipts/{number}.pdf") as answer:
            assert answer.status_code == 404
        with browser.post(f"/account/receipts/{number}", data=token_of(browser)) as answer:
            assert answer.status_code == 404


def test_a_corrected_receipt_stands_in_the_account_and_the_void_one_opens_still(
    gifts: Gifts, settle: Settle, comings: Comings
) -> None:
    donation = gifts.paid(AMAL)
    settle()
    give_back(fresh(donation), "10.00")
    settle()
    browser = comings.member(AMAL.email)
    page = browser.get("/account").text
    assert "/account/receipts/2026-000002.pdf" in page
    assert "2026-000001" not in page
    for number in ("2026-000001", "2026-000002"):
        assert browser.get(f"/account/receipts/{number}.pdf").status_code == 200
    assert browser.post("/account/receipts/2026-000001", data=token_of(browser)).status_code == 404


def test_a_member_has_a_receipt_sent_again_and_not_without_end(
    gifts: Gifts, settle: Settle, comings: Comings, outbox: Outbox
) -> None:
    donation = gifts.paid(AMAL)
    settle()
    browser = comings.member(AMAL.email)
    token = token_of(browser)
    answers = [browser.post("/account/receipts/2026-000001", data=token).status_code for _ in range(4)]
    assert answers == [303, 303, 303, 429]
    settle()
    sent = [each for each in outbox.to(AMAL.email) if "2026-000001 again" in each["Subject"]]
    assert (len(sent), count(ReceiptCopy)) == (3, 3)
    copy = every(ReceiptCopy)[0]
    assert (copy.who_kind, copy.who_id) == ("member", fresh(donation).donor_id)
    assert f"&copy={copy.reference}" in text_of(sent[0])


def test_statements_stand_in_the_account(gifts: Gifts, settle: Settle, comings: Comings, outbox: Outbox) -> None:
    gifts.paid(AMAL)
    gifts.paid(NOAM)
    settle()
    with committed():
        issue_statements([donor_of(AMAL.email), donor_of(NOAM.email)], 2026, zone="Asia/Jerusalem")
    mine, other = sorted(holds("statement"), key=lambda each: each.donor_id != donor_of(AMAL.email))
    browser = comings.member(AMAL.email)
    page = browser.get("/account").text
    assert f'data-statement="{mine.number}"' in page
    assert other.number not in page
    assert browser.get(f"/account/receipts/{mine.number}.pdf").mimetype == "application/pdf"
    assert browser.get(f"/account/receipts/{other.number}.pdf").status_code == 404
    assert browser.post(f"/account/receipts/{mine.number}", data=token_of(browser)).status_code == 303
    settle()
    assert mine.number in outbox.to(AMAL.email)[-1]["Subject"]


def donor_of(email: str) -> int:
    found = find_donor_by_email(email)
    assert found is not None
    return found.id


@pytest.mark.parametrize("language", ["", "/ar", "/he"])
def test_whoever_holds_the_gifts_key_opens_its_receipt(
    gifts: Gifts, settle: Settle, client: FlaskClient, language: str
) -> None:
    donation = gifts.paid(AMAL)
    settle()
    key = references.sign("gift", donation.reference)
    page = client.get(f"{language}/gifts/{donation.reference}?key={key}").text
    path = f"{language}/gifts/{donation.reference}/receipt.pdf?key={key}"
    assert path in page.replace("&amp;", "&")
    with client.get(path) as answer:
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        assert answer.headers["Cache-Control"] == "private, no-store"
    for wrong in ("", "?key=", "?key=another", f"?key={references.sign('gift', 'AAAABBBBCCCCDDDD')}"):
        assert client.get(f"/gifts/{donation.reference}/receipt.pdf{wrong}").status_code == 404


def test_a_gift_that_has_not_arrived_has_no_receipt(gifts: Gifts, client: FlaskClient) -> None:
    donation = gifts.begin(AMAL)
    key = references.sign("gift", donation.reference)
    assert client.get(f"/gifts/{donation.reference}/receipt.pdf?key={key}").status_code == 404


def test_the_gifts_page_sends_its_receipt_again_to_the_address_given_with_it(
    gifts: Gifts, settle: Settle, client: FlaskClient, outbox: Outbox
) -> None:
    donation = gifts.paid(AMAL)
    settle()
    key = references.sign("gift", donation.reference)
    page = client.get(f"/gifts/{donation.reference}?key={key}").text
    assert f'action="/gifts/{donation.reference}/receipt"' in page
    answer = client.post(f"/gifts/{donation.reference}/receipt", data={"key": key})
    assert answer.status_code == 303
    assert "on its way to your mailbox" in client.get(answer.headers["Location"]).text
    settle()
    letter = outbox.to(AMAL.email)[-1]
    assert letter["Subject"] == "Your receipt 2026-000001 again"
    (copy,) = every(ReceiptCopy)
    link = f"/gifts/{donation.reference}/receipt.pdf?key={key}&copy={copy.reference}"
    assert link in text_of(letter)
    assert copy.who_kind == "giver"
    assert client.get(link).status_code == 200
    assert client.post(f"/gifts/{donation.reference}/receipt", data={"key": "another"}).status_code == 404
    elsewhere = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    wrong = client.post(f"/gifts/{donation.reference}/receipt", data={"key": key}, headers=elsewhere)
    assert wrong.status_code == 400
