"""A receipt on its way: by letter, from the account, corrected by itself when money goes back, in three languages."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from urllib.parse import urljoin

import pytest
import stripe
from playwright.sync_api import Page, expect

from tests.journeys.test_signing_in import ask
from tests.make.live import Live
from tests.make.look_over import look_over
from tests.make.outbox import text_of
from tests.make.visit import expect_status, fill_form, letters_to, pay, until

only_with_scripts = pytest.mark.parametrize("javascript", [True], indirect=True, ids=["javascript"])
NAME = {"": ("Amal", "Haddad"), "/ar": ("أمل", "حداد"), "/he": ("נועם", "ברק")}


def letter_that(live: Live, email: str, says: str) -> str:
    found = lambda: [text for text in map(text_of, live.outbox.to(email)) if says in text]  # noqa: E731
    until(lambda: bool(found()), f"a letter that says {says}")
    return found()[-1]


def take(page: Page, door: str, folder: Path) -> str:
    href = page.locator(door).first.get_attribute("href")
    answer = page.request.get(urljoin(page.url, href))
    assert answer.headers["content-type"] == "application/pdf"
    pdf = folder / "receipt.pdf"
    pdf.write_bytes(answer.body())
    return subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, text=True, check=True).stdout


def come_in(live: Live, page: Page, email: str) -> None:
    page.goto(f"{live.site}/signin")
    page.goto(live.site + ask(live, page, email).link)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("tr[data-gift]")).to_have_count(1)


@only_with_scripts
@pytest.mark.parametrize("prefix", ["", "/ar", "/he"], ids=["en", "ar", "he"])
def test_a_refund_at_stripe_brings_the_corrected_receipt_to_account_and_mailbox(
    live: Live, page: Page, prefix: str, tmp_path: Path
) -> None:
    email = f"receipt{prefix.replace('/', '-')}@example.org"
    page.goto(f"{live.site}{prefix}/donate?frequency=once")
    fill_form(page, email, amount="300")
    page.fill("#first", NAME[prefix][0])
    page.fill("#last", NAME[prefix][1])
    page.locator("#go").click()
    pay(page)
    expect_status(page, "succeeded")
    letters_to(live, email, 1)
    door = "a[href*='/receipt.pdf']"
    until(lambda: page.reload() is not None and page.locator(door).count() > 0, "the receipt's door")
    first = take(page, door, tmp_path)
    assert "300.00" in first
    assert all(name in first for name in NAME[prefix])

    at_stripe = stripe.StripeClient("sk_test_of_the_journeys", base_addresses={"api": live.box})
    (charge,) = [each for each in at_stripe.v1.charges.list() if each.billing_details.email == email]
    at_stripe.v1.refunds.create({"charge": charge.id, "amount": 100_00})
    number = re.search(r"\d{4}-\d{6}", first)
    assert number is not None
    letter_that(live, email, number[0])
    come_in(live, page, email)
    page.goto(f"{live.site}{prefix}/account")
    look_over(page)
    corrected = take(page, "tr[data-gift] a[href*='/receipts/']", tmp_path)
    assert "200.00" in corrected
    assert number[0] in corrected, "it names the one it stands for"
    assert corrected != first
    page.locator("tr[data-gift] form button").first.click()
    expect(page.get_by_role("status")).to_have_count(1)
