"""Being forgotten, from the page: what goes is said, a fresh sign-in and a tick are asked, then all are signed out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient

from donate.db import committed
from donate.donors.models import Erasure, Follow, MemberSession
from donate.giving.models import Donation
from donate.members.models import Membership
from donate.members.renew import renew_membership
from donate.sandbox.app import Sandbox
from tests.make.gifts import Gifts
from tests.make.rows import every
from tests.make.signing_in import Comings, hidden, press
from tests.people import AMAL, NOAM

Settle = Callable[..., None]
Later = Callable[[timedelta], None]
PAGE = "/account/erase"


def member(gifts: Gifts, settle: Settle, comings: Comings) -> FlaskClient:
    gifts.paid(AMAL, frequency="month")
    settle()
    return comings.member(AMAL.email)


def test_the_page_says_what_goes_what_stays_and_why(gifts: Gifts, settle: Settle, comings: Comings) -> None:
    page = member(gifts, settle, comings).get(PAGE).text
    for words in ("What goes, for good", "What stays, and why", "7 years", "Your recurring gifts", "Ines Abed"):
        assert words in page, words
    assert every(Erasure) == []


def test_a_press_without_the_tick_erases_nothing_and_names_the_repair(
    gifts: Gifts, settle: Settle, comings: Comings
) -> None:
    browser = member(gifts, settle, comings)
    answer = press(browser, PAGE)
    assert answer.status_code == 422
    assert "Tick the box first" in answer.text
    assert every(Erasure) == []


def test_a_member_is_forgotten_and_out_everywhere(gifts: Gifts, settle: Settle, comings: Comings) -> None:
    browser, other = member(gifts, settle, comings), comings.member(AMAL.email)
    answer = press(browser, PAGE, understood="1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/goodbye")
    assert "You are forgotten here" in browser.get("/goodbye").text
    assert every(MemberSession) == []
    for each in (browser, other):
        assert each.get("/account").headers["Location"].startswith("/signin")
    assert [(gift.email, gift.amount_minor) for gift in every(Donation)] == [("", 2500)]


def test_what_they_followed_and_their_membership_go_too_and_no_later_refund_brings_them_back(
    gifts: Gifts, settle: Settle, comings: Comings
) -> None:
    gift = gifts.paid(AMAL, amount="60.00")
    settle()
    browser = comings.member(AMAL.email)
    browser.post("/my-news", data={"follow": "topic/water", "back": "/"})
    donor_id = every(Membership)[0].donor_id
    assert len(every(Follow)) == 1
    press(browser, PAGE, understood="1")
    settle()
    assert (every(Follow), every(Membership)) == ([], [])
    with committed():
        assert renew_membership(donor_id) is None
    assert every(Membership) == []
    assert every(Donation)[0].id == gift.id, "the money stays"


def test_an_old_session_proves_once_more_who_reads_the_mailbox(
    gifts: Gifts, settle: Settle, comings: Comings, later: Later
) -> None:
    browser = member(gifts, settle, comings)
    token = hidden(browser.get(PAGE).text)["csrf_token"]
    later(timedelta(minutes=16))
    page = browser.get(PAGE).text
    assert "Erase everything about me" not in page
    answer = browser.post(PAGE, data={"csrf_token": token, "understood": "1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    assert every(Erasure) == []
    asked = browser.post(f"{PAGE}/prove", data={"csrf_token": token})
    assert asked.headers["Location"] == "/signin/code"
    comings.work()
    back = comings.use_link(browser, comings.mailed(AMAL.email).link)
    assert back.headers["Location"] == PAGE
    assert press(browser, PAGE, understood="1").headers["Location"] == "/goodbye"


def test_without_stripes_word_the_page_says_that_nothing_is_erased_yet(
    gifts: Gifts, settle: Settle, comings: Comings, box: Sandbox
) -> None:
    browser = member(gifts, settle, comings)
    box.faults.replace([{"match": {"method": "DELETE", "path": "/v1/subscriptions/*"}, "times": 1, "kind": "http_500"}])
    assert press(browser, PAGE, understood="1").headers["Location"] == PAGE
    page = browser.get(PAGE).text
    assert "nothing was erased so far" in page
    assert "It is not finished yet" in browser.get("/account/your-data").text
    assert press(browser, PAGE, understood="1").headers["Location"] == "/goodbye"


def test_nobody_is_forgotten_by_somebody_elses_press(gifts: Gifts, settle: Settle, comings: Comings) -> None:
    gifts.paid(NOAM)
    settle()
    browser = member(gifts, settle, comings)
    press(browser, PAGE, understood="1")
    assert [gift.email for gift in every(Donation)] == [NOAM.email, ""]
    assert comings.browser().post(PAGE, data={"understood": "1"}).headers["Location"].startswith("/signin")
