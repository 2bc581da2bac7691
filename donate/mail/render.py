"""Render a message's subject, text and HTML from its values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date
from flask import Flask, current_app, render_template
from flask_babel import force_locale

from donate import references
from donate.mail.models import MailMessage
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


def render(message: MailMessage) -> Rendered:
    """Write a message in its reader's language.

    Args:
        message: The row; its ``values`` are plain JSON.
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
        return Rendered(
            subject=" ".join(render_template(f"{name}.subject.txt", **words).split()),
            text=render_template(f"{name}.txt", **words).strip() + "\n",
            html=render_template(f"{name}.html", **words),
            unsubscribe_url=words["unsubscribe_url"],
        )


def _letter_date(iso: str, language: str) -> str:
    return format_date(date.fromisoformat(iso), "long", locale=_LOCALES[language])
