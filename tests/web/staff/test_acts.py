"""Each press at the desk is told in the history or says why not, and what is grave asks for the second factor anew.

A new route under ``/staff`` fails here until somebody has decided both.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask
from werkzeug.routing import Rule

from donate.team.permissions import PERMISSIONS
from donate.web.access import STAFF, rule_of
from tests.web.staff.test_happened import acts

_EXPORTS = {
    "export_appeals", "export_articles", "export_history", "export_journal", "export_ledger", "export_payouts",
    "export_receipts",
}  # fmt: skip
_PEOPLE = {"export_donations", "export_donors", "export_recurring"}

#: What each press writes: by the view itself, by the verb it calls, or by the worker that does what was asked for.
WRITES: dict[str, set[str]] = {
    "staff.archive": {"archive_appeal"},
    "staff.bring_back": {"bring_back_appeal"},
    "staff.copy": {"draft_appeal"},
    "staff.take_appeal_donors": {"export_appeal_donors"},
    "staff.save_appeal": {"edit_appeal"},
    "staff.write_appeal": {"draft_appeal"},
    "staff.end": {"end_appeal"},
    "staff.go_back": {"revert_appeal"},
    "staff.pause": {"pause_appeal"},
    "staff.publish": {"publish_appeal"},
    "staff.resume": {"resume_appeal"},
    "staff.switch_off": {"switch_off_placement"},
    "staff.switch_on": {"switch_on_placement"},
    "staff.flag_article": {"set_flag", "clear_flag", "wave_away_flag"},
    "staff.take_sample": {"take_pack"},
    "staff.take_pack": {"take_pack"},
    "staff.order_books": _EXPORTS,
    "staff.order_people": _PEOPLE,
    "staff.save_export": {"save_report"},
    "staff.run_saved": _EXPORTS | _PEOPLE,
    "staff.forget_saved": {"forget_report"},
    "staff.close_month": {"close_period"},
    "staff.renew_codes": {"renew_recovery_codes"},
    "staff.end_one": {"end_session"},
    "staff.end_others": {"end_sessions"},
    "staff.add_member": {"add_staff", "change_last_day"},
    "staff.change_role": {"change_role", "change_last_day"},
    "staff.disable_member": {"disable_staff"},
    "staff.enable_member": {"enable_staff"},
    "staff.forget_member": {"forget_second_factor"},
    "staff.invite_member": {"invite_staff"},
    "staff.sign_out_member": {"end_sessions"},
    "staff.do_add_person": {"add_donor"},
    "staff.do_correct_person": {"correct_donor"},
    "staff.do_correct_giver": {"correct_giver"},
    "staff.do_change_address": {"ask_new_address", "add_address"},
    "staff.take_back_address": {"take_back_new_address"},
    "staff.keep_note": {"write_note"},
    "staff.drop_note": {"remove_note"},
    "staff.send_card_link": {"send_card_link"},
    "staff.send_gift_receipt": {"send_receipt"},
    "staff.look_at_stripe": {"look_at_stripe"},
    "staff.do_refund": {"refund_donation", "write_note"},
    "staff.do_merge": {"merge_donors", "merged_into"},
    "staff.do_erase_donor": {"ask_erasure", "erase_person"},
    "staff.look_as_member": {"view_as_member"},
    "staff.record_offline_gift": {"record_offline_gift"},
    "staff.withdraw_offline_gift": {"withdraw_offline_gift"},
    "staff.begin_batch": {"open_offline_batch"},
    "staff.save_head": {"change_offline_batch"},
    "staff.add_offline_line": {"add_offline_line"},
    "staff.save_offline_line": {"change_offline_line"},
    "staff.remove_offline_line": {"remove_offline_line"},
    "staff.choose_offline_donor": {"choose_offline_donor"},
    "staff.post_batch": {"post_offline_batch", "record_offline_gift"},
    "staff.throw_batch_away": {"discard_offline_batch"},
    "staff.bring_in_order": {"import_gifts"},
    "staff.save_settings": {"change_settings"},
    "staff.save_texts": {"change_settings"},
    "staff.write_letter": {"reword_letter"},
    "staff.take_letter_back": {"reword_letter"},
    "staff.set_supporters": {"set_supporters"},
    "staff.take_supporter_off": {"choose_naming"},
    "staff.choose_own_notices": {"choose_notices"},
    "staff.event_again": {"process_event_again"},
    "staff.events_again": {"process_events_again"},
    "staff.job_again": {"run_job_again"},
    "staff.jobs_again": {"run_jobs_again"},
    "staff.add_hook": {"make_hook"},
    "staff.save_hook": {"change_hook"},
    "staff.drop_hook": {"remove_hook"},
    "staff.switch_hook": {"switch_off_hook", "switch_on_hook"},
    "staff.new_hook_secret": {"renew_hook_secret"},
    "staff.try_hook": {"test_hook"},
    "staff.deliver_again": {"send_hook_again"},
    "staff.add_token": {"make_token"},
    "staff.end_token": {"revoke_token"},
}
#: Which presses write nothing, and why that is right.
SILENT: dict[str, str] = {
    "staff.hand_in": "The file is looked at and changes nothing; bringing it in is another press, which is written.",
    "staff.send_test": "It changes nothing: a letter marked as a test goes to whoever presses, and to nobody else.",
    "staff.sign_out": "Going out takes no right and gives none; coming in is written.",
}
#: What asks for the second factor anew when it was not shown within the last minutes: a second list, kept by hand.
FRESH = {
    # Names and addresses leave the house.
    "staff.appeal_donors", "staff.take_appeal_donors", "staff.confirm_people", "staff.order_people",
    "staff.people_file", "staff.take_sample", "staff.take_pack", "staff.run_saved", "staff.donor_data",
    # Money goes back, somebody is forgotten, two become one, years of gifts come in.
    "staff.refund", "staff.do_refund", "staff.confirm_withdrawal", "staff.withdraw_offline_gift",
    "staff.erase_donor", "staff.do_erase_donor", "staff.confirm_merge", "staff.do_merge",
    "staff.confirm_order", "staff.bring_in_order",
    # Other programs read, and are told.
    "staff.new_hook", "staff.add_hook", "staff.edit_hook", "staff.save_hook", "staff.drop_hook",
    "staff.new_hook_secret", "staff.new_token", "staff.add_token",
    # Who may do what.
    "staff.add_form", "staff.add_member", "staff.role_form", "staff.change_role",
    "staff.confirm_disable", "staff.disable_member", "staff.confirm_enable", "staff.enable_member",
    "staff.confirm_forget", "staff.forget_member", "staff.renew_codes",
}  # fmt: skip
#: Permissions whose every press is grave: what is given back, taken along, erased or poured together stays so.
GRAVE = {"refund_gifts", "export_personal_data", "export_appeal_donors", "erase_donors", "merge_donors"}


def routes(app: Flask) -> Iterator[Rule]:
    """Give every route of the desk."""
    for each in app.url_map.iter_rules():
        found = rule_of(each.endpoint)
        if found is not None and found.audience == STAFF and each.rule.startswith("/staff"):
            yield each


def unsafe(app: Flask) -> set[str]:
    """Give the endpoints that change something."""
    return {each.endpoint for each in routes(app) if (each.methods or set()) - {"GET", "HEAD", "OPTIONS"}}


def test_the_walk_finds_the_desk(app: Flask) -> None:
    assert {"staff.close_month", "staff.change_role", "staff.sign_out"} <= unsafe(app)
    assert len(unsafe(app)) > 30


def test_each_press_at_the_desk_is_told_in_the_history_or_says_why_not(app: Flask) -> None:
    assert WRITES.keys() & SILENT.keys() == set()
    missing = sorted(unsafe(app) - WRITES.keys() - SILENT.keys())
    assert missing == [], "say in WRITES which act each of these writes, or in SILENT why none"
    assert sorted((WRITES.keys() | SILENT.keys()) - unsafe(app)) == [], "these routes are gone"
    assert [name for name, why in SILENT.items() if len(why) < 30] == []


def test_no_press_names_an_act_that_the_code_does_not_write() -> None:
    assert {name: sorted(told - acts()) for name, told in WRITES.items() if told - acts()} == {}
    assert [name for name, told in WRITES.items() if not told] == []


def test_what_is_grave_asks_for_the_second_factor_anew(app: Flask) -> None:
    asks = {each.endpoint for each in routes(app) if (rule := rule_of(each.endpoint)) is not None and rule.is_fresh}
    assert asks == FRESH


def test_no_press_of_a_grave_permission_is_let_off(app: Flask) -> None:
    assert set(PERMISSIONS) >= GRAVE
    let_off = [
        name
        for name in sorted(unsafe(app))
        if (rule := rule_of(name)) is not None and rule.permission in GRAVE and not rule.is_fresh
    ]
    assert let_off == []
