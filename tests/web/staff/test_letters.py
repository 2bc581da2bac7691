"""Letters at the desk: their words are changed, tried and taken back by whoever may, and by nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from donate.db import committed
from donate.newsroom.models import LetterWords
from donate.newsroom.queries import list_letter_words
from donate.team.models import History
from donate.web.staff.letters_page import TESTS
from tests.make.gifts import Gifts
from tests.make.outbox import Outbox, html_of, text_of
from tests.make.rows import every
from tests.make.signing_in import Comings, hidden

RECEIPT = "/staff/letters/receipt"


@pytest.fixture
def fundraiser(newsroom: None, comings: Comings) -> FlaskClient:
    """Return the browser of a fundraiser, who writes the newsroom's letters."""
    return comings.colleague("fundraising")


def write(browser: FlaskClient, path: str = RECEIPT, do: str = "save", **typed: str) -> TestResponse:
    page = browser.get(path).text
    start = page.index('id="writing"')
    found = hidden(page[page.rindex("<form", 0, start) :])
    return browser.post(path.partition("?")[0], data={**found, "do": do, **typed})


def test_the_list_names_every_letter_and_who_has_words_of_its_own(fundraiser: FlaskClient) -> None:
    write(fundraiser, f"{RECEIPT}?language=ar", subject="شكرًا {number}")
    page = fundraiser.get("/staff/letters").text
    assert page.count("/staff/letters/") >= 28
    assert re.search(r"Thanks and receipt for a gift.*?our own words:.*?العربية", page, re.DOTALL)


@pytest.mark.parametrize("role", ["finance", "auditor", "editor", "support"])
def test_who_may_not_change_texts_sees_neither_letters_nor_their_door(
    comings: Comings, newsroom: None, role: str
) -> None:
    browser = comings.colleague(role)
    assert browser.get("/staff/letters").status_code == 403
    assert browser.get(RECEIPT).status_code == 403
    assert "/staff/letters" not in browser.get("/staff").text


def test_saved_words_are_in_the_history_by_version_only(fundraiser: FlaskClient) -> None:
    answer = write(fundraiser, opening="Dear {first_name|friend},")
    assert answer.status_code == 303
    assert "Saved. Letters written from now on say it" in fundraiser.get(answer.headers["Location"]).text
    (done,) = [row for row in every(History) if row.act == "reword_letter"]
    assert (done.object_reference, done.before, done.after) == ("receipt.en", {"version": 0}, {"version": 1})
    assert list_letter_words("receipt", "en")[0].words == {"opening": "Dear {first_name|friend},"}


def test_an_unknown_placeholder_is_refused_with_the_allowed_ones_and_nothing_is_lost(fundraiser: FlaskClient) -> None:
    answer = write(fundraiser, opening="Dear {surname}", closing="My closing")
    assert answer.status_code == 422
    assert "{surname} is no placeholder of this letter" in answer.text
    assert "{first_name}" in answer.text
    assert "My closing" in answer.text
    assert every(LetterWords) == []


def test_a_name_that_some_did_not_give_needs_a_word_for_them(fundraiser: FlaskClient) -> None:
    answer = write(fundraiser, opening="Dear {first_name},")
    assert answer.status_code == 422
    assert "{first_name|friend}" in answer.text


def test_the_preview_draws_what_is_typed_and_saves_nothing(fundraiser: FlaskClient) -> None:
    answer = write(fundraiser, do="preview", opening="**Dear** {first_name|friend}, <i>hello</i>")
    assert answer.status_code == 200
    assert "&lt;strong&gt;Dear&lt;/strong&gt; Leila" in answer.text
    assert "&amp;lt;i&amp;gt;hello" in answer.text, "what looks like HTML is text in the letter"
    assert every(LetterWords) == []


def test_the_frames_run_nothing_and_only_styles_are_let_in(fundraiser: FlaskClient) -> None:
    answer = fundraiser.get(RECEIPT)
    policy = answer.headers["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "script-src 'self';" in policy
    assert answer.text.count('<iframe class="letter-frame') == answer.text.count('sandbox=""') == 2


def test_a_case_that_stands_only_in_some_letters_can_be_looked_at(fundraiser: FlaskClient) -> None:
    answer = write(fundraiser, do="preview", case="unnamed", headline_unnamed="Thanks, whoever you are")
    assert "Thanks, whoever you are" in answer.text[answer.text.index("srcdoc") :]
    for act in ("skip", "pause", "resume", "reactivate", "change", "cancel"):
        assert fundraiser.get(f"/staff/letters/promise_changed?case={act}").status_code == 200


def test_the_house_s_words_come_back_one_by_one_or_all_at_once(fundraiser: FlaskClient) -> None:
    write(fundraiser, subject="Ours {number}", closing="Warmly")
    answer = write(fundraiser, do="house:subject")
    assert 'value="Receipt {number} for {amount}"' in answer.text
    assert "Warmly" in answer.text
    back = fundraiser.post(f"{RECEIPT}/back", data={**hidden(fundraiser.get(RECEIPT).text), "number": "0"})
    assert back.status_code == 303
    assert list_letter_words("receipt", "en")[0].words == {}


def test_an_older_version_is_said_again_as_a_new_one(fundraiser: FlaskClient) -> None:
    write(fundraiser, closing="First")
    write(fundraiser, closing="Second")
    token = hidden(fundraiser.get(RECEIPT).text)
    assert fundraiser.post(f"{RECEIPT}/back", data={**token, "number": "1"}).status_code == 303
    assert [row.words["closing"] for row in list_letter_words("receipt", "en")] == ["First", "Second", "First"]
    assert every(History)[-1].after == {"version": 3, "back_to": 1}
    for wrong in ("9", "x", "", "1" * 30):
        assert fundraiser.post(f"{RECEIPT}/back", data={**token, "number": wrong}).status_code == 404


def test_who_was_overtaken_keeps_what_they_typed_and_replaces_it_knowingly(fundraiser: FlaskClient) -> None:
    page = fundraiser.get(RECEIPT).text
    seen = hidden(page[page.index('id="writing"') - 60 :])
    write(fundraiser, closing="Theirs")
    answer = fundraiser.post(RECEIPT, data={**seen, "based_on": "0", "do": "save", "closing": "Mine"})
    assert answer.status_code == 409
    assert "Somebody else saved this letter" in answer.text
    assert "Mine" in answer.text
    assert 'name="based_on" value="1"' in answer.text
    again = fundraiser.post(RECEIPT, data={**seen, "based_on": "1", "do": "save", "closing": "Mine"})
    assert again.status_code == 303
    assert list_letter_words("receipt", "en")[0].words == {"closing": "Mine"}


def test_a_release_that_says_it_differently_is_shown_beside_ours(fundraiser: FlaskClient) -> None:
    write(fundraiser, subject="Ours {number}")
    with committed():
        list_letter_words("receipt", "en")[0].house = {"subject": "An older sentence {number}"}
    page = fundraiser.get(RECEIPT).text
    assert "The house says this differently since you wrote yours" in page
    assert "An older sentence {number}" in page
    assert write(fundraiser).status_code == 303
    assert "The house says this differently" not in fundraiser.get(RECEIPT).text


def test_a_test_letter_goes_to_who_presses_marked_as_one_and_not_for_ever(
    fundraiser: FlaskClient, work: Callable[[], int], outbox: Outbox
) -> None:
    answer = write(fundraiser, do="test", opening="Only tried")
    assert "A test is on its way to you" in answer.text
    work()
    (letter,) = outbox.to("fundraising@newsroom.example")[-1:]
    assert letter["Subject"] == "Test: Receipt 2026-000123 for $25.00"
    for part in (text_of(letter), html_of(letter)):
        assert "Only tried" in part
        assert "This is a test that you asked for at the desk" in part
    assert every(LetterWords) == []
    for _ in range(TESTS.most):
        answer = write(fundraiser, do="test")
    assert answer.status_code == 429
    assert "You sent yourself many tests" in answer.text


def test_arabic_words_are_written_and_drawn_from_right_to_left(fundraiser: FlaskClient) -> None:
    page = fundraiser.get(f"{RECEIPT}?language=ar").text
    assert re.search(r'id="opening"[^>]*lang="ar" dir="rtl"', page)
    assert '<html lang="en" dir="ltr"' in page, "the desk itself stays in its reader's language"
    assert "&lt;html lang=&#34;ar&#34; dir=&#34;rtl&#34;&gt;" in page


def test_a_receipt_says_it_when_somebody_gives_and_keeps_its_legal_sentence(
    fundraiser: FlaskClient, gifts: Gifts, outbox: Outbox, settle: Callable[..., None]
) -> None:
    write(fundraiser, opening="Dear {first_name|friend}, {amount} pays for a day.", subject="Thanks from {newsroom}")
    write(fundraiser, "/staff/letters/every_letter", signature="Ines, who reads your answers")
    gifts.paid()
    settle()
    (letter,) = outbox.to("amal@example.org")
    assert letter["Subject"] == "Thanks from The Plumb Line"
    for part in (text_of(letter), html_of(letter)):
        assert "Dear Amal, $25.00 pays for a day." in part
        assert "Ines, who reads your answers" in part
        assert "No goods or services" in part


def test_an_unknown_letter_is_not_found(fundraiser: FlaskClient) -> None:
    assert fundraiser.get("/staff/letters/nothing").status_code == 404
