"""The way out of letters: a signed link that needs no sign-in, and the page after somebody was forgotten."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from donate.db import committed
from donate.donors.models import Donor
from donate.donors.preferences import KINDS, choose, is_way_out, wants
from donate.donors.queries import find_donor
from donate.team.history import Who, record_history
from donate.web.headers import keep_nothing
from donate.web.language import current_language
from donate.web.mail_words import words_of
from donate.web.origin import network_hash

letters = Blueprint("letters", __name__)


@letters.get("/unsubscribe/<reference>/<kind>")
def way_out(reference: str, kind: str) -> ResponseReturnValue:
    """Show the button: programs that look at links before their readers do must end nothing."""
    donor = _donor(reference, kind)
    if donor is None:
        return _page("gone", kind, 404)
    return _page("ask" if wants(donor.id, kind) else "stopped", kind)


@letters.post("/unsubscribe/<reference>/<kind>")
def stop(reference: str, kind: str) -> ResponseReturnValue:
    """End letters of a kind, by the button or by a mail program's own (RFC 8058); or let them come again."""
    donor = _donor(reference, kind)
    if donor is None:
        return _page("gone", kind, 404)
    wanted = request.form.get("again") == "1"
    place = "one_click" if request.form.get("List-Unsubscribe") == "One-Click" else "link"
    words = words_of(kind)
    with committed():
        if choose(
            donor.id, kind, wanted=wanted, place=place, words=f"{words.label} {words.note}", language=current_language()
        ):
            record_history(
                Who("member", donor.id, network_hash()), "choose_letters", "donor", donor.reference,
                before={kind: not wanted}, after={kind: wanted},
            )  # fmt: skip
    return _page("again" if wanted else "stopped", kind)


@letters.get("/goodbye")
def forgotten() -> ResponseReturnValue:
    """Say goodbye to somebody who was forgotten a moment ago."""
    return keep_nothing(make_response(render_template("letters/forgotten.html")))


def _donor(reference: str, kind: str) -> Donor | None:
    if kind not in KINDS or not is_way_out(reference, kind, request.args.get("key", "")[:200]):
        return None
    donor = find_donor(reference)
    return donor if donor is not None and donor.erased_at is None else None


def _page(state: str, kind: str, status: int = 200) -> ResponseReturnValue:
    words = words_of(kind) if state != "gone" else None
    page = render_template("letters/unsubscribe.html", state=state, words=words)
    return keep_nothing(make_response(page, status))
