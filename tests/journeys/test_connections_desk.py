"""An owner connects two programs: one is told of a gift, signed, and one reads it; axe finds nothing on the way."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_appeals_desk import come_in
from tests.make.live import Live
from tests.make.look_over import SCREENS, look_over
from tests.make.receiver import open_receiver
from tests.make.visit import expect_status, fill_form, follow, pay
from tests.make.wait import until


def give(live: Live, page: Page, email: str) -> str:
    """Give once, and tell the gift's reference."""
    page.goto(f"{live.site}/donate")
    fill_form(page, email, amount="40")
    page.locator("#go").click()
    pay(page)
    expect_status(page, "succeeded")
    found = re.search(r"/gifts/([A-Z2-7]{16})", page.url)
    assert found is not None
    return found[1]


def read(live: Live, path: str, token: str) -> Any:
    asked = urllib.request.Request(f"{live.site}/api/v1{path}", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(asked, timeout=20) as answer:
        return json.load(answer)


def tick(page: Page, name: str, *values: str) -> None:
    """Leave exactly these boxes ticked."""
    for box in page.locator(f"input[name='{name}']").all():
        box.set_checked(box.get_attribute("value") in values)


def test_an_owner_makes_a_token_and_a_hook_tries_it_and_sees_the_log(live: Live, page: Page, javascript: bool) -> None:
    email = f"owner.{'script' if javascript else 'plain'}@newsroom.example"
    with open_receiver() as receiver:
        come_in(live, page, email)
        page.goto(f"{live.site}/staff")
        follow(page, page.get_by_role("link", name="Connections"))
        look_over(page, with_axe=javascript)
        # A program that reads.
        follow(page, page.get_by_role("link", name="Make a token"))
        page.fill("#name", "Yearly numbers")
        follow(page, page.get_by_role("button", name="Make the token"))
        expect(page.locator(".errors")).to_contain_text("Tick at least one thing that it may read.")
        expect(page.locator("#name")).to_have_value("Yearly numbers")
        look_over(page, with_axe=javascript)
        tick(page, "scopes", "gifts:read")
        follow(page, page.get_by_role("button", name="Make the token"))
        token = page.locator("#secret").input_value()
        look_over(page, with_axe=javascript)
        # A program that is told.
        page.goto(f"{live.site}/staff/connections/hooks/new")
        page.fill("#name", "Supporter list")
        page.fill("#url", receiver.url("127.0.0.1"))
        tick(page, "kinds", "gift.succeeded")
        look_over(page, with_axe=javascript)
        follow(page, page.get_by_role("button", name="Make the hook"))
        secret = page.locator("#secret").input_value()
        look_over(page, with_axe=javascript)
        follow(page, page.get_by_role("button", name="Send a test event"))
        expect(page.locator("main")).to_contain_text("It answered 204.")
        look_over(page, with_axe=javascript)
        assert receiver.kinds() == ["test"]
        assert receiver.taken[0].is_signed_with(secret)
        follow(page, page.get_by_role("link", name="To the hook"))
        here = page.url
        # Something happens.
        reference = give(live, page, f"told-{javascript}@example.org".lower())
        until(lambda: "gift.succeeded" in receiver.kinds(), "the gift was not told")
        told = next(each for each in receiver.taken if each.json["type"] == "gift.succeeded")
        assert told.is_signed_with(secret)
        gift = told.json["data"]["gift"]
        assert (gift["id"], gift["amount"]["amount"], list(gift["donor"])) == (reference, "40.00", ["id"])
        assert read(live, f"/gifts/{reference}", token)["amount"] == gift["amount"]
        page.goto(here)
        expect(page.locator("tbody tr").first).to_contain_text("A gift arrived")
        look_over(page, with_axe=javascript)
        # The receiver breaks, and the owner sees it.
        receiver.status = 500
        follow(page, page.get_by_role("button", name="Send a test event"))
        expect(page.locator("main")).to_contain_text("It answered 500.")
        receiver.status = 200
        follow(page, page.get_by_role("button", name="Send it again"))
        expect(page.locator("dd .badge").first).to_have_text("Arrived")
        # And both end.
        page.goto(here)
        follow(page, page.get_by_role("button", name="Switch it off"))
        expect(page.locator(".notice")).to_contain_text("Off")
        page.goto(f"{live.site}/staff/connections")
        follow(page, page.locator("a", has_text="Yearly numbers").first)
        follow(page, page.get_by_role("button", name="Revoke"))
        expect(page.locator("dd .badge").first).to_have_text("Revoked")
        look_over(page, with_axe=javascript)
        with pytest.raises(urllib.error.HTTPError, match="401"):
            read(live, "/gifts", token)


@pytest.mark.parametrize("javascript", [True], indirect=True, ids=["javascript"])
@pytest.mark.parametrize(("prefix", "width", "scheme"), SCREENS)
def test_the_connections_desk_has_no_violations(live: Live, page: Page, prefix: str, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    desk = f"{live.site}{prefix}/staff/connections"
    with open_receiver() as receiver:
        receiver.status, receiver.text = 500, "out of order " * 40
        come_in(live, page, f"connects.{prefix.strip('/') or 'en'}.{width}@newsroom.example", prefix)
        page.goto(f"{desk}/hooks/new")
        look_over(page)
        page.fill("#name", "Supporter list with a long name of its own")
        page.fill("#url", receiver.url("127.0.0.1", "/a/long/path/to/some/receiver/somewhere?with=a-key"))
        page.locator("input[name='personal']").check()
        follow(page, page.locator("form.connections__form .btn:not(.btn--link)"))
        look_over(page)
        follow(page, page.locator("main form button").first)
        look_over(page)
        follow(page, page.locator(".desk__head a"))
        look_over(page)
        page.goto(f"{desk}/tokens/new")
        look_over(page)
        page.goto(desk)
        look_over(page)
