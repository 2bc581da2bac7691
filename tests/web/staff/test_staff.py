"""Staff come in by mail and by a second factor, every time; who leaves is out at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from donate.team.models import History, Staff, StaffSession
from donate.team.queries import get_staff
from tests.make.outbox import text_of
from tests.make.rows import count, every
from tests.make.signing_in import Comings, hidden, press

Later = Callable[[timedelta], None]
INES = "ines@newsroom.example"


@pytest.fixture
def say(app: Flask) -> Callable[..., Result]:
    """Return a way to type ``flask staff …``."""
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=["staff", *words])


def test_a_command_prints_a_link_that_signs_in_once(
    comings: Comings, client: FlaskClient, say: Callable[..., Result]
) -> None:
    done = say("add", "Ines@Newsroom.example", "--role", "finance")
    assert done.exit_code == 0, done.output
    link = re.search(r"http://127.0.0.1:5000(/signin/link/\S+)", done.output)
    assert link is not None
    answer = comings.use_link(client, link[1])
    assert answer.headers["Location"] == "/signin/second?next=%2Fstaff"
    assert comings.browser().get(link[1]).status_code == 410
    assert (get_staff(INES).role, count(Staff)) == ("finance", 1)


def test_commands_list_and_refuse_plainly(say: Callable[..., Result]) -> None:
    assert say("add", "nobody", "--role", "owner").exit_code == 1
    assert say("add", INES, "--role", "king").exit_code == 2
    assert say("disable", INES).exit_code == 1
    assert say("add", INES, "--role", "support").exit_code == 0
    assert say("list").output == f"{INES}  support  no second factor yet\n"
    assert say("disable", INES).exit_code == 0
    assert say("list").output == f"{INES}  support  disabled\n"


def test_the_doorway_opens_nothing_but_the_second_factor(comings: Comings, client: FlaskClient) -> None:
    _email, link = comings.hire("owner", INES)
    comings.use_link(client, link)
    for path in ("/staff", "/staff/sign-in", "/signin/again"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (303, "/signin/second")


def test_setting_the_second_factor_shows_ten_codes_once_and_opens_the_desk(
    comings: Comings, client: FlaskClient
) -> None:
    _email, link = comings.hire("owner", INES)
    comings.use_link(client, link)
    before = client.get_cookie("donate_staff")
    shown = client.get("/signin/second/set")
    assert re.search(r'<svg viewBox="0 0 (\d+) \1"', shown.text), "without its frame a part of the code is cut off"
    assert not re.search(r"\sstyle=", shown.text)
    answer = press(client, "/signin/second/set", code=comings.code_now(get_staff(INES)))
    assert len(re.findall(r"<li><code", answer.text)) == 10
    after = client.get_cookie("donate_staff")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert client.get("/staff").status_code == 200
    stolen = comings.browser()
    stolen.set_cookie("donate_staff", before.value)
    assert stolen.get("/staff").headers["Location"].startswith("/signin/staff")


def test_each_sign_in_asks_for_the_second_factor_and_takes_no_code_twice(comings: Comings) -> None:
    comings.colleague("owner", INES)
    again = comings.browser()
    comings.ask(again, INES, form="/signin/staff")
    comings.use_link(again, comings.mailed(INES).link)
    assert press(again, "/signin/second", code=comings.spent[INES]).status_code == 422
    answer = press(again, "/signin/second", code=comings.code_now(get_staff(INES), later=1))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff")
    assert again.get("/staff").status_code == 200


def test_guessing_the_second_factor_is_slowed_for_the_account(comings: Comings, later: Later) -> None:
    comings.colleague("owner", INES)
    guesser = comings.browser()
    comings.ask(guesser, INES, form="/signin/staff")
    comings.use_link(guesser, comings.mailed(INES).link)
    token = hidden(guesser.get("/signin/second").text)
    answers = [guesser.post("/signin/second", data={**token, "code": "000000"}).status_code for _try in range(6)]
    # The code that set the factor was the first of the six tries.
    assert answers == [422] * 5 + [429]
    later(timedelta(minutes=5))
    assert guesser.post("/signin/second", data={**token, "code": "000000"}).status_code == 422


def test_who_does_not_work_here_is_told_by_mail_only(comings: Comings, client: FlaskClient) -> None:
    answer = comings.ask(client, "stranger@example.org", form="/signin/staff")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/signin/code")
    assert "nobody works here" in text_of(comings.outbox.to("stranger@example.org")[-1])


def test_who_is_disabled_is_out_at_once_and_gets_no_way_in(comings: Comings, say: Callable[..., Result]) -> None:
    browser = comings.colleague("owner", INES)
    waiting = comings.browser()
    comings.ask(waiting, INES, form="/signin/staff")
    link = comings.mailed(INES).link
    assert say("disable", INES).exit_code == 0
    assert browser.get("/staff").status_code == 303
    assert waiting.get(link).status_code == 410
    comings.ask(comings.browser(), INES, form="/signin/staff")
    assert "nobody works here" in text_of(comings.outbox.to(INES)[-1])
    assert count(StaffSession) == 0


def test_another_role_signs_out_what_was_open_under_the_old_one(comings: Comings) -> None:
    browser = comings.colleague("owner", INES)
    comings.hire("support", INES)
    assert browser.get("/staff").status_code == 303
    assert [entry.act for entry in every(History)] == ["add_staff", "set_second_factor", "sign_in", "change_role"]
    assert every(History)[-1].after["role"] == "support"


def test_a_lost_authenticator_is_replaced_from_the_server(comings: Comings, say: Callable[..., Result]) -> None:
    browser = comings.colleague("owner", INES)
    done = say("add", INES, "--role", "owner", "--forget-second-factor")
    assert browser.get("/staff").status_code == 303
    link = done.output.strip().rpartition("http://127.0.0.1:5000")[2]
    fresh = comings.browser()
    comings.use_link(fresh, link)
    assert fresh.get("/signin/second").headers["Location"].startswith("/signin/second/set")


def test_a_desk_closes_after_four_hours_of_rest_and_after_twelve_in_any_case(comings: Comings, later: Later) -> None:
    browser = comings.colleague("owner", INES)
    for _time in range(3):
        later(timedelta(hours=3, minutes=50))
        assert browser.get("/staff").status_code == 200
    later(timedelta(minutes=40))
    assert browser.get("/staff").status_code == 303
    browser = comings.colleague("owner", "other@newsroom.example")
    later(timedelta(hours=4))
    assert browser.get("/staff").status_code == 303


def test_sessions_of_staff_are_their_own_to_end(comings: Comings) -> None:
    mine, theirs = comings.colleague("owner", INES), comings.colleague("support", "sami@newsroom.example")
    own, other = every(StaffSession)
    token = hidden(theirs.get("/staff/sign-in").text)
    answer = theirs.post(f"/staff/sign-in/sessions/{own.reference}/end", data=token)
    assert answer.status_code == 404
    assert mine.get("/staff").status_code == 200
    answer = theirs.post(f"/staff/sign-in/sessions/{other.reference}/end", data=token)
    assert answer.headers["Location"] == "/signin/staff"
    assert theirs.get("/staff").status_code == 303


def test_the_landing_page_says_what_the_role_allows_and_leads_nowhere_else(comings: Comings) -> None:
    browser = comings.colleague("editor", INES)
    page = browser.get("/staff").text
    assert "Pause an appeal at once" in page
    assert "Refund gifts" not in page
    for link in set(re.findall(r'href="(/[^"#]*)"', page)):
        with browser.get(link) as answer:
            assert answer.status_code == 200 or link.startswith("/static/"), link


def test_who_comes_in_by_another_language_stays_in_it(comings: Comings, client: FlaskClient) -> None:
    _email, link = comings.hire("owner", INES)
    answer = press(client, f"/ar{link}", "/ar/signin/link")
    assert answer.headers["Location"] == "/ar/signin/second?next=%2Far%2Fstaff"
