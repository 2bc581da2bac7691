"""A member's own pages: every gift of theirs and nobody else's, honest states, sessions and addresses in hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from donate import references
from donate.db import committed, db
from donate.donors.models import Donor, DonorEmail, MemberSession
from donate.giving.models import Donation
from donate.team.models import History
from donate.web.reader_cookie import Kept
from tests.make.gifts import Gifts
from tests.make.outbox import Outbox, text_of
from tests.make.rows import count, every
from tests.make.signing_in import Comings, hidden, press
from tests.people import AMAL, NOAM, PETRA, Person
from tests.web.asks.conftest import kept_in

Settle = Callable[..., None]
Later = Callable[[timedelta], None]
WORK = "amal@work.example"


def listed(page: str) -> list[str]:
    """Read the references of the gifts a page lists."""
    return re.findall(r'data-gift="(\w+)"', page)


def token_of(browser: FlaskClient) -> dict[str, str]:
    return {"csrf_token": hidden(browser.get("/account/sign-in").text)["csrf_token"]}


def test_a_member_sees_each_of_their_gifts_with_state_sum_story_and_receipt(
    gifts: Gifts, settle: Settle, comings: Comings
) -> None:
    paid = gifts.paid(AMAL, amount="40.00")
    opened = gifts.begin(AMAL, amount="15.00")
    settle()
    page = comings.member(AMAL.email).get("/account").text
    assert set(listed(page)) == {paid.reference, opened.reference}
    row = page[page.index(f'data-gift="{paid.reference}"') :].partition("</tr>")[0]
    for words in ("Confirmed", "$40.00", "2 March 2026", gifts.article.headline, "2026-000001"):
        assert words in row, words
    link = re.search(r'href="(/gifts/[^"]+)"', row)
    assert link is not None
    key = references.sign("gift", paid.reference)
    assert link[1].replace("&amp;", "&") == f"/gifts/{paid.reference}?key={key}"
    other = page[page.index(f'data-gift="{opened.reference}"') :].partition("</tr>")[0]
    assert "Not paid yet" in other


def test_gifts_of_every_language_and_spelling_of_the_address_stand_together(
    gifts: Gifts, settle: Settle, comings: Comings
) -> None:
    made = [
        gifts.paid(PETRA),
        gifts.paid(Person("Petra", "", "petra@example.org", "ar")),
        gifts.paid(Person("", "", "PETRA@EXAMPLE.ORG", "he")),
        gifts.begin(Person("Petra", "", "pETRA@example.org")),
    ]
    settle()
    assert set(listed(comings.member("petra@example.org").get("/account").text)) == {each.reference for each in made}
    assert count(Donor) == 1


def test_a_gift_made_after_signing_in_is_there_too(gifts: Gifts, settle: Settle, comings: Comings) -> None:
    gifts.paid(AMAL)
    settle()
    browser = comings.member(AMAL.email)
    late = gifts.begin(AMAL)
    assert late.reference in listed(browser.get("/account").text)


def test_whoever_gives_with_somebodys_address_learns_nothing_of_them(
    gifts: Gifts, settle: Settle, comings: Comings, client: FlaskClient
) -> None:
    known = gifts.paid(AMAL)
    settle()
    strange = gifts.paid(Person("Mallory", "Else", AMAL.email))
    settle()
    key = references.sign("gift", strange.reference)
    with client.get(f"/gifts/{strange.reference}?key={key}") as shown:
        assert shown.status_code == 200
        assert known.reference not in shown.text
        # That a gift was made in this browser, and nothing of whose address it names.
        (cookie,) = shown.headers.getlist("Set-Cookie")
        assert cookie.startswith("donate_reader=")
    assert kept_in(client) == Kept(gave_on=date(2026, 3, 2))
    assert client.get("/account").status_code == 303


def test_a_second_person_sees_none_of_it(gifts: Gifts, settle: Settle, comings: Comings) -> None:
    amals = gifts.paid(AMAL, frequency="month")
    noams = gifts.paid(NOAM)
    settle()
    page = comings.member(NOAM.email).get("/account").text
    assert listed(page) == [noams.reference]
    assert amals.reference not in page
    assert "every month" not in page


def test_recurring_gifts_are_listed_with_next_date_and_amount(gifts: Gifts, settle: Settle, comings: Comings) -> None:
    gifts.paid(AMAL, frequency="month", amount="15.00")
    settle()
    page = comings.member(AMAL.email).get("/account").text
    assert "$15.00 every month" in page
    assert "Active" in page
    assert "Thursday, 2 April 2026" in page
    assert "1 gift arrived" in page


def test_many_gifts_are_shown_in_pages(gifts: Gifts, settle: Settle, comings: Comings) -> None:
    for _gift in range(23):
        gifts.write(gifts.ask(AMAL))
    gifts.paid(AMAL)
    settle()
    browser = comings.member(AMAL.email)
    first, second = (listed(browser.get(f"/account?page={number}").text) for number in (1, 2))
    assert (len(first), len(second), len(set(first + second))) == (20, 4, 24)
    for wrong in ("0", "-1", "99", "x", "²"):
        assert browser.get(f"/account?page={wrong}").status_code == 200


def test_an_account_is_nobodys_to_keep(gifts: Gifts, settle: Settle, comings: Comings) -> None:
    gifts.paid(AMAL)
    settle()
    browser = comings.member(AMAL.email)
    for path in ("/account", "/account/sign-in"):
        assert browser.get(path).headers["Cache-Control"] == "no-store"


@pytest.fixture
def amal(gifts: Gifts, settle: Settle, comings: Comings) -> FlaskClient:
    """Let Amal give and sign in; return her browser."""
    gifts.paid(AMAL)
    settle()
    return comings.member(AMAL.email)


def test_signing_out_ends_the_session_on_the_server_too(amal: FlaskClient, comings: Comings) -> None:
    kept = amal.get_cookie("donate_session")
    assert kept is not None
    assert amal.post("/account/sign-out", data=token_of(amal)).headers["Location"] == "/signin"
    thief = comings.browser()
    thief.set_cookie("donate_session", kept.value)
    assert thief.get("/account").status_code == 303
    assert count(MemberSession) == 0


def test_signing_in_again_leaves_no_session_behind_in_the_same_browser(amal: FlaskClient, comings: Comings) -> None:
    before = amal.get_cookie("donate_session")
    with committed() as session:
        session.execute(sa.text("DELETE FROM limit_use"))
    fresh = comings.browser()
    comings.ask(fresh, AMAL.email)
    comings.use_link(amal, comings.mailed(AMAL.email).link)
    after = amal.get_cookie("donate_session")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert count(MemberSession) == 1


def test_sessions_are_listed_in_words_and_ended_one_by_one(amal: FlaskClient, comings: Comings) -> None:
    phone = comings.browser()
    phone.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPhone) Version/18.0 Mobile Safari/604.1"
    comings.member(AMAL.email, phone)
    page = amal.get("/account/sign-in").text
    assert "Safari, iPhone" in page
    assert page.count("This browser, now.") == 1
    (other,) = re.findall(r"/account/sign-in/sessions/(\w{16})/end", page)
    assert amal.post(f"/account/sign-in/sessions/{other}/end", data=token_of(amal)).status_code == 303
    assert phone.get("/account").status_code == 303
    assert amal.get("/account").status_code == 200


def test_all_others_are_ended_at_once(amal: FlaskClient, comings: Comings) -> None:
    others = [comings.member(AMAL.email) for _browser in range(2)]
    amal.post("/account/sign-in/sessions/end-others", data=token_of(amal))
    assert [each.get("/account").status_code for each in others] == [303, 303]
    assert amal.get("/account").status_code == 200
    assert every(History)[-1].after == {"ended": 2}


def test_somebody_elses_session_and_address_are_not_found(
    amal: FlaskClient, gifts: Gifts, settle: Settle, comings: Comings
) -> None:
    gifts.paid(NOAM)
    settle()
    noam = comings.member(NOAM.email)
    amals = every(MemberSession)[0].reference
    token = token_of(noam)
    for reference in (amals, "AAAABBBBCCCCDDDD", "no-such"):
        assert noam.post(f"/account/sign-in/sessions/{reference}/end", data=token).status_code == 404
    assert noam.post("/account/sign-in/main", data={**token, "email": AMAL.email}).status_code == 404
    assert amal.get("/account").status_code == 200


def test_a_form_of_another_session_changes_nothing(
    amal: FlaskClient, gifts: Gifts, settle: Settle, comings: Comings
) -> None:
    gifts.paid(NOAM)
    settle()
    noams = token_of(comings.member(NOAM.email))
    for path in ("sign-out", "sign-in/addresses", "sign-in/main", "sign-in/sessions/end-others"):
        assert amal.post(f"/account/{path}", data=noams).status_code == 400
        assert amal.post(f"/account/{path}").status_code == 400
    assert amal.get("/account").status_code == 200


def test_a_session_ends_after_a_month_of_rest_and_after_half_a_year_in_any_case(
    amal: FlaskClient, later: Later
) -> None:
    for _month in range(6):
        later(timedelta(days=29))
        assert amal.get("/account").status_code == 200
    later(timedelta(days=7))
    assert amal.get("/account").status_code == 303


def test_a_session_that_rests_a_month_has_ended(amal: FlaskClient, later: Later) -> None:
    later(timedelta(days=30))
    assert amal.get("/account").status_code == 303


# -- a second address -----------------------------------------------------------------------------------------------


def ask_to_link(browser: FlaskClient, comings: Comings, email: str) -> None:
    answer = browser.post("/account/sign-in/addresses", data={**token_of(browser), "email": email})
    assert answer.headers.get("Location") == "/signin/code", answer.text
    comings.work()


@pytest.mark.parametrize("way", ["link", "code"])
def test_a_second_address_is_linked_by_proving_it_and_its_gifts_come_along(
    amal: FlaskClient, gifts: Gifts, settle: Settle, comings: Comings, outbox: Outbox, way: str
) -> None:
    gift = gifts.paid(Person("A.", "", WORK.upper()))
    settle()
    ask_to_link(amal, comings, WORK)
    keys = comings.mailed(WORK)
    if way == "link":
        answer = comings.use_link(amal, keys.link)
    else:
        answer = press(amal, "/signin/code", code=keys.code)
    assert answer.headers["Location"] == "/account/sign-in?linked=joined"
    assert "stand with yours" in amal.get(answer.headers["Location"]).text
    assert gift.reference in listed(amal.get("/account").text)
    assert {row.email for row in every(DonorEmail)} == {AMAL.email, WORK}
    assert count(Donor) == 1
    comings.work()
    assert WORK in text_of(outbox.to(AMAL.email)[-1])


def test_who_is_tricked_into_pressing_a_strangers_link_gives_nothing_away(
    amal: FlaskClient, gifts: Gifts, settle: Settle, comings: Comings
) -> None:
    """Amal asks to link Noam's address; Noam presses the button in his own browser, signed in or not."""
    gifts.paid(NOAM)
    settle()
    ask_to_link(amal, comings, NOAM.email)
    link = comings.mailed(NOAM.email).link
    noam = comings.browser()
    assert "Open this where you are signed in" in noam.get(link).text
    token = {"token": link.rpartition("/")[2], **hidden(noam.get("/signin").text)}
    assert noam.post("/signin/link", data=token).status_code == 410
    comings.member(NOAM.email, noam)
    token["csrf_token"] = hidden(comings.browser().get("/signin").text)["csrf_token"]
    assert noam.post("/signin/link", data=token).status_code == 400
    assert len({row.donor_id for row in every(DonorEmail)}) == 2


def test_linking_asks_the_mailbox_the_same_whether_the_address_is_known(
    amal: FlaskClient, gifts: Gifts, settle: Settle, comings: Comings, outbox: Outbox
) -> None:
    gifts.paid(NOAM)
    settle()
    texts = []
    for email in (NOAM.email, "nobody@example.org"):
        ask_to_link(amal, comings, email)
        texts.append(re.sub(r"\d{6}|link/\S+", "", text_of(outbox.to(email)[-1])))
    assert texts[0] == texts[1]


def test_a_change_of_the_main_address_ends_the_other_sessions_and_tells_both(
    amal: FlaskClient, comings: Comings, outbox: Outbox
) -> None:
    other = comings.member(AMAL.email)
    ask_to_link(amal, comings, WORK)
    comings.use_link(amal, comings.mailed(WORK).link)
    assert amal.post("/account/sign-in/main", data={**token_of(amal), "email": WORK}).status_code == 303
    assert other.get("/account").status_code == 303
    assert amal.get("/account").status_code == 200
    assert [row.email for row in every(DonorEmail) if row.is_main] == [WORK]
    comings.work()
    for email in (AMAL.email, WORK):
        assert "From now on we write to amal@work.example" in text_of(outbox.to(email)[-1])
    assert every(History)[-1].act == "change_main_email"


def test_an_address_to_link_that_is_none_is_named_with_its_repair(amal: FlaskClient) -> None:
    answer = amal.post("/account/sign-in/addresses", data={**token_of(amal), "email": "amal"})
    assert answer.status_code == 422
    assert "@ sign" in answer.text


def test_an_account_of_gifts_that_all_went_says_so(amal: FlaskClient) -> None:
    with committed() as session:
        session.execute(sa.update(Donation).values(donor_id=None, email_key="gone@example.org"))
    db.session.expire_all()
    assert "No gifts yet" in amal.get("/account").text
