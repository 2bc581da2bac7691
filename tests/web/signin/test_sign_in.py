"""Coming in by mail: a link with a button, a code instead, once and not for long; nobody learns who gives."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from donate.db import db
from donate.donors.models import DonorEmail, MemberSession
from donate.entry.models import AddressProof
from donate.mail.models import MailMessage
from donate.records.answer_proof import answer_proof
from tests.make.gifts import Gifts
from tests.make.outbox import Outbox, html_of, text_of
from tests.make.rows import count, every
from tests.make.signing_in import Comings, hidden, keys_of, press
from tests.people import AMAL, PETRA

Later = Callable[[timedelta], None]
NOBODY = "nobody@example.org"


@pytest.fixture
def amals(gifts: Gifts, settle: Callable[..., None]) -> None:
    """Let Amal have given once."""
    gifts.paid(AMAL)
    settle()


@pytest.mark.usefixtures("amals")
def test_one_mail_carries_a_link_and_a_code(comings: Comings, client: FlaskClient) -> None:
    answer = comings.ask(client, AMAL.email)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/signin/code")
    letter = comings.outbox.to(AMAL.email)[-1]
    keys = keys_of(letter)
    assert keys.link in html_of(letter)
    assert keys.code in html_of(letter)
    assert keys.code not in letter["Subject"]


@pytest.mark.usefixtures("amals")
def test_opening_the_link_uses_nothing_and_the_button_signs_in(comings: Comings, client: FlaskClient) -> None:
    comings.ask(client, AMAL.email)
    link = comings.mailed(AMAL.email).link
    for _scanner in range(3):
        assert comings.browser().get(link).status_code == 200
    assert count(MemberSession) == 0
    answer = comings.use_link(client, link)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert client.get("/account").status_code == 200
    assert every(DonorEmail)[0].proven_at is not None


@pytest.mark.usefixtures("amals")
def test_a_link_works_once_and_a_second_press_says_so(comings: Comings, client: FlaskClient) -> None:
    comings.ask(client, AMAL.email)
    link = comings.mailed(AMAL.email).link
    shown = client.get(link)
    comings.use_link(client, link)
    thief = comings.browser()
    token = hidden(shown.text)["token"]
    answer = press(thief, "/signin", "/signin/link", token=token)
    assert answer.status_code == 410
    assert "has been used" in answer.text
    assert 'href="/signin"' in answer.text
    assert count(MemberSession) == 1


@pytest.mark.usefixtures("amals")
def test_an_expired_link_says_so_and_offers_a_new_one(comings: Comings, client: FlaskClient, later: Later) -> None:
    comings.ask(client, AMAL.email)
    link = comings.mailed(AMAL.email).link
    later(timedelta(minutes=15))
    answer = client.get(link)
    assert answer.status_code == 410
    assert "has expired" in answer.text
    assert count(MemberSession) == 0


@pytest.mark.usefixtures("amals")
def test_the_code_signs_in_where_it_was_asked_for_and_nowhere_else(comings: Comings, client: FlaskClient) -> None:
    comings.ask(client, AMAL.email)
    code = comings.mailed(AMAL.email).code
    other = comings.browser()
    assert other.get("/signin/code").status_code == 303
    assert press(other, "/signin", "/signin/code", code=code).headers["Location"] == "/signin"
    answer = press(client, "/signin/code", code=f" {code[:3]} {code[3:]}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")


@pytest.mark.usefixtures("amals")
def test_a_code_may_be_typed_in_arabic_digits(comings: Comings, client: FlaskClient) -> None:
    comings.ask(client, AMAL.email)
    code = comings.mailed(AMAL.email).code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert press(client, "/signin/code", code=code).status_code == 303


@pytest.mark.usefixtures("amals")
def test_after_five_wrong_codes_even_the_right_one_is_refused_and_the_link_still_works(
    comings: Comings, client: FlaskClient
) -> None:
    comings.ask(client, AMAL.email)
    keys = comings.mailed(AMAL.email)
    wrong = f"{(int(keys.code) + 1) % 1_000_000:06}"
    token = hidden(client.get("/signin/code").text)
    for _try in range(5):
        assert client.post("/signin/code", data={**token, "code": wrong}).status_code == 422
    assert client.post("/signin/code", data={**token, "code": keys.code}).status_code == 422
    assert "Five codes were wrong" in client.get("/signin/code").text
    assert count(MemberSession) == 0
    assert comings.use_link(client, keys.link).status_code == 303


@pytest.mark.usefixtures("amals")
def test_guesses_in_another_browser_take_no_try_from_who_asked(comings: Comings, client: FlaskClient) -> None:
    comings.ask(client, AMAL.email)
    code = comings.mailed(AMAL.email).code
    guesser = comings.browser()
    comings.ask(guesser, AMAL.email)
    token = hidden(guesser.get("/signin/code").text)
    for _try in range(6):
        guesser.post("/signin/code", data={**token, "code": "000000"})
    assert press(client, "/signin/code", code=code).status_code == 303


@pytest.mark.usefixtures("amals")
def test_a_guessers_codes_rest_for_the_day_and_the_owners_link_goes_on_working(
    comings: Comings, client: FlaskClient, later: Later
) -> None:
    for _proof in range(4):
        guesser = comings.browser()
        comings.ask(guesser, AMAL.email)
        token = hidden(guesser.get("/signin/code").text)
        for _try in range(5):
            guesser.post("/signin/code", data={**token, "code": "000000"})
    later(timedelta(minutes=20))
    comings.ask(client, AMAL.email)
    keys = comings.mailed(AMAL.email)
    assert press(client, "/signin/code", code=keys.code).status_code == 422
    assert comings.use_link(client, keys.link).status_code == 303


@pytest.mark.usefixtures("amals")
def test_link_and_code_are_nowhere_in_the_database(comings: Comings, client: FlaskClient) -> None:
    comings.ask(client, AMAL.email)
    keys = comings.mailed(AMAL.email)
    token = keys.link.rpartition("/")[2]
    proof = every(AddressProof)[0]
    assert token not in str(vars(proof))
    assert (keys.code in str(vars(proof))) is False
    letter = every(MailMessage)[-1]
    assert (letter.values, letter.text, letter.html) == ({}, "", "")
    comings.use_link(client, keys.link)
    cookie = client.get_cookie("donate_session")
    assert cookie is not None
    assert cookie.value not in str(vars(every(MemberSession)[0]))


def answer_of(client: FlaskClient, email: str) -> tuple[int, str, list[str], list[str]]:
    """Ask once and note all that can be seen from outside, and every statement that ran."""
    ran: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        ran.append(re.sub(r"\s+", " ", statement))

    token = hidden(client.get("/signin").text)
    sa.event.listen(db.engine, "before_cursor_execute", note)
    answer = client.post("/signin", data={**token, "email": email})
    sa.event.remove(db.engine, "before_cursor_execute", note)
    shown = client.get(answer.headers["Location"]).text.replace(email, "SOMEBODY")
    return answer.status_code, re.sub(r'value="[^"]*"', "", shown), ran, sorted(answer.headers.keys())


@pytest.mark.usefixtures("amals")
def test_known_and_unknown_addresses_are_answered_alike_by_the_same_work(comings: Comings) -> None:
    known, unknown = (answer_of(comings.browser(), email) for email in (AMAL.email, NOBODY))
    assert known == unknown
    assert len(known[2]) > 3


@pytest.mark.usefixtures("amals")
def test_wrong_codes_are_answered_alike_for_known_and_unknown_addresses(comings: Comings) -> None:
    pages = []
    for email in (AMAL.email, NOBODY):
        browser = comings.browser()
        comings.ask(browser, email)
        token = hidden(browser.get("/signin/code").text)
        answers = [browser.post("/signin/code", data={**token, "code": "12345x"}) for _try in range(6)]
        pages.append(
            [(each.status_code, re.sub(r'value="[^"]*"', "", each.text).replace(email, "")) for each in answers]
        )
    assert pages[0] == pages[1]


def test_an_unknown_address_gets_a_short_word_and_no_way_in(comings: Comings, client: FlaskClient) -> None:
    comings.ask(client, NOBODY)
    (letter,) = comings.outbox.to(NOBODY)
    assert "no gift" in text_of(letter)
    assert "/donate" in text_of(letter)
    assert "/signin/link/" not in text_of(letter)
    assert every(AddressProof)[0].link_hash is None
    assert press(client, "/signin/code", code="").status_code == 422


def test_a_mail_that_is_sent_again_carries_new_keys_under_a_new_name(
    comings: Comings, amals: None, client: FlaskClient
) -> None:
    comings.ask(client, AMAL.email)
    answer_proof(every(AddressProof)[0].id)
    first, second = comings.outbox.to(AMAL.email)[-2:]
    assert first["Message-ID"] != second["Message-ID"]
    assert client.get(keys_of(first).link).status_code == 410
    assert comings.use_link(client, keys_of(second).link).status_code == 303


@pytest.mark.usefixtures("amals")
def test_one_network_is_asked_to_wait_with_the_same_words_for_everybody(comings: Comings) -> None:
    for number in range(30):
        assert press(comings.browser(), "/signin", email=f"n{number}@example.org").status_code == 303
    for email in (AMAL.email, NOBODY):
        answer = press(comings.browser(), "/signin", email=email)
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0
    assert press(_from("198.51.100.7", comings), "/signin", email=AMAL.email).status_code == 303


@pytest.mark.usefixtures("amals")
def test_an_address_rests_a_few_minutes_after_many_mails_and_the_mails_still_work(
    comings: Comings, client: FlaskClient, later: Later
) -> None:
    comings.ask(client, AMAL.email)
    link = comings.mailed(AMAL.email).link
    for number in range(3):
        comings.ask(_from(f"198.51.{number}.7", comings), AMAL.email)
    assert press(comings.browser(), "/signin", email=AMAL.email).status_code == 429
    assert press(comings.browser(), "/signin", email=AMAL.email.upper()).status_code == 429
    assert comings.use_link(client, link).status_code == 303
    later(timedelta(minutes=10))
    assert press(comings.browser(), "/signin", email=AMAL.email).status_code == 303


def _from(address: str, comings: Comings) -> FlaskClient:
    browser = comings.browser()
    browser.environ_base["REMOTE_ADDR"] = address
    return browser


@pytest.mark.usefixtures("newsroom")
def test_an_address_that_is_none_is_named_with_its_repair(client: FlaskClient) -> None:
    answer = press(client, "/signin", email="leila")
    assert answer.status_code == 422
    assert "@ sign" in answer.text
    assert 'value="leila"' in answer.text
    assert count(AddressProof) == 0


@pytest.mark.usefixtures("amals")
@pytest.mark.parametrize(
    ("asked", "gone_to"),
    [
        ("/account/sign-in", "/account/sign-in"),
        ("/ar/account?page=2", "/ar/account?page=2"),
        ("https://elsewhere.example/", "/account"),
        ("//elsewhere.example/", "/account"),
        ("/\\elsewhere.example", "/account"),
        ("javascript:alert(1)", "/account"),
        ("/account\r\nSet-Cookie: a=b", "/account"),
    ],
)
def test_one_goes_on_to_a_page_of_this_site_only(
    comings: Comings, client: FlaskClient, asked: str, gone_to: str
) -> None:
    token = hidden(client.get("/signin").text)
    client.post("/signin", data={**token, "email": AMAL.email, "next": asked})
    comings.work()
    assert comings.use_link(client, comings.mailed(AMAL.email).link).headers["Location"] == gone_to


@pytest.mark.usefixtures("amals")
def test_the_links_page_tells_no_other_page_its_address(comings: Comings, client: FlaskClient) -> None:
    comings.ask(client, AMAL.email)
    link = comings.mailed(AMAL.email).link
    with client.get(link) as shown:
        assert shown.headers["Referrer-Policy"] == "no-referrer"
        assert shown.headers["Cache-Control"] == "no-store"
        assert 'rel="stylesheet" href="http' not in shown.text
    token = hidden(shown.text)
    assert client.post("/signin/link", data=token).headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.usefixtures("amals")
def test_no_log_line_holds_link_or_code(
    comings: Comings, client: FlaskClient, capfd: pytest.CaptureFixture[str]
) -> None:
    comings.ask(client, AMAL.email)
    keys = comings.mailed(AMAL.email)
    comings.use_link(client, keys.link)
    said = "".join(capfd.readouterr())
    assert keys.link.rpartition("/")[2] not in said
    assert keys.code not in said


@pytest.mark.usefixtures("amals")
@pytest.mark.parametrize("path", ["/signin", "/signin/code", "/signin/link"])
def test_a_form_of_another_site_signs_nobody_in(comings: Comings, client: FlaskClient, path: str) -> None:
    comings.ask(client, AMAL.email)
    keys = comings.mailed(AMAL.email)
    data = {"email": AMAL.email, "code": keys.code, "token": keys.link.rpartition("/")[2]}
    assert client.post(path, data=data).status_code == 400
    stranger = comings.browser()
    elsewhere = hidden(stranger.get("/signin").text)["csrf_token"]
    assert client.post(path, data={**data, "csrf_token": elsewhere}).status_code == 400
    assert count(MemberSession) == 0


def test_a_first_gift_that_the_bank_still_checks_can_be_seen(
    comings: Comings, gifts: Gifts, client: FlaskClient
) -> None:
    donation = gifts.begin(PETRA)
    with db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE donation SET status = 'processing'"))
    db.session.expire_all()
    browser = comings.member(PETRA.email, client)
    assert donation.reference in browser.get("/account").text
    assert "Being confirmed" in browser.get("/account").text


@pytest.mark.parametrize(("prefix", "language"), [("/ar", "ar"), ("/he", "he")])
def test_the_mail_speaks_the_pages_language(
    comings: Comings, amals: None, client: FlaskClient, outbox: Outbox, prefix: str, language: str
) -> None:
    answer = press(client, f"{prefix}/signin", email=AMAL.email)
    assert answer.headers["Location"] == f"{prefix}/signin/code"
    comings.work()
    letter = outbox.to(AMAL.email)[-1]
    assert letter["Content-Language"] == language
    assert keys_of(letter).link.startswith(f"{prefix}/signin/link/")
