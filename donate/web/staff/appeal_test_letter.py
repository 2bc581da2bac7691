"""Send a staff member the appeal's letter, as readers would see it, marked as a test."""

from __future__ import annotations

import html
import re

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from donate import references
from donate.appeals.campaign import campaign_from
from donate.appeals.queries import get_appeal
from donate.db import committed
from donate.mail.queue import queue_mail
from donate.newsroom.letters import letter_from_newsroom
from donate.web.access import needs
from donate.web.language import LANGUAGES
from donate.web.reading import url_for
from donate.web.staff.appeal_page import appeal_shown
from donate.web.staff.door import staff
from donate.web.who import colleague


@staff.post("/appeals/<slug>/test-letter")
@needs("see_appeals")
def send_test(slug: str) -> ResponseReturnValue:
    """Mail the appeal's letter to who presses, in a language it is written in."""
    row, to = get_appeal(slug), colleague().staff.email
    language, copy = request.form.get("language", ""), request.form.get("copy", "a")
    words = campaign_from(row).words(language, copy) if language in LANGUAGES else None
    if words is None:
        return appeal_shown(row, _("It has no words in this language yet, so there is no letter to send."), 422)
    letter = letter_from_newsroom(
        f"appeal_test:{references.new_reference()}",
        "appeal_test",
        to,
        language,
        is_kept=False,
        appeal=row.slug,
        kicker=words.kicker,
        headline=words.headline,
        body_html=words.body_html,
        body_text=plain_text(words.body_html),
        signed_name=words.signed_name,
        signed_role=words.signed_role,
        go=words.button,
    )
    with committed():
        queue_mail(letter)
    return redirect(url_for("staff.appeal", slug=slug, done="mailed"), 303)


def plain_text(body_html: str) -> str:
    """Write a letter's HTML as plain text, an empty line between its paragraphs.

    Args:
        body_html: Sanitised.
    """
    parted = re.sub(r"</(p|h2|h3|li|blockquote|ul|ol)>", "\n\n", re.sub(r"\s+", " ", body_html))
    text = html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"<br ?/?>", "\n", parted)))
    return "\n\n".join(each.strip() for each in re.split(r"\n\s*\n", text) if each.strip())
