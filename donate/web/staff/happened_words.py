"""What the history keeps, in words: each act, what it was done to, and the values that changed."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from donate.donors.preferences import KINDS as LETTERS
from donate.team.history import Plain
from donate.team.permissions import ROLES
from donate.web.mail_words import words_of
from donate.web.reading import long_date
from donate.web.staff.articles_words import say_flag, say_status
from donate.web.staff.words import say_role


def say_act(act: str) -> str:
    """Say what was done, as a sentence goes on after a name; an act nobody found words for keeps its own name.

    Args:
        act: As the history keeps it. A test holds that each act of the code is said here.
    """
    for words in (_of_staff(), _of_appeals(), _of_stories(), _of_books(), _of_exports(), _of_people(), _of_promises()):
        if act in words:
            return words[act]
    return act.replace("_", " ")


def acts_in_words() -> dict[str, str]:
    """Give every act that has words, with them."""
    return _of_staff() | _of_appeals() | _of_stories() | _of_books() | _of_exports() | _of_people() | _of_promises()


def _of_staff() -> dict[str, str]:
    return {
        "add_staff": _("Added a colleague"),
        "change_role": _("Gave another role"),
        "change_last_day": _("Changed the last day"),
        "disable_staff": _("Disabled, and signed out everywhere"),
        "enable_staff": _("Let in again"),
        "invite_staff": _("Mailed a link to come in"),
        "sign_in": _("Came in to the desk"),
        "end_session": _("Ended a session"),
        "end_sessions": _("Ended sessions"),
        "set_second_factor": _("Set the authenticator"),
        "forget_second_factor": _("Had the authenticator forgotten"),
        "use_recovery_code": _("Came in by a recovery code"),
        "renew_recovery_codes": _("Made new recovery codes"),
        "view": _("Looked at a page"),
    }


def _of_appeals() -> dict[str, str]:
    return {
        "draft_appeal": _("Began the draft"),
        "edit_appeal": _("Changed it"),
        "revert_appeal": _("Went back to an earlier version"),
        "publish_appeal": _("Published it"),
        "pause_appeal": _("Let it rest"),
        "resume_appeal": _("Let it run again"),
        "end_appeal": _("Ended it"),
        "archive_appeal": _("Archived it"),
        "bring_back_appeal": _("Brought it back from the archive"),
        "load_appeal": _("Loaded it from a file"),
        "export_appeal_donors": _("Took along who gave to it"),
        "switch_off_placement": _("Switched a place for asks off"),
        "switch_on_placement": _("Switched a place for asks on"),
    }


def _of_stories() -> dict[str, str]:
    return {
        "set_flag": _("Set a flag"),
        "clear_flag": _("Took a flag off"),
        "wave_away_flag": _("Waved a suggested flag away"),
    }


def _of_books() -> dict[str, str]:
    return {
        "close_period": _("Closed the month"),
        "take_pack": _("Taken as a pack"),
        "save_report": _("Saved a report"),
        "forget_report": _("Deleted a saved report"),
    }


def _of_exports() -> dict[str, str]:
    return {
        "export_appeals": _("Exported appeals"),
        "export_articles": _("Exported stories"),
        "export_donations": _("Exported gifts, with names and addresses"),
        "export_donors": _("Exported donors, with names and addresses"),
        "export_history": _("Exported the history"),
        "export_journal": _("Exported the journal"),
        "export_ledger": _("Exported the ledger"),
        "export_payouts": _("Exported payouts"),
        "export_receipts": _("Exported receipts"),
        "export_recurring": _("Exported recurring gifts, with names and addresses"),
        "export_hints": _("Exported hints for a mailing"),
    }


def _of_people() -> dict[str, str]:
    return {
        "prove_email": _("Proved an address"),
        "link_address": _("Linked one more address"),
        "change_main_email": _("Changed the main address"),
        "choose_letters": _("Chose which letters come"),
        "export_person": _("Took along what is held about them"),
        "ask_erasure": _("Asked to be forgotten"),
        "erase_person": _("Forgot them: names, addresses and notes are gone"),
    }


def _of_promises() -> dict[str, str]:
    return {
        "change_promise": _("Changed the recurring gift"),
        "skip_promise": _("Skipped one date"),
        "pause_promise": _("Paused the recurring gift"),
        "resume_promise": _("Let the recurring gift go on"),
        "cancel_promise": _("Stopped the recurring gift at the end of what is paid for"),
        "cancel_now_promise": _("Stopped the recurring gift at once"),
        "reactivate_promise": _("Took the stop of the recurring gift back"),
    }


#: What the history's search offers; a kind is added here when something new has a history.
KINDS_OF_OBJECTS = (
    "appeal", "article", "donation", "donor", "donor_email", "donors", "export", "page", "payout", "period",
    "placement", "recurring_donation", "report", "staff",
)  # fmt: skip


def say_kind_of_object(kind: str) -> str:
    """Name what something was done to; a kind nobody found a word for keeps its own name.

    Args:
        kind: As the history keeps it.
    """
    words: dict[str, str] = {
        "appeal": _("Appeal"),
        "article": _("Story"),
        "donation": _("Gift"),
        "donor": _("Donor"),
        "donor_email": _("Donor’s address"),
        "donors": _("Donors"),
        "export": _("Export"),
        "page": _("Page"),
        "payout": _("Payout"),
        "period": _("Month of the books"),
        "placement": _("Place for asks"),
        "recurring_donation": _("Recurring gift"),
        "report": _("Saved report"),
        "staff": _("Colleague"),
    }
    return words.get(kind, kind.replace("_", " "))


def say_field(name: str) -> str:
    """Name a value that the history keeps; one nobody found a word for keeps its own name.

    Args:
        name: Of ``before`` or ``after``.
    """
    words: dict[str, str] = {
        "article": _("Story"),
        "back_to": _("Back to version"),
        "by": _("By"),
        "change": _("Change"),
        "copied_from": _("Copied from"),
        "disabled": _("Disabled"),
        "donor_email_id": _("Address, by its number"),
        "donor_id": _("Donor, by its number"),
        "ended": _("Sessions ended"),
        "ends_on": _("Last day"),
        "flag": _("Flag"),
        "format": _("Form of file"),
        "gifts": _("Gifts"),
        "kind": _("Kind"),
        "on": _("Switched on"),
        "recurring": _("Recurring gifts"),
        "rhythm": _("How often"),
        "role": _("Role"),
        "rows": _("Rows"),
        "session": _("Session"),
        "status": _("State"),
        "version": _("Version"),
    }
    if name in LETTERS:
        return str(words_of(name).label)
    return words.get(name, name.replace("_", " "))


def say_value(name: str, value: Plain) -> str:
    """Say one value that the history keeps.

    Args:
        name: Of the value.
        value: As it is kept.
    """
    if value is None:
        none: str = _("none")
        return none
    if isinstance(value, bool):
        yes: str = _("yes") if value else _("no")
        return yes
    if name == "role" and value in ROLES:
        return say_role(str(value))
    if name == "ends_on":
        return long_date(date.fromisoformat(str(value)))
    known = {"flag": say_flag, "status": say_status, "by": _say_by, "rhythm": _say_rhythm}.get(name)
    try:
        return known(str(value)) if known is not None else str(value)
    except KeyError:
        return str(value)


def _say_by(by: str) -> str:
    words: dict[str, str] = {
        "authenticator": _("authenticator"),
        "recovery": _("recovery code"),
        "editor": _("an editor"),
        "import": _("its source"),
    }
    return words[by]


def _say_rhythm(rhythm: str) -> str:
    words: dict[str, str] = {"asked": _("only when asked"), "week": _("every week"), "month": _("every month")}
    return words[rhythm]
