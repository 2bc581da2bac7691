"""Which letters a member wants: what always comes and why, what can be declined, and how each yes or no came."""

from __future__ import annotations

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from donate.db import committed
from donate.donors.preferences import KINDS, choose, wants
from donate.donors.queries import list_choices
from donate.team.history import record_history
from donate.web.access import for_members
from donate.web.account.door import account
from donate.web.language import current_language, prefixed
from donate.web.mail_words import all_words
from donate.web.who import member


@account.get("/preferences")
@for_members
def preferences() -> ResponseReturnValue:
    """Show the kinds of letters, and what the member said to each."""
    donor_id = member().donor.id
    choices = list_choices(donor_id)
    return render_template(
        "account/preferences.html",
        kinds=KINDS,
        words=all_words(),
        wanted={kind: wants(donor_id, kind) for kind in KINDS},
        said={kind: next((each for each in choices if each.kind == kind), None) for kind in KINDS},
        consents=[each for each in choices if each.kind == "newsletter"],
        saved=request.args.get("saved", "") == "1",
    )


@account.post("/preferences")
@for_members
def choose_letters() -> ResponseReturnValue:
    """Write down which letters the member wants from now on."""
    here, words = member(), all_words()
    with committed():
        changed = {
            kind: wanted
            for kind in KINDS
            if KINDS[kind].may_decline
            for wanted in (request.form.get(kind) == "1",)
            if choose(
                here.donor.id, kind, wanted=wanted, place="account",
                words=f"{words[kind].label} {words[kind].note}", language=current_language(),
            )
        }  # fmt: skip
        if changed:
            before = {kind: not wanted for kind, wanted in changed.items()}
            record_history(here.as_who(), "choose_letters", "donor", here.donor.reference, before=before, after=changed)
    return redirect(prefixed("/account/preferences?saved=1", current_language()), 303)
