"""Readers of Arabic and Hebrew pay on our own page, in the Payment Element, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.make.live import Live
from tests.make.look_over import look_over
from tests.make.outbox import text_of
from tests.make.visit import expect_status, fill_form, letters_to, pay

only_with_scripts = pytest.mark.parametrize("javascript", [True], indirect=True, ids=["javascript"])
only_without_scripts = pytest.mark.parametrize("javascript", [False], indirect=True, ids=["no-javascript"])


def begin(live: Live, page: Page, email: str, language: str = "ar", frequency: str = "once") -> None:
    page.goto(f"{live.site}/{language}/donate?frequency={frequency}")
    fill_form(page, email, frequency=frequency, amount="30")
    page.locator("#go").click()
    expect(page).to_have_url(re.compile(f"/{language}/donate/pay/"))


def element(page: Page) -> FrameLocator:
    return page.frame_locator("#fields iframe")


def choose_card(page: Page, last4: str) -> None:
    element(page).locator("label", has_text=last4).click()


@only_with_scripts
@pytest.mark.parametrize("width", [360, 1280], ids=["phone", "desk"])
def test_a_whole_monthly_gift_in_arabic(live: Live, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    email = f"element-{width}@example.org"
    begin(live, page, email, frequency="month")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("#pay .terms").first).to_contain_text("$30.00")
    expect(element(page).locator("html")).to_have_attribute("dir", "rtl")
    expect(element(page).locator("legend")).to_have_text("بطاقة للتجربة")
    page.locator("#go").click()
    expect(page.locator("#refused")).to_contain_text("اختر بطاقة للتجربة")
    choose_card(page, "9995")
    page.locator("#go").click()
    expect(page.locator("#refused")).to_contain_text("رُفضت بطاقتك")
    expect(page.locator("#refused")).to_be_focused()
    look_over(page)
    assert live.outbox.to(email) == []
    choose_card(page, "4242")
    page.locator("#go").click()
    expect_status(page, "succeeded")
    expect(page).to_have_url(re.compile("/ar/gifts/"))
    letters_to(live, email, 1)
    assert "تبرّع" in text_of(live.outbox.to(email)[0])
    page.go_back()
    expect_status(page, "succeeded")


@only_with_scripts
def test_a_bank_that_asks_is_answered_on_its_page(live: Live, page: Page) -> None:
    begin(live, page, "element-bank@example.org", language="he")
    choose_card(page, "3155")
    page.locator("#go").click()
    page.locator("button[value=refuse]").click()
    expect_status(page, "pending")
    expect(page.locator("main")).to_have_attribute("data-view", "declined")
    page.locator(".row a[href*='/donate/pay/']").first.click()
    choose_card(page, "3155")
    page.locator("#go").click()
    page.locator("button[value=approve]").click()
    expect_status(page, "succeeded")
    expect(page).to_have_url(re.compile("/he/gifts/"))


@only_without_scripts
@pytest.mark.parametrize(("language", "words"), [("ar", "وهي بالإنجليزية"), ("he", "באנגלית")])
def test_without_scripts_a_sentence_comes_before_stripes_page(
    live: Live, page: Page, language: str, words: str
) -> None:
    begin(live, page, f"element-none-{language}@example.org", language=language)
    expect(page.locator("#elsewhere")).to_contain_text(words)
    expect(page.locator("#elsewhere")).to_contain_text("$30.00")
    expect(page.locator("#pay")).to_be_hidden()
    look_over(page, with_axe=False)
    pay(page)
    expect_status(page, "succeeded")
    expect(page).to_have_url(re.compile(f"/{language}/gifts/"))


@only_with_scripts
def test_where_stripes_script_does_not_come_its_page_is_left(live: Live, page: Page) -> None:
    page.route("**/js/stripe.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    begin(live, page, "element-missing@example.org")
    expect(page.locator("#missing")).to_be_visible()
    expect(page.locator("#pay")).to_be_hidden()
    look_over(page)
    pay(page)
    expect_status(page, "succeeded")


@only_with_scripts
def test_a_session_of_another_sum_is_not_paid(live: Live, page: Page) -> None:
    def another_sum(route: object) -> None:
        answer = route.fetch()  # type: ignore[attr-defined]
        told = answer.json()
        told["session"]["total"]["total"]["minorUnitsAmount"] = 3_000_00
        route.fulfill(response=answer, json=told)  # type: ignore[attr-defined]

    page.route("**/js/session", another_sum)
    begin(live, page, "element-sum@example.org")
    expect(page.locator("#missing")).to_be_visible()
    expect(page.locator("#pay")).to_be_hidden()


@only_with_scripts
def test_an_answer_that_is_lost_is_not_called_a_failure(live: Live, page: Page) -> None:
    page.route("**/js/confirm", lambda route: route.fulfill(body="<lost>", content_type="text/html"))
    begin(live, page, "element-lost@example.org")
    choose_card(page, "4242")
    page.locator("#go").click()
    expect(page.locator("#unknown")).to_be_visible()
    expect(page.locator("#refused")).to_be_hidden()
    page.locator("#unknown a").click()
    expect_status(page, "pending")


@only_with_scripts
def test_the_card_is_reached_and_paid_by_keyboard_alone(live: Live, page: Page) -> None:
    begin(live, page, "element-keys@example.org")
    expect(element(page).locator("label").first).to_be_visible()
    page.locator("#main").evaluate("main => { main.tabIndex = -1; main.focus(); }")
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "IFRAME":
            break
    first = element(page).locator("input").first
    expect(first).to_be_focused()
    page.keyboard.press("Space")
    expect(first).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.locator("#go")).to_be_focused()
    page.keyboard.press("Enter")
    expect_status(page, "succeeded")
