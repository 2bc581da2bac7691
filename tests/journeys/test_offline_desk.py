"""A finance colleague’s post: ten cheques by keyboard, a slip found before anything is booked; axe finds nothing."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_appeals_desk import come_in
from tests.make.live import Live
from tests.make.look_over import SCREENS, look_over
from tests.make.visit import follow
from tests.make.wait import until

#: Dollars; the third cheque is typed with a slip.
SUMS = (10, 20, 30, 40, 50, 60, 70, 80, 90, 100)


def enter(page: Page, *texts: str) -> None:
    """Type into one field after the other, and send the form."""
    for at, text in enumerate(texts):
        if at:
            page.keyboard.press("Tab")
        page.keyboard.type(text)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def press(page: Page, role: str, name: str) -> None:
    """Press a link or button as a keyboard does."""
    page.get_by_role(role, name=name).first.focus()  # type: ignore[arg-type]
    with page.expect_navigation():
        page.keyboard.press("Enter")


def open_batch(page: Page, live: Live, name: str) -> None:
    """Open a batch of ten cheques by keyboard."""
    page.goto(f"{live.site}/staff/offline")
    press(page, "link", "Open a batch")
    expect(page.locator("#name")).to_be_focused()
    enter(page, name, "10", str(sum(SUMS)))
    expect(page.locator("h1")).to_have_text(name)


def test_ten_cheques_are_typed_by_keyboard_and_a_wrong_sum_is_found_before_anything_is_booked(
    live: Live, page: Page, javascript: bool
) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    which = "script" if javascript else "plain"
    come_in(live, page, f"post-{which}@newsroom.example", role="finance")
    open_batch(page, live, f"Post of Monday {which}")
    for at, dollars in enumerate(SUMS, 1):
        expect(page.locator("#who")).to_be_focused()
        typed = dollars + 5 if at == 3 else dollars
        # Past the method: the next cheque follows a cheque.
        enter(page, f"Cheque {which.title()}{at} cheque{at}.{which}@example.org", str(typed), "", f"{at:04}")
    press(page, "button", "Post this batch")
    expect(page.get_by_role("alert")).to_contain_text(
        "The lines come to $555.00 and the batch to $550.00: that is $5.00 too much."
    )
    press(page, "link", "Change line 3")
    page.locator("#amount").focus()
    page.locator("#amount").select_text()
    enter(page, "30")
    expect(page.locator("main")).to_contain_text("Both totals agree.")
    press(page, "button", "Post this batch")
    until(lambda: _is_posted(page, reloads=not javascript), "the batch was not posted")
    page.reload()
    expect(page.locator("main")).to_contain_text("Posted: 10 gifts")
    rows = _ours(live, which)
    assert [(row["kind"], row["payment_method"]) for row in rows] == [("offline", "cheque")] * 10
    assert sum(Decimal(row["amount"]) for row in rows) == sum(SUMS)
    assert len({row["receipt_number"] for row in rows} - {""}) == 10
    booked = csv.DictReader(io.StringIO(live.run("export", "ledger", "--out", "-"), newline=""))
    ours = {row["donation_id"] for row in rows}
    assert sum(Decimal(row["gross"]) for row in booked if row["donation_id"] in ours) == sum(SUMS)
    assert "invariants hold" in live.run("check")
    press(page, "link", "Deposit slip")
    expect(page.locator("tfoot")).to_contain_text("$550.00")


def _is_posted(page: Page, *, reloads: bool) -> bool:
    if reloads:
        page.reload()
    return page.locator("[data-state=posted]").is_visible()


def _ours(live: Live, which: str) -> list[dict[str, str]]:
    rows = csv.DictReader(io.StringIO(live.run("export", "donations", "--out", "-"), newline=""))
    return [row for row in rows if row["donor_email"].endswith(f".{which}@example.org")]


@pytest.mark.parametrize("javascript", [True], indirect=True, ids=["javascript"])
@pytest.mark.parametrize(("prefix", "width", "scheme"), SCREENS)
def test_the_desk_of_offline_gifts_has_no_violations(
    live: Live, page: Page, prefix: str, width: int, scheme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    who = f"{prefix.strip('/') or 'en'}{width}"
    come_in(live, page, f"offline.{who}@newsroom.example", prefix)
    desk = f"{live.site}{prefix}/staff/offline"
    for path in ("", "/gift", "/gift?q=Amal", "/gift/new", "/batches/new"):
        page.goto(f"{desk}{path}")
        look_over(page)
    # Refused, with every sentence that names a repair.
    page.goto(f"{desk}/gift/new")
    follow(page, page.locator("form.offline__form button"))
    look_over(page)
    page.goto(f"{desk}/gift/new")
    for name, typed in (("first_name", "Rana"), ("last_name", f"Quill {who}"), ("amount", "12")):
        page.locator(f"#{name}").fill(typed)
    follow(page, page.locator("form.offline__form button"))
    look_over(page)
    gift = page.url.partition("?")[0]
    page.goto(f"{gift}/withdraw")
    look_over(page)
    page.locator("input[name=reason]").first.check()
    follow(page, page.locator("form.offline__form button"))
    look_over(page)
    page.goto(f"{desk}/batches/new")
    for name, typed in (("name", f"Pile {who}"), ("count", "2"), ("sum", "24")):
        page.locator(f"#{name}").fill(typed)
    follow(page, page.locator("form.offline__form button"))
    batch = page.url
    for giver in (f"Rana Quill {who}", f"Lina Field {who}"):
        page.locator("#who").fill(giver)
        page.locator("#amount").fill("12")
        follow(page, page.locator("form.offline__row button"))
    look_over(page)
    follow(page, page.locator("form[action$='/post'] button"))
    expect(page.get_by_role("alert")).to_be_visible()
    look_over(page)
    page.locator(".offline__pick select").select_option(index=1)
    follow(page, page.locator(".offline__pick button"))
    follow(page, page.locator(".offline__acts a").first)
    look_over(page)
    page.goto(batch)
    follow(page, page.locator("form[action$='/post'] button"))
    expect(page.locator("[data-state=posted]")).to_be_visible()
    look_over(page)
    page.goto(f"{batch.partition('?')[0].partition('#')[0]}/slip")
    look_over(page)
