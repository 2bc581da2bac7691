"""Who may open what: every endpoint has a rule, roles keep to their permissions, nothing is open by accident."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from donate.team.permissions import PERMISSIONS, ROLES, may
from donate.web.access import ANYONE, DOORWAY, MEMBER, PUBLIC, STAFF, TOKEN, needs, rule_of
from donate.web.csrf import EXEMPT
from tests.make.signing_in import Comings

#: Written here a second time, so that a page becomes public by two decisions.
OPEN_TO_ANYONE = {
    "api.article_changed", "api.ask", "api.embed", "api_v1.openapi",
    "demo.html", "demo.message", "demo.outbox", "give.appeal", "give.donate", "give.gift",
    "give.receipt_pdf", "give.send_receipt",
    "give.send", "hooks.stripe_event", "letters.forgotten", "letters.stop", "letters.way_out",
    "news.accessibility", "news.article", "news.browse", "news.contact", "news.feed",
    "news.front", "news.privacy", "news.robots", "news.search", "news.section", "news.section_feed", "news.sitemap",
    "news.sitemap_articles", "news.sitemap_pages", "news.terms", "news.topic", "ops.alive", "ops.metrics", "ops.ready",
    "signin.ask", "signin.ask_staff", "signin.code", "signin.link", "signin.send", "signin.send_staff",
    "signin.use_code", "signin.use_link", "signin.new_address", "signin.accept_address",
    "news.look_css", "news.logo",
    "news.my_news", "news.follow", "news.forget", "give.card", "give.another_card",
    "news.supporters", "give.pay", "give.pay_elsewhere",
    "news.asks", "news.why_asks", "news.rest_from_asks", "news.ask_me_again", "news.choose_counting", "news.erase_kept",
    "news.seen", "news.already_gave", "news.prove_gift", "news.shown_gift", "news.rest_of_giver", "news.come_from",
    "give.remind", "give.ask_to_remind", "give.way_out_of_reminders", "give.stop_reminders",
}  # fmt: skip
FOR_MEMBERS = {
    "account.add_address", "account.choose_letters", "account.choose_main", "account.download",
    "account.choose_supporting", "account.erase",
    "account.erase_me", "account.preferences", "account.prove_again", "account.your_data",
    "account.end_one", "account.end_others", "account.gifts",
    "account.sign_in", "account.sign_out",
    "account.membership", "account.receipt_pdf", "account.send_receipt",
    "account.promise", "account.act", "account.do_act", "account.rest", "account.do_rest", "account.change",
    "account.do_change", "account.stop", "account.confirm_stop", "account.do_stop", "account.stopped",
    "account.say_why", "account.restart", "account.do_restart", "account.second", "account.make_one",
    "account.another_card", "account.back_from_card",
}  # fmt: skip
#: Scopes of tokens, address by address.
FOR_PROGRAMS = {
    "api_v1.donors": "donors:read", "api_v1.donor": "donors:read", "api_v1.gifts": "gifts:read",
    "api_v1.gift": "gifts:read", "api_v1.promises": "recurring:read", "api_v1.promise": "recurring:read",
    "api_v1.appeals": "appeals:read", "api_v1.appeal": "appeals:read",
}  # fmt: skip
IN_THE_DOORWAY = {"signin.second", "signin.pass_second", "signin.set_up", "signin.finish_set_up"}

#: Who may do what, role by role, as the newsroom was told.
OWNER, FINANCE, AUDITOR = "owner", "finance", "auditor"
FUNDRAISING, EDITOR, SUPPORT = "fundraising", "editor", "support"
ALLOWED = {
    "enter_desk": {OWNER, FINANCE, AUDITOR, FUNDRAISING, EDITOR, SUPPORT},
    "see_gifts": {OWNER, FINANCE, AUDITOR, FUNDRAISING, SUPPORT},
    "see_donors": {OWNER, FINANCE, FUNDRAISING, SUPPORT},
    "answer_donors": {OWNER, FUNDRAISING, SUPPORT},
    "view_as_member": {OWNER, SUPPORT},
    "merge_donors": {OWNER, FINANCE, FUNDRAISING},
    "erase_donors": {OWNER},
    "import_gifts": {OWNER, FINANCE},
    "record_offline_gifts": {OWNER, FINANCE, FUNDRAISING},
    "refund_gifts": {OWNER, FINANCE},
    "export_personal_data": {OWNER, FINANCE},
    "see_ledger": {OWNER, FINANCE, AUDITOR},
    "close_periods": {OWNER, FINANCE},
    "export_books": {OWNER, FINANCE, AUDITOR},
    "see_appeals": {OWNER, AUDITOR, FUNDRAISING, EDITOR},
    "export_appeal_donors": {OWNER, FUNDRAISING},
    "edit_appeals": {OWNER, FUNDRAISING},
    "pause_appeals": {OWNER, FUNDRAISING, EDITOR},
    "resume_appeals": {OWNER, EDITOR},
    "edit_articles": {OWNER, EDITOR},
    "see_operations": {OWNER},
    "replay_events": {OWNER},
    "see_history": {OWNER, FINANCE, AUDITOR},
    "manage_staff": {OWNER},
    "change_texts": {OWNER, FUNDRAISING},
    "change_settings": {OWNER},
    "manage_hooks": {OWNER},
}


def filled(rule: str) -> str:
    """Write an address with something in each of its slots."""
    return (
        rule.replace("<reference>", "AAAABBBBCCCCDDDD")
        .replace("<other>", "AAAABBBBCCCCDDDE")
        .replace("<note>", "AAAABBBBCCCCDDDF")
        .replace("<slug>", "misinformation")
        .replace("<number>", "2026-000001")
        .replace("<payout_id>", "po_1")
        .replace("<month>", "2026-03")
        .replace("<event_id>", "evt_1")
        .replace("<job_id>", "1")
        .replace("<letter>", "receipt")
        .replace("<line>", "AAAABBBBCCCCDDDD")
        .replace("<part>", "greetings" if "/texts/" in rule else "facts")
        .replace("<accent>", "114488")
        .replace("<mark>", "0123456789abcdef")
    )


def endpoints(app: Flask) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules()}


def test_every_endpoint_is_public_by_name_or_names_who_may_open_it(app: Flask) -> None:
    assert [name for name in sorted(endpoints(app)) if rule_of(name) is None] == []
    by_audience = {
        audience: {name for name in endpoints(app) if (found := rule_of(name)) and found.audience == audience}
        for audience in (ANYONE, MEMBER, DOORWAY, STAFF, TOKEN)
    }
    assert by_audience[ANYONE] == set(PUBLIC) == OPEN_TO_ANYONE
    assert by_audience[MEMBER] == FOR_MEMBERS
    assert by_audience[DOORWAY] == IN_THE_DOORWAY
    rules = {name: rule_of(name) for name in by_audience[TOKEN]}
    assert {name: rule.permission for name, rule in rules.items() if rule is not None} == FOR_PROGRAMS
    for name in by_audience[STAFF]:
        found = rule_of(name)
        assert found is not None
        assert found.permission in PERMISSIONS, name


def test_a_page_nobody_thought_of_is_refused(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    with client.get("/forgotten") as answer:
        assert answer.status_code == 403
        assert "secret" not in answer.text


def test_a_permission_that_does_not_exist_can_not_be_asked_for() -> None:
    with pytest.raises(ValueError, match="no such permission"):
        needs("do_anything")
    assert not may("owner", "do_anything")
    assert not may("intern", "enter_desk")


def test_every_permission_and_role_is_in_the_table() -> None:
    assert set(ALLOWED) == set(PERMISSIONS)
    assert {role for roles in ALLOWED.values() for role in roles} == set(ROLES)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_opens_what_it_allows_and_gets_403_for_the_rest(app: Flask, comings: Comings, role: str) -> None:
    for name in PERMISSIONS:
        app.add_url_rule(f"/staff/try/{name}", f"try_{name}", needs(name)(lambda: "open"))
    browser = comings.colleague(role)
    answers = {name: browser.get(f"/staff/try/{name}").status_code for name in PERMISSIONS}
    assert answers == {name: 200 if role in ALLOWED[name] else 403 for name in PERMISSIONS}


@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_real_page_of_the_desk_answers_a_role_by_its_permission(app: Flask, comings: Comings, role: str) -> None:
    browser = comings.colleague(role)
    for each in app.url_map.iter_rules():
        found = rule_of(each.endpoint)
        if found is None or found.audience != STAFF:
            continue
        path = filled(each.rule)
        answer = browser.open(path, method="GET" if "GET" in (each.methods or ()) else "POST")
        is_refused = answer.status_code == 403
        assert is_refused == (role not in ALLOWED[found.permission]), (path, answer.status)


@pytest.mark.parametrize("audience", [MEMBER, STAFF, DOORWAY])
def test_who_is_not_signed_in_is_led_to_the_form_and_comes_back(
    app: Flask, newsroom: None, client: FlaskClient, audience: str
) -> None:
    form = "/signin" if audience == MEMBER else "/signin/staff"
    for each in app.url_map.iter_rules():
        found = rule_of(each.endpoint)
        if found is None or found.audience != audience:
            continue
        path = filled(each.rule)
        path = path.replace("<any(skip, resume, reactivate):act>", "skip")
        is_shown = "GET" in (each.methods or ())
        answer = client.open(path, method="GET" if is_shown else "POST")
        assert answer.status_code == 303, path
        there, _, query = answer.headers["Location"].partition("?next=")
        assert there == form
        if is_shown:
            assert query == path.replace("/", "%2F")


def test_a_member_is_nobody_at_the_desk_and_staff_are_nobody_in_an_account(comings: Comings) -> None:
    at_the_desk = comings.colleague("owner")
    assert at_the_desk.get("/account").status_code == 303
    stolen = at_the_desk.get_cookie("donate_staff")
    assert stolen is not None
    visitor = comings.browser()
    visitor.set_cookie("donate_session", stolen.value)
    assert visitor.get("/account").status_code == 303


def test_every_change_behind_a_sign_in_needs_the_token_of_its_own_session(app: Flask, comings: Comings) -> None:
    browser = comings.colleague("owner")
    for each in app.url_map.iter_rules():
        found = rule_of(each.endpoint)
        if found is None or found.audience not in (STAFF, DOORWAY) or "POST" not in (each.methods or ()):
            continue
        path = filled(each.rule)
        assert browser.post(path).status_code == 400, path
        assert browser.post(path, data={"csrf_token": "x" * 24}).status_code == 400, path


def test_what_takes_posts_without_a_token_is_a_short_written_list(app: Flask) -> None:
    assert set(EXEMPT) == {
        "give.send", "give.another_card", "give.pay_elsewhere", "give.send_receipt",
        "hooks.stripe_event", "api.article_changed", "letters.stop", "news.follow",
        "news.forget", "give.ask_to_remind", "give.stop_reminders",
        "news.rest_from_asks", "news.ask_me_again", "news.choose_counting", "news.erase_kept",
        "news.seen", "news.prove_gift", "news.rest_of_giver", "signin.accept_address",
    }  # fmt: skip
    assert set(EXEMPT) <= endpoints(app)


@pytest.mark.usefixtures("newsroom")
def test_public_pages_stay_the_same_for_everybody(client: FlaskClient) -> None:
    for path in ("/", "/donate", "/signin/staff"):
        with client.get(path) as answer:
            assert answer.status_code == 200
            assert ("Cookie" in answer.headers.get("Vary", "")) is False
