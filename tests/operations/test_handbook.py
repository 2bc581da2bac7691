"""docs/operations.md has every problem with what to do, in the words that page and letter use.

``python -m tests.operations.test_handbook --write`` writes its table from them.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from donate.app import create_app
from donate.operations.causes import CAUSES, FOLLOWS_SILENCE
from donate.web.problem_words import say_remedy, say_wrong
from tests.house.code import ROOT
from tests.make.application import settings_for

HANDBOOK = ROOT / "docs" / "operations.md"
BEGIN, END = "<!-- the problems -->\n", "<!-- end of the problems -->\n"
#: What sentences name, as the handbook shows it.
SHOWN = {
    "number": 2, "minutes": 25, "hours": 60, "longest": 12, "megabytes": 300, "fetched": 40, "whole": 50,
    "ever": "seen", "error": "…", "code": "no_answer", "url": "…/webhooks/stripe", "endpoint": "we_…",
    "events": "invoice.paid, …",
    "version": "2019-03-14", "ours": "ours", "names": "sweep", "place": "exports",
}  # fmt: skip


def table(app: Flask) -> str:
    """Write the handbook's table from the code."""
    grave = {"bad": "wrong", "warn": "look"}
    with app.test_request_context(), force_locale("en"):
        lines = [
            f"| `{cause}` | {grave[severity]} | {say_wrong(cause, SHOWN)} | {say_remedy(cause, SHOWN)} |\n"
            for cause, severity in CAUSES.items()
        ]
    return "| problem | | what is wrong | what to do |\n|---|---|---|---|\n" + "".join(lines)


def test_the_handbook_has_every_problem_in_the_words_of_the_code(app: Flask) -> None:
    written = HANDBOOK.read_text().partition(BEGIN)[2].partition(END)[0]
    assert written == table(app), "run: python -m tests.operations.test_handbook --write"
    assert re.findall(r"^\| `(\w+)`", written, re.MULTILINE) == list(CAUSES)


def test_what_follows_from_silence_is_among_the_causes() -> None:
    assert set(CAUSES) >= FOLLOWS_SILENCE


@pytest.mark.parametrize("cause", CAUSES)
def test_every_problem_has_both_sentences_in_every_language(app: Flask, cause: str) -> None:
    for language in ("en", "ar", "he"):
        with app.test_request_context(), force_locale(language):
            assert say_wrong(cause, SHOWN)
            assert say_remedy(cause, SHOWN)


if __name__ == "__main__" and "--write" in sys.argv:
    made = create_app(settings_for("sqlite://", Path("unused")), ask_offset=lambda: 0.0)
    head, _begin, rest = HANDBOOK.read_text().partition(BEGIN)
    HANDBOOK.write_text(head + BEGIN + table(made) + END + rest.partition(END)[2])
