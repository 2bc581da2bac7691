"""A giver chooses their letters, takes their data along, leaves letters by a link, and is forgotten."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from donate import references
from donate.donors.models import Donor
from donate.donors.preferences import way_out
from tests.journeys.test_signing_in import ask
from tests.make.live import Live
from tests.make.look_over import look_over
from tests.make.visit import expect_status, fill_form, pay, until


def come_in(live: Live, page: Page, email: str, prefix: str = "") -> None:
    """Give monthly with the newsletter's box ticked, and sign in by the mailed link."""
    page.goto(f"{live.site}{prefix}/donate?frequency=month")
    fill_form(page, email, frequency="month", amount="20")
    page.locator("label:has(#newsletter)").click()
    page.locator("#go").click()
    pay(page)
    expect_status(page, "succeeded")
    page.goto(f"{live.site}/signin")
    page.goto(live.site + ask(live, page, email).link)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("tr[data-gift]")).to_have_count(1)


def download(page: Page, folder: Path) -> Any:
    with page.expect_download() as coming:
        page.locator("form[action$='/json'] button").click()
    coming.value.save_as(folder / "mine.json")
    return json.loads((folder / "mine.json").read_bytes())


def out_of(live: Live, reference: str) -> str:
    references.use_secret(live.environ["SECRET_KEY"])
    return way_out(Donor(reference=reference), "impact")


def test_letters_data_and_being_forgotten(live: Live, page: Page, javascript: bool, tmp_path: Path) -> None:
    email = f"rights-{javascript}@example.org".lower()
    come_in(live, page, email)
    page.get_by_role("link", name="Letters").click()
    expect(page.locator("input[name=newsletter]")).to_be_checked()
    expect(page.get_by_text("You said yes on the donation form").first).to_be_visible()
    page.locator("label:has(input[name=newsletter])").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    expect(page.locator("input[name=newsletter]")).not_to_be_checked()
    page.get_by_role("link", name="Your data").click()
    held = download(page, tmp_path)
    assert [gift["email"] for gift in held["gifts"]] == [email]
    page.goto(live.site + out_of(live, held["donor"]))
    page.get_by_role("button", name="Stop these letters").click()
    expect(page.get_by_role("status")).to_contain_text("Done")
    page.goto(f"{live.site}/account/your-data")
    page.get_by_role("link", name="See what goes and what stays").click()
    page.get_by_role("button", name="Erase everything about me").click()
    expect(page.locator(".field--error")).to_have_count(1)
    page.locator("label:has(#understood)").click()
    page.get_by_role("button", name="Erase everything about me").click()
    expect(page.locator("h1")).to_have_text("You are forgotten here")
    until(lambda: any("forgotten" in each["Subject"] for each in live.outbox.to(email)), "the last letter")
    page.goto(f"{live.site}/account")
    expect(page).to_have_url(re.compile("/signin"))
    live.run("check")


@pytest.mark.parametrize("javascript", [True], indirect=True, ids=["javascript"])
@pytest.mark.parametrize("prefix", ["", "/ar", "/he"], ids=["en", "ar", "he"])
@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")], ids=["phone", "desk"])
def test_the_pages_have_no_violations(
    live: Live, page: Page, prefix: str, width: int, scheme: Any, tmp_path: Path
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    # Colours that fade are looked over when they have arrived.
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    come_in(live, page, f"axe.rights.{prefix.strip('/') or 'en'}.{width}@example.org", prefix)
    page.goto(f"{live.site}{prefix}/account/your-data")
    out = out_of(live, download(page, tmp_path)["donor"])

    look_over(page)  # your data
    page.goto(f"{live.site}{prefix}/account/preferences")
    look_over(page)  # letters
    page.locator("form .btn").first.click()
    expect(page.get_by_role("status")).to_have_count(1)
    look_over(page)  # letters, saved
    page.goto(f"{live.site}{prefix}/account/erase")
    look_over(page)  # being forgotten
    page.locator("form .btn--bad").click()
    expect(page.locator(".field--error")).to_have_count(1)
    look_over(page)  # being forgotten, without the tick
    page.goto(f"{live.site}{prefix}{out}")
    look_over(page)  # the way out
    page.locator("main form .btn").click()
    expect(page.get_by_role("status")).to_have_count(1)
    look_over(page)  # the way out, pressed
    page.goto(f"{live.site}{prefix}{out}x")
    look_over(page)  # a way out that leads nowhere
    page.goto(f"{live.site}{prefix}/goodbye")
    look_over(page)  # goodbye
