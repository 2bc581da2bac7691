"""The team's pages: who works here, a way in by mail, another role at once, out at once, nothing above one's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from donate.db import committed
from donate.mail.models import MailMessage
from donate.team.history import SYSTEM
from donate.team.models import History, Staff, StaffSession
from donate.team.permissions import ROLES, may_grant
from donate.team.queries import find_staff, get_staff, real_today
from donate.team.second_factor import set_second_factor
from tests.make.outbox import text_of
from tests.make.rows import count, every
from tests.make.signing_in import Comings, press

Later = Callable[[timedelta], None]
NEW = "noor@newsroom.example"


def page_of(email: str) -> str:
    return f"/staff/team/{get_staff(email).reference}"


def link_in(text: str) -> str:
    found = re.search(r"https?://[^/\s]+(/signin/link/\S+)", text)
    assert found is not None, text
    return found[1]


@pytest.fixture
def owner(comings: Comings) -> FlaskClient:
    return comings.colleague("owner")


def test_a_colleague_is_added_and_comes_in_by_the_mail(comings: Comings, owner: FlaskClient) -> None:
    answer = press(owner, "/staff/team/add", email=" Noor@Newsroom.Example ", role="finance", ends_on="")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{page_of(NEW)}?done=added")
    comings.work()
    (letter,) = comings.outbox.to(NEW)
    assert "owner@newsroom.example has added you to the desk of The Plumb Line." in text_of(letter)
    assert "You keep the books" in text_of(letter)
    browser = comings.browser()
    assert comings.use_link(browser, link_in(text_of(letter))).headers["Location"].startswith("/signin/second")
    assert press(browser, "/signin/second/set", code=comings.code_now(get_staff(NEW))).status_code == 200
    assert browser.get("/staff/finance").status_code == 200
    assert browser.get("/staff/team").status_code == 403
    assert "Came in to the desk" in owner.get(page_of(NEW)).text


def test_the_letter_with_the_way_in_lies_nowhere_here(comings: Comings, owner: FlaskClient) -> None:
    press(owner, "/staff/team/add", email=NEW, role="editor", ends_on="")
    comings.work()
    token = link_in(text_of(comings.outbox.to(NEW)[-1])).rpartition("/")[2]
    assert not any(token in str(vars(each)) for each in every(MailMessage))


def test_an_auditor_has_a_last_day_that_the_letter_names(comings: Comings, owner: FlaskClient) -> None:
    last = real_today() + timedelta(days=20)
    press(owner, "/staff/team/add", email=NEW, role="auditor", ends_on=str(last))
    comings.work()
    assert f"Your last day here is {last.day} " in text_of(comings.outbox.to(NEW)[-1])
    assert get_staff(NEW).ends_on == last
    assert [each.act for each in every(History)][-2:] == ["add_staff", "change_last_day"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"email": "", "role": "editor"}, "Write the e-mail address they work with."),
        ({"email": "noor", "role": "editor"}, "Add the part with the @ sign"),
        ({"email": NEW}, "Choose what they do here."),
        ({"email": NEW, "role": "emperor"}, "Choose what they do here."),
        ({"email": NEW, "role": "auditor", "ends_on": "next week"}, "Write a day as year, month and day"),
        ({"email": NEW, "role": "auditor", "ends_on": "2020-01-31"}, "31 January 2020 is over."),
        ({"email": NEW, "role": "owner", "ends_on": "2099-01-31"}, "An owner has no last day."),
        ({"email": "owner@newsroom.example", "role": "editor"}, "Open their page"),
    ],
)
def test_what_can_not_be_added_is_said_and_nothing_typed_is_lost(
    owner: FlaskClient, typed: dict[str, str], sentence: str
) -> None:
    answer = press(owner, "/staff/team/add", **typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'id="errors"' in answer.text
    assert f'value="{typed["email"]}"' in answer.text
    assert count(Staff) == 1


def test_the_list_says_how_everybody_stands(comings: Comings, owner: FlaskClient) -> None:
    comings.hire("finance", "waits@newsroom.example")
    comings.hire("editor", "left@newsroom.example")
    press(owner, page_of("left@newsroom.example") + "/disable")
    page = owner.get("/staff/team").text
    states = re.findall(r'data-state="(\w+)"', page)
    assert states == ["here", "invited", "disabled"]
    assert "2 people may come in" in page
    assert page.index("Who worked here") < page.index("left@newsroom.example")


def test_another_role_holds_at_the_next_click(comings: Comings, owner: FlaskClient) -> None:
    other = comings.colleague("finance")
    assert other.get("/staff/finance").status_code == 200
    answer = press(owner, page_of("finance@newsroom.example") + "/role", role="support", ends_on="")
    assert answer.status_code == 303
    assert other.get("/staff/finance").status_code == 403
    home = other.get("/staff")
    assert home.status_code == 200
    assert "Reader support" in home.text
    page = owner.get(page_of("finance@newsroom.example")).text
    assert "Role: Reader support, was Finance" in page


def test_a_last_day_that_can_not_be_is_said_beside_the_role_that_was_chosen(
    comings: Comings, owner: FlaskClient
) -> None:
    comings.hire("finance")
    path = page_of("finance@newsroom.example") + "/role"
    answer = press(owner, path, role="auditor", ends_on="2020-01-31")
    assert answer.status_code == 422
    assert "is over" in answer.text
    assert re.search(r'value="auditor" checked', answer.text)
    assert press(owner, path, role="emperor", ends_on="").status_code == 422
    assert get_staff("finance@newsroom.example").role == "finance"


def test_who_is_disabled_is_out_at_once_and_in_again_when_let(comings: Comings, owner: FlaskClient) -> None:
    other = comings.colleague("finance")
    path = page_of("finance@newsroom.example")
    press(owner, path + "/disable")
    assert other.get("/staff").status_code == 303
    comings.ask(comings.browser(), "finance@newsroom.example", form="/signin/staff")
    assert "nobody works here" in text_of(comings.outbox.to("finance@newsroom.example")[-1])
    press(owner, path + "/enable")
    comings.ask(comings.browser(), "finance@newsroom.example", form="/signin/staff")
    again = comings.browser()
    comings.use_link(again, comings.mailed("finance@newsroom.example").link)
    code = comings.code_now(get_staff("finance@newsroom.example"), later=1)
    assert press(again, "/signin/second", code=code).status_code == 303
    assert again.get("/staff/finance").status_code == 200


def test_sessions_are_ended_from_the_page(comings: Comings, owner: FlaskClient) -> None:
    other = comings.colleague("finance")
    path = page_of("finance@newsroom.example")
    answer = press(owner, path, path + "/sign-out")
    assert answer.headers["Location"] == f"{path}?done=signed-out"
    assert other.get("/staff").status_code == 303
    assert count(StaffSession) == 1


def test_a_lost_authenticator_is_set_anew_at_the_next_sign_in(comings: Comings, owner: FlaskClient) -> None:
    other = comings.colleague("finance")
    email = "finance@newsroom.example"
    comings.ask(comings.browser(), email, form="/signin/staff")
    before = comings.mailed(email).link
    press(owner, page_of(email) + "/authenticator")
    assert other.get("/staff").status_code == 303
    # A link that was on its way is worth nothing without the authenticator it was asked for with.
    assert comings.browser().get(before).status_code == 410
    again = comings.browser()
    comings.ask(again, email, form="/signin/staff")
    comings.use_link(again, comings.mailed(email).link)
    assert again.get("/signin/second").headers["Location"].startswith("/signin/second/set")


def test_the_link_is_mailed_again_until_they_have_come_in(comings: Comings, owner: FlaskClient) -> None:
    press(owner, "/staff/team/add", email=NEW, role="editor", ends_on="")
    path = page_of(NEW)
    assert press(owner, path, path + "/invite").status_code == 303
    comings.work()
    assert len(comings.outbox.to(NEW)) == 2
    browser = comings.browser()
    comings.use_link(browser, link_in(text_of(comings.outbox.to(NEW)[-1])))
    with committed():
        assert set_second_factor(get_staff(NEW).id, comings.code_now(get_staff(NEW)), SYSTEM)
    answer = press(owner, path, path + "/invite")
    assert answer.status_code == 422
    assert "They can ask for a link themselves" in answer.text


def test_a_letter_to_who_was_disabled_meanwhile_does_not_go_out(comings: Comings, owner: FlaskClient) -> None:
    press(owner, "/staff/team/add", email=NEW, role="editor", ends_on="")
    press(owner, page_of(NEW) + "/disable")
    comings.work()
    assert comings.outbox.to(NEW) == []


def test_your_own_page_has_nothing_to_press_and_takes_nothing(owner: FlaskClient) -> None:
    path = page_of("owner@newsroom.example")
    page = owner.get(path).text
    assert "This is you." in page
    assert f"{path}/disable" not in page
    for act in ("/disable", "/authenticator", "/enable"):
        answer = press(owner, path + act)
        assert answer.status_code == 422
        assert "This is you." in answer.text
    answer = press(owner, path, path + "/role", role="editor", ends_on="")
    assert answer.status_code == 422
    assert get_staff("owner@newsroom.example").role == "owner"


@pytest.mark.parametrize("granter", sorted(ROLES))
def test_a_press_past_the_page_gives_no_role_above_ones_own(
    comings: Comings, monkeypatch: pytest.MonkeyPatch, granter: str
) -> None:
    monkeypatch.setitem(ROLES, granter, ROLES[granter] | {"manage_staff"})
    browser = comings.colleague(granter)
    comings.hire(granter, "target@newsroom.example")
    given, added = set(), set()
    for role in ROLES:
        press(browser, page_of("target@newsroom.example") + "/role", role=role, ends_on="")
        if get_staff("target@newsroom.example").role == role:
            given.add(role)
        press(browser, "/staff/team/add", email=f"{role}.new@newsroom.example", role=role, ends_on="")
        if find_staff(f"{role}.new@newsroom.example") is not None:
            added.add(role)
    allowed = {role for role in ROLES if may_grant(granter, role)}
    assert (given, added) == (allowed, allowed)
    assert allowed == (set(ROLES) if granter == "owner" else {granter})


def test_what_is_grave_asks_for_the_second_factor_and_comes_back_to_its_form(
    comings: Comings, owner: FlaskClient, later: Later
) -> None:
    comings.hire("finance")
    path = page_of("finance@newsroom.example")
    token = re.search(r'name="csrf_token" value="([^"]+)"', owner.get(f"{path}/role").text)
    assert token is not None
    later(timedelta(minutes=10))
    answer = owner.post(f"{path}/role", data={"csrf_token": token[1], "role": "owner", "ends_on": ""})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/signin/again?next={path.replace('/', '%2F')}%2Frole"
    assert get_staff("finance@newsroom.example").role == "finance"
    assert owner.get(path).status_code == 200


def test_nobody_by_that_reference_is_not_found(owner: FlaskClient) -> None:
    assert owner.get("/staff/team/AAAABBBBCCCCDDDD").status_code == 404
