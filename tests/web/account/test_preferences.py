"""The page of letters, and the way out that needs no sign-in: a look ends nothing, a press does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from donate.donors.models import Donor, MailChoice
from donate.donors.preferences import wants, way_out
from donate.team.models import History
from tests.make.gifts import Gifts
from tests.make.rows import every
from tests.make.signing_in import Comings, press
from tests.people import AMAL, NOAM

Settle = Callable[..., None]
PAGE = "/account/preferences"


def give(gifts: Gifts, settle: Settle) -> Donor:
    gifts.paid(AMAL, newsletter=True, newsletter_words="Write to me")
    settle()
    donor: Donor = every(Donor)[0]
    return donor


def test_the_page_shows_what_always_comes_and_why_and_the_words_that_were_agreed_to(
    gifts: Gifts, settle: Settle, comings: Comings
) -> None:
    give(gifts, settle)
    page = comings.member(AMAL.email).get(PAGE).text
    for words in (
        "Letters that always come", "each one is sent", "on the donation form, on 2 March 2026", "Write to me",
        "Ines Abed", "+1 202 555 0147", "giving@plumbline.example",
    ):  # fmt: skip
        assert words in page, words
    assert 'name="newsletter" value="1" checked' in page
    assert 'name="receipts"' not in page


def test_what_is_ticked_comes_and_what_is_not_does_not(gifts: Gifts, settle: Settle, comings: Comings) -> None:
    donor = give(gifts, settle)
    browser = comings.member(AMAL.email)
    answer = press(browser, PAGE, appeals="1", receipts="")
    assert answer.headers["Location"] == f"{PAGE}?saved=1"
    assert "Saved." in browser.get(f"{PAGE}?saved=1").text
    wanted = {kind: wants(donor.id, kind) for kind in ("newsletter", "appeals", "impact", "receipts")}
    assert wanted == {"newsletter": False, "appeals": True, "impact": False, "receipts": True}
    (done,) = [row for row in every(History) if row.act == "choose_letters"]
    assert (done.before["newsletter"], done.after["newsletter"]) == (True, False)


def test_a_form_without_the_sessions_token_changes_nothing(gifts: Gifts, settle: Settle, comings: Comings) -> None:
    give(gifts, settle)
    assert comings.member(AMAL.email).post(PAGE, data={"appeals": "1"}).status_code == 400
    assert [row.place for row in every(MailChoice)] == ["form"]


def test_a_look_at_the_way_out_ends_nothing_and_the_button_does(
    gifts: Gifts, settle: Settle, client: FlaskClient
) -> None:
    donor = give(gifts, settle)
    out = way_out(donor, "impact")
    for _ in range(2):
        answer = client.get(out)
        assert "Stop these letters" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
    assert wants(donor.id, "impact")
    assert "Done." in client.post(out).text
    assert not wants(donor.id, "impact")
    assert "Let them come again" in client.get(out).text
    assert wants(donor.id, "card_expiring")
    client.post(out, data={"again": "1"})
    assert wants(donor.id, "impact")


def test_a_mail_programs_own_button_ends_them_without_a_page_or_a_cookie(
    gifts: Gifts, settle: Settle, client: FlaskClient
) -> None:
    """RFC 8058: one POST, from anywhere, with this body."""
    donor = give(gifts, settle)
    answer = client.post(
        way_out(donor, "impact"), data={"List-Unsubscribe": "One-Click"}, headers={"Origin": "https://mail.example"}
    )
    assert answer.status_code == 200
    assert not wants(donor.id, "impact")
    assert [row.place for row in every(MailChoice)] == ["one_click"]
    assert answer.headers.getlist("Set-Cookie") == []


@pytest.mark.parametrize("change", ["no key", "another kind", "a kind that can't be declined", "another donor"])
def test_a_way_out_that_was_not_made_here_leads_nowhere_and_says_so(
    gifts: Gifts, settle: Settle, client: FlaskClient, change: str
) -> None:
    donor = give(gifts, settle)
    gifts.paid(NOAM)
    settle()
    other = every(Donor)[1]
    out = way_out(donor, "impact")
    path = {
        "no key": out.partition("?")[0],
        "another kind": out.replace("impact", "card_expiring"),
        "a kind that can't be declined": out.replace("impact", "receipts"),
        "another donor": out.replace(donor.reference, other.reference),
    }[change]
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 404
        assert "This link does not work" in answer.text
    assert every(MailChoice) == []


def test_ways_out_speak_the_letters_language(gifts: Gifts, settle: Settle, client: FlaskClient) -> None:
    out = way_out(give(gifts, settle), "impact")
    for language in ("ar", "he"):
        assert 'dir="rtl"' in client.get(f"/{language}{out}").text
