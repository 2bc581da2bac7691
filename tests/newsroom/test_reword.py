"""Letters in the newsroom's own words: version by version, and never in what was already written."""

from __future__ import annotations

import pytest
from flask import Flask

from donate.db import committed
from donate.errors import NotFound, WordsRefused
from donate.mail.deliver import deliver_mail
from donate.mail.models import MailMessage
from donate.mail.queue import queue_mail
from donate.newsroom.letters import letter_from_newsroom
from donate.newsroom.models import LetterWords
from donate.newsroom.queries import list_letter_words
from donate.newsroom.reword import reword_letter, said_words, version_of
from tests.make.outbox import Outbox, html_of, text_of
from tests.make.rows import every

pytestmark = pytest.mark.usefixtures("newsroom")
HOUSE = {"subject": "The house", "opening": "", "closing": "Yours"}


def say(number: int, letter: str = "erased", language: str = "en", **words: str) -> LetterWords | None:
    with committed():
        return reword_letter(letter, language, {**HOUSE, **words}, HOUSE, staff_id=1, based_on=number)


def write(key: str, template: str = "erased", language: str = "en") -> int:
    with committed():
        queue_mail(letter_from_newsroom(key, template, "amal@example.org", language))
    return every(MailMessage)[-1].id


def test_only_what_differs_from_the_house_is_kept_so_that_the_rest_follows_a_release(app: Flask) -> None:
    say(0, subject="Ours")
    (row,) = every(LetterWords)
    assert (row.number, row.words, row.house) == (1, {"subject": "Ours"}, {"subject": "The house"})
    assert say(1, subject="Ours") is None
    assert len(every(LetterWords)) == 1


def test_each_change_is_a_version_and_the_newest_counts_by_letter_and_language(app: Flask) -> None:
    say(0, subject="One")
    say(1, subject="Two")
    say(0, language="ar", subject="واحد")
    assert said_words("erased", "en") == {"subject": "Two"}
    assert said_words("erased", "ar") == {"subject": "واحد"}
    assert said_words("erased", "he") == said_words("receipt", "en") == {}
    assert version_of("erased", "en", 1).words == {"subject": "One"}
    with pytest.raises(NotFound):
        version_of("erased", "en", 3)


def test_who_began_from_an_older_version_is_told_and_nothing_is_lost(app: Flask) -> None:
    say(0, subject="One")
    with pytest.raises(WordsRefused, match="words_changed"):
        say(0, subject="Mine")
    assert [each.words for each in list_letter_words("erased", "en")] == [{"subject": "One"}]


def test_a_letter_says_what_held_when_it_was_written_also_when_it_goes_out_later(app: Flask, outbox: Outbox) -> None:
    say(0, subject="One", closing="First")
    early = write("early")
    say(1, subject="Two", closing="Second")
    late = write("late")
    for each in (early, late):
        deliver_mail(each)
    first, second = outbox
    assert (first["Subject"], second["Subject"]) == ("One", "Two")
    assert "First" in text_of(first)
    assert "First" in html_of(first)
    say(2)
    row = every(MailMessage)[0]
    assert (row.subject, "First" in row.text) == ("One", True), "what was sent stays as sent"


def test_the_signature_stands_under_every_letter_but_the_desk_s_own(app: Flask) -> None:
    with committed():
        reword_letter("every_letter", "en", {"signature": "Ines"}, {"signature": ""}, staff_id=1, based_on=0)
    assert said_words("erased", "en") == {"signature": "Ines"}
    assert said_words("problems", "en") == said_words("appeal_test", "en") == {}


def test_a_newsroom_without_words_of_its_own_keeps_nothing_with_its_letters(app: Flask) -> None:
    write("plain")
    assert "said" not in every(MailMessage)[0].values
