"""A logo sent with the form: kept at once, so that it isn't lost where something else is to be put right."""

from __future__ import annotations

from flask import request

from donate.db import committed
from donate.errors import Unreadable
from donate.newsroom.look import keep_logo
from donate.newsroom.picture import read_picture
from donate.web.staff.settings.fields import Typed
from donate.web.staff.settings.words import say_refusal


def keep_sent_logo(typed: Typed, problems: dict[str, str]) -> None:
    """Keep the picture that was chosen, or say what is wrong with it.

    Args:
        typed: The form's; names the new logo then, or none where it was to be taken out.
        problems: Sentences by the field's name.
    """
    sent = request.files.get("logo_file")
    if sent is None or not sent.filename:
        if request.form.get("logo_gone"):
            typed["look"]["logo"] = ""
        return
    try:
        picture = read_picture(sent.read())
    except Unreadable as refused:
        problems["look.logo"] = say_refusal(refused)
        return
    with committed():
        typed["look"]["logo"] = keep_logo(picture)
