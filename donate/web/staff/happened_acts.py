"""Each act that the history keeps, in words: a test holds that every act of the code is said here."""

from __future__ import annotations

from flask_babel import gettext as _


def say_act(act: str) -> str:
    """Say what was done, as a sentence goes on after a name; an act nobody found words for keeps its own name.

    Args:
        act: As the history keeps it. A test holds that each act of the code is said here.
    """
    return acts_in_words().get(act, act.replace("_", " "))


def acts_in_words() -> dict[str, str]:
    """Give every act that has words, with them."""
    groups = (
        _of_staff, _of_appeals, _of_stories, _of_books, _of_exports, _of_people, _of_donors, _of_gifts, _of_promises,
        _of_settings, _of_machines,
    )  # fmt: skip
    return {act: words for group in groups for act, words in group().items()}


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
        "export_movements": _("Exported movements of recurring gifts"),
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


def _of_donors() -> dict[str, str]:
    return {
        "view_donor": _("Looked at the donor’s page"),
        "view_as_member": _("Looked at the member’s own pages"),
        "add_donor": _("Added to the desk"),
        "add_address": _("Wrote an address down"),
        "correct_donor": _("Corrected name or language"),
        "correct_giver": _("Corrected name or address of a gift"),
        "write_note": _("Wrote a note"),
        "remove_note": _("Took a note away"),
        "ask_new_address": _("Asked a new address"),
        "take_back_new_address": _("Took back what a new address was asked"),
        "accept_new_address": _("Letters go to another address"),
        "merge_donors": _("Another record was merged into this one"),
        "merged_into": _("Merged into another record"),
        "send_card_link": _("Mailed the way to another card"),
        "choose_naming": _("Chose whether to be named"),
    }


def _of_gifts() -> dict[str, str]:
    return {
        "refund_donation": _("Refunded"),
        "send_receipt": _("Sent the receipt again"),
        "look_at_stripe": _("Looked at Stripe again"),
        "record_offline_gift": _("Recorded"),
        "withdraw_offline_gift": _("Withdrawn"),
        "open_offline_batch": _("Opened"),
        "change_offline_batch": _("Control totals changed"),
        "add_offline_line": _("Line added"),
        "change_offline_line": _("Line changed"),
        "remove_offline_line": _("Line removed"),
        "choose_offline_donor": _("Donor chosen"),
        "post_offline_batch": _("Posted"),
        "discard_offline_batch": _("Thrown away"),
        "import_gifts": _("Brought in past gifts"),
        "adopt_promise": _("Took over a recurring gift from elsewhere"),
    }


def _of_settings() -> dict[str, str]:
    return {
        "change_settings": _("Changed settings"),
        "load_settings": _("Loaded settings from a file"),
        "reword_letter": _("Changed a letter’s words"),
        "set_supporters": _("Changed who is named among supporters"),
        "choose_notices": _("Chose what they are mailed"),
    }


def _of_machines() -> dict[str, str]:
    return {
        "process_event_again": _("Processed an event again"),
        "process_events_again": _("Processed events again"),
        "run_job_again": _("Ran work again"),
        "run_jobs_again": _("Ran several works again"),
        "make_hook": _("Made the hook"),
        "change_hook": _("Changed the hook"),
        "renew_hook_secret": _("Made a new secret"),
        "remove_hook": _("Removed the hook"),
        "switch_off_hook": _("Switched it off"),
        "switch_on_hook": _("Switched it on"),
        "test_hook": _("Sent a test event"),
        "send_hook_again": _("Sent it again"),
        "make_token": _("Made the token"),
        "revoke_token": _("Revoked the token"),
        "read_personal": _("Read names or addresses that day"),
    }
