"""A letter's words as somebody writes them: read from the form, checked, and drawn as a reader would get them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from flask import request

from donate import clock, references
from donate.mail.models import MailMessage
from donate.mail.passages import EVERY_LETTER, LETTERS, Reworded, is_for_known, tidy, troubles_of
from donate.mail.queue import Letter
from donate.mail.render import Rendered, house_words, render
from donate.newsroom.letters import letter_from_newsroom
from donate.newsroom.models import LetterWords
from donate.newsroom.queries import find_letter_words, get_newsroom
from donate.newsroom.reword import said_words
from donate.web.language import LANGUAGES, main_language
from donate.web.staff.letter_samples import sample_of
from donate.web.staff.letters_words import say_trouble

#: The letter in which the signature of all is tried.
_SHOWN_FOR_ALL = "receipt"


@dataclass(frozen=True)
class Draft:
    """A letter's words, in the making or as they are.

    Args:
        letter: Which.
        language: Of the words.
        house: The house's words by passage.
        words: What is said, by passage.
        problems: Of passages, in sentences.
        based_on: The version they began from; 0 for none.
        kept: That version.
    """

    letter: Reworded
    language: str
    house: dict[str, str]
    words: dict[str, str]
    problems: dict[str, str]
    based_on: int
    kept: LetterWords | None

    @property
    def overtaken(self) -> dict[str, str]:
        """The house's words that a release has changed since the newsroom wrote its own, as they were then."""
        kept = self.kept.house if self.kept is not None else {}
        return {name: text for name, text in kept.items() if name in self.house and text != self.house[name]}


def language_asked(given: Mapping[str, str]) -> str:
    """Tell which language's words are meant; the newsroom's own where none is named."""
    language = given.get("language", "")
    return language if language in LANGUAGES else main_language()


def draft_of(letter: str, language: str) -> Draft:
    """Give a letter's words as they are now."""
    house, kept = house_words(letter, language), find_letter_words([letter], language).get(letter)
    own = kept.words if kept is not None else {}
    words = {name: own.get(name, text) for name, text in house.items()}
    number = kept.number if kept is not None else 0
    return _checked(Draft(LETTERS[letter], language, house, words, {}, number, kept))


def typed_draft(letter: str) -> Draft:
    """Read the form: every passage as typed, and what can't be saved."""
    form = request.form
    begun = draft_of(letter, language_asked(form))
    words = {name: tidy(name, form.get(name, begun.words[name])) for name in begun.house}
    seen = form.get("based_on", "")
    based_on = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1
    return _checked(replace(begun, words=words, based_on=based_on))


def with_house_words(draft: Draft, passage: str) -> Draft:
    """Put the house's words into one passage again."""
    return _checked(replace(draft, words={**draft.words, passage: draft.house[passage]}))


def _checked(draft: Draft) -> Draft:
    problems = {}
    for name, text in draft.words.items():
        found = next(troubles_of(draft.letter, name, text, is_named=is_for_known(name, draft.house)), None)
        if found is not None:
            problems[name] = say_trouble(draft.letter, found)
    return replace(draft, problems=problems)


def try_letter(draft: Draft, to_address: str, *, case: str = "", is_trial: bool = False) -> Letter:
    """Write the letter with a made-up giver.

    Args:
        draft: Its words; a passage that can't be saved says the house's.
        to_address: Whom it is shown to.
        case: Of a passage that stands only in some letters.
        is_trial: Whether it goes out, marked as a test.
    """
    newsroom = get_newsroom()
    template = _SHOWN_FOR_ALL if draft.letter.name == EVERY_LETTER else draft.letter.name
    letter = letter_from_newsroom(
        f"letter_trial:{references.new_reference()}",
        template,
        to_address,
        draft.language,
        is_kept=False,
        **sample_of(template, draft.language, newsroom.default_currency, clock.today(newsroom.time_zone), case=case),
    )
    own = {name: text for name, text in draft.words.items() if name not in draft.problems}
    said = {**said_words(template, draft.language), **_house_where_none(template, draft), **own}
    return replace(letter, values={**letter.values, "said": said, "is_trial": is_trial})


def _house_where_none(template: str, draft: Draft) -> dict[str, str]:
    """Let a passage that can't be saved say the house's words, not what was saved before."""
    return {name: draft.house[name] for name in draft.problems if template == draft.letter.name}


def draw(draft: Draft, to_address: str, *, case: str = "") -> Rendered:
    """Draw the letter as it would go out."""
    letter = try_letter(draft, to_address, case=case)
    return render(MailMessage(**asdict(letter), queued_at=clock.now()))


def list_cases(draft: Draft) -> list[str]:
    """List the cases of a letter, the usual one first, as the parts of passages' names after their underscore."""
    cases = [case for case in dict.fromkeys(name.partition("_")[2] for name in draft.house) if case]
    return [*([""] if "subject" in draft.house else []), *cases]


def languages_with_words(letters: list[str]) -> dict[str, list[str]]:
    """Tell in which languages each letter says its own words."""
    found: dict[str, list[str]] = {name: [] for name in letters}
    for language in LANGUAGES:
        for name, row in find_letter_words(letters, language).items():
            if row.words:
                found[name].append(language)
    return found
