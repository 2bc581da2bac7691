"""Render a message's subject, text and HTML from its values, in the newsroom's words where it has its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from babel.dates import format_date
from flask import Flask, current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from donate import references
from donate.mail.marks import fill_html, fill_line, fill_text
from donate.mail.models import MailMessage
from donate.mail.passages import LETTERS, Slot, holds, is_for_known
from donate.money import Money, keep_together, show_in_text

_LOCALES = {"en": "en_GB", "ar": "ar_JO", "he": "he"}
_RIGHT_TO_LEFT = frozenset({"ar", "he"})


@dataclass(frozen=True)
class Rendered:
    """A message as it goes out."""

    subject: str
    text: str
    html: str
    #: Where one press ends letters of its kind; empty for those that can't be declined.
    unsubscribe_url: str = ""


def equip(app: Flask) -> None:
    """Hand the mail templates their filters."""
    app.jinja_env.filters.update(letter_date=_letter_date)


def house_words(letter: str, language: str) -> dict[str, str]:
    """Give the house's own words of a letter, by passage and in its order, their placeholders in braces.

    Args:
        letter: One of ``LETTERS``.
        language: Of the words.
    """
    with force_locale(language):
        template = current_app.jinja_env.get_template(f"mail/words/{letter}.txt")
        context = template.new_context({})
        return {name: "".join(block(context)).strip() for name, block in template.blocks.items()}


def render(message: MailMessage) -> Rendered:
    """Write a message in its reader's language.

    Args:
        message: The row; its ``values`` are plain JSON. What the newsroom says in its own words is in ``said``.
    """
    language = message.language
    site = current_app.config["DONATE"].site_url
    given: dict[str, Any] = dict(message.values)
    # The newsroom's own language has no prefix; letters queued before that was noted are of English newsrooms.
    prefix = "" if language == given.get("main_language", "en") else f"/{language}"
    reference = given.get("reference", "")
    words = {
        **given,
        "lang": language,
        "dir": "rtl" if language in _RIGHT_TO_LEFT else "ltr",
        "start": "right" if language in _RIGHT_TO_LEFT else "left",
        "end": "left" if language in _RIGHT_TO_LEFT else "right",
        "to_address": message.to_address,
        "sender_address": message.sender_address,
        "site": site,
        "home": f"{site}{prefix}",
        "unsubscribe_url": f"{site}{prefix}{message.unsubscribe}" if message.unsubscribe else "",
        "gift_url": f"{site}{prefix}/gifts/{reference}?key={references.sign('gift', reference)}",
        "paper_url": f"{site}{prefix}{given.get('paper_path', '')}",
        "old": keep_together(str(given.get("old_number", "")), language),
        "statement_number": keep_together(str(given.get("statement", "")), language),
        "number": keep_together(str(given.get("number", "")), language),
        "money": lambda minor, currency="": show_in_text(Money(minor, currency or given["currency"]), language),
        "spelled": keep_together(references.spell(reference), language),
    }
    with force_locale(language):
        name = f"mail/{message.template}"
        words |= _passages(message.template, words)
        subject = " ".join(render_template(f"{name}.subject.txt", **words).split())
        text = render_template(f"{name}.txt", **words).strip() + "\n"
        if given.get("is_trial"):
            subject = _("Test: %(headline)s", headline=subject)
            text = _("This is a test that you asked for at the desk. No reader got it.") + f"\n\n{text}"
        return Rendered(
            subject=subject,
            text=text,
            html=render_template(f"{name}.html", **words),
            unsubscribe_url=words["unsubscribe_url"],
        )


def _passages(template: str, words: dict[str, Any]) -> dict[str, Any]:
    """Give what a letter's templates ask for: its passages as lines, as paragraphs of HTML, and as text."""
    said = _said(template, words)
    fill = partial(_fill, template, words)
    below = [fill_text(said.get(name, ""), fill) for name in ("closing", "signature")]
    opening = fill_text(said.get("opening", ""), fill)
    return {
        "says": lambda name: fill_line(said[name], fill),
        "paragraphs": lambda name: fill_html(said.get(name, ""), fill),
        "opening": f"\n\n{opening}" if opening else "",
        "opening_first": f"{opening}\n\n" if opening else "",
        "closing": "".join(f"{each}\n\n" for each in below if each),
    }


def _said(template: str, words: dict[str, Any]) -> dict[str, str]:
    """Give every passage: the newsroom's own words where they still fit the letter, else the house's."""
    letter = LETTERS.get(template)
    if letter is None:
        return {}
    house, own = house_words(template, words["lang"]), words.get("said") or {}
    said = {
        name: own[name] if name in own and holds(letter, name, own[name], is_named=is_for_known(name, house)) else text
        for name, text in house.items()
    }
    return {**said, "signature": own.get("signature", "")}


def _fill(template: str, words: dict[str, Any], name: str, otherwise: str) -> str:
    slot = LETTERS[template].slots.get(name)
    value = words.get(slot.key) if slot is not None else None
    if slot is None or value is None or value == "":
        return otherwise
    return _written(slot, value, words)


def _written(slot: Slot, value: Any, words: dict[str, Any]) -> str:
    if slot.kind == "money":
        return str(words["money"](value))
    if slot.kind == "date":
        return _letter_date(value, words["lang"])
    return str(len(value)) if slot.kind == "count" else str(value)


def _letter_date(iso: str, language: str) -> str:
    return format_date(date.fromisoformat(iso), "long", locale=_LOCALES[language])
