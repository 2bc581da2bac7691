"""The read API: what a token opens, what it shows, how lists go on, and what is said when something is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from donate import clock
from donate.connections import tokens
from donate.connections.models import ApiToken
from donate.connections.tokens import SCOPES, revoke_token
from donate.db import committed
from donate.giving.models import Donation
from donate.limits.take import Limit
from donate.sandbox.app import Sandbox
from donate.team.history import Who
from donate.team.models import History
from donate.web.access import TOKEN, for_tokens, rule_of
from donate.web.api.v1.document import document
from tests.make.api import Program
from tests.make.gifts import Gifts
from tests.make.promises import Promises
from tests.make.refunds import give_back
from tests.make.rows import every, fresh
from tests.people import AMAL, NOAM, PETRA

Settle = Callable[..., None]
Make = Callable[..., Program]
Later = Callable[[timedelta], None]
LISTS = {"donors": "donors:read", "gifts": "gifts:read", "recurring": "recurring:read", "appeals": "appeals:read"}


def test_every_address_names_its_scope_and_stands_in_the_description(app: Flask) -> None:
    here = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api_v1.")]
    scopes = {rule.rule.removeprefix("/api/v1"): rule_of(rule.endpoint) for rule in here}
    assert scopes.pop("/openapi.json") is not None
    told = {
        path.replace("{", "<").replace("}", ">"): each["get"]["security"][0]["token"][0]
        for path, each in document("https://news.example")["paths"].items()
    }
    assert {path: rule.permission for path, rule in scopes.items() if rule is not None} == told
    assert {rule.audience for rule in scopes.values() if rule is not None} == {TOKEN}
    assert {method for rule in here for method in rule.methods or ()} == {"GET", "HEAD", "OPTIONS"}
    with pytest.raises(ValueError, match="no such scope"):
        for_tokens("gifts:write")


@pytest.mark.parametrize("name", LISTS)
def test_each_scope_opens_its_own_list_and_no_other(program: Make, name: str) -> None:
    asks = program(LISTS[name])
    answers = {each: asks.ask(f"/{each}").status_code for each in LISTS}
    assert answers == {each: 200 if each == name else 403 for each in LISTS}
    refused = asks.ask("/gifts" if name != "gifts" else "/donors")
    assert refused.content_type == "application/problem+json"
    assert 'error="insufficient_scope"' in refused.headers["WWW-Authenticate"]
    assert "scope" in refused.json["detail"]


@pytest.mark.parametrize("sent", ["", "Basic abc", "Bearer", "Bearer nothing", "Bearer donate_" + "x" * 43])
def test_without_a_token_that_works_nothing_is_read(client: FlaskClient, newsroom: None, sent: str) -> None:
    answer = client.get("/api/v1/gifts", headers={"Authorization": sent} if sent else {})
    assert (answer.status_code, answer.json["status"]) == (401, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_member_or_colleague_who_is_signed_in_is_nobody_here(app: Flask, newsroom: None, client: FlaskClient) -> None:
    client.set_cookie("donate_staff", "anything")
    answer = client.get("/api/v1/donors")
    assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (401, [])


def test_a_token_is_shown_once_and_kept_as_a_hash(program: Make) -> None:
    asks = program()
    (row,) = every(ApiToken)
    assert asks.token not in {row.token_hash, row.prefix}
    assert asks.token.startswith(row.prefix)
    assert len(row.prefix) < 16 < len(asks.token)
    made = next(each for each in every(History) if each.act == "make_token")
    assert made.after == {
        "donors_read": True,
        "gifts_read": True,
        "recurring_read": True,
        "appeals_read": True,
        "days": 0,
    }


def test_a_revoked_token_opens_nothing_from_then_on(program: Make) -> None:
    asks = program()
    assert asks.ask("/gifts").status_code == 200
    with committed():
        revoke_token(every(ApiToken)[0], Who("staff", 1))
    assert asks.ask("/gifts").status_code == 401


def test_a_token_ends_with_its_last_day(program: Make, later: Later) -> None:
    asks = program(days=30)
    later(timedelta(days=29, hours=23))
    assert asks.ask("/gifts").status_code == 200
    later(timedelta(hours=2))
    assert asks.ask("/gifts").status_code == 401


def test_a_token_that_asks_too_often_waits_whichever_process_answers(
    program: Make, monkeypatch: pytest.MonkeyPatch, later: Later
) -> None:
    monkeypatch.setattr(tokens, "LIMIT", Limit("api_token", 3, timedelta(minutes=1)))
    asks, other = program(), program()
    assert [asks.ask("/appeals").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = asks.ask("/appeals")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert other.ask("/appeals").status_code == 200, "each token has its own"
    later(timedelta(minutes=1))
    assert asks.ask("/appeals").status_code == 200


def test_each_use_is_counted_in_the_tokens_row_and_names_once_a_day_in_the_history(program: Make, later: Later) -> None:
    asks, nameless = program(), program("gifts:read")
    for _ in range(3):
        asks.read("/gifts")
        nameless.read("/gifts")
    asks.read("/appeals")
    first, second = every(ApiToken)
    assert (first.uses, first.personal_uses, second.uses, second.personal_uses) == (4, 3, 3, 0)
    assert first.last_used_at is not None

    def noted() -> list[str]:
        return [each.object_reference for each in every(History) if each.act == "read_personal"]

    assert noted() == [first.reference]
    later(timedelta(days=1))
    asks.read("/donors")
    assert noted() == [first.reference] * 2


def test_names_stand_only_where_the_token_may_see_them(program: Make, much: list[Donation]) -> None:
    nameless = program("gifts:read", "recurring:read", "appeals:read")
    for path in ("/gifts", "/recurring", f"/gifts/{much[0].reference}"):
        text = nameless.ask(path).text
        for trace in (AMAL.email, AMAL.last_name, NOAM.email, NOAM.last_name):
            assert trace not in text, path
    assert list(nameless.read(f"/gifts/{much[0].reference}")["donor"]) == ["id"]
    donor = program().read(f"/gifts/{much[0].reference}")["donor"]
    assert (donor["name"], donor["email"]) == ("Amal Haddad", AMAL.email)


def test_a_gift_is_shown_with_its_sums_as_whole_numbers_and_as_decimals(program: Make, much: list[Donation]) -> None:
    gift = program().read(f"/gifts/{much[0].reference}")
    assert gift["amount"] == {"amount_minor": 2606, "currency": "USD", "amount": "26.06"}
    assert (gift["fee_covered"]["amount"], gift["refunded"]["amount"], gift["disputed"]["amount"]) == (
        "1.06",
        "5.00",
        "0.00",
    )
    assert (gift["status"], gift["received_on"]) == ("succeeded", "2026-03-02")


def test_a_list_shows_gifts_that_arrived_and_others_only_where_they_are_asked_for(
    program: Make, much: list[Donation]
) -> None:
    asks = program()
    assert asks.ids("/gifts") == [each.reference for each in much[:4]]
    assert asks.ids("/gifts?status=pending") == [much[4].reference]
    assert asks.read(f"/gifts/{much[4].reference}")["status"] == "pending"


def test_pages_go_on_where_the_one_before_ended_whatever_comes_meanwhile(
    program: Make, much: list[Donation], gifts: Gifts, settle: Settle
) -> None:
    asks = program()
    first = asks.read("/gifts?limit=2")
    new = gifts.paid(NOAM)
    settle()
    rest = asks.ids(f"/gifts?limit=2&cursor={first['next_cursor']}")
    assert [each["id"] for each in first["data"]] + rest == [each.reference for each in [*much[:4], new]]
    for limit in (1, 3, 100):
        assert asks.ids(f"/gifts?limit={limit}") == asks.ids("/gifts")
    for name in ("donors", "recurring", "appeals"):
        assert asks.ids(f"/{name}?limit=1") == asks.ids(f"/{name}")


def test_a_cursor_tells_nothing_and_one_of_another_list_leads_nowhere(program: Make, much: list[Donation]) -> None:
    asks = program()
    cursor = asks.read("/gifts?limit=1")["next_cursor"]
    assert asks.ask(f"/donors?cursor={cursor}").status_code == 404
    assert asks.ask("/gifts?cursor=AAAABBBBCCCC").status_code == 404
    assert asks.ask("/gifts?cursor=!").status_code == 400


def test_gifts_are_found_by_day_fund_and_appeal(program: Make, much: list[Donation], gifts: Gifts) -> None:
    asks = program()
    everything = asks.ids("/gifts")
    assert asks.ids("/gifts?received_since=2026-03-02&received_until=2026-03-03") == everything
    assert asks.ids("/gifts?received_until=2026-03-02") == []
    assert asks.ids("/gifts?received_since=2026-03-03") == []
    assert asks.ids(f"/gifts?fund={gifts.fund.code}") == everything
    assert asks.ids("/gifts?fund=nothing") == []
    of_appeal = [each.reference for each in much[:4] if each.appeal_id == gifts.appeal.id]
    assert asks.ids(f"/gifts?appeal={gifts.appeal.slug}") == of_appeal
    assert len(of_appeal) < len(everything)


def test_what_changed_since_is_found_a_refund_and_a_new_address_too(
    program: Make, much: list[Donation], gifts: Gifts, box: Sandbox, settle: Settle
) -> None:
    asks = program()
    box.advance(seconds=3600)
    settle()
    now = clock.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert [asks.ids(f"/{name}?updated_since={now}") for name in ("gifts", "donors", "recurring")] == [[], [], []]
    give_back(fresh(much[3]), "1.00")
    settle()
    assert asks.ids(f"/gifts?updated_since={now}") == [much[3].reference]
    new = gifts.paid(NOAM)
    settle()
    assert asks.ids(f"/gifts?updated_since={now}") == [much[3].reference, new.reference]


def test_a_recurring_gift_is_listed_once_it_began(program: Make, gifts: Gifts, box: Sandbox, settle: Settle) -> None:
    promise = Promises(gifts, box, settle).begin()
    gifts.begin(NOAM, frequency="month")
    asks = program()
    assert asks.ids("/recurring") == [promise.reference]
    assert asks.ids("/recurring?status=canceled") == []
    shown = asks.read(f"/recurring/{promise.reference}")
    assert (shown["interval"], shown["amount"]["amount"], shown["donor"]["email"]) == ("month", "15.00", AMAL.email)
    (instalment,) = asks.read("/gifts")["data"]
    assert instalment["recurring"] == promise.reference


def test_a_donor_is_shown_with_what_they_gave_and_one_who_was_forgotten_without_a_name(
    program: Make, much: list[Donation]
) -> None:
    asks = program()
    amal, noam, petra, _yara = asks.read("/donors")["data"]
    assert (amal["email"], amal["gifts"], amal["given"][0]["amount"]) == (AMAL.email, 1, "26.06")
    assert (noam["last_name"], noam["last_gift_on"]) == (NOAM.last_name, "2026-03-02")
    assert (petra["email"], petra["first_name"], petra["gifts"]) == (None, None, 1)
    assert petra["erased_at"] is not None
    assert PETRA.last_name not in asks.ask("/donors").text
    assert asks.read(f"/donors/{amal['id']}") == amal


def test_appeals_are_shown_with_what_they_raised(program: Make, much: list[Donation], gifts: Gifts) -> None:
    asks = program("appeals:read")
    shown = asks.read(f"/appeals/{gifts.appeal.slug}")
    assert shown["titles"]["en"]
    # 25 + 15 + 40 without the covered fee, less what went back, of which its share had covered the fee.
    assert shown["raised"][0] == {"gifts": 3, "amount_minor": 7520, "currency": "USD", "amount": "75.20"}
    assert asks.ids("/appeals?status=draft") == []


def test_what_is_unchanged_is_not_sent_again(program: Make, much: list[Donation]) -> None:
    asks = program()
    first = asks.ask("/gifts")
    again = asks.ask("/gifts", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    assert asks.ask("/gifts", If_None_Match='"other"').status_code == 200
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert "Authorization" in first.headers["Vary"]
    assert "Access-Control-Allow-Origin" not in first.headers
    assert first.headers.getlist("Set-Cookie") == []


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=0", "limit"), ("limit=101", "limit"), ("limit=ten", "limit"), ("limit=", "limit"),
        ("limit=1&limit=2", "limit"),
        ("received_since=yesterday", "received_since"), ("received_since=20260301", "received_since"),
        ("received_until=2026-02-30", "received_until"), ("updated_since=2026-03-01", "updated_since"),
        ("updated_since=0001-01-01T00:00:00%2B14:00", "updated_since"), ("status=done", "status"),
        ("fund=", "fund"), ("appeal=a%00b", "appeal"), ("since=2026-03-01", "since"),
    ],
)  # fmt: skip
def test_a_parameter_that_cannot_be_read_is_named_with_what_it_must_be(
    program: Make, query: str, parameter: str
) -> None:
    answer = program().ask(f"/gifts?{query}")
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    (error,) = answer.json["errors"]
    assert error["parameter"] == parameter
    assert error["detail"].endswith(".")


def test_all_that_is_wrong_is_said_at_once(program: Make) -> None:
    errors = program().ask("/gifts?limit=0&status=done&what=1").json["errors"]
    assert {each["parameter"] for each in errors} == {"limit", "status", "what"}


def test_what_is_not_there_and_what_cannot_be_done_is_said_in_the_same_form(program: Make) -> None:
    asks = program()
    for path in ("/gifts/AAAABBBBCCCCDDDD", "/donors/nobody", "/appeals/nothing", "/members", "/gifts/a%00b"):
        answer = asks.ask(path)
        assert (answer.status_code, answer.content_type) == (404, "application/problem+json"), path
    answer = asks.app.test_client().post("/api/v1/gifts", headers=asks.headers)
    assert (answer.status_code, answer.content_type) == (405, "application/problem+json")
    assert "GET" in answer.headers["Allow"]


def test_the_description_is_anyones_and_holds_nobody(client: FlaskClient, much: list[Donation]) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert (answer.status_code, answer.json["openapi"]) == (200, "3.1.0")
    assert set(SCOPES) == {each["get"]["security"][0]["token"][0] for each in answer.json["paths"].values()}
    assert AMAL.email not in answer.text


def test_moments_are_in_utc_to_the_second(program: Make, much: list[Donation]) -> None:
    shown = program().read(f"/gifts/{much[0].reference}")["received_at"]
    assert datetime.strptime(shown, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) <= clock.now()
