"""The history is searched by who, what, which and when; a page of it is found by its key; and it is taken as a file."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, date, datetime
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from donate.db import committed, db
from donate.reports.export import KINDS, Period, write_export
from donate.reports.history import Sought, find_part
from donate.team.history import SYSTEM, Who, record_history
from donate.team.models import History
from donate.team.permissions import ROLES
from donate.team.queries import get_staff
from tests.make.signing_in import Comings

#: The newsroom’s zone is two hours ahead: what was done at 22:30 UTC is the next day’s there.
LATE = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)


@pytest.fixture
def owner(comings: Comings) -> FlaskClient:
    return comings.colleague("owner")


def write(act: str, kind: str, reference: str, at: datetime, who: Who = SYSTEM, **after: str) -> None:
    with committed():
        record_history(who, act, kind, reference, after=after)
        # Only here: a deed of another day. The database refuses to change it afterwards.
        for each in db.session.new:
            if isinstance(each, History):
                each.at = at


@pytest.fixture
def deeds(owner: FlaskClient) -> None:
    """Write some deeds of some days."""
    boss = Who("staff", get_staff("owner@newsroom.example").id)
    write("pause_appeal", "appeal", "misinformation", datetime(2026, 3, 2, 10, tzinfo=UTC), boss, flag="correction")
    write("set_flag", "article", "flood-picture", datetime(2026, 3, 3, 10, tzinfo=UTC), boss, flag="sensitive")
    write("close_period", "period", "2026-02", LATE, boss)
    write("ask_erasure", "donor", "ABCDEFGHIJKLMNOP", datetime(2026, 3, 6, 10, tzinfo=UTC), Who("member", 1))
    write("view", "page", "/staff/finance", datetime(2026, 3, 7, 10, tzinfo=UTC), boss)


def found(client: FlaskClient, **asked: str) -> list[str]:
    """Give what a search shows, newest first, without the owner's own coming in."""
    page = client.get(f"/staff/history?{urlencode(asked)}").text
    table = page[page.find("<tbody>") : page.find("</tbody>")]
    own = ("Added a colleague", "Set the authenticator", "Came in to the desk")
    return [each for each in re.findall(r'<th scope="row">([^<]*)</th>', table) if each not in own]


@pytest.mark.usefixtures("deeds")
def test_all_of_it_is_shown_newest_first(owner: FlaskClient) -> None:
    assert found(owner) == [
        "Looked at a page", "Asked to be forgotten", "Closed the month", "Set a flag", "Let it rest"
    ]  # fmt: skip


@pytest.mark.usefixtures("deeds")
@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"act": "close_period"}, ["Closed the month"]),
        ({"act": "deeds", "from": "2026-03-06", "to": "2026-03-07"}, ["Asked to be forgotten"]),
        ({"kind": "article"}, ["Set a flag"]),
        ({"reference": "misinformation"}, ["Let it rest"]),
        ({"reference": "abcd-efgh ijkl-mnop"}, ["Asked to be forgotten"]),
        ({"reference": "2026-02"}, ["Closed the month"]),
        ({"who": "member"}, ["Asked to be forgotten"]),
        ({"who": "staff:AAAABBBBCCCCDDDD"}, []),
        ({"from": "2026-03-05", "to": "2026-03-05"}, ["Closed the month"]),
        ({"from": "2026-03-04", "to": "2026-03-04"}, []),
        ({"from": "2026-03-03", "to": "2026-03-05", "kind": "period"}, ["Closed the month"]),
    ],
)
def test_it_is_searched_by_who_what_which_and_when(
    owner: FlaskClient, asked: dict[str, str], expected: list[str]
) -> None:
    assert found(owner, **asked) == expected


@pytest.mark.usefixtures("deeds")
def test_a_colleague_is_searched_for_by_name(owner: FlaskClient) -> None:
    who = f"staff:{get_staff('owner@newsroom.example').reference}"
    assert found(owner, who=who, to="2026-03-05") == ["Closed the month", "Set a flag", "Let it rest"]


@pytest.mark.usefixtures("deeds")
def test_a_row_says_who_and_leads_to_what_it_is_about(owner: FlaskClient) -> None:
    page = owner.get("/staff/history?kind=article").text
    assert 'href="/staff/articles/flood-picture"' in page
    assert "Flag: Sensitive" in page
    row = page[page.index("<tbody>") :]
    assert "owner@newsroom.example" in row[: row.index("</tbody>")]
    boss = get_staff("owner@newsroom.example").reference
    own = owner.get("/staff/history?act=sign_in").text
    assert f'<a href="/staff/team/{boss}"><bdi class="ltr">owner@newsroom.example</bdi></a>' in own
    assert "00:30" in owner.get("/staff/history?act=close_period").text


def test_days_that_can_not_be_read_are_said(owner: FlaskClient) -> None:
    answer = owner.get("/staff/history?from=yesterday")
    assert answer.status_code == 422
    assert "Write a day as year, month and day" in answer.text
    assert owner.get("/staff/history?before=x&after=1x").status_code == 200


def test_its_pages_follow_one_another_without_a_gap(owner: FlaskClient) -> None:
    with committed():
        for number in range(120):
            record_history(SYSTEM, "set_flag", "article", f"story-{number}")
    shown, path, pages = list[str](), "/staff/history?kind=article", 0
    while path:
        page, pages = owner.get(path).text, pages + 1
        shown += re.findall(r">(story-\d+)<", page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        path = older[1].replace("&amp;", "&") if older else ""
    assert pages == 3
    assert shown == [f"story-{number}" for number in reversed(range(120))]
    newer = re.search(r'rel="prev" href="([^"]+)"', page)
    assert newer is not None
    back = owner.get(newer[1].replace("&amp;", "&")).text
    assert re.findall(r">(story-\d+)<", back) == shown[50:100]
    newest = re.search(r'rel="prev" href="([^"]+)"', back)
    assert newest is not None
    assert re.findall(r">(story-\d+)<", owner.get(newest[1].replace("&amp;", "&")).text) == shown[:50]


@pytest.mark.usefixtures("newsroom")
def test_a_page_stays_where_it_is_while_more_is_done() -> None:
    with committed():
        for number in range(12):
            record_history(SYSTEM, "set_flag", "article", f"story-{number}")
    first = find_part(Sought(), 5)
    with committed():
        record_history(SYSTEM, "set_flag", "article", "story-12")
    second = find_part(Sought(), 5, before=first.older)
    assert [each.object_reference for each in second.entries] == [f"story-{number}" for number in (6, 5, 4, 3, 2)]
    assert find_part(Sought(act="paint"), 5).entries == []
    # Five are newer than that page and one more came: the page between, not the newest.
    between = find_part(Sought(), 5, after=second.newer)
    assert [each.object_reference for each in between.entries] == [f"story-{number}" for number in (11, 10, 9, 8, 7)]
    assert find_part(Sought(), 5, after=between.newer).entries == find_part(Sought(), 5).entries


@pytest.mark.parametrize("role", sorted(ROLES))
def test_it_is_for_who_keeps_watch(comings: Comings, role: str) -> None:
    browser = comings.colleague(role)
    may_see = role in ("owner", "finance", "auditor")
    assert (browser.get("/staff/history").status_code == 200) == may_see
    assert ('href="/staff/history"' in browser.get("/staff").text) == may_see


# -- as a file ------------------------------------------------------------------------------------------------------


def exported(period: Period, form: str = "csv") -> list[dict[str, str]]:
    out = io.BytesIO()
    write_export("history", period, form, out)
    text = out.getvalue().decode()
    if form == "jsonl":
        return [json.loads(line) for line in text.splitlines()]
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.usefixtures("deeds")
def test_a_file_holds_who_what_before_and_after(owner: FlaskClient) -> None:
    rows = exported(Period(date(2026, 3, 3), date(2026, 3, 6)))
    assert [row["act"] for row in rows] == ["set_flag", "close_period"]
    assert list(rows[0]) == list(KINDS["history"].columns)
    assert rows[0] | {"entry_id": ""} == {
        "entry_id": "",
        "done_at": "2026-03-03T10:00:00Z",
        "done_on": "2026-03-03",
        "who_kind": "staff",
        "who": "owner@newsroom.example",
        "act": "set_flag",
        "object_kind": "article",
        "object_reference": "flood-picture",
        "before": "",
        "after": '{"flag": "sensitive"}',
    }
    assert (rows[1]["done_at"], rows[1]["done_on"]) == ("2026-03-04T22:30:00Z", "2026-03-05")
    assert exported(Period(date(2026, 3, 3), date(2026, 3, 6)), "jsonl") == rows
    assert [row["act"] for row in exported(Period(appeal="misinformation"))] == ["pause_appeal"]


@pytest.mark.usefixtures("deeds")
def test_the_page_leads_to_the_file_of_its_days(owner: FlaskClient) -> None:
    page = owner.get("/staff/history?from=2026-03-03&to=2026-03-05").text
    assert "/staff/finance/exports?kind=history&amp;from=2026-03-03&amp;to=2026-03-05" in page
    form = owner.get("/staff/finance/exports?kind=history").text
    assert re.search(r'value="history" selected', form)


def test_a_file_of_it_stands_in_the_history_itself(comings: Comings) -> None:
    browser = comings.colleague("auditor")
    page = browser.get("/staff/finance/exports").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    answer = browser.post("/staff/finance/exports", data={"csrf_token": token[1], "kind": "history", "form": "xlsx"})
    assert answer.status_code == 303
    comings.work()
    page = browser.get(answer.headers["Location"]).text
    assert 'data-state="ready"' in page
    assert "history.xlsx" in page
    assert "Exported the history" in browser.get("/staff/history?act=export_history").text
