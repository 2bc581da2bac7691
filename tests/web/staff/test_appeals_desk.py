"""The appeals desk: the list, an appeal's page, each act by whom it is allowed to and refused to all others."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from donate import clock
from donate.appeals.models import Appeal, AppealTally, AppealVersion
from donate.appeals.pause import pause_appeal
from donate.appeals.queries import find_appeal, get_appeal, list_versions
from donate.db import committed, db
from donate.team.history import SYSTEM
from donate.team.models import History
from tests.make.outbox import Outbox, text_of
from tests.make.rows import every
from tests.make.signing_in import Comings, hidden, press

LIST = "/staff/appeals"
PAGE = "/staff/appeals/misinformation"


@pytest.fixture
def fundraiser(comings: Comings) -> FlaskClient:
    """Return a fundraiser's browser, at the desk."""
    return comings.colleague("fundraising")


def put(slug: str, **values: object) -> None:
    with committed():
        for name, value in values.items():
            setattr(get_appeal(slug), name, value)


def rows(page: str) -> list[str]:
    return re.findall(r'<tr data-appeal="([^"]+)"', page)


def status_of(slug: str) -> str:
    db.session.expire_all()
    return get_appeal(slug).status


def acts() -> list[str]:
    return [each.act for each in every(History) if each.object_kind == "appeal"]


# -- the list -------------------------------------------------------------------------------------------------------


def test_the_list_stands_in_the_order_of_asking_and_says_what_each_is_tied_to(fundraiser: FlaskClient) -> None:
    page = fundraiser.get(LIST).text
    assert rows(page) == ["misinformation", "student-newsroom", "evergreen"]
    assert "Fact Desk, 6 stories" in page
    assert "All pages" in page
    assert "3 running" in page
    assert page.count("Every place") == 4  # each of the three, and the filter


def test_the_list_shows_what_an_appeal_raised_and_how_full_its_goal_is(fundraiser: FlaskClient) -> None:
    with committed() as session:
        appeal_id = get_appeal("misinformation").id
        for currency, minor, gifts in (("USD", 48_000, 1), ("JOD", 12_500, 2)):
            session.add(
                AppealTally(appeal_id=appeal_id, currency=currency, raised_minor=minor, gifts=gifts, people=1,
                            counted_at=clock.now())
            )  # fmt: skip
    line = fundraiser.get(LIST).text
    line = line[line.index('data-appeal="misinformation"') :]
    line = line[: line.index("</tr>")]
    assert "$480.00" in line
    assert "JOD\u00a012.500" in line.replace("&nbsp;", "\u00a0") or "JOD 12.500" in line
    assert '<td class="n"><a href="/staff/appeals/misinformation/report">3</a></td>' in line
    assert "1%<small>of $48,000</small>" in line


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=PICTURE", ["misinformation"]),
        ("q=first+story", ["student-newsroom"]),
        ("q=none-such", []),
        ("state=running", ["misinformation", "evergreen"]),
        ("state=draft", ["student-newsroom"]),
        ("state=ended", []),
        ("state=nonsense", ["misinformation", "student-newsroom", "evergreen"]),
        ("placement=footer", ["student-newsroom", "evergreen"]),
        ("placement=end", ["misinformation", "student-newsroom", "evergreen"]),
        ("language=ar", ["misinformation", "evergreen"]),
        ("language=en", ["misinformation", "student-newsroom", "evergreen"]),
    ],
)
def test_a_filter_keeps_what_fits(fundraiser: FlaskClient, query: str, expected: list[str]) -> None:
    put("student-newsroom", status="draft")
    put("misinformation", placements=["end"])
    with committed():
        appeal = get_appeal("student-newsroom")
        appeal.texts = [text for text in appeal.texts if text.language == "en"]
    assert rows(fundraiser.get(f"{LIST}?{query}").text) == expected


def test_what_is_archived_is_shown_when_asked_for_only(fundraiser: FlaskClient) -> None:
    put("student-newsroom", status="ended", archived_at=clock.now())
    assert "student-newsroom" not in rows(fundraiser.get(LIST).text)
    assert rows(fundraiser.get(f"{LIST}?state=archived").text) == ["student-newsroom"]


def test_an_empty_list_says_what_will_be_there(fundraiser: FlaskClient) -> None:
    assert "No appeal fits" in fundraiser.get(f"{LIST}?q=none-such").text


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"starts_on": date(2026, 3, 3)}, "planned"),
        ({"ends_on": date(2026, 3, 1)}, "ended"),
        ({"ends_on": date(2026, 3, 2)}, "running"),
        ({"status": "draft"}, "draft"),
        ({"status": "ended"}, "ended"),
    ],
)
def test_the_state_follows_the_newsrooms_day(fundraiser: FlaskClient, values: dict[str, object], state: str) -> None:
    put("misinformation", **values)
    page = fundraiser.get(LIST).text
    line = page[page.index('data-appeal="misinformation"') :]
    found = re.search(r'data-state="(\w+)"', line)
    assert found is not None
    assert found[1] == state


def test_an_appeal_that_rested_itself_says_why_and_leads_to_its_story(fundraiser: FlaskClient) -> None:
    with committed():
        pause_appeal(get_appeal("misinformation"), SYSTEM, {"flag": "correction", "article": "flood-picture"})
    for path in (LIST, PAGE):
        page = fundraiser.get(path).text
        assert "rested itself" in page
        assert "received a correction" in page
        assert 'href="/articles/flood-picture"' in page


def test_the_way_to_the_desk_stands_in_the_menu_of_who_may_see_it(comings: Comings) -> None:
    assert f'href="{LIST}"' in comings.colleague("auditor").get("/staff").text
    assert f'href="{LIST}"' not in comings.colleague("finance").get("/staff").text


# -- the page and its acts ------------------------------------------------------------------------------------------


def test_an_appeals_page_says_how_it_stands_what_it_says_and_whom_it_asks(fundraiser: FlaskClient) -> None:
    page = fundraiser.get(PAGE).text
    for words in (
        "by the clock of",
        "A false picture travels in a minute. Tracing it takes us two days.",
        "الصورة الكاذبة تنتشر في دقيقة",
        "Rests 30 days after a reader closed it.",
        "Gifts are practice here",
        "Its goal is $48,000.00",
        "Gifts go to the fund",
        "Renewals count.",
    ):
        assert words in page, words
    assert 'data-check="ties"' in page
    assert "stories fit it today" in page


def test_what_is_not_there_is_not_found(fundraiser: FlaskClient) -> None:
    for path in ("", "/edit", "/history", "/links", "/qr?to=page&language=en"):
        assert fundraiser.get(f"{LIST}/none-such{path}").status_code == 404, path
    token = hidden(fundraiser.get(PAGE).text)
    for act in ("publish", "pause", "end", "archive", "bring-back", "copy", "test-letter", "edit", "history"):
        assert fundraiser.post(f"{LIST}/none-such/{act}", data=token).status_code == 404, act


ACTS = {
    # act: (the state it is done from, the state after it, what history calls it, who may)
    "publish": ("draft", "live", "publish_appeal", {"owner", "fundraising"}),
    "pause": ("live", "paused", "pause_appeal", {"owner", "fundraising", "editor"}),
    "resume": ("paused", "live", "resume_appeal", {"owner", "editor"}),
    "end": ("live", "ended", "end_appeal", {"owner", "fundraising"}),
    "archive": ("ended", "ended", "archive_appeal", {"owner", "fundraising"}),
}


@pytest.mark.parametrize("role", ["owner", "fundraising", "editor", "auditor"])
def test_each_act_is_done_by_whose_role_allows_it(comings: Comings, role: str) -> None:
    browser = comings.colleague(role)
    for act, (before, after, written, allowed) in ACTS.items():
        put("misinformation", status=before, archived_at=None)
        told = len(acts())
        answer = browser.post(f"{PAGE}/{act}", data=hidden(browser.get("/staff").text))
        assert answer.status_code == (303 if role in allowed else 403), act
        assert status_of("misinformation") == (after if role in allowed else before), act
        assert acts()[told:] == ([written] if role in allowed else []), act


@pytest.mark.parametrize(
    ("act", "state", "sentence"),
    [
        ("publish", "live", "published already"),
        ("pause", "draft", "not running"),
        ("end", "draft", "so it cannot end"),
        ("archive", "live", "End it first"),
        ("bring-back", "ended", "not in the archive"),
    ],
)
def test_an_act_that_does_not_fit_the_state_is_refused_with_why(
    fundraiser: FlaskClient, act: str, state: str, sentence: str
) -> None:
    put("misinformation", status=state)
    answer = fundraiser.post(f"{PAGE}/{act}", data=hidden(fundraiser.get("/staff").text))
    assert answer.status_code == 409
    assert sentence in answer.text
    assert status_of("misinformation") == state
    assert acts() == []


def test_the_evergreen_appeal_neither_rests_nor_ends(fundraiser: FlaskClient) -> None:
    for act in ("pause", "end"):
        answer = fundraiser.post(f"{LIST}/evergreen/{act}", data=hidden(fundraiser.get("/staff").text))
        assert answer.status_code == 409
        assert "nothing else fits" in answer.text


def test_an_archived_appeal_comes_back(fundraiser: FlaskClient) -> None:
    put("misinformation", status="ended", archived_at=clock.now())
    assert press(fundraiser, PAGE, f"{PAGE}/bring-back").status_code == 303
    db.session.expire_all()
    assert get_appeal("misinformation").archived_at is None


def test_publishing_marks_the_stories_as_looked_over(fundraiser: FlaskClient) -> None:
    put("misinformation", status="draft", checked_at=None)
    assert press(fundraiser, PAGE, f"{PAGE}/publish").status_code == 303
    db.session.expire_all()
    assert get_appeal("misinformation").checked_at == pytest.approx(clock.now(), abs=timedelta(minutes=5))


def test_what_is_not_ready_is_not_published(fundraiser: FlaskClient) -> None:
    put("misinformation", status="draft", ends_on=date(2026, 3, 1))
    page = fundraiser.get(PAGE).text
    assert "Not ready yet" in page
    assert "Publish it" not in page
    answer = fundraiser.post(f"{PAGE}/publish", data=hidden(fundraiser.get("/staff").text))
    assert answer.status_code == 409
    assert status_of("misinformation") == "draft"


def test_a_copy_is_a_draft_of_the_same_words_without_days(fundraiser: FlaskClient) -> None:
    answer = press(fundraiser, PAGE, f"{PAGE}/copy", to="autumn-check")
    assert answer.headers["Location"] == f"{LIST}/autumn-check/edit"
    first, second = get_appeal("misinformation"), get_appeal("autumn-check")
    assert (second.status, second.starts_on, second.is_evergreen) == ("draft", None, False)
    assert {(text.language, text.headline) for text in second.texts} == {
        (text.language, text.headline) for text in first.texts
    }
    assert every(History)[-1].after == {"version": 1, "copied_from": "misinformation"}
    assert [each.number for each in list_versions(second.id)] == [1]


@pytest.mark.parametrize("to", ["", "Über Uns", "new", "evergreen", "a" * 81])
def test_a_copy_needs_an_address_of_its_own(fundraiser: FlaskClient, to: str) -> None:
    before = len(every(Appeal))
    assert press(fundraiser, PAGE, f"{PAGE}/copy", to=to).status_code == 422
    assert len(every(Appeal)) == before


def test_a_test_goes_to_who_presses_and_to_nobody_else(
    fundraiser: FlaskClient, outbox: Outbox, work: Callable[[], int]
) -> None:
    work()
    before = len(outbox)
    answer = press(fundraiser, PAGE, f"{PAGE}/test-letter", language="ar")
    assert answer.status_code == 303
    work()
    letters = outbox[before:]
    assert [each["To"] for each in letters] == ["fundraising@newsroom.example"]
    text = text_of(letters[0])
    assert "الصورة الكاذبة تنتشر في دقيقة" in str(letters[0]["Subject"])
    assert "كثيراً ما تخيّب الإجابة أمل كل من تمنّاها" in text
    assert "<" not in text
    assert "/ar/donate?appeal=misinformation" in text


def test_a_test_in_a_language_it_is_not_written_in_is_refused(fundraiser: FlaskClient) -> None:
    answer = press(fundraiser, PAGE, f"{PAGE}/test-letter", language="fr")
    assert answer.status_code == 422
    assert "no words in this language" in answer.text


# -- the links ------------------------------------------------------------------------------------------------------


def test_the_links_carry_the_name_that_was_typed(fundraiser: FlaskClient) -> None:
    page = fundraiser.get(f"{PAGE}/links?source=spring-poster").text
    assert 'value="http://127.0.0.1:5000/ar/appeals/misinformation?source=spring-poster"' in page
    assert 'value="http://127.0.0.1:5000/donate?appeal=misinformation&amp;source=spring-poster"' in page
    assert page.count('class="qr"') == 6
    assert not re.search(r"\sstyle=", page)


@pytest.mark.parametrize("source", ["spring%20poster", "%3Cb%3E", "ä", "a" * 61])
def test_a_name_that_can_not_stand_in_a_link_is_kept_and_refused(fundraiser: FlaskClient, source: str) -> None:
    answer = fundraiser.get(f"{PAGE}/links?source={source}")
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "&amp;source=" not in answer.text.replace("as=png", "")


@pytest.mark.parametrize(("kind", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_a_code_comes_as_a_file(fundraiser: FlaskClient, kind: str, begins: bytes) -> None:
    answer = fundraiser.get(f"{PAGE}/qr?to=form&language=he&source=poster&as={kind}")
    assert answer.data.startswith(begins)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="misinformation-form-he-poster.{kind}"'


@pytest.mark.parametrize("query", ["to=page", "to=elsewhere&language=en", "to=page&language=fr",
                                   "to=page&language=en&as=exe", "to=page&language=en&source=a%20b"])  # fmt: skip
def test_a_code_that_nobody_can_ask_for_is_not_there(fundraiser: FlaskClient, query: str) -> None:
    assert fundraiser.get(f"{PAGE}/qr?{query}").status_code == 404


def test_loading_kept_a_first_version_of_each(fundraiser: FlaskClient) -> None:
    assert sorted(each.number for each in every(AppealVersion)) == [1, 1, 1]
    assert "From the newsroom’s file" in fundraiser.get(f"{PAGE}/history").text
    assert find_appeal("misinformation") is not None
