"""The letter with a receipt says the same of tax as the receipt, in its giver's language."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.make.gifts import Gifts
from tests.make.outbox import Outbox, text_of
from tests.people import AMAL, NOAM

Settle = Callable[..., None]


def test_the_letter_acknowledges_a_gift_of_250_dollars_or_more(gifts: Gifts, settle: Settle, outbox: Outbox) -> None:
    gifts.paid(AMAL, amount="250.00", frequency="once")
    gifts.paid(NOAM, amount="40.00", frequency="once", language="en")
    settle()
    large, small = (text_of(outbox.to(person.email)[-1]) for person in (AMAL, NOAM))
    assert "EIN is 00-0000000" in large
    assert "This is the written acknowledgment" in large
    assert "New Jersey: a sample of the sentence a state asks for." in large
    assert "written acknowledgment" not in small
    assert "Please keep this for your records." in small


def test_what_was_given_in_return_is_disclosed_in_the_letter(gifts: Gifts, settle: Settle, outbox: Outbox) -> None:
    gifts.paid(AMAL, amount="600.00")
    settle()
    letter = outbox.to(AMAL.email)[-1]
    assert "worth $30.00. The part of your gift that may be deducted" in text_of(letter)
    assert "$570.00" in text_of(letter)
    html = letter.get_body(("html",))
    assert html is not None
    assert "$570.00" in html.get_content()


@pytest.mark.parametrize(("language", "word"), [("ar", "يُرجى الاحتفاظ به في سجلاتكم"), ("he", "נא לשמור את המסמך הזה")])
def test_it_is_said_in_the_gifts_language(
    gifts: Gifts, settle: Settle, outbox: Outbox, language: str, word: str
) -> None:
    gifts.paid(AMAL, amount="40.00", language=language)
    settle()
    assert word in text_of(outbox.to(AMAL.email)[-1])
