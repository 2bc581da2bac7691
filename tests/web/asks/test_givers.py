"""Givers are left alone: by the gift's own page, by a letter, by a link of a newsletter; nobody learns who gives."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from donate import references
from donate.db import committed
from donate.donors.preferences import choose
from donate.donors.queries import find_donor_by_email
from donate.members.hint import Hint, make_hint, read_hint
from donate.web.reader_cookie import NOTHING, Kept
from tests.make.gifts import Gifts
from tests.make.outbox import Outbox, html_of, text_of
from tests.make.promises import Promises
from tests.make.signing_in import Comings
from tests.people import AMAL, NOAM
from tests.web.asks.conftest import STORY, TODAY, asks_on, kept_in

pytestmark = pytest.mark.usefixtures("newsroom")
Settle = Callable[..., None]


def ask_for_letter(browser: FlaskClient, email: str) -> tuple[int, str]:
    """Write an address into the form."""
    answer = browser.post("/asks/already-gave", data={"email": email})
    return answer.status_code, answer.headers.get("Location", "")


def link_in(letter: str) -> str:
    """Read the path of the letter's link."""
    found = re.search(r"https?://[^/\s]+(/\S*asks/gave/\S+)", letter)
    assert found is not None, letter
    return found[1]


def test_the_browser_of_a_gift_is_left_alone_for_ninety_days(gifts: Gifts, settle: Settle, client: FlaskClient) -> None:
    gift = gifts.begin(AMAL)
    key = references.sign("gift", gift.reference)
    client.get(f"/gifts/{gift.reference}?key={key}")
    assert kept_in(client) == NOTHING, "nothing before the money is confirmed"
    gifts.pay(gift)
    settle()
    client.get(f"/gifts/{gift.reference}")
    assert kept_in(client) == NOTHING, "nothing without its key"
    client.get(f"/gifts/{gift.reference}?key={key}")
    assert kept_in(client) == Kept(gave_on=TODAY)
    assert asks_on(client.get(STORY).text) == 0


def test_the_browser_of_a_promise_is_too(promises: Promises, gifts: Gifts, settle: Settle, client: FlaskClient) -> None:
    gift = gifts.paid(AMAL, frequency="month", amount="15.00")
    settle()
    client.get(f"/gifts/{gift.reference}?key={references.sign('gift', gift.reference)}")
    assert kept_in(client) == Kept(standing="recurring", standing_until=TODAY + timedelta(days=90))
    assert asks_on(client.get(STORY).text) == 0


def test_saying_so_is_quiet_at_once_for_a_week(client: FlaskClient) -> None:
    answer = client.post("/asks/rest", data={"rest": "gave", "back": STORY})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/asks/already-gave")
    assert kept_in(client) == Kept(quiet_until=TODAY + timedelta(days=7), quiet_reason="gave")
    assert "You won’t be asked here until 9 March 2026." in client.get("/asks/already-gave").text


def test_a_letter_shows_a_gift_and_its_button_leaves_the_browser_alone(
    app: Flask, gifts: Gifts, settle: Settle, client: FlaskClient, work: Callable[[], int], outbox: Outbox
) -> None:
    gifts.paid(AMAL, amount="25.00")
    settle()
    assert ask_for_letter(client, " AMAL@example.org ") == (303, "/asks/already-gave?asked=1")
    assert "A letter is on its way" in client.get("/asks/already-gave?asked=1").text
    work()
    letter = outbox.to(AMAL.email)[-1]
    link = link_in(text_of(letter))
    assert link in html_of(letter)
    assert AMAL.email not in link
    page = client.get(link).text
    assert "left alone until 30 May 2026" in page
    assert kept_in(client) == NOTHING, "a program that opens links changes nothing"
    answer = client.post(link)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/asks")
    until = date(2026, 5, 30)
    assert kept_in(client) == Kept(quiet_until=until, quiet_reason="gave", standing="one_off", standing_until=until)
    assert client.post(link, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 400


def test_a_member_is_believed_for_ninety_days_at_a_time(
    gifts: Gifts, settle: Settle, client: FlaskClient, work: Callable[[], int], outbox: Outbox
) -> None:
    gifts.paid(AMAL, amount="240.00")
    settle()
    ask_for_letter(client, AMAL.email)
    work()
    client.post(link_in(text_of(outbox.to(AMAL.email)[-1])))
    assert kept_in(client).standing == "member"
    assert kept_in(client).quiet_until == TODAY + timedelta(days=90)


def test_an_address_without_a_gift_gets_the_same_answer_and_a_kind_letter(
    gifts: Gifts, settle: Settle, client: FlaskClient, work: Callable[[], int], outbox: Outbox
) -> None:
    assert ask_for_letter(client, NOAM.email) == (303, "/asks/already-gave?asked=1")
    work()
    (letter,) = outbox.to(NOAM.email)
    assert "we know of no gift made with it" in text_of(letter)
    assert "/asks/gave/" not in text_of(letter)


@pytest.mark.parametrize("email", ["", "nobody", "a@b@c"])
def test_what_is_no_address_is_shown_again_with_what_to_do(client: FlaskClient, email: str) -> None:
    answer = client.post("/asks/already-gave", data={"email": email})
    assert answer.status_code == 422
    assert f'value="{email}"' in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_letters_have_the_limits_of_signing_in(client: FlaskClient) -> None:
    answers = [ask_for_letter(client, NOAM.email)[0] for _time in range(5)]
    assert answers == [303] * 4 + [429]


# -- hints in links -------------------------------------------------------------------------------------------------


def test_a_newsletters_link_leads_to_its_page_and_leaves_a_member_alone(client: FlaskClient) -> None:
    hint = make_hint(Hint("member", TODAY))
    answer = client.get(f"/from/{hint}/articles/flood-picture?utm_source=newsletter")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{STORY}?utm_source=newsletter")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert kept_in(client) == Kept(standing="member", standing_until=TODAY)
    assert asks_on(client.get(STORY).text) == 0


@pytest.mark.parametrize(
    "spoil",
    [
        lambda hint: hint[:-1] + ("A" if hint[-1] != "A" else "B"),
        lambda hint: hint.replace("donor", "member"),
        lambda hint: hint.replace("2026", "2027"),
        lambda hint: make_hint(Hint("donor", TODAY - timedelta(days=1))),
        lambda hint: make_hint(Hint("failed_card", TODAY)),
        lambda hint: "x" * 200,
    ],
    ids=["altered", "another-standing", "another-day", "over", "no-such", "long"],
)
def test_a_hint_that_cant_be_verified_sets_nothing_and_still_leads_on(
    client: FlaskClient, spoil: Callable[[str], str]
) -> None:
    spoilt = spoil(make_hint(Hint("donor", TODAY)))
    answer = client.get(f"/from/{spoilt}/articles/flood-picture")
    assert (answer.status_code, answer.headers["Location"]) == (303, STORY)
    assert kept_in(client) == NOTHING
    assert client.get(f"/asks/gave/{spoilt}").status_code == 404
    assert client.post(f"/asks/gave/{spoilt}").status_code == 404


@pytest.mark.parametrize(
    ("to", "path"),
    [
        ("", "/"), ("ar/", "/ar/"), ("ar/articles/x", "/ar/articles/x"), ("/elsewhere.example/", "/"),
        ("%5Celsewhere.example", "/%5Celsewhere.example"),
        ("https://elsewhere.example", "/https%3A//elsewhere.example"),
        ("topics/%D9%85", "/topics/%D9%85"),
    ],
)  # fmt: skip
def test_a_hint_leads_nowhere_else(client: FlaskClient, to: str, path: str) -> None:
    answer = client.get(f"/from/{make_hint(Hint('donor', TODAY))}/{to}")
    location = answer.headers["Location"]
    if answer.status_code == 308:  # two slashes are made one first
        location = client.get(location).headers["Location"]
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))
    assert location == path or "elsewhere" in to


def test_a_hint_is_good_on_its_last_day_only_here() -> None:
    references.use_secret("a secret of the tests")
    hint = Hint("recurring", TODAY)
    assert read_hint(make_hint(hint), TODAY) == hint
    assert read_hint(make_hint(hint), TODAY + timedelta(days=1)) is None
    written = make_hint(hint)
    references.use_secret("another")
    assert read_hint(written, TODAY) is None
    references.use_secret("a secret of the tests")


def test_the_desk_can_write_a_donors_hint(app: Flask, gifts: Gifts, settle: Settle) -> None:
    gifts.paid(AMAL, amount="240.00")
    settle()
    run = app.test_cli_runner().invoke
    written = run(args=["donors", "hint", AMAL.email]).output.strip()
    assert read_hint(written, TODAY) == Hint("member", TODAY + timedelta(days=90))
    refused = run(args=["donors", "hint", "nobody@example.org"])
    assert refused.exit_code == 1
    assert "Nobody gives as nobody@example.org" in refused.output


# -- the card that was refused --------------------------------------------------------------------------------------


def test_a_refused_card_comes_before_any_ask_and_leads_to_its_promise(
    promises: Promises, gifts: Gifts, settle: Settle, comings: Comings, client: FlaskClient
) -> None:
    refused = "pm_card_chargeCustomerFail"
    first, second = promises.begin(AMAL, card=refused), promises.begin(NOAM, card=refused)
    promises.pass_days(35)
    for person, promise in ((AMAL, first), (NOAM, second)):
        browser = comings.member(person.email)
        for path in (STORY, "/", "/sections/culture"):
            page = browser.get(path).text
            assert "Your card was refused for your monthly gift." in page
            assert f'href="/account/recurring/{promise.reference}"' in page, path
            assert asks_on(page) == 0
            assert "Member since" not in page
            assert "\ue000" not in page
    assert "Your card was refused" not in client.get(STORY).text


def test_the_newsletters_program_gets_a_hint_for_each_giver_who_wants_it_and_for_nobody_else(
    app: Flask, gifts: Gifts, settle: Settle, client: FlaskClient, tmp_path: Path
) -> None:
    gifts.paid(AMAL, amount="240.00")
    gifts.paid(NOAM, amount="20.00")
    settle()
    donor = find_donor_by_email(AMAL.email)
    assert donor is not None
    with committed():
        choose(donor.id, "newsletter", wanted=True, place="account")
    out = tmp_path / "hints.csv"
    done = app.test_cli_runner().invoke(args=["donors", "hints", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert out.stat().st_mode & 0o777 == 0o600
    head, row = out.read_bytes().decode().splitlines()
    email, _, hint = row.partition(",")
    assert (head, email) == ("email,hint", AMAL.email)
    assert client.get(f"/from/{hint}/").status_code == 303
    assert kept_in(client).standing == "member"
