"""One donor: what they gave and promised, everything that happened on one line of time, and notes."""

from __future__ import annotations

from datetime import datetime

from flask import abort, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from donate import clock, references
from donate.appeals.campaign import campaign_from
from donate.appeals.models import Appeal
from donate.articles.models import Article
from donate.db import committed, db, lock
from donate.donors.models import Donor
from donate.donors.notes import remove_note, write_note
from donate.donors.queries import get_donor, get_note, list_address_changes, list_customers, list_notes
from donate.errors import DonorRefused
from donate.giving.models import Donation
from donate.limits.take import take
from donate.mail.queue import queue_mail
from donate.members.queries import find_membership, get_level
from donate.money import Money
from donate.newsroom.queries import get_newsroom
from donate.receipts.reissue import COPIES
from donate.records.person_story import Story, story_of
from donate.records.readdress import is_open
from donate.recurring.letters import card_link_letter
from donate.recurring.queries import find_recurring, list_open_failed_charges
from donate.team.history import record_history
from donate.team.queries import list_emails
from donate.web.access import needs
from donate.web.language import LANGUAGES, current_language
from donate.web.looking import end_looking
from donate.web.reading import url_for
from donate.web.staff.door import staff
from donate.web.staff.giving.words import (
    say_check,
    say_event,
    say_gift_status,
    say_promise_status,
    say_reason,
    say_refusal,
)
from donate.web.staff.happened_acts import say_act
from donate.web.staff.home import frame
from donate.web.staff.paging import read_page
from donate.web.who import colleague

_AT_ONCE = 40


@staff.get("/donors/<reference>")
@needs("see_donors")
def donor(reference: str) -> ResponseReturnValue:
    """Show a donor."""
    found = get_donor(reference)
    donor_id, who = found.id, colleague().as_who()
    with committed():
        record_history(who, "view_donor", "donor", found.reference)
    return show_donor(db.session.get_one(Donor, donor_id))


def show_donor(found: Donor, *, typed: str = "", problem: str = "", status: int = 200) -> ResponseReturnValue:
    """Draw a donor's page.

    Args:
        found: Whose.
        typed: The note as it was typed.
        problem: Why it was not kept.
        status: Of the answer.
    """
    story = story_of(found)
    paging = read_page(request.args, len(story.events), _AT_ONCE)
    membership = find_membership(found.id)
    page = make_response(
        render_template(
            "staff/giving/donor.html",
            donor=found,
            story=story,
            events=story.events[paging.skip : paging.skip + _AT_ONCE],
            paging=paging,
            notes=list_notes(found.id),
            changes=[each for each in list_address_changes(found.id) if is_open(each)],
            customers=list_customers(found.id),
            level=get_level(membership.level_id) if membership is not None else None,
            membership=membership,
            first_from=_first_from(story),
            colleagues=list_emails(),
            typed=typed,
            problem=problem,
            done=_done(request.args.get("done", "")),
            say_event=say_event,
            say_act=say_act,
            say_status=say_gift_status,
            say_promise=say_promise_status,
            say_reason=say_reason,
            say_check=say_check,
            year_of=_year_of,
            as_money=Money,
            language_names=LANGUAGES,
            **frame(),
        ),
        status,
    )
    # Whoever comes back to the desk has looked enough.
    end_looking(page)
    return page


@staff.post("/donors/<reference>/notes")
@needs("answer_donors")
def keep_note(reference: str) -> ResponseReturnValue:
    """Keep a note about a donor."""
    words, who = request.form.get("words", "")[:20000], colleague().as_who()
    found = get_donor(reference)
    try:
        with committed():
            write_note(lock(Donor, found.id), words, who)
    except DonorRefused as error:
        return show_donor(get_donor(reference), typed=words, problem=say_refusal(error), status=422)
    return to_donor(reference, done="note", anchor="notes")


@staff.post("/donors/<reference>/notes/<note>/remove")
@needs("answer_donors")
def drop_note(reference: str, note: str) -> ResponseReturnValue:
    """Take a note away: its writer may, and whoever manages staff."""
    found, here = get_donor(reference), colleague()
    row = get_note(found.id, note)
    if row.staff_id != here.staff.id and "manage_staff" not in frame()["who_may"]:
        abort(403)
    who = here.as_who()
    with committed():
        remove_note(lock(Donor, found.id), get_note(found.id, note), who)
    return to_donor(reference, done="note_gone", anchor="notes")


@staff.post("/donors/<reference>/card-link")
@needs("answer_donors")
def send_card_link(reference: str) -> ResponseReturnValue:
    """Mail the way to another card to the address of a promise, and to no other."""
    found, who = get_donor(reference), colleague().as_who()
    promise = find_recurring(request.form.get("promise", ""))
    if promise is None or promise.donor_id != found.id or promise.ended_at is not None:
        abort(404)
    if take((COPIES, f"card:{promise.reference}")):
        return to_donor(reference, done="wait")
    failed = list_open_failed_charges(promise.id)
    with committed():
        queue_mail(card_link_letter(promise, failed[0] if failed else None, references.new_reference()))
        record_history(who, "send_card_link", "donor", reference, after={"promise": promise.reference})
    return to_donor(reference, done="card_link")


def to_donor(reference: str, *, done: str = "", anchor: str = "") -> Response:
    """Lead to a donor's page.

    Args:
        reference: The donor's.
        done: What was just done, for the page's first line.
        anchor: Where on the page.
    """
    return redirect(url_for("staff.donor", reference=reference, done=done or None, _anchor=anchor or None), 303)


def _year_of(at: datetime) -> int:
    return clock.on(at, get_newsroom().time_zone).year


def _done(what: str) -> str:
    words: dict[str, str] = {
        "note": _("The note is kept."),
        "note_gone": _("The note is gone."),
        "card_link": _("The way to another card is in the mail."),
        "corrected": _("Corrected. What earlier receipts say stays as it was."),
        "added": _("Added to the desk."),
        "address": _("A letter with a link is on its way to the new address. Nothing changes before it is pressed."),
        "address_back": _("Taken back: the link leads nowhere now."),
        "address_added": _("The address is written down."),
        "merged": _("Both are one now. Gifts, receipts, notes and addresses stand here."),
        "erasing": _("The wish is written down. Stripe or a bank must answer first; it goes on by itself."),
        "wait": _("This was sent several times within the hour. Wait a little."),
    }
    return words.get(what, "")


def _first_from(story: Story) -> tuple[str, str]:
    """Give (headline, appeal's headline) of where the first gift came from; empty where it is not known."""
    first: Donation | None = story.arrived[0] if story.arrived else None
    if first is None:
        return "", ""
    article = db.session.get(Article, first.article_id) if first.article_id is not None else None
    appeal = db.session.get(Appeal, first.appeal_id) if first.appeal_id is not None else None
    words = campaign_from(appeal).words(current_language()) if appeal is not None else None
    return article.headline if article is not None else "", words.headline if words is not None else ""
