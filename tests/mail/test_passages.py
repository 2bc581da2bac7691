"""Every letter can be put in other words, in every language, and none can be broken by them."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

import pytest
from flask import Flask

from donate import clock
from donate.mail.models import MailMessage
from donate.mail.passages import AUDIENCES, LETTERS, holds, is_for_known, is_line, tidy, troubles_of
from donate.mail.render import Rendered, house_words, render
from donate.newsroom.letters import letter_from_newsroom
from donate.web.language import LANGUAGES
from donate.web.staff.letter_samples import sample_of
from tests.house.code import ROOT

NAMES = {path.name.removesuffix(".subject.txt") for path in (ROOT / "templates" / "mail").glob("*.subject.txt")}
#: The trial of an appeal's letter: its words are the appeal's own. The others are for colleagues alone, and change with
#: what they tell of.
NOT_REWORDED = {"appeal_test", "problems", "staff_digest", "staff_notice", "staff_invited", "hook_off"}


def drawn(letter: str, language: str, *, case: str = "", said: dict[str, str] | None = None) -> Rendered:
    sample = sample_of(letter, language, "USD", date(2026, 3, 2), case=case)
    made = letter_from_newsroom("k", letter, "a@example.org", language, **{**sample, "said": said or {}})
    return render(MailMessage(**asdict(made), queued_at=clock.now()))


def test_every_letter_is_at_the_desk_or_is_named_here_as_one_that_can_not_be_reworded() -> None:
    assert set(LETTERS) - {"every_letter"} == NAMES - NOT_REWORDED
    assert {each.audience for each in LETTERS.values()} == set(AUDIENCES)


@pytest.mark.usefixtures("newsroom")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_house_s_own_words_pass_its_own_check_and_use_every_kind_of_passage(app: Flask, language: str) -> None:
    for letter in LETTERS.values():
        house = house_words(letter.name, language)
        for passage, text in house.items():
            assert holds(letter, passage, text, is_named=is_for_known(passage, house)), (letter.name, passage, text)


@pytest.mark.usefixtures("newsroom")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("letter", sorted(set(LETTERS) - {"every_letter"}))
def test_every_passage_of_a_letter_is_said_in_it(app: Flask, letter: str, language: str) -> None:
    for passage in house_words(letter, language):
        marked = f"Own {passage} of {{newsroom}}"
        out = drawn(letter, language, case=passage.partition("_")[2], said={passage: marked})
        whole = out.subject + out.text + out.html
        assert f"Own {passage} of " in whole, passage
        assert "{newsroom}" not in whole
        if not is_line(passage):
            assert f"Own {passage} of " in out.text
            assert f"Own {passage} of " in out.html


@pytest.mark.usefixtures("newsroom")
def test_words_that_no_longer_fit_a_letter_give_way_to_the_house_s(app: Flask) -> None:
    out = drawn(
        "receipt", "en", said={"subject": "Thanks for {treasure}", "opening": "Dear {first_name},", "gone": "x"}
    )
    assert out.subject == "Receipt 2026-000123 for $25.00"
    assert "Dear" not in out.text


@pytest.mark.usefixtures("newsroom")
def test_what_the_law_and_the_protocol_need_stays_whatever_the_words_are(app: Flask) -> None:
    said = dict.fromkeys(house_words("receipt", "en"), "x")
    out = drawn("receipt", "en", said=said)
    for part in (out.text, out.html):
        for fixed in ("No goods or services were provided", "$25.00", "2026-000123", "/gifts/SAMPLESAMPLE2222?key=",
                      "giving@plumbline.example"):  # fmt: skip
            assert fixed in part
    way_in = drawn("sign_in", "en", said=dict.fromkeys(house_words("sign_in", "en"), "x"))
    assert "123456" in way_in.text.splitlines()
    assert "/signin/link/sample" in way_in.text


@pytest.mark.usefixtures("newsroom")
def test_the_made_up_gift_is_what_its_case_says(app: Flask) -> None:
    assert "/account/recurring/" not in drawn("receipt", "en").text
    assert "then each month on that day" in drawn("receipt", "en", case="recurring").text


def trouble(passage: str, text: str, *, is_named: bool = False) -> list[tuple[str, str]]:
    return [(each.problem, each.what) for each in troubles_of(LETTERS["receipt"], passage, text, is_named=is_named)]


def test_what_can_not_stand_in_a_letter_is_named() -> None:
    assert trouble("subject", "") == [("empty", "")]
    assert trouble("opening", "") == []
    assert trouble("subject", "x" * 152) == [("long", "2")]
    assert trouble("opening", "Dear {surname} and {}") == [("unknown", "surname"), ("unknown", "")]
    assert trouble("opening", "Dear {first_name},") == [("lacks", "first_name")]
    assert trouble("opening", "Dear {first_name|friend},") == []
    assert trouble("headline", "Dear {first_name}", is_named=True) == []
    assert trouble("closing", "[here](javascript:alert(1))") == [("link", "javascript:alert(1")]


def test_a_subject_is_kept_as_one_line_and_control_characters_nowhere() -> None:
    assert tidy("subject", " A\r\nB\x00 \x07C ") == "A B C"
    assert tidy("opening", "\r\nA\r\n\r\nB\x0b ") == "A\n\nB"
