"""Which letters a member wants: what always comes and why, what can be declined, and how each yes or no came."""

from __future__ import annotations

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from donate.db import committed
from donate.donors.preferences import KINDS, choose, wants
from donate.donors.queries import find_choice, list_choices
from donate.members.queries import list_named
from donate.members.supporters import KIND, choose_naming, may_be_named
from donate.newsroom.supporters import listing_of
from donate.team.history import record_history
from donate.web.access import for_members
from donate.web.account.door import account
from donate.web.language import current_language, prefixed
from donate.web.listing_words import naming_box
from donate.web.mail_words import all_words
from donate.web.reading import newsroom
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
        naming=_naming(donor_id),
    )


def _naming(donor_id: int) -> dict[str, object] | None:
    """Give whether a member may be named as a supporter and is; none where nobody is named and they said nothing."""
    said, named = find_choice(donor_id, KIND), list_named(donor_id)
    if listing_of(newsroom()) is None and said is None:
        return None
    return {"box": naming_box(), "may": may_be_named(donor_id), "name": named[0].name if named else "", "said": said}


@account.post("/preferences/supporters")
@for_members
def choose_supporting() -> ResponseReturnValue:
    """Write down whether the member may be named as a supporter; a no takes the name off the page at once."""
    here, wanted = member(), request.form.get("naming") == "1"
    with committed():
        changed = choose_naming(
            here.donor.id, wanted=wanted, place="account", words=naming_box(), language=current_language()
        )
        if changed:
            record_history(
                here.as_who(), "choose_naming", "donor", here.donor.reference,
                before={"named": not wanted}, after={"named": wanted},
            )  # fmt: skip
    return redirect(prefixed("/account/preferences?saved=1#naming", current_language()), 303)


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
