"""A second newsroom's owner makes it their own in a browser, without code, and readers see it at once."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.make.live import Live
from tests.make.look_over import look_over
from tests.make.pictures import png
from tests.make.visit import choose, expect_status, fill_form, follow, pay
from tests.make.wait import until

ACCENT, PALE = "#0b5563", "#7fd0dd"
PARTS = (
    "facts", "tax", "look", "zone", "currencies", "fiscal", "funds", "accounts", "levels", "reading", "sections",
    "topics", "texts/lines", "texts/greetings", "texts/pages", "texts/disclosures",
)  # fmt: skip


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """Return a newsroom of its own: what is changed in it is nobody else's."""
    newsroom = Live(tmp_path_factory.mktemp("second"))
    try:
        newsroom.open()
        yield newsroom
    finally:
        newsroom.close()


def come_in(live: Live, page: Page, email: str, prefix: str = "") -> None:
    """Come to the desk by the link a command prints, and set the second factor."""
    said = live.run("staff", "add", email, "--role", "owner")
    page.goto(f"{live.site}{prefix}/signin/link/" + said.strip().rpartition("/")[2])
    follow(page, page.locator("form button"))
    secret = (page.locator("details code").text_content() or "").replace(" ", "")
    page.fill("#code", pyotp.TOTP(secret).now())
    follow(page, page.locator("form button"))
    expect(page.locator(".codes")).to_be_visible()


def fill(page: Page, **typed: str) -> None:
    """Fill fields by their names; two underscores stand for a point."""
    for name, value in typed.items():
        page.locator(f"[name='{name.replace('__', '.')}']").fill(value)


def test_an_owner_makes_the_newsroom_their_own(own: Live, page: Page, javascript: bool, tmp_path: Path) -> None:
    mark = "script" if javascript else "plain"
    name, fund, benefit = f"The Harbour Log {mark}", f"Reef desk {mark}", f"A map of the harbour, {mark}"
    come_in(own, page, f"owner.{mark}@harbour.example")
    page.goto(f"{own.site}/staff")
    follow(page, page.locator(".desk__menu").get_by_role("link", name="Settings"))
    follow(page, page.get_by_role("link", name="Name and contact"))
    fill(page, name=name)
    follow(page, page.locator("#save"))
    expect(page.locator("[role=status]")).to_contain_text("Saved")

    page.goto(f"{own.site}/staff/settings/look")
    logo = tmp_path / "logo.png"
    logo.write_bytes(png(240, 60, words=mark.encode()))
    page.set_input_files("[name=logo_file]", logo)
    fill(page, look__accent=PALE)
    follow(page, page.locator("#save"))
    expect(page.locator("#errors")).to_contain_text("4.5 is needed")
    expect(page.locator(".set-logo img")).to_be_visible()
    fill(page, look__accent=ACCENT)
    follow(page, page.locator("#save"))
    expect(page.locator("[role=status]")).to_contain_text("Saved")

    page.goto(f"{own.site}/staff/settings/funds")
    at = page.locator("[name$='.gl_code']").count()
    follow(page, page.get_by_role("button", name="Add a fund"))
    page.locator(f"[name='funds.{at}.code']").fill(f"reef-{mark}")
    page.locator(f"[name='funds.{at}.name.en']").fill(fund)
    page.locator(f"[name='funds.{at}.gl_code']").fill("4777")
    follow(page, page.locator("#save"))
    expect(page.locator("#changed ~ .set-changes")).to_contain_text("4777")

    page.goto(f"{own.site}/staff/settings/levels")
    first = page.locator("[name='levels.0.benefits.0.name.en']")
    first.fill(benefit)
    page.locator("[name='levels.0.name.en']").fill(f"Deckhand {mark}")
    for code, worth in (("USD", "7"), ("EUR", "6"), ("ILS", "25"), ("JOD", "5")):
        page.locator(f"[name='levels.0.benefits.0.fair_market_value.{code}']").fill(worth)
    follow(page, page.locator("#save"))
    expect(page.locator("[role=status]")).to_contain_text("Saved")

    def product_stands() -> bool:
        page.goto(f"{own.site}/staff/settings/funds")
        return page.get_by_text(f"At Stripe it is “{fund}”.").count() == 1

    until(product_stands, "the fund's product")
    reader_sees(own, page, name, fund)
    gives(own, page, mark, name, fund, benefit)


def reader_sees(own: Live, page: Page, name: str, fund: str) -> None:
    """Expect name, logo and colour on the front page and the form, and the fund on the form."""
    page.goto(own.site)
    expect(page.locator(".nameplate")).to_contain_text(name)
    expect(page.locator(".nameplate__logo")).to_be_visible()
    assert page.locator(".masthead__ask .btn").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(11, 85, 99)"
    page.goto(f"{own.site}/donate?fund=reef-{'script' if 'script' in name else 'plain'}")
    expect(page.locator(".nameplate")).to_contain_text(name)
    expect(page.locator("main")).to_contain_text(fund)


def gives(own: Live, page: Page, mark: str, name: str, fund: str, benefit: str) -> None:
    """Give enough for the level, and read the receipt."""
    fill_form(page, f"reader.{mark}@example.org", amount="90")
    page.locator("main form button.btn--big").click()
    pay(page)
    expect_status(page, "succeeded")
    door = "a[href*='/receipt.pdf']"
    until(lambda: page.reload() is not None and page.locator(door).count() > 0, "the receipt's door")
    drawn = page.request.get(own.site + str(page.locator(door).first.get_attribute("href"))).body()
    sheet = PdfReader(io.BytesIO(drawn)).pages[0]
    words = re.sub(r"\s+", " ", sheet.extract_text())
    assert name in words
    assert fund in words
    assert benefit in words
    assert len(sheet.images) == 1


@pytest.mark.parametrize("javascript", [True], indirect=True, ids=["javascript"])
@pytest.mark.parametrize(
    ("prefix", "width", "scheme"), [("", 360, "light"), ("/ar", 1280, "dark")], ids=["en-phone", "ar-desk-dark"]
)
def test_every_page_of_the_settings_has_no_violations(
    own: Live, page: Page, prefix: str, width: int, scheme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(reduced_motion="reduce", color_scheme="dark" if scheme == "dark" else "light")
    come_in(own, page, f"axe.settings.{width}@newsroom.example", prefix)
    page.goto(f"{own.site}{prefix}/staff/settings")
    look_over(page)
    for part in PARTS:
        page.goto(f"{own.site}{prefix}/staff/settings/{part}")
        look_over(page)
    page.goto(f"{own.site}{prefix}/staff/settings/facts")
    fill(page, name="")
    follow(page, page.locator("#save"))
    expect(page.locator("#errors")).to_be_focused()
    look_over(page)


@pytest.mark.parametrize("javascript", [True], indirect=True, ids=["javascript"])
def test_two_people_edit_at_once_and_both_are_kept(own: Live, page: Page) -> None:
    come_in(own, page, "two.at.once@newsroom.example")
    page.goto(f"{own.site}/staff/settings/facts")
    other = page.context.new_page()
    other.goto(f"{own.site}/staff/settings/facts")
    fill(other, phone="+1 202 555 0111")
    follow(other, other.locator("#save"))
    fill(page, contact_name="Dana Haddad")
    follow(page, page.locator("#save"))
    expect(page.locator("#errors")).to_contain_text("Somebody else saved this while you were writing")
    expect(page.locator("#phone")).to_have_value("+1 202 555 0111")
    expect(page.locator("#contact_name")).to_have_value("Dana Haddad")
    look_over(page)
    follow(page, page.get_by_role("button", name="Save both"))
    expect(page.locator("[role=status]")).to_contain_text("Saved")


def test_choices_are_pressed_by_their_labels(own: Live, page: Page, javascript: bool) -> None:
    come_in(own, page, f"ticks.{javascript}@newsroom.example".lower())
    page.goto(f"{own.site}/staff/settings/zone")
    choose(page, "input[name=languages][value=he]")
    follow(page, page.locator("#save"))
    page.goto(own.site)
    how_many = page.locator(".langs a[lang=he]").count()
    page.goto(f"{own.site}/staff/settings/zone")
    choose(page, "input[name=languages][value=he]")
    follow(page, page.locator("#save"))
    page.goto(own.site)
    assert page.locator(".langs a[lang=he]").count() != how_many
