"""What is said of tax stands where people are asked: on the form and in letters that ask."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from donate.db import committed
from donate.mail.queue import queue_mail
from donate.newsroom.letters import letter_from_newsroom
from donate.newsroom.queries import get_newsroom
from tests.make.outbox import Outbox, html_of, text_of


def test_the_form_says_what_the_newsroom_is_and_what_a_state_asks_for(newsroom: None, client: FlaskClient) -> None:
    page = client.get("/donate").text
    assert "exempt from tax under section 501(c)(3)" in page
    assert "New Jersey: a sample of the sentence" in page
    assert "ניו ג׳רזי" in client.get("/he/donate").text


def test_the_form_says_plainly_that_a_gift_is_not_deductible(newsroom: None, client: FlaskClient) -> None:
    with committed():
        get_newsroom().tax = {"standing": "none", "legal_name": "The Plumb Line"}
    assert "Gifts to The Plumb Line are not tax-deductible." in client.get("/donate").text


def test_a_newsroom_that_has_not_told_its_standing_says_nothing_of_it(newsroom: None, client: FlaskClient) -> None:
    with committed():
        get_newsroom().tax = {}
    assert "deductible" not in client.get("/donate").text


def test_letters_that_ask_carry_what_states_ask_for_and_no_others_do(newsroom: None) -> None:
    asking = letter_from_newsroom("k", "reminder", "a@example.org", "ar")
    assert asking.values["disclosures"][0].startswith("نيوجيرسي")
    others = letter_from_newsroom("k", "receipt", "a@example.org", "ar").values
    assert others.keys().isdisjoint({"disclosures", "tax"})


@pytest.mark.parametrize(
    ("language", "standing", "disclosure"),
    [
        ("en", "is exempt from tax under section 501(c)(3)", "New Jersey: a sample of the sentence"),
        ("ar", "مؤسسة معفاة من الضريبة", "نيوجيرسي: نموذج للجملة"),
        ("he", "פטור ממס לפי סעיף", "ניו ג׳רזי: דוגמה למשפט"),
    ],
)
def test_a_letter_that_asks_says_what_the_newsroom_is_in_its_text_and_its_html(
    newsroom: None, outbox: Outbox, work: Callable[[], int], language: str, standing: str, disclosure: str
) -> None:
    mail_a_reminder(language)
    work()
    (letter,) = outbox.to("a@example.org")
    for words in (text_of(letter), html_of(letter)):
        assert standing in words
        assert disclosure in words


def test_a_letter_that_asks_says_plainly_that_a_gift_is_not_deductible(
    newsroom: None, outbox: Outbox, work: Callable[[], int]
) -> None:
    with committed():
        get_newsroom().tax = {"standing": "none"}
    mail_a_reminder("en")
    work()
    assert "Gifts to The Plumb Line are not tax-deductible." in text_of(outbox[-1])


def test_a_letter_of_a_newsroom_that_has_not_told_its_standing_says_nothing_of_it(newsroom: None) -> None:
    with committed():
        get_newsroom().tax = {}
    asking = letter_from_newsroom("k", "ask_again", "a@example.org", "en")
    assert asking.values.keys().isdisjoint({"disclosures", "tax"})


def mail_a_reminder(language: str) -> None:
    more = {"asked_on": "2026-03-02", "appeal": "", "headline": "", "ask": "", "article": "", "article_title": ""}
    with committed():
        queue_mail(letter_from_newsroom("k", "reminder", "a@example.org", language, **more))
