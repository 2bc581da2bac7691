"""The connections desk: hooks and tokens made, tried, watched and ended; secrets shown once; owners only."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from donate.connections.announce import announce
from donate.connections.models import ApiToken, Hook, HookDelivery, HookTry
from donate.db import committed
from donate.giving.models import Donation
from donate.reach import connection
from donate.team.models import History
from donate.web.access import rule_of
from tests.make.gifts import Gifts
from tests.make.receiver import Receiver
from tests.make.rows import count, every
from tests.make.signing_in import Comings, hidden, press
from tests.people import AMAL

HOOKS, TOKENS = "/staff/connections/hooks/new", "/staff/connections/tokens/new"
Later = Callable[[timedelta], None]


@pytest.fixture
def owner(comings: Comings) -> FlaskClient:
    """Return an owner's browser."""
    return comings.colleague("owner")


def tokens_of(client: FlaskClient, path: str) -> dict[str, str]:
    """Give the hidden fields of a page's forms."""
    shown = client.get(path)
    assert shown.status_code == 200, shown.status
    return hidden(shown.text)


def send(client: FlaskClient, path: str, to: str = "", **typed: object) -> str:
    """Press a button of a page, and give the page that follows."""
    answer = client.post(to or path, data={**tokens_of(client, path), **typed}, follow_redirects=True)
    assert answer.status_code in (200, 422), answer.status
    return answer.text


def secret_on(page: str) -> str:
    """Read what is shown once."""
    found = re.search(r'<textarea[^>]*id="secret"[^>]*>([^<]*)</textarea>', page)
    assert found is not None, page
    return html.unescape(found[1])


def make_hook(client: FlaskClient, url: str, **typed: object) -> str:
    wish = {"name": "Supporter list", "url": url, "kinds": ["gift.succeeded"], **typed}
    return send(client, HOOKS, **wish)


def test_a_hook_is_made_shown_its_secret_once_and_tried_at_once(owner: FlaskClient, receiver: Receiver) -> None:
    secret = secret_on(make_hook(owner, receiver.url()))
    (hook,) = every(Hook)
    assert (hook.name, hook.url, hook.kinds, hook.personal) == (
        "Supporter list", receiver.url(), ["gift.succeeded"], False,
    )  # fmt: skip
    path = f"/staff/connections/hooks/{hook.reference}"
    receiver.status, receiver.text = 200, "<b>thanks</b>"
    page = send(owner, path, f"{path}/test")
    assert receiver.taken[0].is_signed_with(secret)
    assert "It answered 200." in page
    assert "&lt;b&gt;thanks&lt;/b&gt;" in page
    assert '"type": "test"' in html.unescape(page)
    for shown in ("/staff/connections", path, f"{path}/change"):
        assert secret not in owner.get(shown).text
    assert [each.act for each in every(History) if each.object_kind == "hook"] == ["make_hook", "test_hook"]


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(owner: FlaskClient, receiver: Receiver) -> None:
    receiver.elsewhere["intranet.example"] = [["10.0.0.7"]]
    receiver.elsewhere["public.example"] = [["93.184.215.14"]]
    receiver.elsewhere["nowhere.example"] = [[]]
    for url, says in (
        ("crm", "Give the whole address"),
        ("http://public.example/in", "begins with https://"),
        ("ftp://public.example/in", "begins with https://"),
        ("https://me:secret@public.example/", "Leave name and password out"),
        ("https://public.example:8443/", "leave “:8443” out"),
        ("https://intranet.example/", "intranet.example is on a private network"),
        ("https://nowhere.example/", "There is no nowhere.example"),
    ):
        page = html.unescape(make_hook(owner, url, personal="1", kinds=["donor.erased"]))
        assert says in page, url
        assert f'value="{url}"' in page
        assert 'name="personal" value="1" checked' in page
        assert re.findall(r'value="([\w.]+)" checked', page) == ["donor.erased", "1"]
    page = make_hook(owner, "https://public.example/", name=" ", kinds=[])
    assert "2 things to put right" in page
    page = make_hook(owner, "https://public.example/", name="x" * 81)
    assert "Shorten the name" in page
    assert count(Hook) == 0


def test_a_hook_is_changed_and_its_history_says_what_without_its_address(
    owner: FlaskClient, receiver: Receiver
) -> None:
    make_hook(owner, receiver.url())
    path = f"/staff/connections/hooks/{every(Hook)[0].reference}"
    there = receiver.url(path="/other?key=of-theirs")
    send(owner, f"{path}/change", name="New list", url=there, kinds=["donor.erased"], personal="1")
    (hook,) = every(Hook)
    assert (hook.name, hook.url, hook.kinds, hook.personal) == ("New list", there, ["donor.erased"], True)
    (row,) = [each for each in every(History) if each.act == "change_hook"]
    assert (row.before["personal"], row.after["personal"], row.after["address_changed"]) == (False, True, True)
    assert "of-theirs" not in str(row.after)


def test_a_new_secret_is_shown_once_beside_what_becomes_of_the_old(owner: FlaskClient, receiver: Receiver) -> None:
    old = secret_on(make_hook(owner, receiver.url()))
    path = f"/staff/connections/hooks/{every(Hook)[0].reference}"
    page = send(owner, path, f"{path}/secret")
    assert secret_on(page) != old
    assert "For a day the secret before signs" in page
    assert "both sign until" in owner.get(path).text


def test_a_hook_is_switched_off_and_on_and_removed(owner: FlaskClient, receiver: Receiver) -> None:
    make_hook(owner, receiver.url())
    path = f"/staff/connections/hooks/{every(Hook)[0].reference}"
    page = owner.post(f"{path}/switch", data={**tokens_of(owner, path), "to": "off"}, follow_redirects=True).text
    assert "Switch it on again" in page
    assert every(Hook)[0].off_because == "person"
    owner.post(f"{path}/switch", data={**tokens_of(owner, path), "to": "on"})
    assert every(Hook)[0].is_on
    send(owner, path, f"{path}/test")
    assert "To remove it, switch it off first." in send(owner, path, f"{path}/remove")
    assert count(Hook) == 1
    owner.post(f"{path}/switch", data={**tokens_of(owner, path), "to": "off"})
    assert "No program is told anything yet." in send(owner, path, f"{path}/remove")
    assert (count(Hook), count(HookDelivery), count(HookTry)) == (0, 0, 0)
    assert owner.get(path).status_code == 404


def test_the_log_shows_what_failed_and_sends_it_again(
    owner: FlaskClient, gifts: Gifts, settle: Callable[..., None], receiver: Receiver
) -> None:
    make_hook(owner, receiver.url(), personal="1")
    receiver.status, receiver.text = 500, "out of order"
    gifts.paid(AMAL)
    settle()
    path = f"/staff/connections/hooks/{every(Hook)[0].reference}"
    page = owner.get(path).text
    assert "A gift arrived" in page
    assert "Nothing has arrived there since" in page
    assert "Next try" in page
    assert "A gift arrived" in owner.get(f"{path}?state=waiting").text
    assert "Nothing here." in owner.get(f"{path}?state=delivered").text
    receiver.status, receiver.text = 200, "now it works"
    delivery = f"/staff/connections/deliveries/{every(HookDelivery)[0].reference}"
    page = html.unescape(send(owner, delivery, f"{delivery}/again"))
    assert "now it works" in page
    assert "out of order" in page
    assert AMAL.email in page, "whoever may see donors sees the message as it went"
    assert every(Donation)[0].reference in page
    assert every(HookDelivery)[0].state == "delivered"


def test_nothing_is_sent_again_to_a_hook_that_is_off(owner: FlaskClient, receiver: Receiver) -> None:
    make_hook(owner, receiver.url())
    with committed():
        announce("gift.succeeded", "X", ("gift", 0), lambda: {"gift": {"donor": {"id": None}}})
    path = f"/staff/connections/hooks/{every(Hook)[0].reference}"
    owner.post(f"{path}/switch", data={**tokens_of(owner, path), "to": "off"})
    delivery = f"/staff/connections/deliveries/{every(HookDelivery)[0].reference}"
    page = send(owner, delivery, f"{delivery}/again")
    assert "Switch it on to send this again" in page
    assert receiver.taken == []


def test_a_long_log_has_pages(owner: FlaskClient, receiver: Receiver) -> None:
    make_hook(owner, receiver.url())
    with committed():
        for number in range(30):
            announce("gift.succeeded", str(number), ("gift", 0), lambda: {"gift": {"donor": {"id": None}}})
    path = f"/staff/connections/hooks/{every(Hook)[0].reference}"
    first, second = owner.get(path).text, owner.get(f"{path}?page=2").text
    assert (first.count("/staff/connections/deliveries/"), second.count("/staff/connections/deliveries/")) == (25, 5)
    assert "Page 1 of 2" in first


def test_a_token_is_made_shown_once_used_and_revoked(app: Flask, owner: FlaskClient) -> None:
    page = send(owner, TOKENS, name="Yearly numbers", scopes=["gifts:read", "appeals:read"], days="30")
    token = secret_on(page)
    (row,) = every(ApiToken)
    assert (row.scopes, (row.expires_at - row.created_at).days) == (["gifts:read", "appeals:read"], 30)
    program = app.test_client()
    headers = {"Authorization": f"Bearer {token}"}
    assert program.get("/api/v1/gifts", headers=headers).status_code == 200
    assert program.get("/api/v1/donors", headers=headers).status_code == 403
    path = f"/staff/connections/tokens/{row.reference}"
    shown = owner.get(path).text
    assert token not in shown
    assert token not in owner.get("/staff/connections").text
    assert row.prefix in shown
    assert "Revoked" in send(owner, path, f"{path}/revoke")
    assert program.get("/api/v1/gifts", headers=headers).status_code == 401
    assert [each.act for each in every(History) if each.object_kind == "api_token"] == ["make_token", "revoke_token"]


def test_a_token_without_a_name_or_reach_is_not_made(owner: FlaskClient) -> None:
    page = send(owner, TOKENS, name="", scopes=[], days="90")
    assert "2 things to put right" in page
    assert '<option value="90" selected>' in page
    page = send(owner, TOKENS, name="x" * 81, scopes=["gifts:read"])
    assert "Shorten the name" in page
    assert 'value="gifts:read" checked' in page
    assert count(ApiToken) == 0


def test_an_expired_token_says_so(owner: FlaskClient, later: Later) -> None:
    send(owner, TOKENS, name="Short", scopes=["gifts:read"], days="30")
    path = f"/staff/connections/tokens/{every(ApiToken)[0].reference}"
    assert "Expired" not in owner.get(path).text
    with committed() as session:
        row = session.get_one(ApiToken, every(ApiToken)[0].id)
        row.expires_at = row.created_at
    assert "Expired" in owner.get(path).text


def test_making_and_changing_asks_for_the_second_factor_again(
    app: Flask, owner: FlaskClient, receiver: Receiver, later: Later
) -> None:
    make_hook(owner, receiver.url())
    path = f"/staff/connections/hooks/{every(Hook)[0].reference}"
    later(timedelta(minutes=30))
    for grave in (HOOKS, TOKENS, f"{path}/change"):
        assert owner.get(grave).headers["Location"].startswith("/signin/again"), grave
    assert owner.get(path).status_code == 200, "looking does not"
    for endpoint in ("add_hook", "save_hook", "new_hook_secret", "drop_hook", "add_token"):
        rule = rule_of(f"staff.{endpoint}")
        assert rule is not None
        assert (rule.permission, rule.is_fresh) == ("manage_hooks", True), endpoint


@pytest.mark.parametrize("role", ["finance", "fundraising", "support", "editor", "auditor"])
def test_nobody_but_an_owner_connects_anything(comings: Comings, role: str) -> None:
    browser = comings.colleague(role)
    assert [browser.get(path).status_code for path in ("/staff/connections", HOOKS, TOKENS)] == [403] * 3
    assert "Connections" not in browser.get("/staff").text


def test_the_sentence_for_an_address_is_the_door_s_own(owner: FlaskClient) -> None:
    connection.connect(resolve=lambda _host, _port: ["127.0.0.1"])
    try:
        page = html.unescape(make_hook(owner, "https://localhost/in"))
    finally:
        connection.connect()
    assert "localhost is on a private network or on this machine" in page
    assert press(owner, HOOKS).status_code == 422
