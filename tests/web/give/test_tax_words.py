"""What is said of tax stands where people are asked: on the form and in letters that ask."""

from __future__ import annotations

from flask.testing import FlaskClient

from donate.db import committed
from donate.newsroom.letters import letter_from_newsroom
from donate.newsroom.queries import get_newsroom


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
    assert "disclosures" not in letter_from_newsroom("k", "receipt", "a@example.org", "ar").values
